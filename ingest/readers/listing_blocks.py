"""The lines of a listing page, grouped into what they are: texts, tails, the start of a page.

Owns the recognition of single lines (header phrases, author counts, organisations, dates). Which
text is a title and which an abstract is not known here. Invariant: linear in the size of the page,
because patterns are only ever tried on short lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

SEPARATOR = "·"
# Lines of the page's own frame. None of them has to be there: each is dropped where it is found.
HEADER_LINES = frozenset(
    {
        "new",
        "get trending papers in your email inbox!",
        "subscribe",
        "daily papers",
        "byak and the research community",
    }
)
LONGEST_TAIL_LINE = 120

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AUTHORS = re.compile(r"• ?([0-9]{1,6}) authors?")
# "Nov 25, 2025 3": the year is optional, and so is the number of comments after the date.
DATE = re.compile(
    rf"({'|'.join(MONTHS)})[a-z]{{0,6}}\.? ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?(?: ([0-9]{{1,6}}))?"
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as the page shows it: perhaps without its year, perhaps not in the calendar."""

    month: int
    day: int
    year: int | None

    def in_year(self, default: int | None) -> date | None:
        """Return the date, in year `default` if none is printed; None if there is no such day."""
        year = default if self.year is None else self.year
        try:
            return None if year is None else date(year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class PageStart:
    """A line of the page's frame: what follows belongs to another copy of the page."""

    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A title or an abstract: lines without a blank one between them, as they stand."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands under an abstract."""

    line: int
    author_count: int | None = None
    organization: str | None = None
    printed: PrintedDate | None = None
    comment_count: int | None = None
    has_separator: bool = False


Block = PageStart | Text | Tail


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank; `words` is its text on single spaces, empty for a long line."""

    number: int
    raw: str
    words: str
    starts_block: bool


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the blocks of a page in order; `text` has "\\n" for every line end."""
    lines = _lines(text)
    position = 0
    while position < len(lines):
        block, position = _block_at(lines, position)
        yield block


def _lines(text: str) -> list[_Line]:
    numbered = [(n, raw) for n, raw in enumerate(text.split("\n"), start=1) if raw.strip()]
    # A page saved without its blank lines: every line is a block of its own.
    is_dense = bool(numbered) and numbered[-1][0] - numbered[0][0] + 1 == len(numbered)
    lines: list[_Line] = []
    for number, raw in numbered:
        words = " ".join(raw.split()) if len(raw) <= LONGEST_TAIL_LINE else ""
        starts_block = is_dense or not lines or _ends_above(lines[-1], number)
        lines.append(_Line(number, raw, words, starts_block))
    return lines


def _ends_above(line: _Line, number: int) -> bool:
    """Tell whether the block of `line` ends before line `number`, the next that is not blank."""
    return line.number + 1 != number or _is_of_frame(line)


def _is_of_frame(line: _Line) -> bool:
    # Inside a block it is the last word of an abstract that was broken into lines.
    return line.starts_block and line.words.casefold() in HEADER_LINES


def _block_at(lines: Sequence[_Line], position: int) -> tuple[Block, int]:
    """Return the block that starts at `position`, and the position after it."""
    line = lines[position]
    if _is_of_frame(line):
        return PageStart(line.number), position + 1
    if found := _tail_at(lines, position):
        return found
    end = position + 1
    while end < len(lines) and not lines[end].starts_block and not _tail_at(lines, end):
        end += 1
    raw = "\n".join(line.raw for line in lines[position:end])
    return Text(line.number, raw.strip()), end


def _tail_at(lines: Sequence[_Line], position: int) -> tuple[Tail, int] | None:
    """Return the tail that starts at `position` and the position after it, if one does."""
    line = lines[position]
    if authors := AUTHORS.fullmatch(line.words):
        dotted = _is_separator(lines, position + 1)
        head = Tail(line.number, author_count=int(authors[1]), has_separator=dotted)
        return _dated(head, lines, position + 1 + dotted)
    if line.words == SEPARATOR:
        return _dated(Tail(line.number, has_separator=True), lines, position + 1)
    if line.words and _is_separator(lines, position + 1) and _is_next_line(lines, position + 1):
        organization = _organization(line.words)
        head = Tail(line.number, organization=organization, has_separator=True)
        return _dated(head, lines, position + 2)
    if _stands_alone(lines, position) and DATE.fullmatch(line.words):
        return _dated(Tail(line.number), lines, position)
    return None


def _dated(head: Tail, lines: Sequence[_Line], position: int) -> tuple[Tail, int]:
    """Complete `head` with the date at `position`, if one stands there."""
    if position == len(lines):
        return head, position
    if found := DATE.fullmatch(lines[position].words):
        month, day, year, comments = found.groups()
        printed = PrintedDate(MONTHS.index(month) + 1, int(day), int(year) if year else None)
        comment_count = int(comments) if comments else None
        return replace(head, printed=printed, comment_count=comment_count), position + 1
    # "2 days ago" in a date's place is no date, but no title either.
    is_unreadable_date = head.has_separator and _stands_under(lines, position)
    return head, position + is_unreadable_date


def _stands_under(lines: Sequence[_Line], position: int) -> bool:
    """Tell whether a short line follows the one before directly, and ends its block."""
    is_short = bool(lines[position].words)
    return is_short and _is_next_line(lines, position) and _ends_block(lines, position)


def _organization(words: str) -> str:
    """Return the name in "facebook AI at Meta": the first word is the organisation's handle."""
    _handle, _, name = words.partition(" ")
    return name or words


def _is_separator(lines: Sequence[_Line], position: int) -> bool:
    return position < len(lines) and lines[position].words == SEPARATOR


def _is_next_line(lines: Sequence[_Line], position: int) -> bool:
    return lines[position].number == lines[position - 1].number + 1


def _ends_block(lines: Sequence[_Line], position: int) -> bool:
    return position + 1 == len(lines) or lines[position + 1].starts_block


def _stands_alone(lines: Sequence[_Line], position: int) -> bool:
    return lines[position].starts_block and _ends_block(lines, position)
