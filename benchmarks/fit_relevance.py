"""Fit the logistic weights of `SearchSettings`: relevance of a paper, answerability of a question.

    python -m benchmarks.fit_relevance TRAINING --pages data/daily-papers

TRAINING is a folder with `listing-judgments.jsonl` (questions judged against every paper),
`unanswerable.jsonl` and `queries.jsonl`. Prints the weights, and figures from folds by question, so
that none is measured on what it was fitted to. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, cross_val_predict

from ingest.ingesting import ingest_paths
from vectorstore.embedding import OnnxEmbedder
from vectorstore.library import Library, open_library
from vectorstore.records import title_key
from vectorstore.search import SearchResult, SearchSettings, search

DEPTH = 365  # every paper of the collection that the judgments cover
ANSWERABLE_SAMPLE = 500
REFUSALS = 0.05
FOLDS = KFold(5, shuffle=True, random_state=0)


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def relevance_features(result: SearchResult) -> np.ndarray:
    """Return fused score and the search's best dense score for every hit, shape (hits, 2)."""
    fused = np.array([hit.fused for hit in result.hits])
    best_dense = max(hit.dense for hit in result.hits)
    return np.stack([fused, np.full_like(fused, best_dense)], axis=1)


def f1(chosen: np.ndarray, grades: np.ndarray) -> float:
    """Return F1 of a listing: precision counts grades 1 and 2, recall grade 2."""
    precision = (grades[chosen] > 0).mean() if chosen.any() else 0.0
    recall = (grades[chosen] == 2).sum() / max((grades == 2).sum(), 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def fit_relevance(library: Library, judged: list[dict[str, Any]]) -> None:
    """Print the weights of relevance, and F1 over folds by where the line is drawn."""
    features, grades = [], []
    for item in judged:
        wanted = {title_key(title): grade for title, grade in item["relevant"].items()}
        result = search(library, item["question"], DEPTH)
        features.append(relevance_features(result))
        grades.append(np.array([wanted.get(title_key(h.paper.title), 0) for h in result.hits]))
    model = LogisticRegression(C=100, max_iter=2000)
    probability: list[np.ndarray] = [np.zeros(0)] * len(judged)
    for train, test in FOLDS.split(features):
        model.fit(
            np.concatenate([features[i] for i in train]),
            np.concatenate([grades[i] > 0 for i in train]),
        )
        for i in test:
            probability[i] = model.predict_proba(features[i])[:, 1]
    for line in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        mean = np.mean([f1(p >= line, g) for p, g in zip(probability, grades, strict=True)])
        print(f"relevance: F1 {mean:.3f} over folds with the line at {line}")
    for low, share, relevant in _calibration(np.concatenate(probability), np.concatenate(grades)):
        print(
            f"relevance: papers given {low:.1f} to {low + 0.2:.1f}: mean {share:.2f}, "
            f"relevant {relevant:.2f}"
        )
    model.fit(np.concatenate(features), np.concatenate(grades) > 0)
    print("relevance: intercept", model.intercept_.round(2), "weights", model.coef_.round(2))


def _calibration(p: np.ndarray, grades: np.ndarray) -> Iterator[tuple[float, float, float]]:
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (p >= low) & (p < low + 0.2)
        yield low, p[inside].mean(), (grades[inside] > 0).mean()


def fit_answerability(
    library: Library, answerable: list[str], unanswerable: list[dict[str, Any]]
) -> None:
    """Print the weights of answerability, and what a refusal of 5 % catches over folds."""
    questions = [*answerable, *(item["question"] for item in unanswerable)]
    features = np.array([_answer_features(library, question) for question in questions])
    answers = np.array([1] * len(answerable) + [0] * len(unanswerable))
    model = LogisticRegression(C=100, class_weight="balanced")
    p = cross_val_predict(model, features, answers, cv=FOLDS, method="predict_proba")[:, 1]
    floor = np.quantile(p[answers == 1], REFUSALS)
    print(f"answerability: AUC {roc_auc_score(answers, p):.3f}, floor {floor:.3f} over folds")
    kinds = np.array([item["kind"] for item in unanswerable])
    for kind in ("near", "mid", "far"):
        caught = (p[answers == 0][kinds == kind] < floor).mean()
        print(f"answerability: {caught:.2f} of {kind} misses recognised at {REFUSALS:.0%} refusals")
    model.fit(features, answers)
    print("answerability: intercept", model.intercept_.round(2), "weights", model.coef_.round(2))


def _answer_features(library: Library, question: str) -> tuple[float, float]:
    """Read best dense score and word coverage back from two searches with one weight each."""
    neutral = replace(SearchSettings(), answerable_intercept=0.0)
    dense_only = replace(neutral, answerable_dense=1.0, answerable_words=0.0)
    words_only = replace(neutral, answerable_dense=0.0, answerable_words=1.0)
    return (
        _logit(search(library, question, 1, settings=dense_only).answerability),
        _logit(search(library, question, 1, settings=words_only).answerability),
    )


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def main() -> None:
    """Ingest the pages into a library of its own and fit on it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("training", type=Path)
    parser.add_argument("--pages", type=Path, required=True)
    arguments = parser.parse_args()
    judged = read_lines(arguments.training / "listing-judgments.jsonl")
    queries = [item["query"] for item in read_lines(arguments.training / "queries.jsonl")]
    sample = random.Random(0).sample(queries, ANSWERABLE_SAMPLE)  # noqa: S311
    answerable = [*sample, *(item["question"] for item in judged)]
    with (
        tempfile.TemporaryDirectory() as home,
        open_library(Path(home), OnnxEmbedder()) as library,
    ):
        ingest_paths(library, [arguments.pages])
        fit_relevance(library, judged)
        fit_answerability(
            library, answerable, read_lines(arguments.training / "unanswerable.jsonl")
        )


if __name__ == "__main__":
    main()
