"""Search: which papers a question is about, by meaning, by words and by name.

Owns the order of the stages. A small library scores every paper; a larger one goes on with those
whose whole abstracts are nearest and those that have the words. Whatever their way here, candidates
are scored alike and ordered by one fused score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vectorstore.array_types import Numbers
from vectorstore.candidates import (
    Candidates,
    CandidateSettings,
    Lookup,
    find_candidates,
    look_up,
)
from vectorstore.coverage import Coverage, CoverageSettings, Facet, cover
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.library import Library
from vectorstore.name_filters import matching
from vectorstore.paper_index import PaperIndex
from vectorstore.question import Correction, Question
from vectorstore.records import REPEATED, Hit, Paper, ScoreParts, SentenceHit, WordMatch
from vectorstore.scores import Evidence, FusionSettings, Scores, score_papers, with_fused
from vectorstore.snapshot import Snapshot
from vectorstore.vector_block import make_compact_block

MOST_REPEATED = 50  # papers, the best ones, that are looked at for saying the same over and over
REPEATED_SHARE = 0.5  # what is left of such a one's score


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How a search looks and how it weighs what it finds."""

    candidates: CandidateSettings = field(default_factory=CandidateSettings)
    fusion: FusionSettings = field(default_factory=FusionSettings)
    coverage: CoverageSettings = field(default_factory=CoverageSettings)
    titles: int = 40  # of a large library: a named paper is among the best by words
    reranked_papers: int = 30  # a cross-encoder takes some 20 ms for each
    order_relevance: float = 0.35  # another order takes papers from here up, as a list does


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and what was understood of the question.

    `Hit.relevance` takes for granted that the collection answers the question. Where near
    copies were folded into others, `folded` counts them and `looked_at` all papers that were looked
    at for that.
    """

    hits: tuple[Hit, ...]
    corrections: tuple[Correction, ...] = ()
    filtered: FilterReport = field(default_factory=lambda: FilterReport(0))
    coverage: Coverage = field(default_factory=Coverage)
    folded: int = 0
    looked_at: int = 0

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
        lookup = look_up(library, snapshot, question, settings.candidates, len(rows))
        asked = lookup.question
        stage = _Stage(library, snapshot, asked, settings)
        found, judged = _candidates(stage, lookup, rows, filters)
        if not len(found.rows):
            return SearchResult((), asked.corrections, report)
        scores = _scores(stage, found, judged)
        first = _order(snapshot.index, found.rows, scores, filters.order, settings)[:limit]
        numbers = snapshot.index.numbers[found.rows[first]].tolist()
        papers = _papers(stage, numbers)
        hits = _hits(papers, first.tolist(), scores, asked)
        return SearchResult(
            hits, asked.corrections, report, cover(asked, scores, settings.coverage)
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the stages of one search have in common."""

    library: Library
    snapshot: Snapshot
    question: Question
    settings: SearchSettings


def _candidates(
    stage: _Stage, lookup: Lookup, rows: Numbers, filters: Filters
) -> tuple[Candidates, Candidates]:
    """Return the papers among `rows` that may answer, and those that they are judged against.

    The latter are the best without the limits of `filters`, but for its scope.
    """
    settings = stage.settings.candidates
    found = find_candidates(stage.library, stage.snapshot, lookup, rows, settings)
    within = Filters(scope=filters.scope)
    if not filters.limits or replace(filters, order=Order.RELEVANCE) == within:
        return found, found
    everything, _ = stage.snapshot.index.matching(within)
    fewer = replace(settings, nearest=settings.judged, word_matches=settings.judged)
    judged = find_candidates(stage.library, stage.snapshot, lookup, everything, fewer)
    return found.against(judged.best_lexical), judged


