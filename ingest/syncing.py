"""A library kept in step with a folder: what is new or changed comes in, what left goes.

Invariants: a file that is as it was is not read again; a file that can't be read to its end loses
no paper; a rehearsal changes nothing and tells what a run would do, because it is one, undone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.entries import Entry, Reading, Skipped
from ingest.errors import IngestError
from ingest.files import file_name, find_files, read_file
from ingest.fingerprint import fingerprint_of
from ingest.forgetting import forget
from ingest.indexing import index_pending
from ingest.ingesting import OnProgress, OnRead, take_in, told
from ingest.report import IngestReport, Tally
from ingest.sources import make_sources
from vectorstore.catalog_readings import (
    fingerprints,
    mark_whole,
    next_run,
    outdated_files,
    places_of,
    store_fingerprint,
)
from vectorstore.library import Library

LISTED_TITLES = 500


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or as a rehearsal would do.

    `read` is of the files that were read; `files_unchanged` were not. `files_gone` left the folder.
    `removed` papers stood in no file any more. Titles are the first `LISTED_TITLES` of each kind.
    """

    read: IngestReport
    files_unchanged: int
    files_gone: int
    removed: int
    new_titles: tuple[str, ...]
    updated_titles: tuple[str, ...]
    removed_titles: tuple[str, ...]
    rehearsed: bool


@dataclass(slots=True)
class _Run:
    """A sync under way."""

    library: Library
    number: int
    columns: Mapping[str, str]
    on_read: OnRead | None
    tally: Tally = field(default_factory=Tally)
    files_read: int = 0
    files_unchanged: int = 0
    removed: int = 0
    removed_titles: list[str] = field(default_factory=list)

    def read(self, path: Path, known: dict[str, str | None]) -> None:
        """Take in a file that is not as it was when it was read."""
        name, fingerprint = file_name(path), fingerprint_of(path, self.columns)
        if fingerprint is not None and known.get(name) == fingerprint:
            self.files_unchanged += 1
            return
        self.files_read += 1
        reading = _Watched(read_file(path, make_sources(self.columns)), name)
        take_in(self.library, reading, self.tally, self.number, self.on_read)
        if reading.is_whole:
            mark_whole(self.library.catalog.file, name, self.number, reading.silent)
        if reading.is_whole and fingerprint is not None:
            store_fingerprint(self.library.catalog.file, name, fingerprint)

    def prune(self, gone: Iterable[str], below: str) -> None:
        """Drop what files that are gone say, and what others below the folder say no more."""
        for name in gone:
            self.forget(name)
        for name, run in outdated_files(self.library.catalog.file).items():
            if name.startswith(below):
                self.forget(name, run)

    def forget(self, name: str, run: int | None = None) -> None:
        """Drop what the file says, or what it does not say any more."""
        for title in forget(self.library, name, self.tally, run):
            self.removed += 1
            if len(self.removed_titles) < LISTED_TITLES:
                self.removed_titles.append(title)


class _Watched:
    """The readings of a file; once they are taken, whether to its end, and what was `silent`.

    A file, also one of an archive, in which nothing is recognised is more likely damaged than
    emptied. Which file of an archive was left out is not known, so the archive is not whole then.
    """

    def __init__(self, readings: Iterable[Reading], name: str) -> None:
        self._readings = readings
        self._name = name
        self.is_whole = False
        self.silent: set[str] = set()

    def __iter__(self) -> Iterator[Reading]:
        """Pass the readings on."""
        listing, faulty, broken = set[str](), set[str](), False
        for reading in self._readings:
            if isinstance(reading, Entry):
                listing.add(reading.source.file)
            elif isinstance(reading, Skipped):
                faulty.add(reading.file)
                broken |= reading.ends_file
            yield reading
        left_out = self._name in faulty and bool(listing - {self._name})
        self.is_whole = bool(listing) and not broken and not left_out
        self.silent = faulty - listing


def sync_folder(  # noqa: PLR0913 - what a run may be asked, each on its own
    library: Library,
    folder: Path,
    *,
    prune: bool = False,
    rehearse: bool = False,
    on_progress: OnProgress | None = None,
    on_read: OnRead | None = None,
    columns: Mapping[str, str] | None = None,
) -> SyncReport:
    """Bring the library up to date with a folder and say what became of it all.

    With `prune`, papers that the folder listed and lists no more are removed, unless they were also
    read elsewhere; those of a folder in it that may not be looked into stay. With `rehearse`, all
    is undone and nothing indexed. `columns` is a map of `column_names.column_map`. Raises
    IngestError where the folder does not exist, or where `prune` finds no file left to read in it.
    """
    started = time.perf_counter()
    found = find_files([folder])
    files = [path for path in found if not path.is_dir()]
    undone: AbstractContextManager[None] = library.rehearsing() if rehearse else nullcontext()
    with library.ingesting, undone:
        known = fingerprints(library.catalog.file)
        gone = _gone(known, found, folder)
        if prune and gone and not files:
            raise _emptied(folder)
        run = _Run(library, next_run(library.catalog.file), columns or {}, on_read)
        for path in found:
            if path in files:
                run.read(path, known)
            elif path != folder.resolve():
                run.tally.read(Skipped(file_name(path), 1, "a folder that can't be looked into"))
        if prune:
            run.prune(gone, _below(folder))
        if not rehearse:
            library.finish_leaving()
            index_pending(library, on_progress=on_progress)
        report = told(library, run.tally, time.perf_counter() - started)
        return SyncReport(
            read=replace(report, files=run.files_read),
            files_unchanged=run.files_unchanged,
            files_gone=len(gone),
            removed=run.removed,
            new_titles=_titles(library, report.new_ids),
            updated_titles=_titles(library, report.updated_ids),
            removed_titles=tuple(run.removed_titles),
            rehearsed=rehearse,
        )


def _gone(known: Iterable[str], found: Iterable[Path], folder: Path) -> list[str]:
    """Return the files below the folder that papers were read from and that are not there.

    Of a folder that was found among the files nobody knows what is in it.
    """
    there = {file_name(path) for path in found if path != folder.resolve()}
    below = _below(folder)
    return [
        name
        for name in known
        if name.startswith(below)
        and not there.intersection(places_of(name))
        and not any(map(_is_file, places_of(name)))  # one that a folder is not searched for
    ]


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:
        return True  # nobody can tell


def _below(folder: Path) -> str:
    return f"{file_name(folder.resolve())}/"


def _titles(library: Library, ids: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(ids)[:LISTED_TITLES]
    papers = library.catalog.papers(wanted)
    return tuple(papers[paper_id].title for paper_id in wanted if paper_id in papers)


def _emptied(folder: Path) -> IngestError:
    return IngestError(
        "The folder holds no file to read any more, so pruning would remove all its papers",
        where=str(folder),
        hint="See whether its disk is there; to remove papers for good, use `paperchat remove`.",
    )
