"""The vectors of a set of papers side by side, so that one product scores all of them.

Owns the second stage of a search: how near whole abstract and sentences are to a question, and late
interaction, the best match of each of its tokens among a paper's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore.catalog import StoredVectors
from vectorstore.compact_vectors import from_int8
from vectorstore.embedding import Matrix, QuestionVectors, Vector
from vectorstore.records import Span

Starts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VectorBlock:
    """The vectors of several papers; those of paper i begin at its starts.

    `pooled` has a row for each whole abstract and then its sentences; `tokens` one for each content
    token, or a row of zeros for a paper without any.
    """

    numbers: npt.NDArray[np.int64]
    sentences: tuple[str, ...]  # spans in JSON: only those of hits are ever read
    pooled: Matrix
    pooled_starts: Starts
    tokens: Matrix
    token_starts: Starts

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.numbers)

    def similarities(self, question: Vector) -> Vector:
        """Return the cosine of every pooled vector to the question, shape (rows of pooled,)."""
        if not len(self):  # without papers there is no dimension either
            return np.zeros(0, np.float32)
        # Not by BLAS: this is as fast and wakes no threads, which then spin against the model's.
        found: Vector = np.einsum("ij,j->i", self.pooled, question)
        return found

    def pooled_scores(self, similarities: Vector) -> Vector:
        """Return for each paper the mean of whole abstract and best sentence."""
        whole = similarities[self.pooled_starts]
        best = np.maximum.reduceat(similarities, self.pooled_starts)
        scores: Vector = ((whole + best) / 2).astype(np.float32)
        return scores

    def sentences_of(
        self, paper: int, similarities: Vector
    ) -> tuple[tuple[Span, ...], list[float]]:
        """Return a paper's sentences and the part of `similarities` that is theirs."""
        spans = tuple(Span(start, end) for start, end in json.loads(self.sentences[paper]))
        first = int(self.pooled_starts[paper]) + 1
        return spans, similarities[first : first + len(spans)].tolist()

    def word_matches(self, question: QuestionVectors) -> Matrix:
        """Return how well each paper matches each word of the question, shape (papers, words)."""
        return word_matches(question, self.tokens, self.token_starts)


def make_block(stored: Sequence[StoredVectors]) -> VectorBlock:
    """Return the block of papers as the catalog stores them."""
    dimension = max((len(item.whole) for item in stored), default=0)
    token_dimension = max((item.token_dimension for item in stored), default=0)
    token_bytes = [item.token_vectors or bytes(token_dimension) for item in stored]
    pooled = b"".join(item.whole + item.sentence_vectors for item in stored)
    return VectorBlock(
        numbers=np.array([item.number for item in stored], np.int64),
        sentences=tuple(item.sentences for item in stored),
        pooled=from_int8(pooled, dimension),
        pooled_starts=starts_of([1 + len(item.sentence_vectors) // dimension for item in stored]),
        tokens=from_int8(b"".join(token_bytes), token_dimension),
        token_starts=starts_of([len(item) // max(token_dimension, 1) for item in token_bytes]),
    )


def word_matches(question: QuestionVectors, tokens: Matrix, starts: Starts) -> Matrix:
    """Return how well groups of tokens match each word of the question, shape (groups, words).

    Group i begins at `starts[i]` and has one token at least. The match of a token is the best
    cosine to any token of the group ("MaxSim"; Khattab and Zaharia, "ColBERT", 2020); that of a
    word the mean of its tokens'. Without a token head there are no words.
    """
    if not len(question.tokens) or not tokens.shape[1]:
        return np.zeros((len(starts), 0), np.float32)
    best = np.maximum.reduceat(question.tokens @ tokens.T, starts, axis=1)
    _, first, counts = np.unique(question.owners, return_index=True, return_counts=True)
    matches: Matrix = (np.add.reduceat(best, first, axis=0).T / counts).astype(np.float32)
    return matches


def starts_of(counts: Sequence[int]) -> Starts:
    """Return where groups with these counts of rows begin."""
    return np.cumsum([0, *counts[:-1]], dtype=np.int64) if counts else np.zeros(0, np.int64)
