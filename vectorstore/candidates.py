"""The first stage of a search: which papers are worth scoring in full.

Owns the choice between scoring all, the nearest of all whole abstracts, and what Chroma's passages
lead to. BM25 adds its best papers in every case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore.abstract_vectors import NearAbstracts
from vectorstore.array_types import Numbers, find_in
from vectorstore.beside import beside
from vectorstore.library import Library
from vectorstore.question import Question, match_expression, with_vectors, word_question
from vectorstore.snapshot import RESIDENT_PAPERS, Snapshot

WEIGHT_OF_MEANING = 5.0  # against words, as in the fused score


@dataclass(frozen=True, slots=True)
class CandidateSettings:
    """How many papers come into question."""

    all_papers: int = RESIDENT_PAPERS  # up to here every paper is a candidate: all are in memory
    exact_papers: int = 20_000  # up to here whole abstracts are compared one by one: some 4 ms
    likely_share: int = 50  # of more, one in so many is compared: 0.99 of the nearest are there
    most_papers: int = 5_000_000  # past this, signs take longer than Chroma's graph
    nearest: int = 150
    word_matches: int = 150
    scored: int = 160  # of both, by meaning and words, are read and scored: some 50 us each
    sure_words: int = 40  # the best by words always are: one of them may be named
    postings: int = 15_000  # words in more papers together take BM25 too long, and tell little
    passages: int = 400  # nearest ones asked of Chroma, of about 150 papers
    judged: int = 40  # of each kind: the best paper, which limits do not change, is among them


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Papers that have words of the question, best first, by number, and their BM25 scores."""

    numbers: Numbers
    scores: npt.NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question and what was looked up for it in the whole library, whatever its limits."""

    question: Question
    words: WordMatches
    near: NearAbstracts


def look_up(
    library: Library,
    snapshot: Snapshot,
    question: str,
    settings: CandidateSettings,
    matching: int,
) -> Lookup:
    """Return the question and what is looked up for it: its words, while it is embedded.

    The fewer of all papers are `matching`, the more of those with the words are returned.
    """
    wording, index = word_question(question, snapshot.vocabulary), snapshot.index
    with beside(lambda: _match_words(library, snapshot, wording.text, settings, matching)) as words:
        asked = with_vectors(wording, snapshot.vocabulary, library.embedder)
        near = NearAbstracts(index.columns.vectors, asked.vectors.pooled)
        if compared_papers(snapshot, settings) < len(index) <= settings.most_papers:
            _ = near.differing_signs  # in time that passes anyway
        return Lookup(asked, words(), near)


def find_candidates(
    library: Library,
    snapshot: Snapshot,
    lookup: Lookup,
    rows: Numbers,
    settings: CandidateSettings,
) -> Candidates:
    """Return the papers among `rows` that may answer the question."""
    few = len(rows) <= _scored(snapshot, settings)
    limit = settings.all_papers if few else settings.word_matches
    matches, best = _among(lookup.words, snapshot, rows, limit)
    if few:
        return Candidates(rows, matches, best)
    near = _nearest(library, snapshot, lookup, rows, settings)
    return Candidates(_promising(snapshot, lookup, near, matches, settings), matches, best)


def _scored(snapshot: Snapshot, settings: CandidateSettings) -> int:
    """Return up to how many papers all are candidates."""
    if snapshot.block is not None:
        return settings.all_papers
    return min(settings.all_papers, settings.nearest + settings.word_matches)


def compared_papers(snapshot: Snapshot, settings: CandidateSettings) -> int:
    """Return how many papers are compared one by one, whatever their signs say."""
    return max(settings.exact_papers, len(snapshot.index) // settings.likely_share)


def _match_words(
    library: Library,
    snapshot: Snapshot,
    text: str,
    settings: CandidateSettings,
    matching: int,
) -> WordMatches:
    expression = match_expression(text, snapshot.vocabulary, settings.postings)
    few = len(snapshot.index) <= settings.all_papers
    least = settings.all_papers if few else settings.word_matches
    # Twice as many, for papers that wait to be indexed, and as chance lets enough of them through.
    most = round(2 * least * len(snapshot.index) / max(matching, 1))
    found = library.catalog.match_words(expression, most) if expression else {}
    return WordMatches(
        np.fromiter(found.keys(), np.int64, len(found)),
        np.fromiter(found.values(), np.float64, len(found)),
    )


def _among(
    words: WordMatches, snapshot: Snapshot, rows: Numbers, limit: int
) -> tuple[dict[int, float], float]:
    """Return of the papers at `rows` the best by BM25, as shares of the best, and its score."""
    index = snapshot.index
    at, kept = find_in(index.numbers, words.numbers)
    if len(rows) < len(index):
        let_through = np.zeros(len(index), np.bool_)
        let_through[rows] = True
        kept[kept] = let_through[at[kept]]
    scores = words.scores[kept][:limit]
    best = float(scores[0]) if len(scores) else 1.0
    numbers = words.numbers[kept][:limit].tolist()
    return dict(zip(numbers, (scores / best).tolist(), strict=True)), best


def _promising(
    snapshot: Snapshot,
    lookup: Lookup,
    near: Numbers,
    matches: Mapping[int, float],
    settings: CandidateSettings,
) -> Numbers:
    """Return the rows, rising, of the papers that are near or have the words, without the worst."""
    index = snapshot.index
    with_words = index.rows_of(list(matches))
    rows = np.union1d(near, with_words)
    if len(rows) <= settings.scored:
        return rows
    promise = WEIGHT_OF_MEANING * index.similarities(lookup.question.vectors.pooled, rows)
    promise[np.searchsorted(rows, with_words)] += np.fromiter(matches.values(), np.float32)
    promise[np.searchsorted(rows, with_words[: settings.sure_words])] = np.inf
    best: Numbers = np.sort(rows[np.argpartition(-promise, settings.scored)[: settings.scored]])
    return best


def _nearest(
    library: Library,
    snapshot: Snapshot,
    lookup: Lookup,
    rows: Numbers,
    settings: CandidateSettings,
) -> Numbers:
    index = snapshot.index
    if len(index) <= settings.most_papers:
        return lookup.near.nearest(rows, settings.nearest, compared_papers(snapshot, settings))
    # Enough that what a filter lets through of them is still about as many.
    limit = round(settings.passages * len(index) / len(rows))
    near = index.rows_of_ids(library.chroma.nearest(lookup.question.vectors.pooled, limit))
    _, allowed = find_in(rows, near)
    return near[allowed]
