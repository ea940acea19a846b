"""Fit the weights of `ChoiceSettings`: which sentences answer, and whether an abstract does.

    python -m benchmarks.fit_sentences --model FOLD0 FOLD1 --pages data/daily-papers

Every question is put to its paper by the model that has not seen it; figures are over folds of the
papers. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.draft import SourceSentence
from assistant.select import as_sources
from assistant.writing.sentence_choice import ChoiceSettings, sentence_features, stated_features
from ingest.ingesting import ingest_paths
from training.judged import DATA, fold_of, read_papers
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Hit, Paper, title_key
from vectorstore.search import search
from vectorstore.sentence_matches import with_sentence_matches

Values = npt.NDArray[np.float64]

OWN = "own"
COLUMNS = ("similarity", "words", "position", "figure", "link")
STEPS = ((0,), (1,), (0, 1), (0, 1, 2), (0, 1, 2, 3), (0, 1, 2, 3, 4), (0, 2, 3, 4))
FOLDS = 10
OTHERS = 2  # papers of each kind that a question is put to in vain
SUBJECT = 0.5  # of which the title leaves less: left out, as if it were the paper's name
REFUSALS = 0.05
PENALTY = 0.5  # of squared weights, in units of a column's deviation


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to its own paper: features of sentences, and which answer or help."""

    paper: str
    features: Values
    answers: npt.NDArray[np.bool_]
    helpful: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Put:
    """A question put to its own paper, to one that search ranks best, or to one near its own."""

    paper: str
    features: tuple[float, ...]
    kind: str


def sentences_of(library: Library, question: str, hit: Hit) -> tuple[SourceSentence, ...]:
    """Return the sentences of a hit with all that is known of them."""
    [source] = as_sources(with_sentence_matches(library, question, (hit,)))
    return source.sentences


def ask_fold(
    library: Library, papers: Sequence[Paper], fold: int, folds: int
) -> Iterator[Asked | Put]:
    """Yield the questions on the papers of a fold: which sentences answer, and whether any does."""
    of_fold = {title_key(paper.title): paper for paper in papers if fold_of(paper, folds) == fold}
    judged = {row["query"]: row for row in _rows("fact-sentences.jsonl")}
    for row in _rows("queries.jsonl"):
        paper = of_fold.get(title_key(row["title"]))
        if paper is None or row["type"] not in {"fact1", "fact2"}:
            continue
        question = row["query"]
        [own] = search(library, question, 1, Filters(scope=(paper.id,))).hits
        sentences = sentences_of(library, question, own)
        if question in judged:
            yield _asked(paper.id, question, sentences, judged[question])
        subject = " ".join(word.word for word in sentences[0].words if word.open < SUBJECT)
        yield Put(paper.id, stated_features(sentences, subject), OWN)
        ranked = search(library, question, OTHERS + 1).hits
        near = search(library, paper.title, OTHERS + 1).hits
        scope = Filters(scope=tuple(hit.paper.id for hit in near if hit.paper.id != paper.id))
        for kind, hits in (
            ("ranked", ranked),
            ("near", search(library, question, OTHERS, scope).hits),
        ):
            for hit in [hit for hit in hits if hit.paper.id != paper.id][:OTHERS]:
                others = sentences_of(library, question, hit)
                yield Put(paper.id, stated_features(others, subject), kind)


def _asked(
    paper: str, question: str, sentences: Sequence[SourceSentence], row: dict[str, Any]
) -> Asked:
    answers = np.array([sentence.text in row["answers"] for sentence in sentences])
    helpful = np.array([sentence.text in row["helpful"] for sentence in sentences])
    return Asked(paper, sentence_features(sentences, question).astype(float), answers, helpful)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def fit_choice(asked: Sequence[Asked], columns: Sequence[int]) -> Values:
    """Return the weights under which answers are likeliest, one against all that are no help."""
    scale = np.vstack([item.features for item in asked])[:, columns].std(axis=0)
    races = [
        (item.features[keep][:, columns] / scale, int(keep[:at].sum()))
        for item in asked
        for at in np.flatnonzero(item.answers)
        for keep in [~(item.answers | item.helpful) | (np.arange(len(item.answers)) == at)]
    ]

    def loss(weights: Values) -> tuple[float, Values]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for features, winner in races:
            chances = softmax(features @ weights)
            total -= float(np.log(chances[winner]))
            slope = slope + features.T @ chances - features[winner]
        return total, slope

    weights: Values = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B").x / scale
    return weights


