"""What the command line prints, and that nothing in it steers the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from answers import ANSWER, BEST, HIT, TABLE
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.answer import Block, BlockKind, Claim, Intent, Outcome, Plan, Usage
from ui.console.terminal import show_answer
from ui.console.terminal_text import terminal_text
from vectorstore.filters import Filters, Order
from vectorstore.question import Correction

RULE = " " + "─" * 88
SOUP = " Soup    12 grams of salt [1] or a|b. [1]   "


def recorder(width: int = 60) -> Console:
    """Return a console without colours that keeps what is printed."""
    return Console(file=io.StringIO(), width=width, color_system=None)


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
        "• See [2] and [31m<b> (no source says this)",
        "",
        "Done [1]",
        "",
        "Sources",
        "[1] Salt [for] *Soup*  (Kitchen, 2024-05-06)",
        "",
        "1 source · 1 of 5 claims not borne out · extractive · 0.1 s",
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


def test_how_a_question_was_understood_stands_above_its_answer() -> None:
    console = recorder()
    filters = Filters(organization="Kit[b]chen", order=Order.NEWEST)
    understood = replace(
        ANSWER,
        plan=Plan("?", Intent.FACT, "slat", filters=filters),
        outcome=Outcome.NOT_STATED,
        blocks=ANSWER.blocks[-1:],
        corrections=(Correction("slat", "salt"),),
        usage=Usage(1204, 310, 0.5),
    )
    show_answer(console, understood)
    assert printed(console) == [
        "The model failed.",
        "Searched for “slat”, from Kit[b]chen, newest first.",
        "Searched for “salt” instead of “slat”.",
        "The abstract does not say",
        "",
        "Done [1]",
        "",
        "Sources",
        "[1] Salt [for] *Soup*  (Kitchen, 2024-05-06)",
        "    “12 grams are enough.”",
        "",
        "1 source · extractive · 0.1 s · 1,204 + 310 tokens · cost",
        "0.5",
    ]


def test_a_title_only_item() -> None:
    console = recorder()
    item = Block(BlockKind.ITEM, (Claim("", (1,)),), "Salt [for] *Soup*")
    show_answer(console, replace(ANSWER, notice="", blocks=(item,)))
    assert printed(console)[:3] == ["", "• Salt [for] *Soup* [1]", ""]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            89,
            [
                "",
                "• Soup",
                "  Salt | pepper: 12 grams of salt [1] or a|b. [1]",
                "  Taste: Fine: 82%. [1] (not all of it is in the cited sentence: 82%)",
                "• Bread",
                "  Taste: Dull. (no source says this)",
                "",
            ],
        ),
        (
            90,
            [
                "",
                RULE,
                f"{'         Salt | pepper'.ljust(len(SOUP))}Taste",
                RULE,
                f"{SOUP}Fine: 82%. [1] (not all of it is in the cited",
                f"{' ' * len(SOUP)}sentence: 82%)",
                RULE,
                f"{' Bread'.ljust(len(SOUP))}Dull. (no source says this)",
                RULE,
                "",
            ],
        ),
    ],
)
def test_a_table_is_one_where_the_terminal_is_wide_enough(width: int, lines: list[str]) -> None:
    console = recorder(width)
    show_answer(console, replace(ANSWER, notice="", blocks=(TABLE,)))
    assert printed(console)[: len(lines)] == lines


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
