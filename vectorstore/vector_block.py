"""The vectors of a set of papers side by side, so that one product scores all of them.

Owns the second stage of a search: how near whole abstract and sentences are to a question, and late
interaction, the best match of each of its tokens among a paper's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from vectorstore.abstract_vectors import Bytes, lengths_of
from vectorstore.beside import beside
from vectorstore.catalog import CATALOG_FILE, StoredVectors
from vectorstore.catalog_file import DAMAGE_HINT
from vectorstore.compact_vectors import from_int8
from vectorstore.embedding import Matrix, QuestionVectors, Vector
from vectorstore.errors import LibraryError
from vectorstore.records import Span

Starts = npt.NDArray[np.int64]

REMEMBERED_PAPERS = 2_048  # whose sentences were looked at: 1 kB each
BLOCK_VALUES = 2**17  # turned into floats at once: they stay in the processor's cache
GROUPS_AT_ONCE = 16  # whose products stay in the processor's cache
TWO_THREADS = 16_384  # tokens from which a second core saves more than it takes to ask it


@dataclass(frozen=True, slots=True)
class VectorBlock:
    """The vectors of several papers; those of paper i begin at its starts.

    `pooled` has a row for each whole abstract and then its sentences; `tokens` one for each content
    token, or a row of zeros for a paper without any. Both are L2-normalised, or as they are stored.
    """

    numbers: npt.NDArray[np.int64]
    sentences: tuple[str, ...]  # spans in JSON: only those of hits are ever read
    pooled: Matrix | Bytes
    pooled_starts: Starts
    tokens: Matrix | Bytes
    token_starts: Starts

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.numbers)

    def similarities(self, question: Vector) -> Vector:
        """Return the cosine of every pooled vector to the question, shape (rows of pooled,)."""
        found = np.empty(len(self.pooled), np.float32)
        if not len(self):  # without papers there is no dimension either
            return found
        for block, floats in _in_floats(self.pooled):
            # Not by BLAS: this is as fast, and wakes no threads.
            np.einsum("ij,j->i", floats, question, out=found[block])
            if self.pooled.dtype == np.int8:
                found[block] /= lengths_of(floats)
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
        spans = _spans(self.sentences[paper])
        first = int(self.pooled_starts[paper]) + 1
        return spans, similarities[first : first + len(spans)].tolist()

    def word_matches(self, question: QuestionVectors) -> Matrix:
        """Return how well each paper matches each word of the question, shape (papers, words)."""
        return word_matches(question, self.tokens, self.token_starts)


@lru_cache(REMEMBERED_PAPERS)
def _spans(sentences: str) -> tuple[Span, ...]:
    try:
        return tuple(Span(start, end) for start, end in json.loads(sentences))
    except (ValueError, TypeError) as error:
        raise LibraryError(
            f"The catalog's record of a paper's sentences is damaged: {error}",
            where=CATALOG_FILE,
            hint=DAMAGE_HINT,
        ) from error


def make_block(stored: Sequence[StoredVectors]) -> VectorBlock:
    """Return the block of papers as the catalog stores them, ready for many questions."""
    block = make_compact_block(stored)
    return replace(block, pooled=_floats(block.pooled), tokens=_floats(block.tokens))


def make_compact_block(stored: Sequence[StoredVectors]) -> VectorBlock:
    """Return the block of papers with vectors as they are stored, for a single question."""
    dimension = max((len(item.whole) for item in stored), default=0)
    token_dimension = max((item.token_dimension for item in stored), default=0)
    token_bytes = [item.token_vectors or bytes(token_dimension) for item in stored]
    pooled = b"".join([part for item in stored for part in (item.whole, item.sentence_vectors)])
    return VectorBlock(
        numbers=np.array([item.number for item in stored], np.int64),
        sentences=tuple(item.sentences for item in stored),
        pooled=_rows(pooled, dimension),
        pooled_starts=starts_of([1 + len(item.sentence_vectors) // dimension for item in stored]),
        tokens=_rows(b"".join(token_bytes), token_dimension),
        token_starts=starts_of([len(item) // max(token_dimension, 1) for item in token_bytes]),
    )


def _rows(stored: bytes, dimension: int) -> Bytes:
    return np.frombuffer(stored, np.int8).reshape(len(stored) // max(dimension, 1), dimension)


def _floats(rows: Matrix | Bytes) -> Matrix:
    return from_int8(rows.tobytes(), rows.shape[1])


def word_matches(question: QuestionVectors, tokens: Matrix | Bytes, starts: Starts) -> Matrix:
    """Return how well groups of tokens match each word of the question, shape (groups, words).

    Group i begins at `starts[i]` and has one token at least. The match of a token is the best
    cosine to any token of the group ("MaxSim"; Khattab and Zaharia, "ColBERT", 2020); that of a
    word the mean of its tokens'. Without a token head there are no words.
    """
    if not len(question.tokens) or not tokens.shape[1]:
        return np.zeros((len(starts), 0), np.float32)
    best = _best(tokens, starts, question.tokens)
    _, first, counts = np.unique(question.owners, return_index=True, return_counts=True)
    matches: Matrix = (np.add.reduceat(best, first, axis=1) / counts).astype(np.float32)
    return matches


def _best(rows: Matrix | Bytes, starts: Starts, asked: Matrix) -> Matrix:
    """Return each group's best cosine to each vector that is asked for, shape (groups, asked)."""
    _have_blas_use_one_thread()
    columns = np.ascontiguousarray(asked.T)
    if len(rows) < TWO_THREADS:
        return _best_of(rows, starts, columns)
    half = len(starts) // 2
    cut = starts[half]
    with beside(lambda: _best_of(rows[cut:], starts[half:] - cut, columns)) as second:
        return np.concatenate([_best_of(rows[:cut], starts[:half], columns), second()])


def _best_of(rows: Matrix | Bytes, starts: Starts, columns: Matrix) -> Matrix:
    best = np.empty((len(starts), columns.shape[1]), np.float32)
    for first in range(0, len(starts), GROUPS_AT_ONCE):
        begins = starts[first : first + GROUPS_AT_ONCE]
        last = first + len(begins)
        end = starts[last] if last < len(starts) else len(rows)
        floats = rows[begins[0] : end].astype(np.float32, copy=False)
        products = floats @ columns
        if rows.dtype == np.int8:
            products /= lengths_of(floats)[:, None]
        best[first:last] = np.maximum.reduceat(products, begins - begins[0], axis=0)
    return best


@cache
def _have_blas_use_one_thread() -> None:
    """Have NumPy's products use the thread that asks for them, for the rest of the process.

    Others would spin for milliseconds after each, against the model and other users' questions: on
    two busy cores a question took four times as long.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


def _in_floats(rows: Matrix | Bytes) -> Iterator[tuple[slice, Matrix]]:
    """Yield the rows in blocks, as floats in memory that the next block takes again."""
    if rows.dtype != np.int8:
        yield slice(None), rows.astype(np.float32, copy=False)
        return
    at_once = max(1, BLOCK_VALUES // max(rows.shape[1], 1))
    buffer = np.empty((at_once, rows.shape[1]), np.float32)
    for start in range(0, len(rows), at_once):
        block = slice(start, start + at_once)
        floats = buffer[: len(rows[block])]
        floats[...] = rows[block]
        yield block, floats


def starts_of(counts: Sequence[int]) -> Starts:
    """Return where groups with these counts of rows begin."""
    return np.cumsum([0, *counts[:-1]], dtype=np.int64) if counts else np.zeros(0, np.int64)
