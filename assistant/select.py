"""Which of the papers that search found an answer may use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.answer import Intent
from assistant.draft import Count, SourcePaper, SourceSentence
from assistant.sentence_ids import make_ids
from assistant.settings import AssistantSettings
from vectorstore.records import Hit


def select_hits(
    intent: Intent, hits: Sequence[Hit], settings: AssistantSettings
) -> tuple[Hit, ...]:
    """Return the hits to answer from, best first.

    A list may find none above its line; prose takes the best hit there is.
    """
    floors = {
        Intent.LIST: (settings.list_relevance, settings.list_papers),
        Intent.SUMMARY: (settings.support_relevance, settings.summary_papers),
        Intent.FACT: (settings.support_relevance, settings.fact_papers),
    }
    floor, limit = floors[intent]
    above = tuple(hit for hit in hits if hit.relevance >= floor)
    least = () if intent is Intent.LIST else tuple(hits[:1])
    return (above or least)[:limit]


def select_borderline(hits: Sequence[Hit], settings: AssistantSettings) -> tuple[Hit, ...]:
    """Return the hits below the line of a list that a reader may still want to see, best first."""
    lowest, line = settings.borderline_relevance, settings.list_relevance
    below = (hit for hit in hits if lowest <= hit.relevance < line)
    return tuple(islice(below, settings.borderline_papers))


def count_listing(hits: Sequence[Hit], settings: AssistantSettings) -> tuple[Count, Count]:
    """Return how many papers are above the line of a list, and how many just below it.

    Where `hits` end within one of the two groups, there may be more of it.
    """
    lowest, line = settings.borderline_relevance, settings.list_relevance
    scores = [hit.relevance for hit in hits]
    last = min(scores) if len(hits) >= settings.ranking_papers else 0.0
    return (
        Count(sum(score >= line for score in scores), last >= line),
        Count(sum(lowest <= score < line for score in scores), lowest <= last < line),
    )


def as_sources(hits: Sequence[Hit]) -> tuple[SourcePaper, ...]:
    """Return the hits as sources whose sentences carry fresh ids, none of which can be guessed."""
    ids = iter(make_ids(sum(len(hit.sentences) for hit in hits)))
    return tuple(SourcePaper(hit.paper, hit.relevance, tuple(_sentences(hit, ids))) for hit in hits)


def _sentences(hit: Hit, ids: Iterator[str]) -> Iterator[SourceSentence]:
    for sentence, sentence_id in zip(hit.sentences, islice(ids, len(hit.sentences)), strict=True):
        text = hit.paper.abstract[sentence.span.start : sentence.span.end]
        yield SourceSentence(sentence_id, sentence.span, text, sentence.similarity)
