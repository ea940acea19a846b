"""Text in UTF-8 that was once read as Windows-1252: "donâ€™t" for "don’t"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectorstore.tidying.alignment import Edit


def _as_read(byte: int) -> str:
    # Windows-1252 leaves five bytes out, and Latin-1 reads all of these as control characters.
    return bytes([byte]).decode("cp1252", "replace").replace("\ufffd", "") + chr(byte)


# Only beginnings that no language puts before such signs: a sharp s before a German quotation mark
# or an accented letter before a French one are what they are.
_FOLLOWING = re.escape("".join(map(_as_read, range(0x80, 0xC0))))
_MOJIBAKE = re.compile(
    rf"(?<![A-ZÀ-Þ])[ÂÃ][{_FOLLOWING}]|â(?!\s)[{_FOLLOWING}]{{2}}|ð(?!\s)[{_FOLLOWING}]{{3}}"
)


def mojibake_edits(text: str) -> Iterator[Edit]:
    """Yield the characters that were meant."""
    if text.isascii():
        return
    for match in _MOJIBAKE.finditer(text):
        try:
            meant = b"".join(map(_byte, match[0])).decode("utf-8")
        except UnicodeDecodeError:
            continue
        yield Edit(*match.span(), meant)


def _byte(character: str) -> bytes:
    return character.encode("latin-1" if ord(character) < 0x100 else "cp1252")  # noqa: PLR2004
