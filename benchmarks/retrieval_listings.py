"""Listing questions, whose answer is every relevant paper: calibration, precision and recall.

A library says of each paper how relevant it is, so a list ends where relevance falls below a line;
other contestants can only end theirs at a rank. Figures are of all questions of a set together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.retrieval_collections import Query
from benchmarks.retrieval_metrics import CalibrationBin, calibration, precision_recall
from benchmarks.retrieval_systems import DEPTH, Contestant
from vectorstore.library import Library
from vectorstore.search import search

LINES = np.linspace(0.01, 0.99, 99)
Relevance = Mapping[str, float]  # by paper


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall and precision of ever longer lists, and where a line that is in use lies on it."""

    name: str
    recall: tuple[float, ...]
    precision: tuple[float, ...]
    in_use: tuple[float, float] | None = None


def relevance_of_all(library: Library, queries: Sequence[Query]) -> list[Relevance]:
    """Return for each question the relevance of every paper that may be relevant."""
    papers = library.counts().papers
    return [
        {hit.paper.id: hit.relevance for hit in search(library, query.text, papers).hits}
        for query in queries
    ]


def calibration_of(
    relevance: Sequence[Relevance], queries: Sequence[Query]
) -> tuple[CalibrationBin | None, ...]:
    """Return in ten bins how many papers of those given a relevance were judged relevant."""
    pairs = [
        (estimate, paper in query.grades)
        for of_query, query in zip(relevance, queries, strict=True)
        for paper, estimate in of_query.items()
    ]
    return calibration([estimate for estimate, _ in pairs], [true for _, true in pairs])


def curve_by_line(
    name: str, relevance: Sequence[Relevance], queries: Sequence[Query], line_in_use: float
) -> Curve:
    """Return the curve along which the line of relevance falls."""

    def at(line: float) -> tuple[float, float] | None:
        return precision_recall(
            (_above(line, of_query), query.grades, query.wanted)
            for of_query, query in zip(relevance, queries, strict=True)
        )

    in_use = at(line_in_use)
    points = [found for line in LINES[::-1] if (found := at(line))]
    return _curve(name, points, in_use and (in_use[1], in_use[0]))


def curve_by_rank(contestant: Contestant, queries: Sequence[Query]) -> Curve:
    """Return the curve along which lists get longer by a paper."""
    rankings = [contestant.rank(query.text) for query in queries]

    def at(rank: int) -> tuple[float, float] | None:
        return precision_recall(
            ({*ranking[:rank]}, query.grades, query.wanted)
            for ranking, query in zip(rankings, queries, strict=True)
        )

    points = [found for rank in range(1, DEPTH + 1) if (found := at(rank))]
    return _curve(f"{contestant.name}, by rank", points)


def _above(line: float, relevance: Relevance) -> set[str]:
    return {paper for paper, estimate in relevance.items() if estimate >= line}


def _curve(
    name: str, points: Sequence[tuple[float, float]], in_use: tuple[float, float] | None = None
) -> Curve:
    precision, recall = zip(*points, strict=True)
    return Curve(name, recall, precision, in_use)
