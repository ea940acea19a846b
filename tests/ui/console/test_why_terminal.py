"""How an explanation looks on a terminal, whole, and that it stays narrow."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from answers import EXPLANATION
from rich.console import Console

from assistant.explaining.standing import Standing
from assistant.explaining.why import Explanation
from ui.console.why_terminal import show_explanation


def printed(explanation: Explanation, width: int = 200) -> list[str]:
    """Return the lines that a terminal of `width` columns shows, without the blanks after them."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show_explanation(console, explanation)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_an_explanation() -> None:
    assert printed(EXPLANATION) == [
        "Salt [for] *Soup*",
        "for “How much slat?”",
        "",
        "It is below the line of the list.",
        "Relevance 0.91, place 2 of 365",
        "The list begins at 0.95, borderline papers at 0.92.",
        "",
        "Score              score weight adds                      best",
        "meaning as a whole  0.50   0.50 0.25 ██████████░░░░░░░░░░ 0.50",
        "words in common     1.00   0.10 0.10 ████                 0.05",
        "together                        0.90                      1.00",
        "",
        "Words of the question match rarity",
        "salt                   0.90    1.5 answered",
        "<much>                 0.12    0.2 not answered",
        "",
        "Searched for “salt” instead of “slat”.",
        "",
        "Nothing here covers “gene therapy”.",
        "",
        "Best sentence: “12 grams are enough.”",
        "",
        "Best paper: [bold]Best[/bold]",
    ]


def test_the_best_paper_of_a_model_without_words() -> None:
    best = replace(EXPLANATION.hit, words=())
    explanation = replace(
        EXPLANATION, hit=best, rank=1, corrections=(), uncovered=(), sentence="", answered=()
    )
    assert printed(explanation)[7:] == printed(EXPLANATION)[7:11]


@pytest.mark.parametrize(
    ("standing", "rank", "place"),
    [
        (Standing.UNDATED, 1200, "Relevance 0.91, place 1,200 of 3,650 without the filter"),
        (Standing.FILTERED, 7, "Relevance 0.91, place 7 of 3,650 without the filter"),
        (Standing.NO_CANDIDATE, None, "Relevance 0.91"),
    ],
)
def test_the_place_of_a_paper(standing: Standing, rank: int | None, place: str) -> None:
    explanation = replace(EXPLANATION, standing=standing, rank=rank, ranked=3650)
    assert printed(explanation)[4] == place


def test_scores_of_nothing_have_no_bars() -> None:
    parts = tuple(
        replace(share, contribution=0.0, other_contribution=0.0) for share in EXPLANATION.parts
    )
    assert not {"█", "░"} & set("".join(printed(replace(EXPLANATION, parts=parts))))


HOSTILE = "\x1b[31mred\x1b[0m \u202edesrever [bold]b[/bold] " + "long words " * 30


@pytest.mark.parametrize("width", [60, 80, 200])
def test_hostile_text_is_shown_as_text_in_eighty_columns(width: int) -> None:
    hit = replace(EXPLANATION.hit, paper=replace(EXPLANATION.hit.paper, title=HOSTILE))
    words = tuple(replace(word, word=HOSTILE[:40]) for word in EXPLANATION.unanswered)
    explanation = replace(
        EXPLANATION,
        question=HOSTILE,
        hit=hit,
        best=hit,
        reason=HOSTILE,
        sentence=HOSTILE,
        uncovered=(HOSTILE,),
        unanswered=words,
    )
    lines = printed(explanation, width)
    assert max(map(len, lines)) <= min(width, 80)
    shown = "".join(lines)
    assert all(character.isprintable() for character in shown)
    assert "\u202e" not in shown
    assert "[bold]b[/bold]" in shown
