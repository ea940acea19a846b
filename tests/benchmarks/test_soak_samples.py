"""Growth is a slope after the warm-up, and every line that nobody explains is told."""

from __future__ import annotations

from collections import Counter
from math import isnan
from pathlib import Path

import pytest

from benchmarks.soak_log import explained, unexplained
from benchmarks.soak_samples import (
    LEAST_JUDGED,
    WARM_UP,
    Sample,
    longest_life,
    past_limits,
    quarters,
    slope,
)


def sample(actions: int, life: int = 1, **held: float) -> Sample:
    flat = dict.fromkeys(("rss_mb", "pss_mb", "handles", "threads", "home_mb", "tmp_mb"), 7.0)
    return Sample(actions, actions * 1.0, life, **flat | held)


def growing(last: int, a_thousand: float) -> list[Sample]:
    """Return samples of a process that takes 500 MB at first, and then ever more memory."""
    return [
        sample(at, rss_mb=min(at, 500) + a_thousand * at / 1_000) for at in range(0, last + 1, 10)
    ]


def test_a_slope_is_the_growth_in_a_thousand_actions() -> None:
    line = [sample(at, handles=at / 10) for at in range(100, 200, 10)]
    assert slope(line, "handles") == pytest.approx(100)
    assert isnan(slope(line[:2], "handles"))


def test_quarters_have_as_many_actions_each() -> None:
    parts = quarters([sample(at) for at in range(1_000, 1_400)])
    assert [(part[0].actions, part[-1].actions) for part in parts] == [
        (1_000, 1_099),
        (1_100, 1_199),
        (1_200, 1_299),
        (1_300, 1_399),
    ]


def test_the_longest_life_is_judged() -> None:
    lives = [sample(0), sample(50, 3), sample(90, 3), sample(95, 5)]
    assert longest_life(lives) == lives[1:3]
    assert longest_life([]) == []


@pytest.mark.parametrize(
    ("last", "a_thousand", "wrong"),
    [
        (WARM_UP + LEAST_JUDGED, 24.0, []),
        (
            WARM_UP + LEAST_JUDGED,
            26.0,
            ["RSS, MB grows by 26.0 in a thousand actions, past 25"],
        ),
        (WARM_UP + LEAST_JUDGED - 10, 26.0, []),
    ],
    ids=["within", "past", "too short"],
)
def test_growth_is_judged_after_the_warm_up(last: int, a_thousand: float, wrong: list[str]) -> None:
    assert past_limits(growing(last, a_thousand)) == wrong


def test_lines_are_explained_or_told_once(tmp_path: Path) -> None:
    file = tmp_path / "stderr.txt"
    finishing = "Finishing what an earlier run began."
    file.write_text(f"{finishing}\n\nERROR x: broken\n{finishing}\nERROR x: broken\n")
    assert explained(file) == Counter({"a killed server left papers that were not indexed": 2})
    assert unexplained(file) == ["ERROR x: broken"]
