"""What is printed of papers that came, changed and left: ingest, sync and removal."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console

from ingest.entries import Noted, Skipped
from ingest.report import IngestReport
from ingest.syncing import SyncReport
from ui.answer_json import report_object
from ui.console.report_terminal import show_removed, show_report, show_sync, sync_object
from vectorstore.records import Paper

FAULTS = tuple(Skipped("a.bib", line, "cut [bold]off", "rye") for line in range(1, 24))
NOTES = (Noted("a.bib", 1, "read as Latin-1"),)
READ = IngestReport(
    *(1, 1030, 1007, 2, 20, 1),
    FAULTS,
    1.26,
    ("p1",),
    skipped_count=1_023,
    notes=NOTES,
    note_count=1,
    same_abstract=1,
    suspicious=2,
)
SYNCED = SyncReport(
    IngestReport(2, 3, 2, 1, 0, 0, (), 0.5, ("p1", "p2"), ("p3",)),
    files_unchanged=4,
    files_gone=1,
    removed=21,
    new_titles=("On \x1b[31mBread", "On [bold]Soup"),
    updated_titles=("On Salt",),
    removed_titles=tuple(f"Old {number}" for number in range(21)),
    rehearsed=False,
)
TABLE = [
    " files read       2",
    " files unchanged  4",
    " files gone       1",
    " new              2",
    " updated          1",
    " removed          21",
    " skipped          0",
    " seconds          0.5",
]
TITLES = [
    "+ On [31mBread",
    "+ On [bold]Soup",
    "~ On Salt",
    *(f"- Old {number}" for number in range(20)),
    "- and 1 more; --json names more of them",
]


def printed(show: Callable[[Console], None]) -> list[str]:
    """Return the lines that `show` prints, without the blanks that pad them."""
    console = Console(file=io.StringIO(), width=60, color_system=None)
    show(console)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_report_names_what_was_skipped_and_counts_the_rest() -> None:
    assert printed(lambda console: show_report(console, READ)) == [
        " files       1",
        " entries     1,030",
        " new         1,007",
        " updated     2",
        " unchanged   20",
        " duplicates  1",
        " skipped     1,023",
        " seconds     1.3",
        "1 new paper with the abstract of another paper, under another title",
        "2 new papers with hidden text, or text that addresses a model",
        "noted a.bib:1: read as Latin-1",
        *(f"skipped a.bib:{line}: rye: cut [bold]off" for line in range(1, 21)),
        "and 1,003 more; --json lists them",
    ]


def test_a_sync_names_what_came_changed_and_left() -> None:
    assert printed(lambda console: show_sync(console, SYNCED)) == [*TABLE, *TITLES]


def test_a_rehearsal_says_that_it_is_one() -> None:
    rehearsed = SyncReport(READ, 0, 0, 0, (), (), (), rehearsed=True)
    lines = printed(lambda console: show_sync(console, rehearsed))
    assert lines[0] == "A dry run: nothing was changed. A run would do this:"
    assert lines[9:11] == [
        "+ and 987 more; --json names more of them",
        "1 new paper with the abstract of another paper, under another title",
    ]


def test_a_sync_for_programs() -> None:
    assert sync_object(SYNCED) == {
        "dry_run": False,
        **report_object(SYNCED.read),
        "files_unchanged": 4,
        "files_gone": 1,
        "removed": 21,
        "new_titles": ["On \x1b[31mBread", "On [bold]Soup"],
        "updated_titles": ["On Salt"],
        "removed_titles": [f"Old {number}" for number in range(21)],
    }


def test_what_was_removed() -> None:
    papers = (Paper("p1", "On \x1b[31mBread", ""), Paper("p2", "On [bold]Soup", ""))
    assert printed(lambda console: show_removed(console, papers)) == [
        "Removed 2 papers:",
        "- On [31mBread",
        "- On [bold]Soup",
    ]
    assert printed(lambda console: show_removed(console, papers[1:]))[0] == "Removed 1 paper:"
