"""The vectors of several papers, scored by one product: figures worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.catalog import StoredVectors
from vectorstore.compact_vectors import from_int8, to_int8
from vectorstore.embedding import Matrix, QuestionVectors
from vectorstore.records import Span
from vectorstore.vector_block import VectorBlock, make_block


def int8(*values: int) -> bytes:
    return np.array(values, np.int8).tobytes()


# (3, 4) is stored for (0.6, 0.8).
STORED = (
    StoredVectors(
        1,
        whole=int8(1, 0),
        sentences="[[0, 16], [17, 26]]",
        sentence_vectors=int8(0, 1, 3, 4),
        token_vectors=int8(1, 0, 0, 1),
        token_dimension=2,
    ),
    # A paper without sentences, in which no word has a token.
    StoredVectors(5, int8(0, 1), "[]", b"", b"", 2),
    StoredVectors(7, int8(1, 0), "[[0, 9]]", int8(4, 3), int8(3, 4), 2),
)
ASKED = QuestionVectors(
    pooled=np.array([0.6, 0.8], np.float32),
    words=("one", "of two tokens", "far"),
    tokens=np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], np.float32),
    owners=(0, 1, 1, 2),
)


@pytest.fixture
def block() -> VectorBlock:
    return make_block(STORED)


def test_papers(block: VectorBlock) -> None:
    assert len(block) == 3
    assert block.numbers.tolist() == [1, 5, 7]
    assert block.sentences == ("[[0, 16], [17, 26]]", "[]", "[[0, 9]]")


def test_similarities_and_scores(block: VectorBlock) -> None:
    similarities = block.similarities(ASKED.pooled)
    assert similarities == pytest.approx([0.6, 0.8, 1.0, 0.8, 0.6, 0.96])
    # Whole abstract and best sentence; the abstract alone where there is none.
    assert block.pooled_scores(similarities) == pytest.approx(
        [(0.6 + 1.0) / 2, 0.8, (0.6 + 0.96) / 2]
    )


def test_sentences_of_a_paper(block: VectorBlock) -> None:
    similarities = block.similarities(ASKED.pooled)
    found = [block.sentences_of(paper, similarities) for paper in range(3)]
    assert [spans for spans, _ in found] == [(Span(0, 16), Span(17, 26)), (), (Span(0, 9),)]
    assert [values for _, values in found] == [
        pytest.approx([0.8, 1.0]),
        [],
        pytest.approx([0.96]),
    ]


def test_matches_of_words(block: VectorBlock) -> None:
    matches = block.word_matches(ASKED)
    assert matches.dtype == np.float32
    np.testing.assert_allclose(
        matches,
        [
            [1.0, (1.0 + 0.8) / 2, 0.0],
            [0.0, 0.0, 0.0],
            [0.6, (0.8 + 1.0) / 2, -0.6],
        ],
        atol=1e-6,
    )


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        pytest.param(STORED, QuestionVectors(ASKED.pooled), id="model without a token head"),
        pytest.param(
            STORED,
            QuestionVectors(ASKED.pooled, (), np.zeros((0, 2), np.float32), ()),
            id="question without tokens",
        ),
        pytest.param(
            [StoredVectors(1, int8(1, 0), "[]", b"", b"", 0)], ASKED, id="papers without tokens"
        ),
        pytest.param([], ASKED, id="no papers"),
    ],
)
def test_no_matches(stored: Sequence[StoredVectors], asked: QuestionVectors) -> None:
    assert make_block(stored).word_matches(asked).shape == (len(stored), 0)


def test_no_papers() -> None:
    block = make_block([])
    similarities = block.similarities(ASKED.pooled)
    assert (len(block), similarities.shape) == (0, (0,))
    assert block.pooled_scores(similarities).shape == (0,)


def random_paper(random: np.random.Generator, number: int) -> StoredVectors:
    sentences, tokens = random.integers(0, 4, 2)
    return StoredVectors(
        number,
        to_int8(unit_rows(random, 1, 6)),
        str([[n, n + 1] for n in range(sentences)]),
        to_int8(unit_rows(random, sentences, 6)),
        to_int8(unit_rows(random, tokens, 3)),
        3,
    )


def unit_rows(random: np.random.Generator, count: int, dimension: int) -> Matrix:
    rows = random.normal(size=(count, dimension)).astype(np.float32)
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@given(seed=st.integers(0, 2**32 - 1), papers=st.integers(1, 6), words=st.integers(1, 4))
def test_any_papers_are_scored_as_one_by_one(seed: int, papers: int, words: int) -> None:
    random = np.random.default_rng(seed)
    stored = [random_paper(random, number) for number in range(papers)]
    owners = np.repeat(np.arange(words), random.integers(1, 4, words))
    asked = QuestionVectors(
        unit_rows(random, 1, 6)[0],
        tuple(map(str, range(words))),
        unit_rows(random, len(owners), 3),
        tuple(owners.tolist()),
    )
    block = make_block(stored)
    scores = block.pooled_scores(block.similarities(asked.pooled))
    matches = block.word_matches(asked)
    for at, paper in enumerate(stored):
        [whole] = from_int8(paper.whole, 6) @ asked.pooled
        sentences = from_int8(paper.sentence_vectors, 6) @ asked.pooled
        assert scores[at] == pytest.approx((whole + max([whole, *sentences])) / 2, abs=1e-5)
        cosines = asked.tokens @ from_int8(paper.token_vectors, 3).T
        best = [max(row, default=0.0) for row in cosines.tolist()]
        expected = [np.mean([best[t] for t in np.flatnonzero(owners == w)]) for w in range(words)]
        assert matches[at] == pytest.approx(expected, abs=1e-5)
