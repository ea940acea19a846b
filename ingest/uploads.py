"""Files that arrive from elsewhere: read from memory, under the names they came with.

Invariant: such a name is text and never a path. It is checked, shown and stored, and no file is
opened, made or removed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.entries import Reading, Skipped, excerpt
from ingest.files import read_data
from ingest.ingesting import OnProgress, ingest_readings
from ingest.names import plays_tricks
from ingest.report import IngestReport
from vectorstore.library import Library

UPLOADED = "uploaded"  # where their papers say they were read: "uploaded/page.txt"
LONGEST_NAME = 200  # most file systems end at 255 bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """The content of a file and the name its sender gave it."""

    name: str
    data: bytes


def ingest_uploads(
    library: Library, uploads: Sequence[Upload], on_progress: OnProgress | None = None
) -> IngestReport:
    """Take the papers of uploaded files into the library and say what became of them.

    A file with a name that is refused is skipped like one that cannot be read. Progress and what
    becomes of papers is as `ingest_paths` has it: a file that comes again is read anew.
    """
    started = time.perf_counter()
    readings = [reading for upload in _told_apart(uploads) for reading in _read(upload)]
    report = ingest_readings(library, readings, on_progress)
    return replace(report, files=len(uploads), seconds=time.perf_counter() - started)


def name_problem(name: str) -> str:
    """Return why a file cannot be known by this name, empty where it can."""
    if not name.strip(" ."):
        return "a file without a name"
    if len(name) > LONGEST_NAME:
        return f"a file name of {len(name):,} characters"
    if "/" in name or "\\" in name:
        return "a file name with a path in it"
    if any(map(plays_tricks, name)):
        return "a file name with control characters"
    return ""


def _read(upload: Upload) -> Iterator[Reading]:
    problem = name_problem(upload.name)
    if problem:
        yield Skipped(excerpt(upload.name), 1, problem)
    else:
        yield from read_data(upload.data, f"{UPLOADED}/{upload.name}")


def _told_apart(uploads: Sequence[Upload]) -> Iterator[Upload]:
    """Yield the uploads with names of their own: files of several folders may share one."""
    times: Counter[str] = Counter()
    for upload in uploads:
        times[upload.name] += 1
        numbered = f"{upload.name} ({times[upload.name]})"
        yield upload if times[upload.name] == 1 else replace(upload, name=numbered)
