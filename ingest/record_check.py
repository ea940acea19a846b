"""Papers compared with their readings: a text that a disk changed, SQLite does not notice.

Owns what is told of it and how it is mended. A record is made of its readings again; a reading that
is damaged itself gives way to what its paper says, until the next sync reads its file again.
Invariant: no paper is lost, and one that is as its readings say is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.recording import store_works
from ingest.said import digest_of, entry_of
from ingest.works import Work, own_reading
from vectorstore.catalog import PAPERS_AT_ONCE, Catalog
from vectorstore.catalog_readings import StoredReading, forget_files, keys_of, readings_of
from vectorstore.errors import LibraryError
from vectorstore.library import Library
from vectorstore.records import Paper, Source


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the catalog has of a paper; `paper` is None where its record cannot be read."""

    number: int
    paper: Paper | None
    whole: tuple[StoredReading, ...]
    damaged: tuple[StoredReading, ...]
    keys: set[str]

    @property
    def is_right(self) -> bool:
        """Whether the record is what its readings say; one without any has nothing to differ."""
        if self.damaged or self.paper is None:
            return False
        if not self.whole:
            return True
        work = _work(self.number, self.paper.id, self.paper, self.whole)
        return work.merged() == self.paper and work.known_by() == self.keys


def damaged_papers(catalog: Catalog) -> tuple[int, ...]:
    """Return the numbers of papers that are not what was read of them, rising.

    Reads all texts: ten thousand papers take seconds.
    """
    [(last,)] = catalog.file.rows("SELECT coalesce(max(number), 0) FROM papers")
    starts = range(0, last + 1, PAPERS_AT_ONCE)
    among = (range(start, start + PAPERS_AT_ONCE) for start in starts)
    return tuple(k.number for numbers in among for k in _kept(catalog, numbers) if not k.is_right)


def mend_papers(library: Library) -> int:
    """Mend the papers that `damaged_papers` tells of, to be indexed again, and return how many.

    One of which nothing can be read any more stays as it is.
    """
    mended = 0
    for number in damaged_papers(library.catalog):
        with library.changing():
            [kept] = _kept(library.catalog, [number])
            mended += _mend(library, kept)
    return mended


def _mend(library: Library, kept: _Kept) -> bool:
    readings = list(kept.whole)
    if kept.paper:
        places = [Source(reading.file, reading.line) for reading in kept.damaged]
        readings += [own_reading(kept.paper, place) for place in places]
    if not readings:
        return False
    paper_id = library.catalog.ids_of([kept.number])[kept.number]
    store_works(library, [_work(kept.number, paper_id, kept.paper, readings)])
    forget_files(library.catalog.file, {reading.file for reading in kept.damaged})
    return True


def _work(
    number: int, paper_id: str, paper: Paper | None, readings: Sequence[StoredReading]
) -> Work:
    """Return the paper as one that is to be made of these readings."""
    entries = [entry_of(item.said, Source(item.file, item.line)) for item in readings]
    return Work(paper_id, number, paper, list(readings), changed=True, entries=entries)


def _kept(catalog: Catalog, numbers: Sequence[int]) -> Iterator[_Kept]:
    papers = _readable(catalog, numbers)
    readings = readings_of(catalog.file, numbers)
    keys = keys_of(catalog.file, numbers)
    for number, paper in papers.items():
        own = readings.get(number, [])
        whole = tuple(item for item in own if digest_of(item.said) == item.digest)
        damaged = tuple(item for item in own if item not in whole)
        yield _Kept(number, paper, whole, damaged, keys.get(number, set()))


def _readable(catalog: Catalog, numbers: Sequence[int]) -> dict[int, Paper | None]:
    """Return the records of those of the papers that are there, None where one can't be read."""
    try:
        return dict(catalog.numbered_papers(numbers))
    except LibraryError:
        if len(numbers) == 1:
            return {numbers[0]: None}
    return {n: paper for number in numbers for n, paper in _readable(catalog, [number]).items()}
