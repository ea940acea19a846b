"""The parts of a score and their fusion: figures worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from vectorstore.catalog import StoredVectors
from vectorstore.embedding import QuestionVectors
from vectorstore.question import Question
from vectorstore.records import Span
from vectorstore.scores import Evidence, FusionSettings, Scores, score_papers
from vectorstore.vector_block import make_block

SETTINGS = FusionSettings(
    pooled=0.4,
    late=0.4,
    lexical=0.2,
    title=0.3,
    title_floor=0.5,
    relevance_intercept=-2.0,
    relevance_fused=10.0,
    relevance_best=-5.0,
)


def int8(*values: int) -> bytes:
    return np.array(values, np.int8).tobytes()


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


# (3, 4) is stored for (0.6, 0.8).
BLOCK = make_block(
    [
        StoredVectors(1, int8(1, 0), "[[0, 9], [9, 12]]", int8(0, 1, 3, 4), int8(1, 0, 0, 1), 2),
        StoredVectors(2, int8(0, 1), "[]", b"", int8(0, 1), 2),
        StoredVectors(3, int8(1, 0), "[[0, 9]]", int8(4, 3), int8(3, 4), 2),
    ]
)
POOLED = floats(0.6, 0.8)
QUESTION = Question(
    typed="zebras graze",
    text="zebras graze",
    corrections=(),
    vectors=QuestionVectors(
        POOLED, ("zebras", "graze"), np.array([[1, 0], [0, 1]], np.float32), (0, 1)
    ),
    rarity=floats(3.0, 1.0),
    highest_rarity=4.0,
)
POOLED_ONLY = replace(QUESTION, vectors=QuestionVectors(POOLED), rarity=floats())


def scores(question: Question, places: list[int]) -> Scores:
    """Score the papers at `places`: the third has all the words, and the first is named.

    What the third's title shares with the question is too little to name it.
    """
    lexical, title = floats(0.5, 0.0, 1.0), floats(0.8, 0.0, 0.4)
    at = np.array(places, np.int64)
    return score_papers(BLOCK, question, Evidence(at, lexical[at], title[at]), SETTINGS)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def test_scores_of_some_papers() -> None:
    found = scores(QUESTION, [2, 0])
    assert found.pooled == pytest.approx([(0.6 + 0.96) / 2, (0.6 + 1.0) / 2])
    np.testing.assert_allclose(found.words, [[0.6, 0.8], [1.0, 1.0]], rtol=1e-6)
    assert found.late == pytest.approx([(3 * 0.6 + 0.8) / 4, 1.0])
    assert found.lexical.tolist() == [1.0, 0.5]
    assert found.title == pytest.approx([0.4, 0.8])
    # 0.4 * 0.78 + 0.4 * 0.65 + 0.2 * 1, and 0.4 * 0.8 + 0.4 * 1 + 0.2 * 0.5 + 0.3 * 0.8
    assert found.fused == pytest.approx([0.772, 1.06])
    assert found.relevance == pytest.approx(
        [logistic(-2 + 10 * 0.772 - 5 * 1.06), logistic(-2 + 10 * 1.06 - 5 * 1.06)]
    )
    assert found.sentences(0) == ((Span(0, 9),), [pytest.approx(0.96)])
    assert found.sentences(1) == ((Span(0, 9), Span(9, 12)), [pytest.approx(0.8), pytest.approx(1)])


def test_the_best_of_the_scored_papers_sets_the_bar() -> None:
    # Paper 1 alone, without paper 0, which scores higher: 0.4 * 0.8 + 0.4 * 0.25
    found = scores(QUESTION, [1])
    assert found.fused == pytest.approx([0.42])
    assert found.relevance == pytest.approx([logistic(-2 + 10 * 0.42 - 5 * 0.42)])
    assert scores(QUESTION, [1, 0]).relevance[0] == pytest.approx(
        logistic(-2 + 10 * 0.42 - 5 * 1.06)
    )


def test_without_tokens_their_weight_is_the_pooled_vectors() -> None:
    found = scores(POOLED_ONLY, [0, 1, 2])
    assert found.words.shape == (3, 0)
    assert found.late.tolist() == [0.0, 0.0, 0.0]
    assert found.fused == pytest.approx(
        [0.8 * 0.8 + 0.2 * 0.5 + 0.3 * 0.8, 0.8 * 0.8, 0.8 * 0.78 + 0.2]
    )


@pytest.mark.parametrize("question", [QUESTION, POOLED_ONLY], ids=["tokens", "pooled"])
def test_no_papers(question: Question) -> None:
    found = scores(question, [])
    assert (found.fused.shape, found.relevance.shape) == ((0,), (0,))
