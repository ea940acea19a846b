"""A sync of papers that the library has already, against reading and comparing them plainly.

    python -m benchmarks.syncing [--records 100000]

The folder holds one file of `benchmarks.reading`. *unchanged* syncs it as it was; *rewritten* once
each of its lines has moved, so that every record is read and compared. Both are dry runs, which do
all that a run does and undo it, so that nothing has to be embedded for them. *json.loads* reads the
lines and compares titles and abstracts with those that it keeps in memory, which loses no crash and
tells no paper from another: what any sync has to do at least.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.reading import write_snapshot
from benchmarks.retrieval_results import markdown
from ingest.files import file_name, read_file
from ingest.fingerprint import fingerprint_of
from ingest.ingesting import take_in
from ingest.report import Tally
from ingest.syncing import SyncReport, sync_folder
from vectorstore.catalog_readings import mark_whole, next_run, store_fingerprint
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder


def fill(library: Library, file: Path) -> None:
    """Take the papers in, as a sync does, but leave them to be indexed."""
    run = next_run(library.catalog.file)
    take_in(library, read_file(file), Tally(), run)
    mark_whole(library.catalog.file, file_name(file), run)
    store_fingerprint(library.catalog.file, file_name(file), fingerprint_of(file, {}) or "")


def move_lines(file: Path) -> None:
    """Put an empty line before all others, without holding them in memory."""
    before = file.rename(file.with_suffix(".before"))
    with before.open("rb") as lines, file.open("wb") as moved:
        moved.write(b"\n")
        shutil.copyfileobj(lines, moved)
    before.unlink()


def sync(library: Library, folder: Path, unchanged: int) -> float:
    """Return the seconds that a sync takes, which has to find so many papers unchanged."""
    started = time.perf_counter()
    report = sync_folder(library, folder, prune=True, rehearse=True)
    if found := _changes(report, unchanged):
        raise SystemExit(f"the sync was to change nothing: {found}")
    return time.perf_counter() - started


def _changes(report: SyncReport, unchanged: int) -> str:
    read = report.read
    figures = (read.new, read.updated, read.unchanged, report.removed, read.skipped_count)
    return "" if figures == (0, 0, unchanged, 0, 0) else str(figures)


def plainly(file: Path) -> float:
    """Return the seconds that reading all lines and comparing them with known ones takes."""
    with file.open(encoding="utf-8") as lines:
        known = {
            row["id"]: (row["title"], row["abstract"])
            for row in map(json.loads, filter(str.strip, lines))
        }
    started = time.perf_counter()
    with file.open(encoding="utf-8") as lines:
        changed = sum(
            known.get(row["id"]) != (row["title"], row["abstract"])
            for row in map(json.loads, filter(str.strip, lines))
        )
    if changed:
        raise SystemExit(f"{changed} records changed")
    return time.perf_counter() - started


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that `action` takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "papers")
        folder.mkdir()
        file = folder / "snapshot.json"
        write_snapshot(file, records)
        with open_library(Path(home, "library"), OnnxEmbedder()) as library:
            seconds = {"first reading, without embedding": timed(lambda: fill(library, file))}
            seconds["unchanged"] = sync(library, folder, 0)
            move_lines(file)
            seconds["rewritten"] = sync(library, folder, records)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds["json.loads"] = plainly(file)  # which keeps all texts in memory
    rows = [[way, f"{taken:.1f}", f"{records / taken:,.0f}"] for way, taken in seconds.items()]
    print(markdown(["way", "seconds", "records a second"], rows))
    print(f"peak memory of reading and syncing, the model included: {peak_mb:,.0f} MB")


if __name__ == "__main__":
    main()
