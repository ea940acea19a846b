from __future__ import annotations

import pytest

from benchmarks.retrieval_metrics import (
    CalibrationBin,
    Figures,
    calibration,
    figures,
    mean_figures,
    ndcg,
    percentile,
    precision_recall,
    recall,
)

GRADES = {"a": 2, "b": 1, "c": 1}
SECOND = 0.6309297535714575  # 1 / log2(3), the discount of the second rank
IDEAL = 2 + SECOND + 0.5


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        (["a", "b", "c"], 1.0),
        (["a", "c", "b", "x"], 1.0),
        (["b", "x", "a"], (1 + 2 / 2) / IDEAL),
        (["x", "a"], 2 * SECOND / IDEAL),
        ([*"0123456789", "a"], 0.0),
        ([], 0.0),
    ],
)
def test_ndcg_discounts_grades_by_rank(ranking: list[str], expected: float) -> None:
    assert ndcg(ranking, GRADES) == pytest.approx(expected)


def test_ndcg_compares_with_the_best_ten_there_could_be() -> None:
    grades = dict.fromkeys([f"p{number}" for number in range(12)], 1)
    assert ndcg([f"p{number}" for number in range(10)], grades) == 1.0


def test_ndcg_of_a_question_that_nothing_answers_is_zero() -> None:
    assert ndcg(["a"], {}) == 0.0


@pytest.mark.parametrize(
    ("wanted", "depth", "expected"),
    [({"a", "b"}, 2, 0.5), ({"a", "b"}, 3, 1.0), ({"z"}, 3, 0.0), (set(), 3, 0.0)],
)
def test_recall_is_the_share_of_what_is_wanted(
    wanted: set[str], depth: int, expected: float
) -> None:
    assert recall(["a", "x", "b"], wanted, depth) == expected


def test_figures_ask_recall_at_twenty_and_at_a_hundred() -> None:
    ranking = [*(f"x{number}" for number in range(20)), "a"]
    assert figures(ranking, {"a": 1}, {"a"}) == Figures(0.0, 0.0, 1.0)


def test_the_mean_is_taken_of_each_figure() -> None:
    several = [Figures(1.0, 0.5, 0.5), Figures(0.0, 0.0, 1.0)]
    assert mean_figures(several) == Figures(0.5, 0.25, 0.75)


def test_precision_counts_every_grade_and_recall_what_is_wanted() -> None:
    first = ({"a", "b", "x"}, GRADES, {"a"})
    second = ({"x"}, {"y": 2}, {"y"})
    assert precision_recall([first, second]) == (2 / 4, 1 / 2)


def test_lists_that_hold_nothing_have_no_precision() -> None:
    assert precision_recall([(set(), GRADES, {"a"})]) is None


def test_calibration_compares_means_bin_by_bin() -> None:
    found = calibration([0.125, 0.375, 0.75, 1.0], [False, True, True, True], bins=2)
    assert found == (CalibrationBin(2, 0.25, 0.5), CalibrationBin(2, 0.875, 1.0))


def test_a_bin_without_papers_says_nothing() -> None:
    assert calibration([0.9], [True], bins=2) == (None, CalibrationBin(1, 0.9, 1.0))


@pytest.mark.parametrize(("percent", "expected"), [(50, 2.5), (0, 1.0), (100, 4.0)])
def test_percentiles_lie_between_values(percent: float, expected: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == expected
