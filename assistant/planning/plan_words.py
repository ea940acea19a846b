"""How a question was understood, in words that a reader can check and take back.

Owns the wording of filters and which of them belong together: both ends of a range are one chip.
Invariant: filters without their chips, all of them, are no filters. Papers that the user chose have
a chip as well, which is the plan's and not of its filters.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.answer import LISTS, UNSEARCHED, Intent, Plan
from vectorstore.filters import Filters, Order

if TYPE_CHECKING:
    from vectorstore.question import Correction

_ORDERS = {
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
    Order.DISCUSSED: "most discussed first",
}
_ONE_DAY = timedelta(days=1)
_WORD = re.compile(r"[^\W_]+")
CHOSEN = "chosen"  # the name of the chip for papers that the user chose
TOPIC = "topic"  # that of the chip for what is searched for
# What a chip need not repeat of a question.
_ASKING = re.compile(
    r"^(?:(?:which|what) (?:papers|work) (?:cover|study|discuss|treat|use|are (?:on|about))"
    r"|summari[sz]e(?: (?:the )?(?:work|papers|research) (?:on|about))?) ",
    re.IGNORECASE,
)
_OF_FILTERS_ALONE = LISTS | {Intent.SUMMARY}  # what can be asked without a topic


@dataclass(frozen=True, slots=True)
class Chip:
    """What a filter asks for, in words; `name` is what `without` takes it off by."""

    name: str
    words: str


def filter_chips(filters: Filters) -> tuple[Chip, ...]:
    """Return a chip for each filter that asks for something."""
    words = {name: describe(filters) for name, (_, describe) in _CHIPS.items()}
    return tuple(Chip(name, text) for name, text in words.items() if text)


def plan_chips(plan: Plan) -> tuple[Chip, ...]:
    """Return a chip for each filter of the plan, and for the papers that the user chose."""
    asked = plan.filters if plan.narrowed else replace(plan.filters, scope=())
    chosen = (Chip(CHOSEN, chosen_words(plan)),) if plan.chosen else ()
    return (*filter_chips(asked), *chosen)


def topic_chip(plan: Plan, corrections: Iterable[Correction] = ()) -> Chip | None:
    """Return a chip for the topic where the plan's filters ask for something without it."""
    left = plan.filters.limits or plan.filters.order is not Order.RELEVANCE
    if not (plan.topic and left and plan.intent in _OF_FILTERS_ALONE):
        return None
    topic = corrected_topic(plan, corrections) or " ".join(plan.topic.split())
    bare = _ASKING.sub("", topic).rstrip(" ?.!")
    return Chip(TOPIC, f"topic: {bare or topic}")


def chosen_words(plan: Plan) -> str:
    """Return which papers the user chose; empty where none were."""
    if len(plan.chosen) == 1:
        return f"this paper only: {' '.join(plan.chosen_title.split())}"
    return f"{len(plan.chosen):,} chosen papers" if plan.chosen else ""


def without(filters: Filters, name: str) -> Filters:
    """Return the filters less the one that the chip `name` stands for.

    Raises ValueError where no chip has that name.
    """
    if name not in _CHIPS:
        raise ValueError(f"{name!r} is no filter; there are {', '.join(_CHIPS)}")
    nothing, (fields, _) = Filters(), _CHIPS[name]
    return replace(filters, **{field: getattr(nothing, field) for field in fields})


def plan_without(plan: Plan, name: str) -> Plan:
    """Return the plan less what the chip `name` stands for, which it then tells.

    Without its topic it asks for all papers within its filters. Chosen papers are not taken off a
    plan: without them, the question is planned anew. Raises ValueError where no chip has that name.
    """
    if name == TOPIC:
        bare = replace(plan, topic="", context="", named=())
        return replace(bare, taken_off=(*plan.taken_off, name))
    filters = plan.filters if name == CHOSEN else without(plan.filters, name)
    kept = replace(filters, scope=filters.scope or plan.chosen)
    return replace(plan, filters=kept, taken_off=(*plan.taken_off, name))


