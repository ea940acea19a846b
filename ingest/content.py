"""The content of one file to be read: its first characters to be recognised by, then all of it.

Owns the limits of what is read; how bytes become text is of `ingest.decoding`. Invariant: memory
stays bounded whatever the file: a line is cut off at `LONGEST_LINE`, and `text` refuses what is
longer than `LARGEST_TEXT`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from ingest.decoding import PIECE, ContentError, Findings, Utf8Stream

__all__ = ["Content", "ContentError", "Line"]

HEAD_CHARACTERS = 200_000  # room for the header of a page, or a first record of any format
LONGEST_LINE = 4_000_000  # characters: forty times the longest abstract
LARGEST_TEXT = 64_000_000  # characters of a format that can only be read whole


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `number` counts from 1. One that is `cut` is longer than `text`."""

    number: int
    text: str
    cut: bool = False


@dataclass(frozen=True)
class Content:
    """One file, or one file of an archive.

    `file` is what it is called in sources and reports. `open_bytes` returns its bytes from the
    start, decompressed, at every call; they are in any encoding, and reading them raises
    ContentError. Decoded text ends where the bytes can't be read any further; `findings` says so.
    """

    file: str
    open_bytes: Callable[[], BinaryIO]
    findings: Findings = field(default_factory=Findings, compare=False, repr=False)

    @cached_property
    def head(self) -> str:
        """The first `HEAD_CHARACTERS`, with "\\n" for every line end and no byte order mark."""
        with self.open_text() as text:
            return text.read(HEAD_CHARACTERS)

    def lines(self) -> Iterator[Line]:
        """Yield all lines; raises ContentError where they can't be read any further."""
        with self.open_text() as text:
            number = 0
            while line := text.readline(LONGEST_LINE):
                number += 1
                is_cut = not line.endswith("\n") and _skips_rest(text)
                if self.findings.damage and not line.endswith("\n"):
                    break  # half a line
                yield Line(number, line.removesuffix("\n"), is_cut)
        if self.findings.damage:
            raise self.findings.damage

    def text(self) -> str:
        """Return all of it; raises ContentError where it is longer than `LARGEST_TEXT`."""
        with self.open_text() as text:
            whole = text.read(LARGEST_TEXT + 1)
        if len(whole) > LARGEST_TEXT:
            raise ContentError(1, f"a text of over {LARGEST_TEXT:,} characters that is no list")
        return whole

    def open_text(self) -> io.TextIOWrapper:
        """Return the decoded text, with "\\n" for every line end."""
        return io.TextIOWrapper(self.open_utf8(), encoding="utf-8")

    def open_utf8(self) -> io.BufferedReader:
        """Return the text as bytes in UTF-8, without a byte order mark; line ends as they are."""
        return io.BufferedReader(Utf8Stream(self.open_bytes(), self.findings), PIECE)


def _skips_rest(text: io.TextIOWrapper) -> bool:
    """Read on to the end of the line and tell whether anything but that end was left of it."""
    is_more = False
    while rest := text.readline(LONGEST_LINE):
        is_more |= rest != "\n"
        if rest.endswith("\n"):
            break
    return is_more
