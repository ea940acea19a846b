"""What kind of answer a question wants, once its papers and references are known.

Owns what names and references make of the intent that the words alone have: two papers that are
named are compared, one that is named alone is looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import LISTS, Intent, Named, Plan
from assistant.planning.comparison import compares_explicitly, is_like_a_name, sides_of
from assistant.planning.follow_up import Kind, Reference
from assistant.planning.intent import asks_of_record, intents_of
from assistant.planning.moved_plan import MOST_COMPARED
from assistant.planning.phrases import one_of
from assistant.planning.reference_words import without_lead_in
from assistant.planning.topic_words import topic_words
from vectorstore.filters import Filters
from vectorstore.question_words import question_words

_ALL_PAPERS = one_of(
    r"\b(?:papers|articles|publications|everything|anything|all)\b|\b(?:list|show|count)\b"
)
_TOO = one_of(r"^\W*(?:and|what about|how about|same)\b", r"\b(?:too|also|as well|the same)\W*$")
_ONLY = one_of(r"\b(?:only|just)\b")
# What may be left of a question that looks a paper up: "what is the second one about?".
_LOOKS_UP = frozenset(
    "abstract about brief briefly called describe detail details elaborate expand explain introduce"
    " last main open overview paper short shortly sentence sentences summarise summarize summary"
    " titled topic".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was read, after one with the plan `last`.

    `rest` are its words without filters and references.
    """

    question: str
    rest: str
    filters: Filters
    named: tuple[Named, ...] = ()
    excluded: tuple[str, ...] = ()
    reference: Reference | None = None
    last: Plan | None = None

    @property
    def asks_the_same(self) -> bool:
        """Tell whether the last question is asked of another paper: "and the second one?"."""
        of_one = self.reference is not None and self.reference.kind is Kind.ONE
        asked_of_one = self.last is not None and self.last.intent is Intent.FACT
        goes_on = bool(_TOO.search(self.question))
        return of_one and asked_of_one and goes_on and not topic_words(self.rest)


def named_ids(named: Sequence[Named]) -> tuple[str, ...]:
    """Return the ids of all papers that are named, each once."""
    return tuple(dict.fromkeys(paper_id for each in named for paper_id in each.paper_ids))


def says_nothing(reading: Reading) -> bool:
    """Tell whether there is nothing to search for: "What is it?", with nothing before it."""
    if topic_words(reading.rest) or reading.named or reading.reference or reading.excluded:
        return False
    if reading.filters != Filters():
        return False
    return not _ALL_PAPERS.search(reading.question)


def with_intent(plan: Plan, reading: Reading) -> Plan:
    """Return the plan with the likeliest intent that its papers and sides allow."""
    intents = _intents(reading)
    if (told := _told_by_reference(plan, reading, intents[0])) is not None:
        return replace(plan, intent=told)
    for intent in intents:
        if intent is Intent.COMPARE:
            if (compared := _as_comparison(plan, reading)) is not None:
                return compared
        else:
            return replace(plan, intent=_fitting(intent, plan, reading))
    return plan


def _told_by_reference(plan: Plan, reading: Reading, first: Intent) -> Intent | None:
    """Return the intent where names and references alone decide it."""
    reference = reading.reference
    if reading.asks_the_same:
        return Intent.FACT
    if first is not Intent.COMPARE and _looks_up(plan, reading, first):
        return Intent.TITLE
    if reference is None or plan.named or first not in {Intent.FACT, Intent.LIST}:
        return None
    if reference.one_of_them:
        return Intent.TITLE
    earlier = reference.turn.answer.plan.intent
    return None if reference.words else _continued(earlier, first)


def _intents(reading: Reading) -> list[Intent]:
    """Return what the question may ask for; "these two: what's the difference" compares."""
    intents = list(intents_of(without_lead_in(reading.question)))
    compares = reading.reference and Intent.COMPARE in intents_of(reading.rest.lstrip(" :,-"))
    return [Intent.COMPARE, *intents] if compares else intents


def _looks_up(plan: Plan, reading: Reading, intent: Intent) -> bool:
    """Tell whether one paper itself is looked for: by its name, or for its date or authors."""
    ids = named_ids(plan.named) or plan.scope
    if len(ids) != 1:
        return False
    if asks_of_record(reading.question):
        return True
    named = set(question_words(" ".join(named.name for named in plan.named)))
    left = set(topic_words(reading.rest)) - named - _LOOKS_UP
    return not left and (intent is not Intent.LIST or not _asks_for_many(reading.question))


def _asks_for_many(question: str) -> bool:
    return bool({"papers", "articles", "works", "studies"} & set(question.lower().split()))


def _fitting(intent: Intent, plan: Plan, reading: Reading) -> Intent:
    """Return the intent that fits how many papers a question is about."""
    ids = named_ids(plan.named)
    reference = reading.reference
    about_one = len(ids) == 1 or (reference is not None and reference.kind is Kind.ONE)
    if about_one and intent in {Intent.SUMMARY, *LISTS}:
        listed = intent in LISTS and ids
        return intent if listed else Intent.TITLE if intent is Intent.SUMMARY else Intent.FACT
    only = _ONLY.search(reading.question)
    if reference and reference.kind is Kind.SOME and not (topic_words(reading.rest) or only):
        return Intent.TITLE if intent in LISTS else intent
    if len(ids) > 1 and intent in {Intent.FACT, Intent.SUMMARY, Intent.TITLE}:
        return Intent.COMPARE
    if len(ids) > 1 and intent is Intent.LIST and len(topic_words(reading.rest)) <= len(ids) + 2:
        return Intent.COMPARE  # "difference Levain Crumb"
    return intent


def _continued(earlier: Intent, asked: Intent) -> Intent:
    """Return what an elliptic question ("and on CPU?") asks for after one with `earlier`."""
    match earlier:
        case Intent.COUNT:
            return Intent.LIST
        case Intent.TITLE:
            return asked
        case _:
            return earlier


def _as_comparison(plan: Plan, reading: Reading) -> Plan | None:
    """Return the plan as a comparison, or None where there are no two things to compare."""
    ids = named_ids(plan.named) or plan.scope
    if 1 < len(ids) <= MOST_COMPARED:
        return replace(plan, intent=Intent.COMPARE)
    if plan.scope:
        return replace(plan, intent=Intent.SUMMARY) if len(ids) > MOST_COMPARED else None
    sides = sides_of(reading.rest)
    explicit = compares_explicitly(reading.rest)
    known = [any(_speaks_of(side, named) for named in plan.named) for side in sides]
    likely = any(known) and (
        all(map(_is_known_or_name, known, sides)) or (known[0] and _opens(reading.rest, sides[0]))
    )
    if sides and (explicit or likely):
        return replace(plan, intent=Intent.COMPARE, sides=sides)
    return replace(plan, intent=Intent.SUMMARY) if explicit and not ids else None


def _opens(question: str, side: str) -> bool:
    """Tell whether a question begins with a side: "CodeTree versus plain search: which wins?"."""
    return question.lower().startswith(side.lower()) and "?" in question


def _is_known_or_name(known: bool, side: str) -> bool:
    return known or is_like_a_name(side)


def _speaks_of(side: str, named: Named) -> bool:
    return set(question_words(named.name)) <= set(question_words(side.replace("-", " ")))
