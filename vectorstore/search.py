"""Search: which papers a question is about, by meaning, by words and by name.

Owns the order of the stages. A small library scores every paper; a larger one compares every whole
abstract and goes on with the best; past that, the candidates come from Chroma's passages. Whatever
their way here, candidates are scored alike and ordered by one fused score.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vectorstore.candidates import Candidates, CandidateSettings, find_candidates
from vectorstore.coverage import Coverage, CoverageSettings, Facet, cover
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.library import Library
from vectorstore.name_filters import matching
from vectorstore.paper_index import Numbers, PaperIndex
from vectorstore.question import Correction, Question, read_question
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit, WordMatch
from vectorstore.scores import Evidence, FusionSettings, Scores, score_papers, with_fused
from vectorstore.snapshot import Snapshot
from vectorstore.vector_block import make_block


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How a search looks and how it weighs what it finds."""

    candidates: CandidateSettings = field(default_factory=CandidateSettings)
    fusion: FusionSettings = field(default_factory=FusionSettings)
    coverage: CoverageSettings = field(default_factory=CoverageSettings)
    titles: int = 60  # of a large library: a named paper is among the best by words
    reranked_papers: int = 30  # a cross-encoder takes some 20 ms for each
    order_relevance: float = 0.35  # another order takes papers from here up, as a list does


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and what was understood of the question.

    `Hit.relevance` takes for granted that the collection answers the question.
    """

    hits: tuple[Hit, ...]
    corrections: tuple[Correction, ...] = ()
    filtered: FilterReport = field(default_factory=lambda: FilterReport(0))
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def answerability(self) -> float:
        """Return how likely the collection answers the question, in [0, 1]."""
        return self.coverage.answerability

    @property
    def facets(self) -> tuple[Facet, ...]:
        """Return the parts of the question, in its order, and how well they are covered."""
        return self.coverage.facets


def search(
    library: Library,
    question: str,
    limit: int,
    filters: Filters | None = None,
    settings: SearchSettings | None = None,
) -> SearchResult:
    """Return the papers that best match `question`, at most `limit`.

    Only those that `filters` let through are considered. A scope sets the scale; papers within
    other limits are judged against the best of the whole collection, for a limit makes no paper
    more relevant. A blank question matches none. `limit` is at least 0. Raises LibraryError where
    the library fails, and OutsideModelError where a model that the user named does.
    """
    settings, filters = settings or SearchSettings(), filters or Filters()
    with library.reading() as snapshot:
        rows, report = matching(library.catalog.file, snapshot.index, filters)
        if not question.strip() or not len(rows):
            return SearchResult((), filtered=report)
        asked = read_question(question, snapshot.vocabulary, library.embedder)
        scale = _scale(library, snapshot, asked, filters, settings)
        found = find_candidates(library, snapshot, asked, rows, settings.candidates)
        if not len(found.rows):
            return SearchResult((), asked.corrections, report)
        if scale.lexical is not None:
            found = found.against(scale.lexical)
        scores = _scores(library, snapshot, asked, found, settings)
        scores = _reranked(library, asked, snapshot.index.numbers[found.rows], scores, settings)
        scores = with_fused(scores, scores.fused, settings.fusion, scale.fused)
        first = _order(snapshot.index, found.rows, scores, filters.order, settings)[:limit]
        papers = library.catalog.papers_by_number(
            snapshot.index.numbers[found.rows[first]].tolist()
        )
        hits = tuple(
            _hit(paper, scores, asked, at) for paper, at in zip(papers, first, strict=True)
        )
        return SearchResult(
            hits, asked.corrections, report, cover(asked, scores, settings.coverage)
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    """The best scores of what a question is judged against; None and 0 where that sets its own."""

    lexical: float | None = None
    fused: float = 0.0


def _scale(
    library: Library,
    snapshot: Snapshot,
    question: Question,
    filters: Filters,
    settings: SearchSettings,
) -> _Scale:
    """Return the best scores that there are without the limits of `filters`, but for its scope."""
    within = Filters(scope=filters.scope)
    if not filters.limits or replace(filters, order=Order.RELEVANCE) == within:
        return _Scale()
    rows, _ = snapshot.index.matching(within)
    found = find_candidates(library, snapshot, question, rows, settings.candidates)
    scores = _scores(library, snapshot, question, found, settings)
    return _Scale(found.best_lexical, float(scores.fused.max(initial=0.0)))


def _scores(
    library: Library,
    snapshot: Snapshot,
    question: Question,
    found: Candidates,
    settings: SearchSettings,
) -> Scores:
    index, block = snapshot.index, snapshot.block
    at: Numbers = found.rows
    if block is None:
        block = make_block(library.catalog.vectors(index.numbers[found.rows].tolist()))
        at = np.arange(len(block))
    lexical = [found.lexical.get(number, 0.0) for number in index.numbers[found.rows].tolist()]
    likely = index.rows_of(list(found.lexical)[: settings.titles])
    named = snapshot.title_scores(question.typed, likely)
    title = [named.get(row, 0.0) for row in found.rows.tolist()]
    evidence = Evidence(at, np.array(lexical, np.float32), np.array(title, np.float32))
    return score_papers(block, question, evidence, settings.fusion)


def _reranked(
    library: Library, question: Question, numbers: Numbers, scores: Scores, settings: SearchSettings
) -> Scores:
    """Return scores in which a cross-encoder, where there is one, has half the say of the best.

    Its scores are brought into the range of theirs, so that the others stay below.
    """
    if library.reranker is None or not settings.reranked_papers:
        return scores
    best = np.argsort(-scores.fused, kind="stable")[: settings.reranked_papers]
    papers = library.catalog.papers_by_number(numbers[best].tolist())
    texts = [f"{paper.title}\n{paper.abstract}" for paper in papers]
    chances = np.array(library.reranker.scores(question.typed, texts), np.float32)
    fused = scores.fused.copy()
    low, high = fused[best].min(), fused[best].max()
    fused[best] = (fused[best] + low + (high - low) * chances) / 2
    return with_fused(scores, fused, settings.fusion)


def _order(
    index: PaperIndex, rows: Numbers, scores: Scores, order: Order, settings: SearchSettings
) -> Numbers:
    """Return positions in `rows`, those of the first hits first; ties by age in the library."""
    places = np.lexsort((rows, -scores.fused, index.order_keys(order, rows)))
    if order is not Order.RELEVANCE:
        places = places[scores.relevance[places] >= settings.order_relevance]
    return places


def _hit(paper: Paper, scores: Scores, question: Question, at: int) -> Hit:
    # Without token vectors there are words, and no matches for them.
    words = zip(question.vectors.words, question.rarity.tolist(), scores.words[at], strict=False)
    spans, similarities = scores.sentences(at)
    return Hit(
        paper=paper,
        relevance=float(scores.relevance[at]),
        fused=float(scores.fused[at]),
        parts=ScoreParts(
            pooled=float(scores.pooled[at]),
            late=float(scores.late[at]),
            lexical=float(scores.lexical[at]),
            title=float(scores.title[at]),
        ),
        sentences=tuple(map(SentenceHit, spans, similarities)),
        words=tuple(WordMatch(word, rarity, float(match)) for word, rarity, match in words),
    )
