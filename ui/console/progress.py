"""How far long work is, on stderr: a bar in a terminal, else a line a minute for a log.

Both tell the time left, by what the last two minutes got done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.console.terminal import errors

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_EVERY_S = 60.0
SPEED_OVER_S = 120.0  # long abstracts come in runs


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """What a run calls: with entries read, and with papers indexed and to be indexed."""

    on_read: Callable[[int], None]
    on_progress: Callable[[int, int], None]


@contextmanager
def ingest_progress() -> Iterator[IngestProgress]:
    """Show what is told during the block: entries read first, then papers indexed."""
    with _shown() as tasks:
        reading, indexing = tasks.add("Reading entries"), tasks.add("Indexing papers")

        def on_progress(done: int, total: int) -> None:
            tasks.hide(reading)
            tasks.update(indexing, done, total)

        yield IngestProgress(lambda entries: tasks.update(reading, entries, None), on_progress)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show, once there is something to do, how many of how many are done."""
    with _shown() as tasks:
        task = tasks.add(label)
        yield lambda done, total: tasks.update(task, done, total)


class _Tasks:
    """What is under way in one `Progress`; without a terminal it is told in lines."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._line_due = time.monotonic() + LINE_EVERY_S

    def add(self, label: str) -> TaskID:
        return self._progress.add_task(label, total=None, visible=False)

    def hide(self, task: TaskID) -> None:
        self._progress.update(task, visible=False)

    def update(self, task: TaskID, done: int, total: int | None) -> None:
        self._progress.update(task, completed=done, total=total, visible=total != 0)
        if total != 0 and self._progress.disable and time.monotonic() >= self._line_due:
            self._line_due = time.monotonic() + LINE_EVERY_S
            errors.print(self._line(task), soft_wrap=True)

    def _line(self, task: TaskID) -> str:
        shown = self._progress.tasks[task]
        line = f"{shown.description}: {shown.completed:,.0f}"
        if shown.total is not None:
            line += f" of {shown.total:,.0f}"
        if (left := shown.time_remaining) is not None:
            minutes, seconds = divmod(round(left), 60)
            hours, minutes = divmod(minutes, 60)
            line += f", {hours}:{minutes:02}:{seconds:02} left"
        return line


@contextmanager
def _shown() -> Iterator[_Tasks]:
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
    )
    # Where stderr is a file, a bar would leave a blank line for every one that is not shown.
    silent = not errors.is_terminal
    with bars.Progress(
        *columns,
        console=errors,
        transient=True,
        disable=silent,
        speed_estimate_period=SPEED_OVER_S,
        get_time=time.monotonic,
    ) as progress:
        yield _Tasks(progress)
