"""What a reader hands over: one entry per listed paper, or what it left out, where and why.

Owns the seam between file formats and the rest of ingest. A further format is one more module with
a `PaperSource` in it and one more line in `ingest.files.SOURCES`. Invariant: the texts of an entry
stand in the file exactly so, because quotes are checked against them character for character.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from vectorstore.records import Source, title_key

# Far beyond any real title or abstract (the longest of the shipped pages have 174 and 1,919
# characters): what is longer is a page that lost its structure, and would be embedded for minutes.
LONGEST_TITLE = 1_000
LONGEST_ABSTRACT = 100_000

EXCERPT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing of one paper, as a single place in a single file shows it.

    `published` is None where the file gives no date, no valid one, or no way to tell its year.
    `year_is_inferred` says that the file left the year out: a date printed in full goes before it.
    """

    title: str
    abstract: str
    source: Source
    published: date | None = None
    year_is_inferred: bool = False
    author_count: int | None = None
    authors: tuple[str, ...] = ()
    organization: str | None = None
    comment_count: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out; `line` counts from 1, and is 1 where a whole file is meant."""

    file: str
    line: int
    reason: str


class PaperSource(Protocol):
    """A reader of one file format; it raises nothing, whatever the text."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Name the file name endings that a search of a folder considers, such as ".txt"."""

    def accepts(self, text: str, path: Path) -> bool:
        """Tell whether this reader recognises its format; must be quick for any text."""

    def read(self, text: str, file: str) -> Iterator[Entry | Skipped]:
        """Yield the entries of `text` in their order; `file` goes into every `Source`.

        `text` has "\\n" for every line end and no byte order mark. Entries go through `checked`.
        """


def checked(entry: Entry) -> Entry | Skipped:
    """Return the entry, or why it can't be a paper."""
    reason = ""
    if not title_key(entry.title[:LONGEST_TITLE]):
        reason = f"a title without letters or digits: {excerpt(entry.title)}"
    elif not entry.abstract.strip():
        reason = f"a title without an abstract: {excerpt(entry.title)}"
    elif len(entry.title) > LONGEST_TITLE:
        reason = f"a title of {len(entry.title):,} characters: {excerpt(entry.title)}"
    elif len(entry.abstract) > LONGEST_ABSTRACT:
        reason = f"an abstract of {len(entry.abstract):,} characters: {excerpt(entry.title)}"
    return Skipped(entry.source.file, entry.source.line, reason) if reason else entry


def excerpt(text: str) -> str:
    """Return the beginning of `text` in quotes, on one line, fit for a terminal."""
    start = text[: EXCERPT_LENGTH + 1]
    # Control characters would reach the terminal that shows the reason.
    shown = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return f'"{shown[:EXCERPT_LENGTH].rstrip()}…"' if len(text) > EXCERPT_LENGTH else f'"{shown}"'
