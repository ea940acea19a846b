"""Which of the papers that search found an answer may use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.answer import LISTS, Intent, Plan
from assistant.checking.sentence_ids import make_ids
from assistant.draft import Count, SourcePaper, SourceSentence
from assistant.find_papers import Found
from assistant.settings import AssistantSettings
from vectorstore.records import Hit
from vectorstore.search import SearchResult


def select_hits(plan: Plan, found: Found, settings: AssistantSettings) -> tuple[Hit, ...]:
    """Return the hits to answer from, best first.

    Where the question is about certain papers, these; else those above the line of its intent. A
    list may find none; prose takes the best hit there is.
    """
    if found.subjects:
        return found.subjects[: settings.compared_papers]
    floor, limit = _line(plan.intent, settings)
    if found.line is not None:
        floor = found.line
    if found.browsed and plan.chosen and not plan.narrowed:
        limit = max(limit, settings.list_papers)  # who chose them wants each of them
    above = tuple(hit for hit in found.ranking if hit.relevance >= floor)
    least = () if plan.intent in LISTS else found.ranking[:1]
    return (above or least)[:limit]


def is_answerable(plan: Plan, found: Found, settings: AssistantSettings) -> bool:
    """Tell whether the collection may have an answer.

    Always, where papers were named. Of papers that an earlier answer had, some part of what is
    asked must be covered: they are on the topic, and the floor was not fitted to such.
    """
    if found.subjects or found.browsed:
        return True
    if found.missing_sides:
        return False
    if plan.narrowed:
        least = settings.left_open_coverage
        return plan.topic == plan.context or _some_covered(found.result, least)
    return has_answer(found.result, settings)


def has_answer(result: SearchResult, settings: AssistantSettings) -> bool:
    """Tell whether the collection most likely answers what was searched for.

    Never where no part of a question is covered, which the floor alone lets pass for questions of a
    word or two: of 900 answerable training questions two are such.
    """
    some = any(facet.covered for facet in result.facets) or not result.facets
    return some and result.answerability >= settings.answerability_floor


def _some_covered(result: SearchResult, least: float) -> bool:
    """Tell whether some part of the question is covered so well, as far as that is known."""
    return any(facet.coverage >= least for facet in result.facets) or not result.facets


def _line(intent: Intent, settings: AssistantSettings) -> tuple[float, int]:
    """Return the least relevance that an answer takes, and how many papers at most."""
    if intent in LISTS:
        return settings.list_relevance, settings.list_papers
    if intent is Intent.SUMMARY:
        return settings.support_relevance, settings.summary_papers
    return settings.support_relevance, settings.fact_papers


def select_borderline(hits: Sequence[Hit], settings: AssistantSettings) -> tuple[Hit, ...]:
    """Return the hits below the line of a list that a reader may still want to see, best first."""
    lowest, line = settings.borderline_relevance, settings.list_relevance
    below = (hit for hit in hits if lowest <= hit.relevance < line)
    return tuple(islice(below, settings.borderline_papers))


def count_listing(found: Found, settings: AssistantSettings) -> tuple[Count, Count]:
    """Return how many papers are above the line of a list, and how many just below it.

    Where the ranking ends within one of the two groups, there may be more of it.
    """
    if found.browsed:
        left_out = count_copies(found, settings).number
        return Count(found.result.filtered.matching - left_out), Count(0)
    if found.line is not None:
        return Count(sum(hit.relevance >= found.line for hit in found.ranking)), Count(0)
    lowest, line = settings.borderline_relevance, settings.list_relevance
    scores = [hit.relevance for hit in found.ranking]
    last = min(scores) if len(scores) >= settings.ranking_papers else 0.0
    return (
        Count(sum(score >= line for score in scores), last >= line),
        Count(sum(lowest <= score < line for score in scores), lowest <= last < line),
    )


def count_copies(found: Found, settings: AssistantSettings) -> Count:
    """Return how many near copies `count_listing` leaves out of the papers above the line."""
    if found.browsed:
        return Count(0) if counts_copies(found) else Count(found.result.folded)
    line = settings.list_relevance if found.line is None else found.line
    copies = sum(len(hit.copies) for hit in found.ranking if hit.relevance >= line)
    return Count(copies, copies > 0 and not _all_looked_at(found))


def counts_copies(found: Found) -> bool:
    """Tell whether `count_listing` counts near copies too, since not all are known."""
    return found.browsed and found.result.folded > 0 and not _all_looked_at(found)


def _all_looked_at(found: Found) -> bool:
    return found.result.looked_at >= found.result.filtered.matching


def as_sources(hits: Sequence[Hit]) -> tuple[SourcePaper, ...]:
    """Return the hits as sources whose sentences carry fresh ids, none of which can be guessed."""
    ids = iter(make_ids(sum(len(hit.sentences) for hit in hits)))
    return tuple(
        SourcePaper(hit.paper, hit.relevance, tuple(_sentences(hit, ids)), len(hit.copies))
        for hit in hits
    )


def _sentences(hit: Hit, ids: Iterator[str]) -> Iterator[SourceSentence]:
    for sentence, sentence_id in zip(hit.sentences, islice(ids, len(hit.sentences)), strict=True):
        text = hit.paper.abstract[sentence.span.start : sentence.span.end]
        yield SourceSentence(sentence_id, sentence.span, text, sentence.similarity, sentence.words)
