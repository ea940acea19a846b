"""Fit the weights of `FusionSettings`: how scores are fused, and relevance from the fused score.

    python -m benchmarks.fit_search --model FOLD0 FOLD1 --pages data/daily-papers

Each model is one that `training.train` made without the questions of the papers of its fold; only
those questions are asked of it, so that nothing is fitted to scores that were learnt by heart.
Prints the weights, how often papers come first with them, and how well relevance is calibrated
over folds by question. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from ingest.ingesting import ingest_paths
from training.judged import Question, fold_of, read_papers, read_questions
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.scores import FusionSettings
from vectorstore.search import search

PARTS = ("pooled", "late", "lexical", "title")
STEP = 0.05
LISTING_SHARE = 0.5  # of the figure that weights are chosen by; the rest are single-paper queries
FOLDS = KFold(5, shuffle=True, random_state=0)
Weights = tuple[float, ...]
SHIPPED = FusionSettings()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the score parts of every paper, shape (papers, parts), and its grades."""

    question: Question
    parts: np.ndarray
    grades: np.ndarray  # 2 relevant, 1 possibly, 0 not


def ask_fold(model: Path, fold: int, folds: int, pages: Path) -> Iterator[Asked]:
    """Yield the questions that the model of a fold has not seen, as it scores them."""
    papers = read_papers(pages)
    held_out = {at for at, paper in enumerate(papers) if fold_of(paper, folds) == fold}
    row = {paper.id: at for at, paper in enumerate(papers)}
    with (
        tempfile.TemporaryDirectory() as home,
        open_library(Path(home), OnnxEmbedder(model)) as library,
    ):
        ingest_paths(library, [pages])
        for question in read_questions(papers):
            if held_out & {*question.relevant}:
                yield _asked(library, question, row)


def _asked(library: Library, question: Question, row: dict[str, int]) -> Asked:
    parts = np.zeros((len(row), len(PARTS)))
    for hit in search(library, question.text, len(row)).hits:
        parts[row[hit.paper.id]] = [getattr(hit.parts, name) for name in PARTS]
    parts[parts[:, -1] < SHIPPED.title_floor, -1] = 0
    grades = np.zeros(len(row))
    grades[list(question.possible)] = 1
    grades[list(question.relevant)] = 2
    return Asked(question, parts, grades)


def reciprocal_rank(scores: np.ndarray, grades: np.ndarray) -> float:
    """Return one over the rank of the best-ranked relevant paper."""
    return 1 / (1 + int((scores > scores[grades == 2].max()).sum()))


def ndcg(scores: np.ndarray, grades: np.ndarray, depth: int = 10) -> float:
    """Return nDCG, with the grade as gain."""
    discount = 1 / np.log2(np.arange(2, depth + 2))
    gains = grades
    ideal = np.sort(gains)[::-1][:depth]
    found = gains[np.argsort(-scores, kind="stable")[:depth]]
    return float((found * discount[: len(found)]).sum() / (ideal * discount[: len(ideal)]).sum())


def figures(asked: Sequence[Asked], weights: Weights) -> tuple[float, float, float]:
    """Return MRR and hit@10 of single-paper queries, and nDCG@10 of listings."""
    single = [a for a in asked if a.question.kind != "listing"]
    ranks = np.array([reciprocal_rank(a.parts @ weights, a.grades) for a in single])
    listings = [ndcg(a.parts @ weights, a.grades) for a in asked if a.question.kind == "listing"]
    return float(ranks.mean()), float((ranks >= 0.1).mean()), float(np.mean(listings))


def fit_fusion(asked: Sequence[Asked]) -> None:
    """Print how each part does alone, the best weights of all three, and the ones that ship.

    The weight of a named title stays: nearly no training question names one.
    """
    steps = np.arange(0, 1 + STEP / 2, STEP).round(2).tolist()
    pairs = [pair for pair in itertools.product(steps, steps) if sum(pair) <= 1]
    grid = [(pooled, late, round(1 - pooled - late, 2), SHIPPED.title) for pooled, late in pairs]
    best = max(grid, key=lambda weights: _worth(figures(asked, weights)))
    alone = {name: tuple(float(name == part) for part in PARTS) for name in PARTS[:3]}
    for name, weights in {**alone, "best": best, "shipped": shipped_weights()}.items():
        mrr, hits, listing = figures(asked, weights)
        print(f"{name} {weights}: MRR {mrr:.3f}, hit@10 {hits:.3f}, listings nDCG@10 {listing:.3f}")


def _worth(found: tuple[float, float, float]) -> float:
    mrr, _, listing = found
    return (1 - LISTING_SHARE) * mrr + LISTING_SHARE * listing


def shipped_weights() -> Weights:
    """Return the weights that search has, in the order of `PARTS`."""
    return tuple(getattr(SHIPPED, name) for name in PARTS)


def fit_relevance(asked: Sequence[Asked], weights: Weights) -> None:
    """Print the weights of relevance; F1 and calibration over folds by question."""
    listings = [a for a in asked if a.question.kind == "listing"]
    features = [_relevance_features(a.parts @ weights) for a in listings]
    truth = [a.grades > 0 for a in listings]
    groups = np.unique([a.question.text for a in listings], return_inverse=True)[1]
    model = LogisticRegression(C=1_000, max_iter=5_000)
    probability = [np.zeros(0)] * len(listings)
    names = np.unique(groups)
    for kept, left in FOLDS.split(names):
        train, test = (np.flatnonzero(np.isin(groups, names[part])) for part in (kept, left))
        model.fit(
            np.concatenate([features[i] for i in train]), np.concatenate([truth[i] for i in train])
        )
        for i in test:
            probability[i] = model.predict_proba(features[i])[:, 1]
    for line in (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        mean = np.mean(
            [f1(p >= line, a.grades) for p, a in zip(probability, listings, strict=True)]
        )
        print(f"relevance: F1 {mean:.3f} over folds with the line at {line}")
    p, y = np.concatenate(probability), np.concatenate(truth)
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (p >= low) & (p < low + 0.2)
        mean, share = p[inside].mean(), y[inside].mean()
        print(f"relevance from {low:.1f}: {inside.sum()} papers, mean {mean:.2f}, true {share:.2f}")
    model.fit(np.concatenate(features), np.concatenate(truth))
    print("relevance: intercept", model.intercept_.round(2), "weights", model.coef_.round(2))


def _relevance_features(fused: np.ndarray) -> np.ndarray:
    return np.stack([fused, np.full_like(fused, fused.max())], axis=1)


def f1(chosen: np.ndarray, grades: np.ndarray) -> float:
    """Return F1 of a listing: precision counts grades 1 and 2, recall grade 2."""
    precision = (grades[chosen] > 0).mean() if chosen.any() else 0.0
    recall = (grades[chosen] == 2).sum() / max((grades == 2).sum(), 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    """Ask every fold's questions of its model, and fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="one for each fold")
    parser.add_argument("--pages", type=Path, required=True)
    arguments = parser.parse_args()
    asked = [
        item
        for fold, model in enumerate(arguments.model)
        for item in ask_fold(model, fold, len(arguments.model), arguments.pages)
    ]
    fit_fusion(asked)
    fit_relevance(asked, shipped_weights())


if __name__ == "__main__":
    main()
