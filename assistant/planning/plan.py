"""How a question is understood: what kind of answer it wants, of which papers, within which limits.

Owns the order in which a question is read: what it does with earlier answers, its filters, the
papers it names, what it refers to, and its intent last. By rules alone, so that it always works and
is always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import UNSEARCHED, Intent, Named, Plan, Turn
from assistant.planning.exclusions import leaving_out
from assistant.planning.follow_up import read_reference
from assistant.planning.intent import intents_of
from assistant.planning.limited_further import limited_further
from assistant.planning.moved_plan import like_papers, moved_plan
from assistant.planning.moves import read_move
from assistant.planning.phrases import one_of
from assistant.planning.plan_filters import known_names, read_filters
from assistant.planning.plan_from_reading import planned
from assistant.planning.plan_intent import Reading, says_nothing
from assistant.planning.plan_names import FoundNames, read_names
from assistant.planning.reference_words import without_lead_in
from assistant.planning.same_of_another import same_of_another
from assistant.planning.shown_papers import searched
from assistant.planning.some_of_organization import some_of_organization
from assistant.planning.taken_up_again import taken_up_again
from assistant.planning.topic_lead_in import without_start_over
from assistant.planning.topic_words import topic_words
from assistant.planning.typed_words import spelled_out
from vectorstore.filters import Filters
from vectorstore.library import Library

_THAN = one_of(r"\b(?:than|from|with|to|versus|vs\.?) \S+\W*$")


def make_plan(question: str, history: Sequence[Turn], today: date, library: Library) -> Plan:
    """Return how `question` is to be answered after the turns of `history`, oldest first.

    A follow-up builds on the last topic that stood alone, so that a conversation of many turns does
    not pile up. Raises what a search of `library` raises.
    """
    said = spelled_out(" ".join(question.split()))
    asked, before = without_start_over(said), tuple(history)
    if asked != said:
        before = ()
    elif taken := taken_up_again(said, history):
        asked, before = taken.question, taken.history
    return replace(_plan(asked, before, today, library), question=question)


def _plan(question: str, history: Sequence[Turn], today: date, library: Library) -> Plan:
    first = next(intents_of(question))
    if first in UNSEARCHED:
        return Plan(question, first)
    return _on_what_was_shown(question, history, today, library) or _new_search(
        question, history, today, library
    )


def _on_what_was_shown(
    question: str, history: Sequence[Turn], today: date, library: Library
) -> Plan | None:
    """Return the plan of a question that has no topic of its own; None where it has one."""
    if not searched(history):
        return None
    if (move := read_move(question)) and (moved := moved_plan(question, move, history)):
        return moved
    organizations, known = library.snapshot().organizations, known_names(library)
    left = leaving_out(question, history, today, library)
    return left or limited_further(question, history, today, organizations, known)


def _new_search(question: str, history: Sequence[Turn], today: date, library: Library) -> Plan:
    organizations = library.snapshot().organizations
    found = read_filters(question, today, organizations, known_names(library))
    if few := some_of_organization(question, found.filters, library):
        return few
    names = read_names(found.rest, library)
    if names.likened and not _asks_more(names, library):
        papers = library.catalog.papers(names.likened)
        return like_papers(question, [paper.title for paper in papers.values()], names.likened)
    reading = _read(question, found.filters, names, history)
    if says_nothing(reading):
        return Plan(question, Intent.SMALL_TALK)
    return same_of_another(reading, history) or planned(reading, history)


def _asks_more(names: FoundNames, library: Library) -> bool:
    """Tell whether a question for papers like another says what else they should be."""
    papers = library.catalog.papers(names.likened).values()
    titles = {word for paper in papers for word in topic_words(paper.title)}
    return len(set(topic_words(names.words)) - titles - {"similar", "related"}) > 1


def _read(question: str, filters: Filters, names: FoundNames, history: Sequence[Turn]) -> Reading:
    """Return the question as read; what it names and what it refers to are brought together."""
    reference, named, rest = read_reference(names.rest, history), names.named, names.rest
    earlier = searched(history)
    last = earlier[0].answer.plan if earlier else None
    if named and reference and reference.words:
        if not _compares(question):  # "does it use LoRA" is about the paper that is spoken of
            return Reading(question, reference.rest, filters, (), names.excluded, reference, last)
        named, reference = (Named(reference.words, reference.papers), *named), None
    elif named:
        reference = None
    rest = reference.rest if reference else without_lead_in(rest)
    return Reading(question, rest, filters, named, names.excluded, reference, last)


def _compares(question: str) -> bool:
    return Intent.COMPARE in intents_of(question) or bool(_THAN.search(question))
