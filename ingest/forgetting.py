"""What files no longer say is forgotten: papers lose those readings, and go with their last one."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.recording import load_works, store_works
from ingest.report import Tally
from ingest.works import Work
from vectorstore.catalog_leaving import take_out
from vectorstore.catalog_readings import drop_file, numbers_in_file
from vectorstore.library import Library

BATCH_PAPERS = 500  # a transaction


def forget(library: Library, name: str, tally: Tally, run: int | None = None) -> Iterator[str]:
    """Drop what the file `name` says, or with `run` what that run has not seen it say any more.

    Yields the titles of the papers that left the library for it; take them all. Those that other
    places tell otherwise are counted as updated.
    """
    numbers = numbers_in_file(library.catalog.file, name, run)
    for start in range(0, len(numbers), BATCH_PAPERS):
        with library.changing():
            works = load_works(library, numbers[start : start + BATCH_PAPERS])
            for work in works:
                _drop(work, name, run)
            tally.changed(store_works(library, [work for work in works if work.readings]))
            left = [work for work in works if not work.readings]
            take_out(library.catalog.file, [work.paper_id for work in left])
        yield from (work.paper.title for work in left if work.paper)
    if run is None:
        drop_file(library.catalog.file, name)


def _drop(work: Work, name: str, run: int | None) -> None:
    kept = [
        at
        for at, item in enumerate(work.readings)
        if item.file != name or (run is not None and item.seen_run >= run)
    ]
    work.readings = [work.readings[at] for at in kept]
    work.entries = [work.entries[at] for at in kept]
    work.changed = True
