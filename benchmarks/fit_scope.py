"""Fit the weights of `ScopeSettings`: which papers of a list fit a narrower question after it.

    python -m benchmarks.fit_scope --pages data/daily-papers

Pairs of judged listings stand for conversations: what both mark is what the second one asks for
when it is put to the papers that the first one ranked. Prints F1 over folds by first question, with
each set of features, beside that of a rule without weights: ask within what the first list shows,
and keep what search takes to be relevant. The shipped model has seen the listings, but not that one
is asked after another. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.settings import AssistantSettings
from ingest.ingesting import ingest_paths
from training.judged import Question, read_papers, read_questions
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Hit
from vectorstore.search import search

LEAST_COMMON = 2  # papers that both listings of a pair mark
MOST_COMMON = 0.9  # of those that the first one marks; more is no narrower question
LINES = np.arange(0.02, 0.4, 0.01)
FEATURES = {"fused": (0,), "fused, best": (0, 1), "fused, earlier": (0, 2), "all": (0, 1, 2)}
SHIPPED = AssistantSettings()


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair of listings, and what the second one found among the papers that the first one ranked.

    `features` has the fused score, the best fused score, and the log-odds of the relevance to the
    first listing, shape (papers, 3); `relevance` is that to the second one alone. `grades` are 2
    for what both mark, 1 where that is in doubt, 0 for others. `wanted` counts those of grade 2 in
    the whole collection.
    """

    first: str
    features: np.ndarray
    relevance: np.ndarray
    grades: np.ndarray
    wanted: int


def pairs_of(questions: Sequence[Question]) -> Iterator[tuple[Question, Question]]:
    """Yield each listing with every other that asks for some of its papers, not nearly all."""
    for first in questions:
        for second in questions:
            common = {*first.relevant} & {*second.relevant}
            narrower = LEAST_COMMON <= len(common) < MOST_COMMON * len(first.relevant)
            if first is not second and narrower:
                yield first, second


def ask(library: Library, questions: Sequence[Question], row: dict[str, int]) -> Iterator[Asked]:
    """Yield the pairs of listings; `row` has the position of a paper by its id."""
    ranked: dict[str, tuple[Hit, ...]] = {}
    for first, second in pairs_of(questions):
        if first.text not in ranked:
            ranked[first.text] = search(library, first.text, SHIPPED.ranking_papers).hits
        hits = ranked[first.text]
        scope = Filters(scope=tuple(hit.paper.id for hit in hits))
        found = search(library, second.text, len(hits), scope).hits
        earlier = {hit.paper.id: log_odds(hit.relevance) for hit in hits}
        best = max((hit.fused for hit in found), default=0.0)
        yield Asked(
            first.text,
            np.array([(hit.fused, best, earlier[hit.paper.id]) for hit in found]),
            np.array([hit.relevance for hit in found]),
            np.array([common_grade(first, second, row[hit.paper.id]) for hit in found]),
            len({*first.relevant} & {*second.relevant}),
        )


def log_odds(relevance: float) -> float:
    """Return the log-odds of a relevance, which is between 0 and 1."""
    return float(np.log(relevance / (1 - relevance)))


def common_grade(first: Question, second: Question, at: int) -> int:
    """Return 2 if both listings mark the paper at this position, 1 if at least one is in doubt."""
    if at in first.relevant and at in second.relevant:
        return 2
    marks = [{*question.relevant, *question.possible} for question in (first, second)]
    return int(all(at in marked for marked in marks))


def f1(asked: Asked, chosen: np.ndarray) -> float:
    """Return F1 of what is chosen: precision counts grades 1 and 2, recall grade 2."""
    if not chosen.any():
        return 0.0
    precision = float((asked.grades[chosen] > 0).mean())
    recall = float((asked.grades[chosen] == 2).sum()) / asked.wanted
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def mean_f1(
    asked: Sequence[Asked], chances: Sequence[np.ndarray], line: float, share: float
) -> float:
    """Return the mean F1 of the papers with a chance of `line`, and of `share` of the best one."""
    pairs = zip(asked, chances, strict=True)
    chosen = [(each, chance >= max(line, share * chance.max())) for each, chance in pairs]
    return float(np.mean([f1(each, papers) for each, papers in chosen]))


def within_shown(asked: Asked) -> np.ndarray:
    """Return what the rule without weights chooses."""
    earlier = 1 / (1 + np.exp(-asked.features[:, 2]))
    shown = earlier >= SHIPPED.list_relevance
    near = np.flatnonzero(~shown & (earlier >= SHIPPED.borderline_relevance))
    shown[near[np.argsort(-earlier[near])][: SHIPPED.borderline_papers]] = True
    chosen: np.ndarray = shown & (asked.relevance >= SHIPPED.list_relevance)
    return chosen


def fitted(asked: Sequence[Asked], columns: tuple[int, ...]) -> LogisticRegression:
    """Return the logistic curve that best tells what both listings mark."""
    features = np.concatenate([each.features[:, columns] for each in asked])
    marked = np.concatenate([each.grades == 2 for each in asked])
    return LogisticRegression(C=100, max_iter=1_000).fit(features, marked)


def over_folds(
    asked: Sequence[Asked], columns: tuple[int, ...], share: float
) -> tuple[float, float]:
    """Return the best line and the mean F1 with it, each pair judged by others' weights."""
    chances = [np.zeros(0)] * len(asked)
    groups = np.unique([each.first for each in asked], return_inverse=True)[1]
    for kept, left in GroupKFold(5).split(groups, groups=groups):
        model = fitted([asked[at] for at in kept], columns)
        for at in left:
            chances[at] = model.predict_proba(asked[at].features[:, columns])[:, 1]
    line = max(LINES, key=lambda line: mean_f1(asked, chances, line, share))
    return float(line), mean_f1(asked, chances, line, share)


def main() -> None:
    """Ask the pairs, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="instead of the one that ships")
    parser.add_argument("--pages", type=Path, required=True)
    arguments = parser.parse_args()
    papers = read_papers(arguments.pages)
    questions = [each for each in read_questions(papers) if each.kind == "listing"]
    row = {paper.id: at for at, paper in enumerate(papers)}
    embedder = OnnxEmbedder(arguments.model) if arguments.model else OnnxEmbedder()
    with tempfile.TemporaryDirectory() as home, open_library(Path(home), embedder) as library:
        ingest_paths(library, [arguments.pages])
        asked = list(ask(library, questions, row))
    print(f"{len(asked)} pairs of listings")
    shown = float(np.mean([f1(each, within_shown(each)) for each in asked]))
    print(f"within what is shown: F1 {shown:.3f}")
    for name, columns in FEATURES.items():
        for share in (0.0, SHIPPED.scope.share):
            line, mean = over_folds(asked, columns, share)
            print(f"{name}: F1 {mean:.3f} over folds, line {line:.2f}, share {share:.2f}")
    model = fitted(asked, FEATURES["all"])
    print("intercept", model.intercept_.round(2), "weights", model.coef_.round(2))


if __name__ == "__main__":
    main()