def searched_topic(plan: Plan) -> str:
    """Return what was searched for, on one line; empty where it is the question or nothing."""
    topic = " ".join(plan.topic.split())
    told = plan.intent not in UNSEARCHED and _bare(topic) != _bare(plan.question)
    return topic if told else ""


def corrected_topic(plan: Plan, corrections: Iterable[Correction]) -> str:
    """Return `searched_topic` with the words that were searched for in place of those typed."""
    used = {correction.typed: correction.used for correction in corrections}
    return _WORD.sub(lambda word: used.get(word[0], word[0]), searched_topic(plan))


def plan_sentence(plan: Plan) -> str:
    """Return what was searched for and within which limits; empty where the question says it."""
    topic = searched_topic(plan)
    limits = ", ".join(chip.words for chip in plan_chips(plan))
    if not topic:
        return f"Limits: {limits}." if limits else ""
    return f"Searched for {', '.join(part for part in (f'“{topic}”', limits) if part)}."


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(" ?.!").casefold()


def _dates(filters: Filters) -> str:
    first, last = filters.published_from, filters.published_to
    if first and last:
        return _period(first, last)
    if first:
        return f"since {_beginning(first)}"
    if last:
        return _until(last)
    return ""


def _period(first: date, last: date) -> str:
    whole_years = _begins_year(first) and _ends_year(last)
    if whole_years:
        return f"{first.year} only" if first.year == last.year else f"{first.year} to {last.year}"
    if first == last:
        return f"on {_day(first)}"
    same_year = first.year == last.year
    if same_year and first.month == last.month and first.day == 1 and _ends_month(last):
        return _month(first)
    begun = f"{first.day} {calendar.month_name[first.month]}" if same_year else _day(first)
    return f"{begun} to {_day(last)}"


def _until(last: date) -> str:
    """Return a whole year or month as what comes after it: "before 2020" for the end of 2019."""
    if last == date.max:
        return f"until {_day(last)}"
    after = last + _ONE_DAY
    return f"before {_beginning(after)}" if after.day == 1 else f"until {_day(last)}"


def _beginning(day: date) -> str:
    """Return the year, month or day that begins with `day`."""
    if _begins_year(day):
        return str(day.year)
    return _month(day) if day.day == 1 else _day(day)


def _begins_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _ends_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _month(day: date) -> str:
    return f"{calendar.month_name[day.month]} {day.year}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"


def _organization(filters: Filters) -> str:
    return f"from {filters.organization}" if filters.organization else ""


def _author(filters: Filters) -> str:
    return f"by {filters.author}" if filters.author else ""


def _category(filters: Filters) -> str:
    return f"in {filters.category}" if filters.category else ""


def _venue(filters: Filters) -> str:
    return f"published in {filters.venue}" if filters.venue else ""


def _authors(filters: Filters) -> str:
    fewest, most = filters.min_authors, filters.max_authors
    if fewest is None and most is None:
        return ""
    if most == 1 and fewest in {None, 1}:
        return "one author"
    if most is None:
        return f"at least {fewest} author{'' if fewest == 1 else 's'}"
    if fewest is None:
        return f"at most {most} authors"
    return f"{most} authors" if fewest == most else f"{fewest} to {most} authors"


def _source(filters: Filters) -> str:
    return f"file {filters.source}" if filters.source else ""


def _order(filters: Filters) -> str:
    return _ORDERS.get(filters.order, "")


def _scope(filters: Filters) -> str:
    count = len(filters.scope)
    papers = "1 paper" if count == 1 else f"{count} papers"
    return f"among {papers} of the earlier search" if count else ""


# By chip: the fields that it stands for, and their words.
_CHIPS: dict[str, tuple[tuple[str, ...], Callable[[Filters], str]]] = {
    "dates": (("published_from", "published_to"), _dates),
    "organization": (("organization",), _organization),
    "author": (("author",), _author),
    "category": (("category",), _category),
    "venue": (("venue",), _venue),
    "authors": (("min_authors", "max_authors"), _authors),
    "source": (("source",), _source),
    "order": (("order",), _order),
    "scope": (("scope",), _scope),
}
FILTER_NAMES = (*_CHIPS, CHOSEN)  # in the order of their chips
