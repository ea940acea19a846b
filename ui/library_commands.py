"""What the commands that change a library do, once their options are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.answer_facts import counted
from ui.console import terminal
from ui.console.json_lines import print_json
from ui.console.progress import IngestProgress, ingest_progress
from ui.environment import read_environment, read_writing_environment
from ui.wiring import opened_library
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ingest.engine import Engine
    from ui.export.library_export import LibraryFormat
    from vectorstore.library import Library
    from vectorstore.records import Paper


class UnknownPaperError(PaperchatError):
    """A name that the user gave is no paper's, or that of several."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Those of a Ray cluster: of the one that this machine `joined`, or of its own; how many."""

    joined: bool = False
    count: int | None = None


def ingest(
    paths: Sequence[Path],
    columns: Sequence[str] = (),
    workers: Workers | None = None,
    *,
    as_json: bool,
) -> bool:
    """Take files and folders in, and print the report; tell whether any paper was read.

    Papers are indexed by `workers`, or in this process where there are none.
    """
    from ingest.files import find_files
    from ingest.ingesting import ingest_paths
    from ingest.readers.column_names import column_map
    from ingest.sources import make_sources
    from ui.answer_json import report_object
    from ui.console.report_terminal import show_report

    files = find_files(paths)  # a path that does not exist is said before a library is made
    sources = make_sources(column_map(columns))
    engine = _engine(workers)
    with _working(engine) as (library, progress):
        report = ingest_paths(
            library,
            files,
            progress.on_progress,
            on_read=progress.on_read,
            sources=sources,
            engine=engine,
        )
    if as_json:
        print_json(report_object(report))
    else:
        show_report(terminal.console(), report)
    return report.entries > 0


def sync(
    folder: Path, columns: Sequence[str], *, prune: bool, rehearse: bool, as_json: bool
) -> bool:
    """Bring the library up to date with a folder and print what became of it.

    Returns whether there was anything in it to read.
    """
    from ingest.files import find_files
    from ingest.readers.column_names import column_map
    from ingest.syncing import sync_folder
    from ui.console.report_terminal import show_sync, sync_object

    find_files([folder])
    mapping = column_map(columns)
    with _working() as (library, progress):
        report = sync_folder(
            library,
            folder,
            prune=prune,
            rehearse=rehearse,
            on_progress=progress.on_progress,
            on_read=progress.on_read,
            columns=mapping,
        )
    if as_json:
        print_json(sync_object(report))
    else:
        show_sync(terminal.console(), report)
    return report.read.entries > 0 or report.files_unchanged > 0


def remove(names: Sequence[str], *, as_json: bool) -> None:
    """Remove the papers that are called so; none, where any of the names is not one paper's."""
    from ui.console.report_terminal import show_removed

    with opened_library(read_writing_environment(os.environ)) as library:
        papers = {paper.id: paper for paper in (_called(library, name) for name in names)}
        library.remove(papers)
    if as_json:
        for paper in papers.values():
            print_json({"removed": paper.id, "title": paper.title})
    else:
        show_removed(terminal.console(), tuple(papers.values()))


def export(wanted: LibraryFormat, file: Path | None) -> None:
    """Write all papers to a file, and say how many, or to standard output."""
    from ui.export.library_export import export_library

    with opened_library(read_environment(os.environ)) as library:
        papers = export_library(library.catalog.all_papers(), wanted, file)
    if file is not None:
        terminal.announce(f"{counted(papers, 'paper')} written to {file}")


def _called(library: Library, name: str) -> Paper:
    from vectorstore.references import papers_called

    found = papers_called(library.catalog, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownPaperError(
            f"No paper is called {name}",
            hint="Name a whole title, an arXiv id or a DOI; `paperchat search` finds papers."
            " Nothing was removed.",
        )
    ids = ", ".join(paper.id for paper in found)
    raise UnknownPaperError(
        f"{len(found)} papers are called {name}",
        hint=f"Name one by its id: {ids}. Nothing was removed.",
    )


def _engine(workers: Workers | None) -> Engine | None:
    if workers is None:
        return None
    from ingest.ray_cluster import RaySettings
    from ingest.ray_engine import RayEngine

    return RayEngine(RaySettings(joined=workers.joined, workers=workers.count))


@contextmanager
def _working(engine: Engine | None = None) -> Iterator[tuple[Library, IngestProgress]]:
    """Open the library, with progress on stderr, and say how to go on where the user stops it."""
    try:
        with (
            opened_library(read_writing_environment(os.environ), engine) as library,
            ingest_progress() as progress,
        ):
            yield library, progress
    except KeyboardInterrupt:
        terminal.errors.print(
            "Stopped. What was read is kept; the same command goes on with the rest."
        )
        raise
