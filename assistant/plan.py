"""How a question is understood: its intent, and what it means after the turns before it.

Owns a `Plan` made by rules alone, so that it always works and is always the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Intent, Plan, Turn
from vectorstore.filters import Filters

TOPIC_WORDS = 8  # a phrase as short as this that asks nothing is a topic, and gets a list

_LIST = re.compile(
    r"\b(?:which|what|any|list|find|show|name|give|how many|are there)\b.{0,40}"
    r"\b(?:papers?|works?|articles?|studies|publications?|methods?|ones?)\b"
    r"|\b(?:papers?|works?|articles?|studies)\s+(?:on|about|that|for|using|with|covering)\b"
    r"|\b(?:which|what)\s+(?:of|ones)\b|\bwho\s+(?:else\s+)?(?:works?|studies)\b"
    r"|\bwhat (?:have|do) you (?:got|have)\b|\b(?:anything|something)\b.{0,20}"
    r"\b(?:on|about|that|here|for)\b|\blooking for\b|\b(?:should|could|can) I (?:look at|read)\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:summari[sz]e|summary|overview|survey|compare[ds]?|comparison|versus|vs\.?"
    r"|difference between|differ|state of the art|main (?:findings|ideas|themes)|trends?)\b"
    r"|\bwhat (?:do|does|did) (?:these|those|the|they|this)\b.{0,30}"
    r"\b(?:say|find|report|conclude)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\s*(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|will"
    r"|would|should|has|have|had|tell|explain|describe)\b",
    re.IGNORECASE,
)
_THOSE = re.compile(
    r"\b(?:of|among|from|in)\s+(?:those|these|them)\b|^\s*only\b|\bwhich\s+ones?\b"
    r"|\b(?:just|only)\s+(?:the\s+)?(?:\w+\s+)?ones?\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|those|these|he|she|this (?:paper|work|method|one)"
    r"|that (?:paper|work|method|one)|the same)\b|^\s*(?:and|but|so|what about|how about|also)\b",
    re.IGNORECASE,
)


def make_plan(question: str, history: Sequence[Turn] = ()) -> Plan:
    """Return how `question` is to be answered after the turns of `history`, oldest first.

    A follow-up builds on the last question that stood alone, so that a conversation of many turns
    does not pile up.
    """
    if not history or not _is_follow_up(question):
        return Plan(question, _intent(question), question, question)
    last = history[-1]
    context = last.answer.plan.context or last.answer.plan.question
    scope = _scope(question, last)
    topic = question if scope else f"{question} {context}"
    filters = Filters(scope=scope)
    return Plan(question, _intent(question), topic, f"{question} {context}", context, filters)


def _intent(question: str) -> Intent:
    if _SUMMARY.search(question):
        return Intent.SUMMARY
    if _LIST.search(question):
        return Intent.LIST
    is_topic = not _ASKS.search(question) and len(question.split()) <= TOPIC_WORDS
    return Intent.LIST if is_topic else Intent.FACT


def _is_follow_up(question: str) -> bool:
    return bool(_THOSE.search(question) or _REFERS_BACK.search(question))


def _scope(question: str, last: Turn) -> tuple[str, ...]:
    """Return the papers that the last answer showed where the question speaks of them as a set."""
    if not _THOSE.search(question):
        return ()
    cited = (citation.paper.id for citation in last.answer.citations)
    return (*cited, *(hit.paper.id for hit in last.answer.borderline))
