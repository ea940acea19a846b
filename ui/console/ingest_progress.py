"""How far a run of ingest is, on stderr: entries read first, then papers indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ui.console.terminal import errors


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """What a run calls: with entries read, and with papers indexed and to be indexed."""

    on_read: Callable[[int], None]
    on_progress: Callable[[int, int], None]


@contextmanager
def ingest_progress() -> Iterator[IngestProgress]:
    """Show what is told during the block; nothing where stderr is no terminal."""
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
    )
    # Where stderr is a file, a bar would leave a blank line for every one that is not shown.
    silent = not errors.is_terminal
    with bars.Progress(*columns, console=errors, transient=True, disable=silent) as shown:
        reading = shown.add_task("Reading entries", total=None, visible=False)
        indexing = shown.add_task("Indexing papers", total=None, visible=False)

        def on_read(entries: int) -> None:
            shown.update(reading, completed=entries, visible=True)

        def on_progress(done: int, total: int) -> None:
            shown.update(reading, visible=False)
            shown.update(indexing, completed=done, total=total, visible=total > 0)

        yield IngestProgress(on_read, on_progress)
