"""The listings of one paper made into one record, and that record into the one already stored.

Owns which of several readings wins. Invariant: nothing but the order of the papers depends on the
order of the entries, and reading again what was read before changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TypeVar

from ingest.entries import Entry
from vectorstore.records import Paper, Source, paper_id_from_title

Sequenced = TypeVar("Sequenced", str, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class MergeResult:
    """Each paper once, in the order of first appearance; `duplicates` counts the other entries."""

    papers: tuple[Paper, ...]
    duplicates: int


def merge_entries(entries: Iterable[Entry]) -> MergeResult:
    """Merge the entries that have the same letters and digits in their title.

    One completes another. Where they differ: the longest text, the longest list of authors, the
    highest count. A date printed in full goes before one whose year was inferred; of several
    printed ones the earliest is taken, as a paper is published once and listed again later.
    """
    listings: dict[str, list[Entry]] = {}
    for entry in entries:
        listings.setdefault(paper_id_from_title(entry.title), []).append(entry)
    papers = tuple(_merged(paper_id, group) for paper_id, group in listings.items())
    return MergeResult(papers, sum(map(len, listings.values())) - len(papers))


def merge_with_stored(stored: Paper, fresh: Paper) -> Paper:
    """Return the stored paper brought up to date with a fresh reading of it.

    Which reading wins is told by the files they come from:
    - fresh ones include all stored ones: the paper was read anew, so the fresh reading wins and the
      stored one fills its gaps. This is how an edited abstract gets in.
    - fresh ones are some of the stored ones: the stored reading has seen more, so it only gains
      what it lacks, or a longer text. An edit that shortens the text is taken when all its files
      are read together.
    - otherwise each has seen something else, and they merge as entries do.
    """
    stored_files = {source.file for source in stored.sources}
    fresh_files = {source.file for source in fresh.sources}
    unread = [source for source in stored.sources if source.file not in fresh_files]
    sources = _in_order([*fresh.sources, *unread])
    if fresh_files >= stored_files:
        return replace(_completed(fresh, stored), id=stored.id, sources=sources)
    dates = [paper.published for paper in (stored, fresh) if paper.published]
    published = dates[0] if fresh_files < stored_files and dates else _agreed(dates)
    return _combined(stored.id, (stored, fresh), published, sources)


def _merged(paper_id: str, entries: Sequence[Entry]) -> Paper:
    printed = [e.published for e in entries if e.published and not e.year_is_inferred]
    inferred = [e.published for e in entries if e.published and e.year_is_inferred]
    published = min(printed) if printed else _agreed(inferred)
    sources = _in_order(entry.source for entry in entries)
    return _combined(paper_id, entries, published, sources)


def _combined(
    paper_id: str,
    readings: Sequence[Entry | Paper],
    published: date | None,
    sources: tuple[Source, ...],
) -> Paper:
    return Paper(
        id=paper_id,
        title=_fullest([reading.title for reading in readings]),
        abstract=_fullest([reading.abstract for reading in readings]),
        published=published,
        author_count=_highest(reading.author_count for reading in readings),
        authors=_fullest([reading.authors for reading in readings]),
        organization=_fullest([reading.organization or "" for reading in readings]) or None,
        comment_count=_highest(reading.comment_count for reading in readings),
        url=_fullest([reading.url or "" for reading in readings]) or None,
        sources=sources,
    )


def _completed(paper: Paper, other: Paper) -> Paper:
    """Return `paper` with the details it lacks taken from `other`."""
    authors, comments = paper.author_count, paper.comment_count
    return replace(
        paper,
        published=paper.published or other.published,
        author_count=other.author_count if authors is None else authors,
        authors=paper.authors or other.authors,
        organization=paper.organization or other.organization,
        comment_count=other.comment_count if comments is None else comments,
        url=paper.url or other.url,
    )


def _agreed(dates: Iterable[date]) -> date | None:
    """Return the earliest date, but of dates that differ in the year alone the latest.

    Such dates come from a page that left the year out, and an inferred year can only be too early:
    it is one more than the latest that the page prints, and the page may list nothing of last year.
    """
    by_day = sorted(dates, key=lambda d: (d.month, d.day, d.year))
    same_day = groupby(by_day, key=lambda d: (d.month, d.day))
    return min((max(group) for _day, group in same_day), default=None)


def _fullest(values: Sequence[Sequenced]) -> Sequenced:
    """Return the longest value; of equally long ones the first in the order of characters."""
    return min(values, key=lambda value: (-len(value), value))


def _highest(counts: Iterable[int | None]) -> int | None:
    return max((count for count in counts if count is not None), default=None)


def _in_order(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sorted(set(sources), key=lambda source: (source.file, source.line)))
