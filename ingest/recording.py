"""A batch of entries taken into the catalog, in one transaction.

Invariant: a paper, its readings and what it is known by are stored together or not at all; a paper
that is stored as it was read is not touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from ingest.entries import Entry
from ingest.works import MOST_NAMESAKES, Work, Works, assign, fresh_entry, stored_work
from vectorstore.catalog_leaving import take_out
from vectorstore.catalog_readings import (
    mark_seen,
    numbers_known_by,
    readings_of,
    store_keys,
    store_readings,
)
from vectorstore.library import Library
from vectorstore.records import Paper


class Outcome(IntEnum):
    """What became of a paper; of several batches, the highest is what a run did to it."""

    UNCHANGED = 1
    UPDATED = 2
    NEW = 3


@dataclass(frozen=True, slots=True)
class Recorded:
    """A paper that a batch was about: its number in the catalog, its id and what became of it."""

    number: int
    paper_id: str
    outcome: Outcome


def record_batch(library: Library, entries: Sequence[Entry], run: int) -> list[Recorded]:
    """Take the entries into the library, to be indexed, and return the papers they are of.

    Papers that turn out to be one leave as `Library.finish_leaving` finishes it.
    """
    with library.changing():
        fresh = [fresh_entry(entry) for entry in entries]
        keys = {key for entry in fresh for key in entry.keys}
        numbers = numbers_known_by(library.catalog.file, keys, MOST_NAMESAKES)
        works = Works(load_works(library, numbers), fresh, run)
        assign(works, fresh, _TakenIds(library))
        seen = {work.paper_id for work in works.works if work.seen_in}
        stored = store_works(library, works.works)
        _mark_unchanged(library, works.works, run)
        take_out(library.catalog.file, [work.paper_id for work in works.absorbed])
    return [paper for paper in stored if paper.paper_id in seen]


def load_works(library: Library, numbers: Iterable[int]) -> list[Work]:
    """Return the papers with these numbers with their readings, those added first first."""
    wanted = sorted(numbers)
    papers = library.catalog.numbered_papers(wanted)
    readings = readings_of(library.catalog.file, wanted)
    return [stored_work(n, paper, readings.get(n, ())) for n, paper in papers.items()]


def store_works(library: Library, works: Sequence[Work]) -> list[Recorded]:
    """Store what changed of the works; return them, and those that entries were recorded of."""
    catalog = library.catalog
    changed = [work for work in works if work.changed or work.moved]
    merged = {work.paper_id: work.merged() for work in changed}
    pairs = [(work.paper, merged[work.paper_id]) for work in changed]
    catalog.save(
        [after for before, after in pairs if _text(before) != _text(after)],
        [after for before, after in pairs if _text(before) == _text(after) and before != after],
    )
    numbers = catalog.numbers_of(merged)
    by_number = {numbers[work.paper_id]: work for work in changed}
    store_readings(catalog.file, {number: work.readings for number, work in by_number.items()})
    said_else = {number: work for number, work in by_number.items() if work.changed}
    store_keys(catalog.file, {number: work.known_by() for number, work in said_else.items()})
    return [
        Recorded(
            number=numbers[work.paper_id] if work.number is None else work.number,
            paper_id=work.paper_id,
            outcome=_outcome(work.paper, merged.get(work.paper_id)),
        )
        for work in works
        if work.seen_in or work.changed
    ]


class _TakenIds:
    """The ids that papers of the library have, and those that new ones were given."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._given: set[str] = set()

    def __contains__(self, paper_id: object) -> bool:
        return paper_id in self._given or bool(self._library.catalog.known_ids([str(paper_id)]))

    def add(self, paper_id: str) -> None:
        self._given.add(paper_id)


def _mark_unchanged(library: Library, works: Sequence[Work], run: int) -> None:
    by_file: defaultdict[str, list[int]] = defaultdict(list)
    for work in works:
        if work.number is not None and not (work.changed or work.moved):
            for file in work.seen_in:
                by_file[file].append(work.number)
    for file, numbers in by_file.items():
        mark_seen(library.catalog.file, numbers, file, run)


def _outcome(before: Paper | None, after: Paper | None) -> Outcome:
    if before is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if after is None or _is_no_news(before, after) else Outcome.UPDATED


def _is_no_news(before: Paper, after: Paper) -> bool:
    """Tell whether only the places differ, or what is derived from the texts anew."""
    return before == replace(
        after,
        sources=before.sources,
        language=before.language,
        suspicious=before.suspicious,
        plain_title=before.plain_title,
        plain_abstract=before.plain_abstract,
    )


def _text(paper: Paper | None) -> tuple[str, str] | None:
    return (paper.title, paper.abstract) if paper else None
