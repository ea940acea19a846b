"""The figures of a ranking, by the formulas of the judged questions' own scorer.

Gains are the grades themselves, not powers of two. Owns what is counted; what is asked, and of
whom, is left to others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import mean

import numpy as np
import numpy.typing as npt

NDCG_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """How good one ranking is, or the mean of several; each in [0, 1]."""

    ndcg_10: float
    recall_20: float
    recall_100: float


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = NDCG_DEPTH) -> float:
    """Return the discounted gain of the first `depth` as a share of the best there could be."""
    gain = sum(grades.get(found, 0) / math.log2(at + 2) for at, found in enumerate(ranking[:depth]))
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = sum(grade / math.log2(at + 2) for at, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def recall(ranking: Sequence[str], wanted: Set[str], depth: int) -> float:
    """Return the share of `wanted` among the first `depth`; of nothing wanted, nothing is found."""
    return len(wanted & {*ranking[:depth]}) / len(wanted) if wanted else 0.0


def figures(ranking: Sequence[str], grades: Mapping[str, int], wanted: Set[str]) -> Figures:
    """Return the figures of one ranking of distinct papers; recall asks for `wanted` alone."""
    return Figures(ndcg(ranking, grades), recall(ranking, wanted, 20), recall(ranking, wanted, 100))


def mean_figures(several: Sequence[Figures]) -> Figures:
    """Return the mean of each figure over questions; there must be one at least."""
    return Figures(
        mean(one.ndcg_10 for one in several),
        mean(one.recall_20 for one in several),
        mean(one.recall_100 for one in several),
    )


def precision_recall(
    listed: Iterable[tuple[Set[str], Mapping[str, int], Set[str]]],
) -> tuple[float, float] | None:
    """Return precision and recall of several lists together, None where nothing is listed.

    Each comes with the grades of its question and what recall asks for; precision counts every
    grade above 0.
    """
    chosen = right = found = wanted_in_all = 0
    for papers, grades, wanted in listed:
        chosen += len(papers)
        right += sum(grades.get(paper, 0) > 0 for paper in papers)
        found += len(wanted & papers)
        wanted_in_all += len(wanted)
    return (right / chosen, found / wanted_in_all) if chosen else None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """What was estimated and what was true of the pairs whose estimate lies in one bin."""

    count: int
    estimated: float
    true: float


def calibration(
    estimates: Sequence[float], truths: Sequence[bool], bins: int = 10
) -> tuple[CalibrationBin | None, ...]:
    """Return bins of equal width over [0, 1], lowest first; None where there is nothing."""
    estimated, true = np.asarray(estimates, np.float64), np.asarray(truths, np.float64)
    places = np.minimum((estimated * bins).astype(int), bins - 1)

    def of(inside: npt.NDArray[np.bool_]) -> CalibrationBin | None:
        if not inside.any():
            return None
        means = float(estimated[inside].mean()), float(true[inside].mean())
        return CalibrationBin(int(inside.sum()), *means)

    return tuple(of(places == at) for at in range(bins))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of 100 do not exceed, interpolated."""
    return float(np.percentile(values, percent))
