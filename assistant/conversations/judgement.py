"""What a visitor's thumb says of an answer, as a question for the benchmarks.

Invariant: no more is claimed than a thumb says. A thumb up says that the papers cited are on the
question: they have grade 2. It doesn't say that they are all, so recall on such a question is
worth little. A thumb down says that something was wrong, not which papers would have been right:
`relevant` is empty, and the note is there for a person who judges it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.answer import UNSEARCHED, Intent, Outcome
from vectorstore.filters import Filters

if TYPE_CHECKING:
    from assistant.answer import Answer

SQUARELY = 2  # the grade of a paper that is on the question

_KINDS = {
    Intent.LIST: "which",
    Intent.FACT: "fact",
    Intent.SUMMARY: "summary",
    Intent.COMPARE: "compare",
    Intent.COUNT: "count",
    Intent.TITLE: "title",
}


class Rating(StrEnum):
    """Whether an answer was of use."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class CitedTitle:
    """A paper that the answer cites."""

    paper_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rated answer: the `turns` end with its question; `kind` is what the question asks for.

    It was asked of the papers `within` alone, if any, and without the filters `taken_off`.
    `given_at` is in UTC.
    """

    rating: Rating
    note: str
    turns: tuple[str, ...]
    kind: str
    cited: tuple[CitedTitle, ...]
    within: tuple[str, ...]
    taken_off: tuple[str, ...]
    given_at: datetime


def question_kind(answer: Answer | None, turns: int, rating: Rating) -> str:
    """Return which kind of judged question this is, of a conversation of `turns` questions.

    Only a thumb up bears out that nothing in the collection answers it.
    """
    if answer is None:
        return "followup" if turns > 1 else "which"
    plan = answer.plan
    nothing = answer.outcome is Outcome.NOT_FOUND and rating is Rating.UP
    if nothing or plan.intent in UNSEARCHED:
        return "none"
    if turns > 1:
        return "followup"
    if plan.intent is Intent.LIST and plan.filters != Filters(scope=plan.scope):
        return "filter"
    return _KINDS[plan.intent]


def judged_question(number: int, judgement: Judgement) -> dict[str, object]:
    """Return the question in the form of judged questions, its rating and note besides."""
    useful = judgement.rating is Rating.UP
    return {
        "id": f"feedback-{number}",
        "kind": judgement.kind,
        "turns": list(judgement.turns),
        "relevant": {paper.title: SQUARELY for paper in judgement.cited} if useful else {},
        "must_not": [],
        "points": [],
        "rating": judgement.rating.value,
        "note": judgement.note,
        "cited": [paper.title for paper in judgement.cited],
        "within": list(judgement.within),
        "taken_off": list(judgement.taken_off),
        "given_at": judgement.given_at.isoformat(),
    }
