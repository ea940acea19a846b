"""A plan from a question as it was read: its topic, its limits, and the question in full.

Owns what of an earlier topic and its filters a follow-up carries on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import LISTS, Intent, Plan, Turn
from assistant.planning.follow_up import Kind, Reference
from assistant.planning.limited_further import merged
from assistant.planning.plan_intent import Reading, with_intent
from assistant.planning.reference_words import is_condition
from assistant.planning.shown_papers import paper_shown
from assistant.planning.topic_lead_in import bare_topic
from assistant.planning.topic_words import topic_words
from vectorstore.filters import Filters, Order

TITLES_TOLD = 4  # in the question as it stands alone


def planned(reading: Reading, history: Sequence[Turn]) -> Plan:
    """Return the plan of a question that was read after the turns of `history`, oldest first."""
    reference = reading.reference
    plan = Plan(
        reading.question,
        Intent.FACT,
        topic=_topic(reading, history),
        standalone=_standalone(reading, history),
        context=_context(reading),
        filters=_filters(reading),
        named=reading.named,
        excluded=reading.excluded,
    )
    plan = with_intent(plan, reading)
    if plan.intent in LISTS:
        plan = replace(plan, topic=bare_topic(plan.topic))
    if plan.intent is Intent.FACT and not (plan.topic or plan.named or plan.scope):
        plan = replace(plan, intent=Intent.LIST)  # only filters were asked for
    if reference is None or reference.kind is not Kind.ALL or not topic_words(reading.rest):
        return plan
    if plan.intent not in LISTS and not reference.one_of_them:
        return plan
    return _widened(plan, reference)


def _widened(plan: Plan, reference: Reference) -> Plan:
    """Return the plan over all that the earlier answer ranked, where its list is narrowed down.

    Who asks which of those have something means the papers on the topic; that some were not among
    the first to be shown is no reason to leave them out.
    """
    earlier = reference.turn.answer
    if earlier.plan.intent not in {*LISTS, Intent.SUMMARY}:
        return plan
    ranked = tuple(hit.paper.id for hit in earlier.ranking)
    return replace(plan, filters=replace(plan.filters, scope=ranked)) if ranked else plan


def _topic(reading: Reading, history: Sequence[Turn]) -> str:
    """Return what to search for.

    Inside a scope every paper is on the earlier topic: only the new words tell them apart. "And on
    CPU?" asks the earlier question again, though.
    """
    reference = reading.reference
    asked = reading.rest if topic_words(reading.rest) else ""
    if reference is None or reference.instead:
        return asked
    if reading.asks_the_same and reading.last:
        return reading.last.topic
    if reference.kind is Kind.ONE and reference.words and not asked:
        paper = paper_shown(history, reference.papers[0])
        return paper.title if paper else reference.context
    if reference.papers and (reference.words or not is_condition(reading.question)):
        return asked or reference.context
    return f"{asked} {reference.context}".strip()


def _context(reading: Reading) -> str:
    """Return the topic that the question builds on; what is asked of one paper is none."""
    reference = reading.reference
    if reference is None or reference.instead or (reference.kind is Kind.ONE and reference.words):
        return ""
    return reference.context


def _filters(reading: Reading) -> Filters:
    reference = reading.reference
    if reference is None or reference.papers:
        return replace(reading.filters, scope=reference.papers if reference else ())
    earlier = reference.turn.answer.plan.filters
    kept = replace(earlier, order=Order.RELEVANCE)
    anew = reference.instead or is_condition(reading.question)
    return merged(replace(kept, scope=()) if anew else kept, reading.filters)


def _standalone(reading: Reading, history: Sequence[Turn]) -> str:
    """Return the question with what it refers to, for whoever does not know the turns before."""
    reference = reading.reference
    if reference is None or reference.instead:
        return reading.question
    if reference.kind in {Kind.ONE, Kind.SOME}:
        papers = (paper_shown(history, paper_id) for paper_id in reference.papers[:TITLES_TOLD])
        return f"{reading.question} (of: {'; '.join(paper.title for paper in papers if paper)})"
    return (
        f"{reading.question} (on: {reference.context})" if reference.context else reading.question
    )
