"""Follow-ups that leave papers out of a list: "except the first one", "not the ones about math".

Owns the words for it, and which papers are meant: by their places, by filters, or by what they are
about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import LISTS, Intent, Plan, Turn
from assistant.planning.ordinals import read_places
from assistant.planning.phrases import one_of
from assistant.planning.plan_filters import known_names, read_filters
from assistant.planning.shown_papers import cited_papers, latest_set
from assistant.planning.topic_words import topic_words
from vectorstore.browse import browse
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.named_papers import named_papers
from vectorstore.search import search

ABOUT = 0.5  # relevance from which a paper is about what is to be left out

_LEAVES_OUT = one_of(
    r"^\W*(?:(?:and|but|ok(?:ay)?|please|now|can you|could you|list|show|all|them"
    r"|everything)[ ,]+)*"
    r"(?:(?:except(?: for)?|excluding|exclude|other than|leave out|omit|but not|apart from"
    r"|all but) (?P<any>.+)"
    r"|(?:remove|drop|skip|omit) (?P<name>\S+)\W*$|(?:not|without|remove|drop|skip|minus|ignore)"
    r" (?P<those>(?:(?:the|those|these|any|all|numbers?|papers?)\b|#|\[).+))"
)
_ABOUT = one_of(
    r"^(?:(?:the|those|these|any|all|ones?|papers?|that|which|are|about|on|dealing|with|from|of"
    r"|using|use) )*"
)


def leaving_out(
    question: str, history: Sequence[Turn], today: date, library: Library
) -> Plan | None:
    """Return the plan for the papers of the latest list without some of them.

    None where the question asks for something else, or there is nothing to leave out.
    """
    turn, match = latest_set(history), _LEAVES_OUT.search(question)
    if turn is None or match is None:
        return None
    shown = cited_papers(turn.answer)
    text = match["any"] or match["those"] or match["name"]
    out = _meant(text, history, shown, today, library)
    left = tuple(paper for paper in shown if paper not in out)
    if not left or (match["name"] and not out):
        return None
    last = turn.answer.plan
    stays = last.intent in LISTS or (last.intent is Intent.COMPARE and len(left) > 1)
    return replace(
        last,
        question=question,
        intent=last.intent if stays else Intent.LIST,
        standalone=f"{question} (on: {last.topic})",
        context=last.topic,
        filters=Filters(scope=left, order=last.filters.order),
        named=(),
        sides=(),
        taken_off=(),
    )


def _meant(
    text: str, history: Sequence[Turn], shown: tuple[str, ...], today: date, library: Library
) -> frozenset[str]:
    """Return the ids of the papers that `text` means, of those shown."""
    if places := read_places(text, history):
        return frozenset(places.papers)
    if named := {paper.paper_id for paper in named_papers(library, text)} & {*shown}:
        return frozenset(named)
    within, count = Filters(scope=shown), len(shown)
    organizations = library.snapshot().organizations
    found = read_filters(text, today, organizations, known_names(library))
    if found.any and not topic_words(found.rest):
        limited = replace(found.filters, scope=shown)
        return frozenset(hit.paper.id for hit in browse(library, count, limited).hits)
    asked = _ABOUT.sub("", text)
    hits = search(library, asked, count, within).hits if topic_words(asked) else ()
    return frozenset(hit.paper.id for hit in hits if hit.relevance >= ABOUT)
