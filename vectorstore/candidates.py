"""The first stage of a search: which papers are worth scoring in full.

Owns the choice between scoring all, the whole abstracts of all, and what Chroma's passages lead to.
BM25 adds its best papers in every case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vectorstore.library import Library
from vectorstore.paper_index import Numbers
from vectorstore.question import Question, match_expression
from vectorstore.snapshot import RESIDENT_PAPERS, Snapshot


@dataclass(frozen=True, slots=True)
class CandidateSettings:
    """How many papers come into question."""

    all_papers: int = RESIDENT_PAPERS  # up to here every paper is a candidate: all are in memory
    exact_papers: int = 50_000  # up to here the nearest are found by comparing all: some 10 ms
    nearest: int = 150  # with as many by words, about 300 papers are read and scored: some 20 ms
    word_matches: int = 150
    postings: int = 20_000  # words in more papers together take BM25 too long, and tell little
    passages: int = 400  # nearest ones asked of Chroma, of about 150 papers


@dataclass(frozen=True, slots=True)
class Candidates:
    """Papers to score: their rows in the index, rising, and their BM25 as a share of the best."""

    rows: Numbers
    lexical: dict[int, float]  # by paper number
    best_lexical: float = 1.0  # BM25 score that the others are shares of

    def against(self, best_lexical: float) -> Candidates:
        """Return the candidates with their BM25 as shares of another best score, at most 1."""
        factor = self.best_lexical / best_lexical
        lexical = {number: min(1.0, score * factor) for number, score in self.lexical.items()}
        return Candidates(self.rows, lexical, best_lexical)


def find_candidates(
    library: Library,
    snapshot: Snapshot,
    question: Question,
    rows: Numbers,
    settings: CandidateSettings,
) -> Candidates:
    """Return the papers among `rows` that may answer the question."""
    found = _word_matches(library, snapshot, question, rows, settings)
    best = max(found.values(), default=1.0)
    matches = {number: score / best for number, score in found.items()}
    if len(rows) <= settings.all_papers:
        return Candidates(rows, matches, best)
    near = _nearest(library, snapshot, question, rows, settings)
    return Candidates(np.union1d(near, snapshot.index.rows_of(list(matches))), matches, best)


def _word_matches(
    library: Library,
    snapshot: Snapshot,
    question: Question,
    rows: Numbers,
    settings: CandidateSettings,
) -> dict[int, float]:
    expression = match_expression(question.text, snapshot.vocabulary, settings.postings)
    if not expression:
        return {}
    numbers, total = snapshot.index.numbers[rows], len(snapshot.index)
    few = len(rows) <= settings.all_papers
    limit = settings.all_papers if few else settings.word_matches
    if few and len(rows) < total:
        found = library.catalog.match_words(expression, limit, numbers.tolist())
    else:
        # Naming them to SQLite would take longer than finding twice as many as are let through.
        found = library.catalog.match_words(expression, round(limit * 2 * total / len(rows)))
    let_through = np.zeros(total, np.bool_)
    let_through[rows] = True
    ours = snapshot.index.rows_of(list(found))
    kept = set(snapshot.index.numbers[ours[let_through[ours]]].tolist())
    return dict([(number, score) for number, score in found.items() if number in kept][:limit])


def _nearest(
    library: Library,
    snapshot: Snapshot,
    question: Question,
    rows: Numbers,
    settings: CandidateSettings,
) -> Numbers:
    vector = question.vectors.pooled
    if len(rows) <= settings.exact_papers:
        similarities = snapshot.index.similarities(vector, rows)
        best = np.argpartition(-similarities, min(settings.nearest, len(rows) - 1))
        return rows[best[: settings.nearest]]
    # Enough that what a filter lets through of them is still about as many.
    limit = round(settings.passages * len(snapshot.index) / len(rows))
    ids = library.chroma.nearest(vector, limit)
    near = snapshot.index.rows_of_ids(ids)
    at = np.searchsorted(rows, near)  # both rise
    found: Numbers = near[(at < len(rows)) & (rows[np.minimum(at, len(rows) - 1)] == near)]
    return found
