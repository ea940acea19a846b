"""The last question asked of another paper: "and Levain?", "add Crumb".

Owns what of the last plan is asked of it: the same fact, or its place in the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Intent, Named, Plan, Turn
from assistant.planning.plan_intent import Reading
from assistant.planning.reference_words import goes_on
from assistant.planning.shown_papers import ON_ONE_PAPER, searched
from assistant.planning.topic_words import topic_words
from vectorstore.question_words import question_words


def same_of_another(reading: Reading, history: Sequence[Turn]) -> Plan | None:
    """Return the last plan for another paper, None where more than its name is said."""
    last = next((turn.answer.plan for turn in searched(history)), None)
    names = set(question_words(" ".join(named.name for named in reading.named)))
    more = set(topic_words(reading.rest)) - names
    if last is None or not names or more or not goes_on(reading.question):
        return None
    plan = _compared_with(reading, last) or _asked_of(reading, last)
    if plan is None:
        return None
    standalone = f"{reading.question} (as for: {last.standalone or last.question})"
    filters = replace(reading.filters, scope=())
    return replace(plan, question=reading.question, standalone=standalone, filters=filters)


def _compared_with(reading: Reading, last: Plan) -> Plan | None:
    shown = () if last.sides else last.scope
    compared = last.named or ((Named("those", shown),) if shown else ())
    if last.intent is not Intent.COMPARE or not compared:
        return None
    return replace(last, named=(*compared, *reading.named), sides=())


def _asked_of(reading: Reading, last: Plan) -> Plan | None:
    if last.intent not in ON_ONE_PAPER:
        return None
    asked = _without_names(last.topic, last.named)
    topic = f"{reading.rest} {asked}".strip()
    return replace(last, topic=topic, context=asked, named=reading.named, excluded=())


def _without_names(topic: str, named: Sequence[Named]) -> str:
    for each in named:
        pattern = r"[\W_]*".join(map(re.escape, each.name.split()))
        topic = re.sub(pattern, " ", topic, flags=re.IGNORECASE)
    return " ".join(topic.split())
