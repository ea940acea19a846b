"""What a reader hands over: one entry per listed paper, or what it left out, where and why.

Owns the seam between file formats and the rest of ingest. A further format is one more module with
a `PaperSource` in it and one more line in `ingest.sources.SOURCES`. Invariant: the title and the
abstract of an entry are what its format says that they are, once its own escapes are undone;
nothing is tidied, because quotes are checked against them character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ingest.content import Content
from vectorstore.records import DatePrecision, Source, title_key

# Far beyond any real title or abstract (the longest of the shipped pages have 174 and 1,919
# characters): what is longer is a page that lost its structure, and would be embedded for minutes.
LONGEST_TITLE = 1_000
LONGEST_ABSTRACT = 100_000

# What programs write where they have no abstract.
_NO_ABSTRACT = re.compile(
    r"\W*(?:no abstract(?: (?:is |was )?(?:available|provided))?|abstract (?:is )?not available"
    r"|abstract (?:is )?unavailable|n/a|nan|null)\W*",
    re.IGNORECASE,
)
_LONGEST_PLACEHOLDER = 60

EXCERPT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing of one paper, as a single place in a single file shows it.

    `published` is None where the file gives no date, no valid one, or no way to tell its year;
    `year_is_inferred` says that the file left the year out: a date printed in full goes before it.
    `updated` is when this version of the text was made: the newest one wins. `arxiv_id` and `doi`
    are as `vectorstore.identifiers` writes them. `paper_id` is what an export of ours called it.
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
    arxiv_id: str | None = None
    doi: str | None = None
    venue: str | None = None
    categories: tuple[str, ...] = ()
    updated: date | None = None
    paper_id: str | None = None
    date_precision: DatePrecision = DatePrecision.DAY


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out; `line` counts from 1, and is 1 where a whole file is meant.

    `key` names the record where its format does: an arXiv id, a citation key, a PubMed id.
    `ends_file` says that what follows it was not read.
    """

    file: str
    line: int
    reason: str
    key: str = ""
    ends_file: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """Something to know of what was read; nothing was left out for it. `line` counts from 1."""

    file: str
    line: int
    reason: str


Reading = Entry | Skipped | Noted


class PaperSource(Protocol):
    """A reader of one file format, whatever the file is called.

    Raises nothing of its own, whatever the content; a `ContentError` of the content goes through.
    """

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Name the file name endings that a search of a folder considers, such as ".txt"."""

    def accepts(self, content: Content) -> bool:
        """Tell whether this reader recognises its format by `content.head`; quick for any text."""

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries of `content` in their order, each through `checked`.

        Memory stays bounded however long the content is. `content.file` goes into every `Source`.
        """


def checked(entry: Entry, key: str = "") -> Entry | Skipped:
    """Return the entry, or why it can't be a paper; `key` names its record."""
    reason = ""
    if not title_key(entry.title[:LONGEST_TITLE]):
        reason = f"a title without letters or digits: {excerpt(entry.title)}"
    elif not entry.abstract.strip() or _is_placeholder(entry.abstract):
        reason = f"a title without an abstract: {excerpt(entry.title)}"
    elif len(entry.title) > LONGEST_TITLE:
        reason = f"a title of {len(entry.title):,} characters: {excerpt(entry.title)}"
    elif len(entry.abstract) > LONGEST_ABSTRACT:
        reason = f"an abstract of {len(entry.abstract):,} characters: {excerpt(entry.title)}"
    return Skipped(entry.source.file, entry.source.line, reason, key) if reason else entry


def _is_placeholder(abstract: str) -> bool:
    is_short = len(abstract) <= _LONGEST_PLACEHOLDER
    return is_short and _NO_ABSTRACT.fullmatch(abstract) is not None


def excerpt(text: str) -> str:
    """Return the beginning of `text` in quotes, on one line, fit for a terminal."""
    start = text[: EXCERPT_LENGTH + 1]
    # Control characters would reach the terminal that shows the reason.
    shown = " ".join("".join(c if c.isprintable() else " " for c in start).split())
    return f'"{shown[:EXCERPT_LENGTH].rstrip()}…"' if len(text) > EXCERPT_LENGTH else f'"{shown}"'
