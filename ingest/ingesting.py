"""One run of ingest: read, merge, compare with the library, and index what is new or changed.

Owns the report. Invariant: a paper that is in the library as it was read is not touched, so a
second run over the same files changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.entries import Entry, Skipped
from ingest.files import read_entries
from ingest.indexing import index_pending
from ingest.merge import merge_entries, merge_with_stored
from vectorstore.library import Library
from vectorstore.records import Paper

OnProgress = Callable[[int, int], None]

NAMED_PAPERS = 500  # in a report: as many as anybody looks through


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What happened to all that was read.

    `new`, `updated` and `unchanged` count papers; `duplicates` counts entries beyond the first of
    their paper, so that the four add up to `entries`. A paper that was merely found in one more
    place is unchanged. `new_ids` and `updated_ids` are the first `NAMED_PAPERS` of them.
    """

    files: int
    entries: int
    new: int
    updated: int
    unchanged: int
    duplicates: int
    skipped: tuple[Skipped, ...]
    seconds: float
    new_ids: tuple[str, ...] = ()
    updated_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """Merged papers, by what the library has to do with them.

    `relabelled` ones differ in their metadata alone; those of `relisted` in nothing but that they
    were found in one more place.
    """

    new: tuple[Paper, ...]
    rewritten: tuple[Paper, ...]
    relabelled: tuple[Paper, ...]
    relisted: tuple[Paper, ...]

    @property
    def updated(self) -> tuple[Paper, ...]:
        return (*self.rewritten, *self.relabelled)


def ingest_paths(
    library: Library,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
) -> IngestReport:
    """Take the papers of files and folders into the library and say what became of them.

    Papers left pending by an earlier run that was cut short are finished too. `on_progress` is
    called with papers indexed and papers to index. Raises IngestError, before anything is read, if
    a path does not exist.
    """
    started = time.perf_counter()
    files: list[Path] = []
    readings = list(read_entries(paths, files.append))
    report = ingest_readings(library, readings, on_progress)
    return replace(report, files=len(files), seconds=time.perf_counter() - started)


def ingest_readings(
    library: Library, readings: Sequence[Entry | Skipped], on_progress: OnProgress | None = None
) -> IngestReport:
    """Take what was read into the library, as `ingest_paths` does; of the files nothing is told.

    A run that begins while another one is at work on the library waits for its end.
    """
    started = time.perf_counter()
    entries = [reading for reading in readings if isinstance(reading, Entry)]
    merged = merge_entries(entries)
    with library.ingesting:
        changes = _compare(library, merged.papers)
        library.add((*changes.new, *changes.rewritten), (*changes.relabelled, *changes.relisted))
        index_pending(library, on_progress=on_progress)
    new, updated = changes.new, changes.updated
    return IngestReport(
        files=0,
        entries=len(entries),
        new=len(new),
        updated=len(updated),
        unchanged=len(merged.papers) - len(new) - len(updated),
        duplicates=merged.duplicates,
        skipped=tuple(reading for reading in readings if isinstance(reading, Skipped)),
        seconds=time.perf_counter() - started,
        new_ids=tuple(paper.id for paper in new[:NAMED_PAPERS]),
        updated_ids=tuple(paper.id for paper in updated[:NAMED_PAPERS]),
    )


def _compare(library: Library, papers: Sequence[Paper]) -> _Changes:
    stored = library.catalog.papers([paper.id for paper in papers])
    new = tuple(paper for paper in papers if paper.id not in stored)
    known = [
        (stored[paper.id], merge_with_stored(stored[paper.id], paper))
        for paper in papers
        if paper.id in stored
    ]
    changed = [(before, after) for before, after in known if after != before]
    same_text = [pair for pair in changed if _text(pair[0]) == _text(pair[1])]
    return _Changes(
        new=new,
        rewritten=tuple(after for before, after in changed if _text(before) != _text(after)),
        relabelled=tuple(after for before, after in same_text if not _relisted(before, after)),
        relisted=tuple(after for before, after in same_text if _relisted(before, after)),
    )


def _relisted(before: Paper, after: Paper) -> bool:
    return replace(after, sources=before.sources) == before


def _text(paper: Paper) -> tuple[str, str]:
    return paper.title, paper.abstract
