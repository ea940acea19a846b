"""One run of ingest: read, take in what is new or changed, batch by batch, and index it.

Invariant: a paper that is in the library as it was read is not touched, so a second run over the
same files changes nothing; memory does not grow with what is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.engine import Engine
from ingest.entries import Entry, PaperSource, Reading
from ingest.files import file_name, read_entries
from ingest.indexing import index_pending
from ingest.recording import record_batch
from ingest.report import IngestReport, Tally
from ingest.sources import SOURCES
from vectorstore.catalog_doubles import count_same_abstract, count_suspicious
from vectorstore.catalog_readings import forget_files, next_run
from vectorstore.library import Library

OnProgress = Callable[[int, int], None]
OnRead = Callable[[int], None]

BATCH_ENTRIES = 500  # a transaction: large enough for speed, small enough to stop within a second


def ingest_paths(  # noqa: PLR0913 - what a run may be asked, each on its own
    library: Library,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
    *,
    on_read: OnRead | None = None,
    sources: Sequence[PaperSource] = SOURCES,
    engine: Engine | None = None,
) -> IngestReport:
    """Take the papers of files and folders into the library and say what became of them.

    Papers left pending by an earlier run that was cut short are finished too. `on_read` is called
    with entries read, `on_progress` with papers indexed and papers to index; `engine` indexes them.
    Raises IngestError, before anything is read, if a path does not exist.
    """
    files: list[Path] = []
    readings = read_entries(paths, files.append, sources)
    report = ingest_readings(library, readings, on_progress, on_read=on_read, engine=engine)
    forget_files(library.catalog.file, map(file_name, files))  # a sync may have seen them otherwise
    return replace(report, files=len(files))


def ingest_readings(
    library: Library,
    readings: Iterable[Reading],
    on_progress: OnProgress | None = None,
    *,
    on_read: OnRead | None = None,
    engine: Engine | None = None,
) -> IngestReport:
    """Take what was read into the library, as `ingest_paths` does; of the files nothing is told.

    A run that begins while another one is at work on the library waits for its end.
    """
    started, tally = time.perf_counter(), Tally()
    with library.ingesting:
        take_in(library, readings, tally, next_run(library.catalog.file), on_read)
        library.finish_leaving()
        index_pending(library, on_progress=on_progress, engine=engine)
    return told(library, tally, time.perf_counter() - started)


def take_in(
    library: Library,
    readings: Iterable[Reading],
    tally: Tally,
    run: int,
    on_read: OnRead | None = None,
) -> None:
    """Store what was read, to be indexed, a batch at a time, and count it."""
    batch: list[Entry] = []
    for reading in readings:
        tally.read(reading)
        if isinstance(reading, Entry):
            batch.append(reading)
        if len(batch) >= BATCH_ENTRIES:
            tally.recorded(record_batch(library, batch, run))
            batch.clear()
            if on_read:
                on_read(tally.entries)
    tally.recorded(record_batch(library, batch, run))


def told(library: Library, tally: Tally, seconds: float) -> IngestReport:
    """Return the report of what was counted, with what is to be known of the new papers."""
    file, new = library.catalog.file, tally.new_numbers()
    return tally.report(seconds, count_same_abstract(file, new), count_suspicious(file, new))