def _scores(stage: _Stage, found: Candidates, judged: Candidates) -> Scores:
    """Return the scores of what was found; relevance is against the best of both."""
    index, settings = stage.snapshot.index, stage.settings.fusion
    rows = found.rows if judged is found else np.union1d(found.rows, judged.rows)
    scores = _scores_of(stage, rows, judged.lexical | found.lexical)
    scores = _unrepeated(stage, index.numbers[rows], scores)
    best = float(scores.fused.max())
    if judged is not found:
        scores = scores.of(np.searchsorted(rows, found.rows))
    scores = _reranked(stage, index.numbers[found.rows], scores)
    return with_fused(scores, scores.fused, settings, 0.0 if judged is found else best)


def _scores_of(stage: _Stage, rows: Numbers, matches: Mapping[int, float]) -> Scores:
    snapshot, settings = stage.snapshot, stage.settings
    index, block = snapshot.index, snapshot.block
    numbers = index.numbers[rows].tolist()
    at: Numbers = rows
    if block is None:
        block = make_compact_block(stage.library.catalog.vectors(numbers))
        at = np.arange(len(block))
    lexical = [matches.get(number, 0.0) for number in numbers]
    likely = sorted(matches, key=matches.__getitem__, reverse=True)[: settings.titles]
    named = snapshot.title_scores(stage.question.typed, index.rows_of(likely))
    title = [named.get(row, 0.0) for row in rows.tolist()]
    evidence = Evidence(at, np.array(lexical, np.float32), np.array(title, np.float32))
    return score_papers(block, stage.question, evidence, settings.fusion)


def _unrepeated(stage: _Stage, numbers: Numbers, scores: Scores) -> Scores:
    """Return scores in which no text that says the same over and over is the best.

    The best sets the scale: one that repeats a question would put all others below the line.
    """
    fused = scores.fused
    for at in np.argsort(-fused, kind="stable")[:MOST_REPEATED].tolist():
        if not any(REPEATED in each.suspicious for each in _papers(stage, [int(numbers[at])])):
            break
        fused = fused.copy()
        fused[at] *= REPEATED_SHARE
    if fused is scores.fused:
        return scores
    return with_fused(scores, fused, stage.settings.fusion)


def _reranked(stage: _Stage, numbers: Numbers, scores: Scores) -> Scores:
    """Return scores in which a cross-encoder, where there is one, has half the say of the best.

    Its scores are brought into the range of theirs, so that the others stay below.
    """
    reranker, settings = stage.library.reranker, stage.settings
    if reranker is None or not settings.reranked_papers:
        return scores
    best = np.argsort(-scores.fused, kind="stable")[: settings.reranked_papers]
    papers = _papers(stage, numbers[best].tolist())
    texts = [f"{paper.title}\n{paper.abstract}" for paper in papers]
    chances = np.array(reranker.scores(stage.question.typed, texts), np.float32)
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


def _papers(stage: _Stage, numbers: Sequence[int]) -> list[Paper]:
    known = stage.snapshot.papers
    if known is None:
        return stage.library.catalog.papers_by_number(numbers)
    return [known[number] for number in numbers]


def _hits(
    papers: Sequence[Paper], places: Sequence[int], scores: Scores, question: Question
) -> tuple[Hit, ...]:
    """Return the papers as hits; `places` are theirs among the scores."""
    parts = zip(*(part[places].tolist() for part in scores.parts), strict=True)
    relevance, fused = scores.relevance[places].tolist(), scores.fused[places].tolist()
    matches, rarity = scores.words[places].tolist(), question.rarity.tolist()
    hits = []
    for row, (paper, at, part) in enumerate(zip(papers, places, parts, strict=True)):
        spans, similarities = scores.sentences(at)
        # Without token vectors there are words, and no matches for them.
        words = zip(question.vectors.words, rarity, matches[row], strict=False)
        hits.append(
            Hit(
                paper=paper,
                relevance=relevance[row],
                fused=fused[row],
                parts=ScoreParts(*part),
                sentences=tuple(map(SentenceHit, spans, similarities)),
                words=tuple(WordMatch(*word) for word in words),
            )
        )
    return tuple(hits)
