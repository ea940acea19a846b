"""Fit the weights of `CoverageSettings`: how likely a collection answers a question.

    python -m benchmarks.fit_coverage --model FOLD0 FOLD1 --pages data/daily-papers

Answerable are the training queries and listings, each asked of the model that has not seen its
papers; unanswerable the questions of `unanswerable.jsonl`. Prints how many of these are recognised,
over folds by question, while 5 % of the answerable ones are refused. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ingest.ingesting import ingest_paths
from training.judged import DATA, fold_of, read_papers, read_questions
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import title_key
from vectorstore.search import search

REFUSALS = 0.05
KINDS = ("near", "mid", "far")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's features, and its kind: near, mid or far of what no paper answers."""

    text: str
    kind: str
    features: tuple[float, ...]
    weakest: str = ""  # text of the facet that is covered least
    missing: str = ""


def ask_fold(model: Path, fold: int, folds: int, pages: Path) -> Iterator[Asked]:
    """Yield what the model of a fold makes of the questions that it has not seen."""
    papers = read_papers(pages)
    held_out = {at for at, paper in enumerate(papers) if fold_of(paper, folds) == fold}
    rows = (DATA / "unanswerable.jsonl").read_text("utf-8").splitlines()
    with (
        tempfile.TemporaryDirectory() as home,
        open_library(Path(home), OnnxEmbedder(model)) as library,
    ):
        ingest_paths(library, [pages])
        for question in read_questions(papers):
            if held_out & {*question.relevant}:
                found = search(library, question.text, 1)
                yield Asked(question.text, question.kind, found.coverage.features)
        for row in map(json.loads, rows):
            found = search(library, row["question"], 1)
            weakest = min(found.facets, key=lambda facet: facet.coverage, default=None)
            text = weakest.text if weakest else ""
            yield Asked(row["question"], row["kind"], found.coverage.features, text, row["missing"])


def report(asked: list[Asked], chance: np.ndarray) -> None:
    """Print AUC, what is recognised and which answerable questions are refused."""
    kinds = np.array([item.kind for item in asked])
    answerable = ~np.isin(kinds, KINDS)
    floor = np.quantile(chance[answerable], REFUSALS)
    print(f"AUC {roc_auc_score(answerable, chance):.3f}; floor {floor:.3f}")
    for kind in sorted(set(kinds), key=lambda kind: (kind not in KINDS, kind)):
        below = (chance[kinds == kind] < floor).mean()
        print(f"  {below:.2f} of {kind} {'recognised' if kind in KINDS else 'refused'}")


def named_right(asked: list[Asked]) -> float:
    """Return how often the weakest facet has a word of what is really missing."""
    unanswerable = [item for item in asked if item.kind in KINDS]
    hits = [
        bool({*title_key(item.weakest).split()} & {*title_key(item.missing).split()})
        for item in unanswerable
    ]
    return float(np.mean(hits))


def main() -> None:
    """Ask every fold's questions of its model, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="one for each fold")
    parser.add_argument("--pages", type=Path, required=True)
    arguments = parser.parse_args()
    asked = [
        item
        for fold, model in enumerate(arguments.model)
        for item in ask_fold(model, fold, len(arguments.model), arguments.pages)
    ]
    features = np.array([item.features for item in asked])
    answerable = np.array([item.kind not in KINDS for item in asked])
    groups = np.unique([item.text for item in asked], return_inverse=True)[1]
    model = make_pipeline(
        StandardScaler(), LogisticRegression(max_iter=5_000, class_weight="balanced")
    )
    chance = cross_val_predict(
        model, features, answerable, groups=groups, cv=GroupKFold(5), method="predict_proba"
    )[:, 1]
    report(asked, chance)
    print(f"the weakest facet names what is missing in {named_right(asked):.2f} of all")
    model.fit(features, answerable)
    scale, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scale.scale_
    print("intercept", round(float(logistic.intercept_[0] - weights @ scale.mean_), 3))
    print("weights", weights.round(3).tolist())


if __name__ == "__main__":
    main()
