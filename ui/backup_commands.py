"""What the commands that keep a library safe do, once their options are read."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ui.answer_facts import counted
from ui.console import terminal
from ui.console.json_lines import print_json
from ui.console.progress import progress_bar
from ui.environment import read_environment
from ui.wiring import opened_library

if TYPE_CHECKING:
    from vectorstore.backup_format import Database, Manifest


def backup(file: Path, *, force: bool, as_json: bool) -> None:
    """Write a backup of the library and say what is in it; takes no lock."""
    from vectorstore.backup import make_backup

    home = read_environment(os.environ).home
    _bring_up(home)
    with progress_bar("Backing up, MB") as on_progress:
        manifest = make_backup(home, file, _databases(), force=force, on_progress=on_progress)
    if as_json:
        print_json({"backup": str(file), "bytes": file.stat().st_size} | _contents(manifest))
    else:
        megabytes = file.stat().st_size / 1e6
        terminal.say(f"{_told(manifest)} backed up to {file} ({megabytes:,.1f} MB)")


def restore(file: Path, *, replace: bool, as_json: bool) -> None:
    """Restore a backup and say what was in it; then open the library, which indexes its papers."""
    from vectorstore.restore import restore as restore_library

    environment = read_environment(os.environ)
    with progress_bar("Restoring, MB") as on_progress:
        restored = restore_library(
            environment.home, file, _databases(), replace=replace, on_progress=on_progress
        )
    manifest, aside = restored.manifest, restored.moved_aside
    if as_json:
        places = {"home": str(environment.home), "moved_aside": str(aside) if aside else None}
        print_json({"restored": str(file)} | places | _contents(manifest))
    else:
        terminal.say(f"{_told(manifest)} restored to {environment.home}, as of {manifest.made_at}")
        if aside:
            terminal.say(f"The library that was there before is kept at {aside}")
    try:
        with opened_library(environment):
            pass
    except KeyboardInterrupt:
        terminal.announce("Stopped. All is restored; the next command goes on with the indexing.")
        raise


def _bring_up(home: Path) -> None:
    """Have the conversations in the form of this paperchat: an earlier one had visitors' ids."""
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE, ConversationFile

    with closing(ConversationFile(home / CONVERSATIONS_FILE)) as file:
        file.rows("SELECT 1")


def _databases() -> tuple[Database, ...]:
    from assistant.conversations.conversation_file import CONVERSATIONS_FILE, VERSION
    from vectorstore.backup_format import CATALOG, Database

    tables = ("conversations", "exchanges", "feedback")
    return (CATALOG, Database(CONVERSATIONS_FILE, VERSION, tables))


def _contents(manifest: Manifest) -> dict[str, object]:
    rows = manifest.rows
    return {
        "made_at": manifest.made_at,
        "made_by": manifest.made_by,
        "embedding_model": manifest.embedding_model,
        "papers": rows.get("papers", 0),
        "conversations": rows.get("conversations", 0),
        "answers": rows.get("exchanges", 0),
        "rated_answers": rows.get("feedback", 0),
        "fetched_pages": sum(part.version is None for part in manifest.parts),
    }


def _told(manifest: Manifest) -> str:
    rows = manifest.rows
    papers = counted(rows.get("papers", 0), "paper")
    return f"{papers} and {counted(rows.get('conversations', 0), 'conversation')}"
