"""The commands that change a library, or write it out: reads their options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.command_options import EXIT_ERROR, AsJson
from ui.export.library_export import LibraryFormat

# There in a clone of the project, not where it is installed from a package.
SHIPPED_PAGES = Path(__file__).parent.parent / "data" / "daily-papers"

ColumnMap = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=NAME",
        help="Which column, or JSON name, holds a field: title=Name; repeatable.",
    ),
]


class EngineName(StrEnum):
    """What indexes papers."""

    LOCAL = "local"
    RAY = "ray"


def ingest(  # noqa: PLR0913, PLR0917 - options, each on its own
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files, folders or archives; the shipped pages if none."),
    ] = None,
    columns: ColumnMap = None,
    engine: Annotated[
        EngineName, typer.Option(help="What indexes the papers; ray needs paperchat[ray].")
    ] = EngineName.LOCAL,
    ray_workers: Annotated[
        int | None, typer.Option(min=1, help="Workers of the cluster; all of its cores if none.")
    ] = None,
    ray_address: Annotated[
        str | None,
        typer.Option(help="auto: the cluster that this machine has joined; its own if none."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take papers into the library; reading them again changes nothing."""
    from ui import library_commands

    if not paths and not SHIPPED_PAGES.is_dir():
        raise typer.BadParameter("name files or folders that list papers")
    if ray_address not in (None, "auto"):
        raise typer.BadParameter("--ray-address knows auto alone; join the cluster first")
    if engine is EngineName.LOCAL and (ray_workers or ray_address):
        raise typer.BadParameter("--ray-workers and --ray-address go with --engine ray")
    workers = library_commands.Workers(ray_address == "auto", ray_workers)
    found = library_commands.ingest(
        tuple(paths or [SHIPPED_PAGES]),
        tuple(columns or ()),
        workers if engine is EngineName.RAY else None,
        as_json=as_json,
    )
    if not found:
        raise typer.Exit(EXIT_ERROR)


def sync(
    folder: Annotated[Path, typer.Argument(help="The folder that the library follows.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove papers that the folder lists no more.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    columns: ColumnMap = None,
    as_json: AsJson = False,
) -> None:
    """Bring the library up to date with a folder; files that did not change are not read."""
    from ui import library_commands

    found = library_commands.sync(
        folder, tuple(columns or ()), prune=prune, rehearse=dry_run, as_json=as_json
    )
    if not found:
        raise typer.Exit(EXIT_ERROR)


def remove(
    papers: Annotated[
        list[str], typer.Argument(help="arXiv ids, DOIs, whole titles or ids of papers.")
    ],
    as_json: AsJson = False,
) -> None:
    """Remove papers; those of a followed folder come back with its next sync."""
    from ui import library_commands

    library_commands.remove(papers, as_json=as_json)


def export(
    output_format: Annotated[
        LibraryFormat, typer.Option("--format", help="jsonl keeps everything as it is.")
    ],
    output: Annotated[
        Path | None, typer.Option(help="The file to write; standard output if none.")
    ] = None,
) -> None:
    """Write all papers, for other programs or for another library."""
    from ui import library_commands

    library_commands.export(output_format, output)
