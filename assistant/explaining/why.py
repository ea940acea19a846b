"""Explains why a paper is, or is not, on the list that answers a question.

Owns which searches an explanation takes; what it says in words is
`assistant.explaining.standing`'s. The question is taken as one for a list, whatever it asks: every
paper is judged, and the line drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.explaining.filter_obstacles import filter_obstacles
from assistant.explaining.named_paper import find_paper
from assistant.explaining.score_shares import PartShare, part_shares, split_words
from assistant.explaining.standing import Sighting, Standing, standing
from assistant.select import as_sources
from assistant.settings import AssistantSettings
from assistant.wording import uncovered
from assistant.writing.compose_extractive import telling_sentence
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.near_copies import search_distinct
from vectorstore.question import Correction
from vectorstore.records import Hit, Paper, WordMatch
from vectorstore.search import SearchResult, search
from vectorstore.sentence_matches import with_sentence_matches

COMPARED_WITH = 50  # the best papers, for the scores of one that was no candidate


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a paper stands for a question, and what its score is made of.

    `rank` counts from 1 among `ranked` papers that were scored, None if this one was not; where a
    filter leaves the paper out, both are those of the search without filters, and so are all
    scores. `parts` compare the paper with `best`, the first of that search. `sentence` is what a
    list quotes of it, empty where its abstract is.
    """

    question: str
    hit: Hit
    standing: Standing
    reason: str
    rank: int | None
    ranked: int
    list_relevance: float
    borderline_relevance: float
    parts: tuple[PartShare, ...]
    best: Hit
    answered: tuple[WordMatch, ...]
    unanswered: tuple[WordMatch, ...]
    corrections: tuple[Correction, ...]
    uncovered: tuple[str, ...]
    sentence: str


def explain(
    library: Library,
    question: str,
    title: str,
    filters: Filters | None = None,
    settings: AssistantSettings | None = None,
) -> Explanation:
    """Return why the paper that `title` names is on the list for `question`, or is not.

    The order that `filters` ask for is left aside, since it changes no score. Raises AssistantError
    where no paper, or more than one, may be meant.
    """
    settings = settings or AssistantSettings()
    paper = find_paper(library, title)
    seen = _sight(library, question, paper, filters or Filters(), settings)
    answered, unanswered = split_words(seen.hit.words)
    where, reason = standing(seen, settings)
    best = seen.found.hits[0] if seen.found.hits else seen.hit
    return Explanation(
        question=question,
        hit=seen.hit,
        standing=where,
        reason=reason,
        rank=seen.rank,
        ranked=len(seen.found.hits),
        list_relevance=settings.list_relevance,
        borderline_relevance=settings.borderline_relevance,
        parts=part_shares(seen.hit, best, settings.search.fusion),
        best=best,
        answered=answered,
        unanswered=unanswered,
        corrections=seen.found.corrections,
        uncovered=uncovered(seen.found.facets),
        sentence=_listed_sentence(library, seen.hit, question),
    )


def _sight(
    library: Library, question: str, paper: Paper, filters: Filters, settings: AssistantSettings
) -> Sighting:
    index = library.snapshot().index
    obstacles = filter_obstacles(index, paper, filters)
    limits = Filters() if obstacles else replace(filters, order=Order.RELEVANCE)
    found = search_distinct(library, question, len(index), limits, settings.search)
    for rank, hit in enumerate(found.hits, start=1):
        if hit.paper.id == paper.id:
            return Sighting(hit, rank, found, len(index), obstacles)
        if paper.id in hit.copies:
            own = _beside_the_best(library, question, paper, found, settings)
            return Sighting(own, rank, found, len(index), obstacles, copied=hit)
    hit = _beside_the_best(library, question, paper, found, settings)
    return Sighting(hit, None, found, len(index), obstacles)


def _beside_the_best(
    library: Library,
    question: str,
    paper: Paper,
    found: SearchResult,
    settings: AssistantSettings,
) -> Hit:
    """Return how a paper that was no candidate scores: the best ones with it set the scale."""
    scope = [hit.paper.id for hit in found.hits[:COMPARED_WITH]]
    all_of_them = replace(settings.search.candidates, all_papers=len(scope) + 1)
    compared = search(
        library,
        question,
        len(scope) + 1,
        Filters(scope=(*scope, paper.id)),
        replace(settings.search, candidates=all_of_them),
    )
    return next(hit for hit in compared.hits if hit.paper.id == paper.id)


def _listed_sentence(library: Library, hit: Hit, question: str) -> str:
    """Return the sentence that a list quotes of the paper, empty where its abstract is."""
    [source] = as_sources(with_sentence_matches(library, question, (hit,)))
    return "".join(sentence.text for sentence in telling_sentence(source, question))
