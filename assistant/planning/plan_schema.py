"""What a model sends back when it plans, and whether that can be trusted.

Owns the shape of the reply, both as it is asked for and as it is checked. Anything wrong rejects
the reply as a whole: a model that gets one field wrong is not to be believed on the others, and the
rules' plan is always at hand. Only what the kind of answer has no use for is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from assistant.answer import UNSEARCHED, Intent, Plan
from assistant.errors import ModelError
from assistant.writing.prompt_sources import is_invisible
from vectorstore.filters import Filters, Order

EARLIEST = date(1900, 1, 1)
_A_YEAR = timedelta(days=366)  # listings are dated ahead now and then
_LONGEST_TEXT = 300  # characters; a topic is a phrase
_MOST_AUTHORS = 10_000  # the longest lists of authors have about half as many
_MOST_SIDES = 4


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > _LONGEST_TEXT:
        raise ValueError(f"longer than {_LONGEST_TEXT} characters")
    if any(map(is_invisible, line)):
        raise ValueError("has signs that cannot be seen")
    return line


def _author_count(number: int) -> int:
    if not 1 <= number <= _MOST_AUTHORS:
        raise ValueError(f"not from 1 to {_MOST_AUTHORS}")
    return number


Line = Annotated[str, AfterValidator(_one_line)]
AuthorCount = Annotated[int, AfterValidator(_author_count)]


class PlanReply(BaseModel):
    """A plan in a model's words; `papers` are numbers of the last answer's papers."""

    # What servers hold a model to is strict as well; one that does not may add fields of its own.
    model_config = ConfigDict(
        strict=True, frozen=True, json_schema_extra={"additionalProperties": False}
    )

    intent: Intent
    topic: Line
    standalone: Line
    published_from: date | None
    published_to: date | None
    organization: Line
    author: Line
    category: Line
    venue: Line
    min_authors: AuthorCount | None
    max_authors: AuthorCount | None
    order: Order
    earlier_only: bool
    papers: tuple[int, ...]
    sides: tuple[Line, ...]


def reply_schema() -> dict[str, Any]:
    """Return the JSON schema of a reply."""
    return PlanReply.model_json_schema()


def read_plan(
    reply: Mapping[str, Any], rules_plan: Plan, shown: tuple[str, ...], today: date
) -> Plan:
    """Return the plan of a reply.

    `shown` are the ids of the last answer's papers, by number. Papers that are named or ruled out,
    and the file that is searched, stay those of the rules' plan. Raises ModelError on a reply that
    is wrong in any way.
    """
    try:
        read = PlanReply.model_validate_json(json.dumps(reply))
        filters = _filters(read, rules_plan.filters, shown, today)
        _check_sense(read, rules_plan, filters)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model's plan cannot be used: {_reason(error)}") from error
    return replace(
        rules_plan,
        intent=read.intent,
        topic=read.topic,
        standalone=read.standalone or rules_plan.standalone,
        filters=filters,
        sides=_sides(read, rules_plan),
    )


def _filters(read: PlanReply, rules: Filters, shown: tuple[str, ...], today: date) -> Filters:
    dates = [day for day in (read.published_from, read.published_to) if day is not None]
    if any(not EARLIEST <= day <= today + _A_YEAR for day in dates):
        raise ValueError("published: a date that no paper has")
    authors = [number for number in (read.min_authors, read.max_authors) if number is not None]
    if dates != sorted(dates) or authors != sorted(authors):
        raise ValueError("a range ends before it begins")
    return replace(
        rules,
        published_from=read.published_from,
        published_to=read.published_to,
        organization=read.organization,
        author=read.author,
        category=read.category,
        venue=read.venue,
        min_authors=read.min_authors,
        max_authors=read.max_authors,
        order=read.order,
        scope=_scope(read, rules.scope, shown),
    )


def _scope(read: PlanReply, rules: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of the papers that the question is limited to.

    All papers of the last answer are those of the rules where they saw so too: they know of the
    ones that were shown and not cited.
    """
    if not read.earlier_only:
        return ()
    if not shown:
        raise ValueError("earlier_only: there are no earlier papers")
    if any(not 1 <= number <= len(shown) for number in read.papers):
        raise ValueError("papers: a number that no earlier paper has")
    numbered = tuple(dict.fromkeys(shown[number - 1] for number in read.papers))
    return numbered or rules or shown


def _sides(read: PlanReply, rules_plan: Plan) -> tuple[str, ...]:
    if read.intent is not Intent.COMPARE:
        return ()
    sides = tuple(dict.fromkeys(filter(None, read.sides)))
    return sides if len(sides) > 1 else rules_plan.sides


def _check_sense(read: PlanReply, rules_plan: Plan, filters: Filters) -> None:
    """Raise ValueError on a plan that searches for nothing, where there is something to find."""
    found = rules_plan.named or rules_plan.filters != Filters()
    if read.intent in UNSEARCHED:
        if found:
            raise ValueError(f"intent: {read.intent}, of a question on papers of the collection")
    elif not read.topic and filters == Filters():
        raise ValueError("topic: empty")
    if len(read.sides) > _MOST_SIDES:
        raise ValueError(f"sides: more than {_MOST_SIDES}")


def _reason(error: Exception) -> str:
    """Return what is wrong in a few words, without the reply: it may be of any length."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        return f"{field}: {first['msg']}" if field else first["msg"]
    return str(error)
