from __future__ import annotations

import pytest

from vectorstore.title_runs import FULL_SHARE, FULL_WORTH, TitleRuns
from vectorstore.title_words import words_of

TITLES = tuple(
    map(words_of, ("Rotary caches for sparse trees", "Sparse vectors", "Caches, caches"))
)
COMMON = {"sparse": 0.5, "vectors": 0.25}


def rarity(word: str) -> float:
    return COMMON.get(word, 0.8)


def scores(question: str) -> dict[int, float]:
    found = TitleRuns(TITLES, rarity).found(words_of(question))
    return {position: round(score, 3) for position, score in found}


def expected(worth: float, whole: float) -> float:
    return round(min(1, worth / FULL_WORTH) * min(1, worth / whole / FULL_SHARE), 3)


FIRST, SECOND, THIRD = 2.9, 0.75, 1.6  # what all words of a title weigh


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", {}),
        ("the vectors", {}),  # too common
        ("rotary", {0: expected(0.8, FIRST)}),
        ("rotary caches", {0: expected(1.6, FIRST), 2: expected(0.8, THIRD)}),
        ("rotary cache", {0: expected(1.6, FIRST), 2: expected(0.8, THIRD)}),
        ("rotary for the trees", {0: expected(1.6, FIRST)}),
        ("trees rotary", {0: expected(0.8, FIRST)}),  # another order
        ("rotary unrelated trees", {0: expected(1.2, FIRST)}),  # a gap of 0.8
        ("rotary one two three trees", {0: expected(0.8, FIRST)}),
        ("rotray", {0: expected(0.64, FIRST)}),
        ("sparse vectors", {0: expected(0.5, FIRST), 1: expected(0.75, SECOND)}),
        ("caches caches", {0: expected(0.8, FIRST), 2: expected(1.6, THIRD)}),
        ("rotary caches for sparse trees", {0: 1.0, 1: expected(0.5, SECOND), 2: 0.444}),
    ],
)
def test_runs(question: str, found: dict[int, float]) -> None:
    assert scores(question) == found


def test_words_that_are_not_rare_are_not_taken_for_misspelt_ones() -> None:
    runs = TitleRuns(TITLES, lambda word: 0.7 if word == "rotray" else 0.8)
    assert list(runs.found(words_of("rotray"))) == []
