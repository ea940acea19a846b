"""The commands that keep a library safe: reads their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.command_options import AsJson


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, such as paperchat.backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write papers, conversations and fetched pages to one file, also while the library is used."""
    from ui import backup_commands

    backup_commands.backup(file, force=force, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="What `paperchat backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move a library that is there aside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a backup the library again, and its passages anew."""
    from ui import backup_commands

    backup_commands.restore(file, replace=replace, as_json=as_json)
