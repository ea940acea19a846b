"""Bytes of a text in any usual encoding, as bytes in UTF-8, piece by piece.

Owns which encoding a text is in. A byte order mark is believed. Any other text is in UTF-8, except
for lines that are not: a stray byte in one that mostly is stands for a Windows-1252 character, and
a line that is in another encoding is read in the one that such lines look like.
Invariant: memory is bounded by `PIECE` however long the text and its lines are; what is UTF-8 is
passed on as it is; whatever was guessed is noted, once.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 1 << 18  # bytes read at a time; a zero byte among the first ones says that it is no text
SAMPLE = 1 << 14  # bytes that an encoding is told by

# UTF-32's mark for little-endian begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
MARK_OF_LINE = re.compile(rb"(?<![^\r\n])" + codecs.BOM_UTF8)  # also where files were joined
LOST = "characters that cannot be read, the first here, became \ufffd"
HALF_WIDTH = re.compile("[\uff61-\uff9f]")
WESTERN = "cp1252"
# One encoding a script, as the others of it are supersets, subsets or close relatives.
GUESSES = {
    WESTERN: "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "koi8_r": "KOI8-R",
    "mac_roman": "Mac OS Roman",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
}


class ContentError(Exception):
    """The content can't be read any further: where it stops, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(slots=True)
class Findings:
    """What decoding came upon, which is the same at every pass over the same bytes.

    `notes` has the first line of every kind of guess. After `damage` nothing could be read.
    """

    fallback: str = ""
    notes: dict[str, int] = field(default_factory=dict)
    damage: ContentError | None = None


class Utf8Stream(io.RawIOBase):
    """The text of `source` in UTF-8, up to its end or to where it is damaged."""

    def __init__(self, source: BinaryIO, findings: Findings) -> None:
        self._source = source
        self._findings = findings
        self._decoder: codecs.IncrementalDecoder | None = None
        self._unread = True
        self._ended = False
        self._line = 1  # where the next piece begins
        self._passed = 0  # bytes
        self._rest = b""  # of a line that is not complete
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Return True, as whatever can be read must."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer, or a part of it; raises ContentError for what is no text."""
        while not self._ready and not self._ended:
            self._ready = memoryview(self._next_piece())
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        """Close the source too."""
        self._source.close()
        super().close()

    def _next_piece(self) -> bytes:
        read = self._read()
        self._ended = not read
        data = self._rest + read
        end = len(data) if self._ended else _whole_lines(data)
        piece, self._rest = data[:end], data[end:]
        if b"\0" in piece:
            self._refuse_binary(piece)
        utf8 = self._as_utf8(piece)
        self._passed += len(piece)
        self._line += _line_ends(piece)
        return utf8

    def _read(self) -> bytes:
        """Return more of the source, which a mark has turned into UTF-8; nothing at its end."""
        while True:
            raw = self._read_source()
            if self._unread:
                self._unread = False
                encoding = next((name for mark, name in MARKS.items() if raw.startswith(mark)), "")
                if encoding:
                    self._decoder = codecs.getincrementaldecoder(encoding)("replace")
            if self._decoder is None:
                return raw
            text = self._decoder.decode(raw, final=not raw)
            if (lost := text.find("\ufffd")) >= 0:
                self._note(LOST, text.count("\n", 0, lost))
            if text or not raw:
                return text.encode()

    def _read_source(self) -> bytes:
        try:
            return self._source.read(PIECE)
        except ContentError as error:
            reason = error.reason
        except OSError as error:
            reason = f"the file cannot be read any further: {error.strerror}"
        self._findings.damage = ContentError(self._line, reason)
        return b""

    def _refuse_binary(self, piece: bytes) -> None:
        zero = piece.index(b"\0")
        if self._passed + zero < PIECE:
            raise ContentError(1, "a binary file, not text")
        reason = "zero bytes, which no text has, the first of them here: a damaged file"
        self._note(reason, _line_ends(piece[:zero]))

    def _as_utf8(self, piece: bytes) -> bytes:
        if codecs.BOM_UTF8 in piece:
            piece = MARK_OF_LINE.sub(b"", piece)
        if _is_utf8(piece):
            return piece
        lines = piece.splitlines(keepends=True)
        foreign = [line for line in lines if not _is_utf8(line) and not _is_mostly_utf8(line)]
        if foreign and not self._findings.fallback:
            self._findings.fallback = guessed_encoding(b"".join(foreign)[:SAMPLE])
        return b"".join(
            line if _is_utf8(line) else self._repaired(line, number)
            for number, line in enumerate(lines)
        )

    def _repaired(self, line: bytes, number: int) -> bytes:
        if _is_mostly_utf8(line):
            self._note("bytes that are not UTF-8, the first here, read as Windows-1252", number)
            return _without_stray_bytes(line)
        fallback = self._findings.fallback
        self._note(f"lines that are not UTF-8, this one first, read as {GUESSES[fallback]}", number)
        return line.decode(fallback, errors="replace").encode()

    def _note(self, reason: str, offset: int = 0) -> None:
        self._findings.notes.setdefault(reason, self._line + offset)


def guessed_encoding(sample: bytes) -> str:
    """Return which of `GUESSES` bytes that are not UTF-8 look like most."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=list(GUESSES))
    # Any bytes are some half-width katakana, which no text is written in.
    likely = [match for match in found if not HALF_WIDTH.search(str(match))]
    # A few accents fit most encodings equally well; this one is by far the most frequent.
    best = [match for match in likely if match.chaos <= likely[0].chaos]
    is_western = any(WESTERN in match.could_be_from_charset for match in best)
    return WESTERN if is_western or not best else best[0].encoding


def _whole_lines(data: bytes) -> int:
    """Return how much of `data` to pass on: whole lines, or of a long one, whole characters.

    A carriage return at the end is left out: perhaps the other half of the line end follows.
    """
    end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
    if end or len(data) < PIECE:
        return end
    starts = (len(data) - back for back in range(1, 5) if not _continues(data[-back]))
    return next(starts, len(data))


def _continues(byte: int) -> bool:
    return 0x80 <= byte <= 0xBF  # noqa: PLR2004 - UTF-8's own range for it


def _line_ends(piece: bytes) -> int:
    ends = piece.count(b"\n")
    return ends + piece.count(b"\r") - piece.count(b"\r\n") if b"\r" in piece else ends


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(line: bytes) -> bool:
    """Tell whether at least as many characters beyond ASCII are UTF-8 as bytes are not."""
    valid = line.decode(errors="ignore")
    wide = len(valid) - len(valid.encode("ascii", errors="ignore"))
    return 0 < wide >= len(line) - len(valid.encode())


def _without_stray_bytes(line: bytes) -> bytes:
    stray = {0xDC00 + byte: bytes([byte]).decode(WESTERN, "replace") for byte in range(128, 256)}
    return line.decode(errors="surrogateescape").translate(stray).encode()
