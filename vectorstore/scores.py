"""The scores of candidates: what each part says, their fusion, and relevance.

The parts are fused by a convex combination (Bruch, Gai and Ingber, "An Analysis of Fusion Functions
for Hybrid Retrieval", 2023), to which a title that the question names adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vectorstore.array_types import Numbers
from vectorstore.embedding import Matrix, Vector
from vectorstore.question import Question
from vectorstore.records import Span
from vectorstore.vector_block import VectorBlock


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """Weights of the parts, and of the logistic curve from fused score to relevance.

    Relevance is fitted by benchmarks/fit_search.py. Its best weights of the parts lean further to
    late interaction, which gains 0.015 of MRR on papers like those trained on and loses 0.006 of
    nDCG on Cranfield; these are between.
    """

    pooled: float = 0.50
    late: float = 0.40
    lexical: float = 0.10
    title: float = 0.30
    title_floor: float = 0.4  # a lower title score is that of a topic in the title's words
    relevance_intercept: float = -4.73
    relevance_fused: float = 18.84
    relevance_best: float = -7.11  # where the best paper scores high, the others must too


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the first stage knows of papers, shape (papers,) each; scores are in [0, 1].

    `at` are their places in the block of vectors.
    """

    at: Numbers
    lexical: Vector
    title: Vector


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of papers, shape (papers,) each.

    `words` has shape (papers, words of the question). `at` are the papers' places in the block.
    """

    pooled: Vector
    late: Vector
    lexical: Vector
    title: Vector
    fused: Vector
    relevance: Vector
    words: Matrix
    at: Numbers
    block: VectorBlock
    similarities: Vector

    @property
    def parts(self) -> tuple[Vector, Vector, Vector, Vector]:
        """Return what the fused scores are made of, in the order of `ScoreParts`."""
        return self.pooled, self.late, self.lexical, self.title

    def of(self, papers: Numbers) -> Scores:
        """Return the scores of some of the papers, by their places among these."""
        return replace(
            self,
            pooled=self.pooled[papers],
            late=self.late[papers],
            lexical=self.lexical[papers],
            title=self.title[papers],
            fused=self.fused[papers],
            relevance=self.relevance[papers],
            words=self.words[papers],
            at=self.at[papers],
        )

    def sentences(self, paper: int) -> tuple[Sequence[Span], list[float]]:
        """Return a paper's sentences and their cosine to the question."""
        return self.block.sentences_of(int(self.at[paper]), self.similarities)


def score_papers(
    block: VectorBlock, question: Question, evidence: Evidence, settings: FusionSettings
) -> Scores:
    """Return the scores of the papers that there is evidence of."""
    at = evidence.at
    similarities = block.similarities(question.vectors.pooled)
    pooled = block.pooled_scores(similarities)[at]
    words = block.word_matches(question.vectors)[at]
    late = _late(words, question.rarity)
    # Without late interaction its weight falls to the pooled vectors.
    fused = _fused(pooled, late if words.shape[1] else pooled, evidence, settings)
    relevance = _relevance(fused, settings)
    parts = (pooled, late, evidence.lexical, evidence.title)
    return Scores(*parts, fused, relevance, words, at, block, similarities)


def with_fused(
    scores: Scores, fused: Vector, settings: FusionSettings, best: float = 0.0
) -> Scores:
    """Return the scores with others in place of the fused ones, and relevance by them.

    `best` is a fused score that the papers are judged against, where it is higher than theirs.
    """
    return replace(scores, fused=fused, relevance=_relevance(fused, settings, best))


def _late(words: Matrix, rarity: Vector) -> Vector:
    """Return the mean match of the question's words, weighted by rarity."""
    if not words.shape[1]:
        return np.zeros(len(words), np.float32)
    # Not by BLAS, whose kernels for a few columns raise flags for numbers that are none of these.
    late: Vector = np.einsum("ij,j->i", words, rarity / rarity.sum())
    return late


def _fused(pooled: Vector, late: Vector, evidence: Evidence, settings: FusionSettings) -> Vector:
    named = np.where(evidence.title >= settings.title_floor, evidence.title, 0.0)
    fused: Vector = (
        settings.pooled * pooled
        + settings.late * late
        + settings.lexical * evidence.lexical
        + settings.title * named
    )
    return fused


def _relevance(fused: Vector, settings: FusionSettings, least_best: float = 0.0) -> Vector:
    best = fused.max(initial=least_best)
    scores = (
        settings.relevance_intercept
        + settings.relevance_fused * fused
        + settings.relevance_best * best
    )
    relevance: Vector = 1 / (1 + np.exp(-scores))
    return relevance
