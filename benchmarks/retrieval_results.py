"""What came of asking a contestant every question, and its tables in Markdown."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.retrieval_collections import Collection, question_groups
from benchmarks.retrieval_metrics import Figures, figures, mean_figures, percentile
from benchmarks.retrieval_systems import Contestant


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one contestant, question by question, and what it costs."""

    name: str
    by_question: tuple[Figures, ...]
    milliseconds: tuple[float, ...]
    bytes_a_paper: float


def ask_all(contestant: Contestant, collection: Collection) -> Result:
    """Ask every question once, after one that loads what a first question loads."""
    contestant.rank(collection.queries[0].text)
    found, milliseconds = [], []
    for query in collection.queries:
        started = time.perf_counter()
        ranking = contestant.rank(query.text)
        milliseconds.append((time.perf_counter() - started) * 1_000)
        found.append(figures(ranking, query.grades, query.wanted))
    return Result(contestant.name, tuple(found), tuple(milliseconds), contestant.bytes_a_paper)


def tables(collection: Collection, results: Sequence[Result]) -> str:
    """Return the tables of a collection, those by kind of question where there are kinds."""
    sizes = f"{len(collection.papers):,} papers, {len(collection.queries):,} questions"
    parts = [f"### {collection.name}: {sizes}", _overall(results)]
    groups = question_groups(collection)
    if len(groups) > 1:
        parts.append("nDCG@10 by kind of question:")
        parts.append(_by_group(collection, groups, results, "ndcg_10"))
        parts.append("recall@20 by kind of question:")
        parts.append(_by_group(collection, groups, results, "recall_20"))
    return "\n\n".join(parts) + "\n"


def as_json(collection: Collection, results: Sequence[Result]) -> dict[str, Any]:
    """Return every figure of a collection, rankings left out."""
    return {
        "collection": collection.name,
        "papers": len(collection.papers),
        "kinds": [query.kind for query in collection.queries],
        "results": [asdict(result) for result in results],
    }


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def _overall(results: Sequence[Result]) -> str:
    header = ["", "nDCG@10", "recall@20", "recall@100", "p50 ms", "bytes a paper"]
    rows = []
    for result in results:
        mean = mean_figures(result.by_question)
        quality = [f"{figure:.3f}" for figure in (mean.ndcg_10, mean.recall_20, mean.recall_100)]
        p50 = percentile(result.milliseconds, 50)
        rows.append([result.name, *quality, f"{p50:.1f}", f"{result.bytes_a_paper:,.0f}"])
    return markdown(header, rows)


def _by_group(
    collection: Collection,
    groups: Mapping[str, frozenset[str]],
    results: Sequence[Result],
    figure: str,
) -> str:
    kinds = [query.kind for query in collection.queries]
    counts = [sum(kind in members for kind in kinds) for members in groups.values()]
    header = ["", *(f"{name} ({count})" for name, count in zip(groups, counts, strict=True))]
    rows = []
    for result in results:
        asked = list(zip(kinds, result.by_question, strict=True))
        means = [
            mean_figures([one for kind, one in asked if kind in members])
            for members in groups.values()
        ]
        rows.append([result.name, *(f"{getattr(mean, figure):.3f}" for mean in means)])
    return markdown(header, rows)
