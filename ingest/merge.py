"""All readings of one paper made into its record.

Owns which of several readings wins: the newest, by the date that a source gives its version, else
by the run of ingest that found it; the others complete it. Invariant: the record depends on the
readings alone, not on the order in which they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from ingest.cleaning.language import language_of
from ingest.cleaning.suspicious import suspicious_marks
from ingest.entries import Entry
from vectorstore.records import DatePrecision, Paper, Source
from vectorstore.tidying.tidy import tidy

Sequenced = TypeVar("Sequenced", str, tuple[str, ...])

_CUT_OFF = (" …", "…", " ...", "...")
_PRECISIONS = (DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR)


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry, and the run of ingest that found it saying what it says."""

    entry: Entry
    changed_run: int


def merge_readings(paper_id: str, readings: Sequence[FoundEntry]) -> Paper:
    """Return the record of the paper that all `readings`, at least one, are of.

    Of readings that are equally new, each of title, abstract and authors is the fullest. A text
    that is the beginning of an older one was cut off, and does not replace it. A date is the one
    known best, the earliest of several, since a paper is published once and listed again later; one
    printed in full goes before one whose year was inferred.
    """
    entries, newest = [r.entry for r in readings], _newest(readings)
    published, precision = _published(entries)
    authors = _preferred([e.authors for e in newest], [e.authors for e in entries])
    title = _fullest([entry.title for entry in newest])
    abstract = _whole(
        _fullest([entry.abstract for entry in newest]), [entry.abstract for entry in entries]
    )
    plain_title, plain_abstract = tidy(title).text, tidy(abstract).text
    return Paper(
        id=paper_id,
        title=title,
        abstract=abstract,
        published=published,
        author_count=_highest([*(e.author_count for e in entries), len(authors) or None]),
        authors=authors,
        organization=_detail([e.organization for e in newest], [e.organization for e in entries]),
        comment_count=_highest(entry.comment_count for entry in entries),
        url=_detail([e.url for e in newest], [e.url for e in entries]),
        sources=places(entry.source for entry in entries),
        arxiv_id=_detail([e.arxiv_id for e in newest], [e.arxiv_id for e in entries]),
        doi=_detail([e.doi for e in newest], [e.doi for e in entries]),
        venue=_detail([e.venue for e in newest], [e.venue for e in entries]),
        categories=tuple(sorted({name for entry in entries for name in entry.categories})),
        language=language_of(f"{plain_title}\n{plain_abstract}"),
        suspicious=suspicious_marks(title, abstract),
        date_precision=precision,
        plain_title=plain_title if plain_title != title else None,
        plain_abstract=plain_abstract if plain_abstract != abstract else None,
    )


def places(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return where a paper was read, each place once, in the order of files and lines."""
    return tuple(sorted(set(sources), key=lambda source: (source.file, source.line)))


def _newest(readings: Sequence[FoundEntry]) -> list[Entry]:
    newest = max(map(_age, readings))
    return [reading.entry for reading in readings if _age(reading) == newest]


def _age(reading: FoundEntry) -> tuple[date, int]:
    return reading.entry.updated or date.min, reading.changed_run


def _published(entries: Sequence[Entry]) -> tuple[date | None, DatePrecision]:
    for precision in _PRECISIONS:
        dated = [e for e in entries if e.published and e.date_precision is precision]
        printed = [e.published for e in dated if e.published and not e.year_is_inferred]
        inferred = [e.published for e in dated if e.published]
        if dated:
            return (min(printed) if printed else _agreed(inferred)), precision
    return None, DatePrecision.DAY


def _agreed(dates: Iterable[date]) -> date | None:
    """Return the earliest date, but of dates that differ in the year alone the latest.

    Such dates come from a page that left the year out, and an inferred year can only be too early:
    it is one more than the latest that the page prints, and the page may list nothing of last year.
    """
    by_day = sorted(dates, key=lambda d: (d.month, d.day, d.year))
    same_day = groupby(by_day, key=lambda d: (d.month, d.day))
    return min((max(group) for _day, group in same_day), default=None)


def _whole(text: str, others: Iterable[str]) -> str:
    """Return `text`, or the longest of the others that go on where it breaks off."""
    end = next((end for end in _CUT_OFF if text.endswith(end)), "")
    beginning = text.removesuffix(end)
    return _fullest([text, *(other for other in others if other.startswith(beginning))])


def _detail(newest: Sequence[str | None], values: Sequence[str | None]) -> str | None:
    return _preferred([v or "" for v in newest], [v or "" for v in values]) or None


def _preferred(newest: Sequence[Sequenced], values: Sequence[Sequenced]) -> Sequenced:
    """Return the fullest of the newest values, or where they are empty the fullest of all."""
    return _fullest(newest) or _fullest(values)


def _fullest(values: Sequence[Sequenced]) -> Sequenced:
    """Return the longest value; of equally long ones the first in the order of characters."""
    return min(values, key=lambda value: (-len(value), value))


def _highest(counts: Iterable[int | None]) -> int | None:
    return max((count for count in counts if count is not None), default=None)
