from __future__ import annotations

import io

import pytest
from rich.console import Console

from ui.console import progress
from ui.console.progress import ingest_progress, progress_bar


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    return clock


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    log = io.StringIO()
    monkeypatch.setattr(progress, "errors", Console(file=log, width=200))
    return log


def test_a_log_gets_a_line_a_minute_with_the_time_left(clock: Clock, log: io.StringIO) -> None:
    with progress_bar("Indexing papers") as on_progress:
        for done in range(0, 91, 10):
            on_progress(done, 10_000)
            clock.now += 10
    [line] = log.getvalue().splitlines()
    assert line == "Indexing papers: 60 of 10,000, 2:45:40 left"


def test_entries_are_read_before_it_is_known_how_many(clock: Clock, log: io.StringIO) -> None:
    with ingest_progress() as told:
        told.on_read(500)
        clock.now += 61
        told.on_read(1_500)
        for done in (0, 375):
            told.on_progress(done, 1_500)
            clock.now += 31
        told.on_progress(750, 1_500)
    assert log.getvalue().splitlines() == [
        "Reading entries: 1,500",
        "Indexing papers: 750 of 1,500, 0:01:02 left",
    ]


def test_nothing_to_do_is_not_told(clock: Clock, log: io.StringIO) -> None:
    with progress_bar("Indexing papers") as on_progress:
        clock.now += 100
        on_progress(0, 0)
    assert log.getvalue() == ""
