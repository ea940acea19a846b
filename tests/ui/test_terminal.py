"""What the command line prints, and that nothing in it steers the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from answers import ANSWER, BEST, HIT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ingest.entries import Skipped
from ingest.ingesting import IngestReport
from ui.terminal import show_answer, show_report, terminal_text


def recorder() -> Console:
    """Return a console of 60 columns, without colours, that keeps what is printed."""
    return Console(file=io.StringIO(), width=60, color_system=None)


def printed(console: Console) -> list[str]:
    """Return the lines printed so far, without the blanks that pad them."""
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_an_answer_with_its_sources() -> None:
    console = recorder()
    show_answer(console, ANSWER)
    assert printed(console) == [
        "The model failed.",
        "",
        "Salt",
        "",
        "The abstracts say:",
        "",
        "• Salt [for] *Soup*",
        "  12 grams are enough. [1]",
        "",
        "• See [2] and [31m<b> (no source cited)",
        "",
        "Done [1]",
        "",
        "Sources",
        "[1] Salt [for] *Soup*  (Kitchen, 2024-05-06)",
        "",
        "extractive, 0.12 s",
    ]


def test_papers_below_the_line_stand_between_the_answer_and_its_sources() -> None:
    console = recorder()
    show_answer(console, replace(ANSWER, borderline=(HIT, BEST)))
    lines = printed(console)
    assert lines[lines.index("Done [1]") : lines.index("Sources") + 1] == [
        "Done [1]",
        "",
        "Borderline, perhaps of interest:",
        "0.91  Salt [for] *Soup*",
        "0.96  [bold]Best[/bold]",
        "",
        "Sources",
    ]


def test_a_report_names_what_was_skipped_and_counts_the_rest() -> None:
    console = recorder()
    skipped = tuple(Skipped("a.txt", line, "cut [bold]off") for line in range(1, 24))
    show_report(console, IngestReport(1, 30, 7, 0, 0, 0, skipped, 1.26))
    assert printed(console)[-5:] == [
        "skipped a.txt:17: cut [bold]off",
        "skipped a.txt:18: cut [bold]off",
        "skipped a.txt:19: cut [bold]off",
        "skipped a.txt:20: cut [bold]off",
        "and 3 more; --json lists them all",
    ]


def test_a_quote_that_the_answer_does_not_show_stands_below() -> None:
    console = recorder()
    show_answer(console, replace(ANSWER, blocks=ANSWER.blocks[-1:]))
    assert printed(console)[5:7] == [
        "[1] Salt [for] *Soup*  (Kitchen, 2024-05-06)",
        "    “12 grams are enough.”",
    ]


@given(st.text())
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    assert all(character.isprintable() for character in terminal_text(text))
