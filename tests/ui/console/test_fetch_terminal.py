"""What a person is shown of a fetch."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from ingest.feeds.stored import Fetched
from ui.console import terminal
from ui.console.fetch_terminal import fetched_object, going_on, show_fetched

FOLDER = Path("/home/[bread]")
PAGES = (FOLDER / "0000000.atom", FOLDER / "0000100.atom")


@pytest.mark.parametrize(
    ("fetched", "shown"),
    [
        (Fetched("arXiv", FOLDER, (), 0), "arXiv has no papers for this.\n"),
        (
            Fetched("arXiv", FOLDER, PAGES[:1], 1),
            "Fetched 1 paper in 1 page into /home/[bread]\n",
        ),
        (
            Fetched("arXiv", FOLDER, PAGES, 148, before=100, missing=2),
            "Fetched 148 papers in 2 pages into /home/[bread]\n"
            "100 of them had come before the fetch was cut short.\n"
            "arXiv counts 2 more and sends none; the same command asks for them again.\n",
        ),
    ],
)
def test_what_was_fetched_is_shown(fetched: Fetched, shown: str) -> None:
    console = Console(file=io.StringIO(), width=40)
    show_fetched(console, fetched)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == shown


def test_programs_get_the_same() -> None:
    assert fetched_object(Fetched("arXiv", FOLDER, PAGES, 148, before=100, missing=2)) == {
        "fetched": 148,
        "before": 100,
        "missing": 2,
        "pages": 2,
        "folder": "/home/[bread]",
    }


def test_how_far_it_is_and_what_it_waits_for_share_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    @contextmanager
    def waiting(label: str) -> Iterator[SimpleNamespace]:
        shown.append(label)
        yield SimpleNamespace(update=lambda text: shown.append(text.plain))

    monkeypatch.setattr(terminal, "waiting", waiting)
    with going_on("arXiv") as (on_page, on_wait):
        on_page("")
        on_page("100 of [340] papers")
        on_wait("waiting 3 s")
        on_wait("")
    assert shown == [
        "Fetching from arXiv",
        "Fetching from arXiv",
        "Fetching from arXiv: 100 of [340] papers",
        "Fetching from arXiv: 100 of [340] papers; waiting 3 s",
        "Fetching from arXiv: 100 of [340] papers",
    ]
