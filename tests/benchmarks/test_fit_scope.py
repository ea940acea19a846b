"""What is fitted for questions that narrow a list down, and how it is judged."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from benchmarks.fit_scope import (
    Asked,
    common_grade,
    f1,
    fitted,
    log_odds,
    mean_f1,
    over_folds,
    pairs_of,
    within_shown,
)
from training.judged import Question

BREAD = Question("bread", "listing", (0, 1, 2, 3), (4,))
RYE = Question("rye", "listing", (2, 3, 7), (1, 4))
SOUP = Question("soup", "listing", (8, 9))
ALL_BREAD = Question("all bread", "listing", (0, 1, 2, 3, 5))


def asked(relevance: list[float], grades: list[int], first: str = "bread") -> Asked:
    """Return a pair whose second question has these relevances, and a first one that has all."""
    features = [(score, max(relevance), 3.0) for score in relevance]
    wanted = sum(grade == 2 for grade in grades)
    return Asked(first, np.array(features), np.array(relevance), np.array(grades), wanted)


def test_pairs_have_papers_in_common_and_some_apart() -> None:
    pairs = [(one.text, other.text) for one, other in pairs_of([BREAD, RYE, SOUP, ALL_BREAD])]
    assert pairs == [
        ("bread", "rye"),
        ("rye", "bread"),
        ("rye", "all bread"),
        ("all bread", "bread"),
        ("all bread", "rye"),
    ]


@pytest.mark.parametrize(("at", "grade"), [(2, 2), (1, 1), (4, 1), (0, 0), (7, 0), (9, 0)])
def test_grade_of_what_both_mark(at: int, grade: int) -> None:
    assert common_grade(BREAD, RYE, at) == grade


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([True, True, True, False], 1.0),
        ([True, False, False, False], 2 / 3),
        ([True, True, True, True], 6 / 7),
        ([False, False, False, True], 0.0),
        ([False] * 4, 0.0),
    ],
)
def test_f1_of_a_choice(chosen: list[bool], expected: float) -> None:
    pair = asked([0.9, 0.8, 0.7, 0.1], [2, 2, 1, 0])
    assert f1(pair, np.array(chosen)) == pytest.approx(expected)


def test_mean_over_pairs() -> None:
    pairs = [asked([0.9, 0.1], [2, 0]), asked([0.9, 0.1], [0, 2])]
    assert mean_f1(pairs, [pair.relevance for pair in pairs], 0.5, 0.0) == pytest.approx(0.5)


def test_the_rule_without_weights_asks_within_what_is_shown() -> None:
    pair = asked([0.9, 0.8, 0.2], [2, 2, 2])
    pair.features[:, 2] = [log_odds(0.5), log_odds(0.01), log_odds(0.5)]
    assert within_shown(pair).tolist() == [True, False, False]


def test_weights_follow_what_is_marked() -> None:
    pairs = [asked([0.9, 0.6, 0.4, 0.1], [2, 2, 0, 0], str(n)) for n in range(10)]
    model = fitted(pairs, (0,))
    assert model.coef_[0][0] > 0
    _, mean = over_folds(pairs, (0,), 0.0)
    assert mean == pytest.approx(1.0)
