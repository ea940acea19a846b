"""Hybrid search: which papers a question is about, by meaning and by words.

Owns candidates, fusion, relevance and answerability. Candidates come from Chroma's passages and the
catalog's BM25; each is scored by its whole abstract, its best passage and its best sentence, and
the two kinds of score are fused by a convex combination.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vectorstore.catalog import PaperVectors
from vectorstore.embedding import Vector
from vectorstore.library import Library
from vectorstore.question_words import question_words
from vectorstore.records import Hit, Paper, SentenceHit


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How a search weighs what it finds; benchmarks/fit_relevance.py fits the logistic ones."""

    passages: int = 200  # nearest ones asked of Chroma, of about 85 papers; 400 rank no better
    word_matches: int = 200  # best papers by BM25
    dense_weight: float = 0.77  # the rest is lexical; nDCG is flat from 0.75 to 0.85
    relevance_intercept: float = -2.21
    relevance_fused: float = 17.07
    relevance_best_dense: float = -10.56  # a high best cosine asks more of the others
    answerable_intercept: float = -4.16
    answerable_dense: float = 5.56
    answerable_words: float = 4.84
    answer_papers: int = 10  # how many of the best papers may cover the question


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and how likely it is, in [0, 1], that the collection answers the question.

    `Hit.relevance` takes for granted that it does.
    """

    hits: tuple[Hit, ...]
    answerability: float


@dataclass(frozen=True, slots=True)
class _Scored:
    vectors: PaperVectors
    similarities: Vector  # of the whole abstract, then of each sentence
    dense: float
    lexical: float
    fused: float = 0.0


def search(
    library: Library,
    question: str,
    limit: int,
    scope: Sequence[str] = (),
    settings: SearchSettings | None = None,
) -> SearchResult:
    """Return the papers that best match `question`, at most `limit`.

    With `scope`, only papers with these ids are considered, and all of them are.
    """
    settings = settings or SearchSettings()
    total = library.catalog.paper_count()
    if not question.strip() or not total:
        return SearchResult((), 0.0)
    near = library.chroma.nearest(question, settings.passages)
    words = question_words(question)
    lexical = _shares_of_best(library.catalog.match_words(words, settings.word_matches))
    candidates = tuple(scope) or tuple({**near.similarity, **lexical})
    vectors = library.catalog.vectors(candidates)
    scored = [_score(item, near.question, near.similarity, lexical) for item in vectors]
    ranked = _fuse(scored, settings)
    best_dense = max((item.dense for item in ranked), default=0.0)
    best_ids = [item.vectors.paper_id for item in ranked[: settings.answer_papers]]
    return SearchResult(
        hits=_hits(library, ranked[:limit], best_dense, settings),
        answerability=_answerability(
            best_dense, _best_word_coverage(library, words, best_ids, total), settings
        ),
    )


def _score(
    vectors: PaperVectors,
    question: Vector,
    passage_similarity: Mapping[str, float],
    lexical: Mapping[str, float],
) -> _Scored:
    similarities = vectors.matrix @ question
    whole, *sentences = similarities.tolist()
    # A paper found by its words alone has no passage among the nearest: its abstract stands in.
    passage = passage_similarity.get(vectors.paper_id, whole)
    return _Scored(
        vectors=vectors,
        similarities=similarities,
        dense=max(0.0, (whole + max(sentences, default=whole) + passage) / 3),
        lexical=lexical.get(vectors.paper_id, 0.0),
    )


def _shares_of_best(scores: Mapping[str, float]) -> dict[str, float]:
    best = max(scores.values(), default=1.0)
    return {paper_id: score / best for paper_id, score in scores.items()}


def _fuse(scored: Sequence[_Scored], settings: SearchSettings) -> list[_Scored]:
    """Return the papers best first, by a convex combination of dense and lexical score."""
    weight = settings.dense_weight
    fused = [
        replace(item, fused=weight * item.dense + (1 - weight) * item.lexical) for item in scored
    ]
    return sorted(fused, key=lambda item: (-item.fused, item.vectors.paper_id))


def _hits(
    library: Library, ranked: Sequence[_Scored], best_dense: float, settings: SearchSettings
) -> tuple[Hit, ...]:
    papers = library.catalog.papers([item.vectors.paper_id for item in ranked])
    offset = settings.relevance_intercept + settings.relevance_best_dense * best_dense
    return tuple(
        _hit(
            papers[item.vectors.paper_id],
            item,
            _logistic(offset + settings.relevance_fused * item.fused),
        )
        for item in ranked
    )


def _hit(paper: Paper, item: _Scored, relevance: float) -> Hit:
    sentences = zip(item.vectors.sentences, item.similarities[1:].tolist(), strict=True)
    return Hit(
        paper=paper,
        relevance=relevance,
        fused=item.fused,
        dense=item.dense,
        lexical=item.lexical,
        sentences=tuple(SentenceHit(span, similarity) for span, similarity in sentences),
    )


def _best_word_coverage(
    library: Library, words: Sequence[str], ids: Sequence[str], total: int
) -> float:
    """Return the largest share of the question's words, weighted by rarity, in one of the papers.

    Rarity is BM25's inverse document frequency, log(1 + (N - n + 0.5) / (n + 0.5)), where N is
    `total`, the number of papers, and n how many of them have the word.
    """
    covered = dict.fromkeys(ids, 0.0)
    weight = 0.0
    for word in words:
        occurrence = library.catalog.occurrence(word, ids)
        rarity = math.log1p((total - occurrence.papers + 0.5) / (occurrence.papers + 0.5))
        weight += rarity
        for paper_id in occurrence.among:
            covered[paper_id] += rarity
    return max(covered.values(), default=0.0) / weight if weight else 0.0


def _answerability(dense: float, coverage: float, settings: SearchSettings) -> float:
    return _logistic(
        settings.answerable_intercept
        + settings.answerable_dense * dense
        + settings.answerable_words * coverage
    )


def _logistic(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-score))
