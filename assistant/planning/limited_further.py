"""Follow-ups that only limit or order what was found: "only 2025", "newest first", "before that?".

Owns how their filters go together with those of the question before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.answer import LISTS, Intent, Plan, Turn
from assistant.planning.intent import intents_of
from assistant.planning.name_phrases import KnownNames
from assistant.planning.phrases import one_of
from assistant.planning.plan_filters import (
    FoundFilters,
    organization_called,
    read_filters,
)
from assistant.planning.reference_words import asks_for_any, refers_to_a_set, without_lead_in
from assistant.planning.shown_papers import ON_ONE_PAPER, cited_papers, latest_list, subject_turn
from assistant.planning.topic_words import topic_words
from vectorstore.filters import Filters, Order

# A question for papers that says nothing of those before: "show me everything from Apple".
_STANDS_ALONE = one_of(
    r"\b(?:papers|articles|publications|studies|preprints|everything|anything)\b",
    r"^\W*what (?:has|have|did|does|came|was|is|are)\b",
)
_GOES_ON = one_of(
    r"^\W*(?:and|but|or|also|so|then|ok(?:ay)?|now|no|what about|how about|only|just|same|the same"
    r"|sort|order|i mean|i meant|limit|restrict|filter|narrow)\b",
    r"\b(?:only|instead|first|these|those|them|ones|rather|too|as well)\b",
)
_BEFORE_THAT = one_of(
    r"^\W*(?:(?:and|what about|how about|ok|anything|something|papers|the|show me|any) )*"
    r"(?:before (?:that|then|this)|(?:earlier|older|previous)(?: (?:ones?|papers?|work"
    r"|years))?)\W*$"
)
_AFTER_THAT = one_of(
    r"^\W*(?:(?:and|what about|how about|ok|anything|something|papers|the|show me|any) )*"
    r"(?:(?:after (?:that|then|this)|since(?: then)?)|(?:later|newer)(?: (?:ones?|papers?|work"
    r"|years))?)\W*$"
)
# What a follow-up says around its filter: "make it 2024 instead, please".
_AROUND = one_of(
    r"^\W*(?:(?:make|change|set|switch)(?: (?:it|that|this))? (?:to )?|(?:for|of|to) (?=\W*\d))",
    r"(?:[ ,]+(?:instead|rather|please|pls|too|as well|then|now|this time))+(?=\W*$)",
)
_OLDEST, _NEWEST = Filters(order=Order.OLDEST), Filters(order=Order.NEWEST)
_DAY = timedelta(days=1)


def limited_further(
    question: str,
    history: Sequence[Turn],
    today: date,
    organizations: Collection[str],
    known: KnownNames,
) -> Plan | None:
    """Return the plan of a question that has filters and no topic; None where it stands alone."""
    turn = subject_turn(history)
    if turn is None:
        return None
    asked_for = _AROUND.sub("", without_lead_in(question))
    found = read_filters(asked_for, today, organizations, known)
    shifted = _shifted(question, turn.answer.plan.filters)
    asked = shifted or _asked(found, organizations)
    if asked == Filters() or not (shifted or _is_all(found, asked)):
        return None
    whole = asks_for_any(question)
    if refers_to_a_set(question) and (listed := latest_list(history, whole=whole)):
        return _within_shown(question, asked, listed)
    if _STANDS_ALONE.search(question) and not (_GOES_ON.search(question) or _is_order(asked)):
        return None
    return _same_topic(question, asked, turn.answer.plan)


def merged(earlier: Filters, asked: Filters) -> Filters:
    """Return the filters of both; what is asked for now goes before what was asked for then."""
    nothing = Filters()
    given = {
        name: value
        for name in Filters.__dataclass_fields__
        if (value := getattr(asked, name)) != getattr(nothing, name)
    }
    if asked.by_date:  # a new range takes the place of the old one, both ends
        given |= {"published_from": asked.published_from, "published_to": asked.published_to}
    if asked.min_authors is not None or asked.max_authors is not None:
        given |= {"min_authors": asked.min_authors, "max_authors": asked.max_authors}
    return replace(earlier, **given)


def _asked(found: FoundFilters, organizations: Collection[str]) -> Filters:
    """Return what is asked for; a follow-up may be nothing but a name: "what about Apple?"."""
    called = organization_called(without_lead_in(found.rest), organizations)
    return replace(found.filters, organization=called) if called else found.filters


def _is_all(found: FoundFilters, asked: Filters) -> bool:
    """Tell whether a question says nothing but its filters, and maybe how many papers to show."""
    if asked.organization != found.filters.organization:
        return True
    return all(word.isdigit() for word in topic_words(without_lead_in(found.rest)))


def _shifted(question: str, earlier: Filters) -> Filters | None:
    """Return the time before or after the earlier range of dates: "and before that?".

    Where there was none, the older or the newer papers come first.
    """
    first, last = earlier.published_from, earlier.published_to
    if _BEFORE_THAT.search(question):
        before = first is not None and first > first.min
        return Filters(published_to=first - _DAY) if first and before else _OLDEST
    if _AFTER_THAT.search(question):
        after = last is not None and last < last.max
        return Filters(published_from=last + _DAY) if last and after else _NEWEST
    return None


def _is_order(asked: Filters) -> bool:
    return not asked.limits


def _same_topic(question: str, asked: Filters, last: Plan) -> Plan:
    """Return the earlier plan within further limits."""
    counts = next(intents_of(question)) is Intent.COUNT
    ordered = last.intent is Intent.SUMMARY and not asked.limits
    changes = ordered or last.intent in {Intent.COUNT, *ON_ONE_PAPER}
    listed = Intent.LIST if changes else last.intent
    return replace(
        last,
        question=question,
        intent=Intent.COUNT if counts else listed,
        context=last.context or last.topic,
        standalone=f"{question} (on: {last.topic})" if last.topic else question,
        filters=merged(last.filters, asked),
        named=() if last.intent in ON_ONE_PAPER else last.named,
        excluded=(),
        taken_off=(),
    )


def _within_shown(question: str, asked: Filters, turn: Turn) -> Plan:
    """Return the plan for those of the papers that an answer rests on that are within the limits.

    Who orders or limits "those" means the papers that were counted, not the borderline ones.
    """
    last = turn.answer.plan
    plan = _same_topic(question, replace(asked, scope=cited_papers(turn.answer)), last)
    intent = plan.intent if plan.intent in LISTS else Intent.LIST
    return replace(plan, intent=intent, context=last.topic, named=(), sides=())