def softmax(worth: Values) -> Values:
    """Return the chances that sum to 1."""
    odds = np.exp(worth - worth.max())
    chances: Values = odds / odds.sum()
    return chances


def worths_over_folds(asked: Sequence[Asked], columns: Sequence[int]) -> list[Values]:
    """Return what each question's sentences are worth by weights that have not seen its paper."""
    worths: list[Values] = [np.zeros(0)] * len(asked)
    groups = [item.paper for item in asked]
    for train, test in GroupKFold(FOLDS).split(asked, groups=groups):
        weights = fit_choice([asked[at] for at in train], columns)
        for at in test:
            worths[at] = asked[at].features[:, columns] @ weights
    return worths


def report_choice(asked: Sequence[Asked]) -> None:
    """Print how often the answer is first and all answers among the first, step by step."""
    for columns in STEPS:
        worths = worths_over_folds(asked, columns)
        orders = [np.argsort(-worth, kind="stable") for worth in worths]
        first = np.mean([item.answers[order[0]] for item, order in zip(asked, orders, strict=True)])
        within = [
            np.mean(
                [
                    not item.answers[order[n:]].any()
                    for item, order in zip(asked, orders, strict=True)
                ]
            )
            for n in (2, 3)
        ]
        names = ", ".join(COLUMNS[column] for column in columns)
        print(f"first {first:.3f}, all in 2 {within[0]:.3f}, in 3 {within[1]:.3f}: {names}")
        print("   weights", fit_choice(asked, columns).round(2).tolist())


def report_counts(asked: Sequence[Asked], most: int) -> None:
    """Print how many sentences it takes until the answer is likely enough among them."""
    worths = worths_over_folds(asked, range(len(COLUMNS)))
    for sure in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9):
        taken, whole = [], []
        for item, worth in zip(asked, worths, strict=True):
            order = np.argsort(-worth, kind="stable")
            chances = softmax(worth)[order]
            count = int((np.cumsum(chances) - chances < sure)[:most].sum())
            taken.append(count)
            whole.append(not item.answers[order[count:]].any())
        print(f"sure {sure}: all answers in {np.mean(whole):.3f}, {np.mean(taken):.2f} sentences")


def report_stated(put: Sequence[Put]) -> None:
    """Print the curve of `stated_chance`, and what it recognises while it refuses few answers."""
    kept = [item for item in put if item.features]
    features = np.array([item.features for item in kept])
    kinds = np.array([item.kind for item in kept])
    answered = kinds == OWN
    groups = [item.paper for item in kept]
    model = LogisticRegression(C=100, class_weight="balanced")
    chances = cross_val_predict(
        model, features, answered, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    floor = np.quantile(chances[answered], REFUSALS)
    print(f"stated: AUC {roc_auc_score(answered, chances):.3f}, floor {floor:.3f}")
    for kind in sorted({*kinds} - {OWN}):
        print(f"   {(chances[kinds == kind] < floor).mean():.2f} of {kind} recognised")
    model.fit(features, answered)
    print("   intercept", model.intercept_.round(2), "weights", model.coef_.round(2))


def main() -> None:
    """Ask every fold's questions of its model, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, nargs="+", required=True, help="one for each fold")
    parser.add_argument("--pages", type=Path, required=True)
    arguments = parser.parse_args()
    papers = read_papers(arguments.pages)
    items: list[Asked | Put] = []
    for fold, model in enumerate(arguments.model):
        with (
            tempfile.TemporaryDirectory() as home,
            open_library(Path(home), OnnxEmbedder(model)) as library,
        ):
            ingest_paths(library, [arguments.pages])
            items += ask_fold(library, papers, fold, len(arguments.model))
    asked = [item for item in items if isinstance(item, Asked)]
    report_choice(asked)
    report_counts(asked, ChoiceSettings().most)
    report_stated([item for item in items if isinstance(item, Put)])


if __name__ == "__main__":
    main()
