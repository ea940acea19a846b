"""Questions about papers that the user chose, on a map say, in place of the whole collection.

Owns what "these" and "it" mean where papers were chosen, and that no plan leaves them. They are a
collection of their own: what is asked of them is searched for and judged as in any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import (
    EXTRACTIVE,
    UNSEARCHED,
    Answer,
    Asking,
    Citation,
    Intent,
    Outcome,
    Plan,
    Turn,
)
from assistant.errors import AssistantError
from assistant.planning.plan_words import CHOSEN
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.records import Hit, Paper, ScoreParts

_CHOICE = "(papers were chosen)"  # what stands for the question that they would answer


@dataclass(frozen=True, slots=True)
class Chosen:
    """The papers that the user chose, in that order; none where all papers are meant."""

    papers: tuple[Paper, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the papers."""
        return tuple(paper.id for paper in self.papers)

    def history(self, turns: Sequence[Turn]) -> tuple[Turn, ...]:
        """Return the turns that a question may refer to.

        Those since the papers were chosen, after one that shows them. Where none are chosen now,
        what earlier turns were limited to by choice is no limit any more.
        """
        if not self.papers:
            return tuple(map(_unbound, turns))
        since = len(turns)
        while since and set(turns[since - 1].answer.plan.chosen) == set(self.ids):
            since -= 1
        return (_shown(self.papers), *turns[since:])

    def limited(self, plan: Plan) -> Plan:
        """Return the plan within the papers."""
        if not self.papers:
            return plan
        title = "" if self.papers[1:] else self.papers[0].title
        plan = replace(plan, chosen=self.ids, chosen_title=title)
        if plan.intent in UNSEARCHED:
            return plan
        known = frozenset(self.ids)
        scope = tuple(paper_id for paper_id in plan.scope if paper_id in known)
        # All of them in another order are all of them.
        whole = len(scope) == len(self.ids)
        kept = self.ids if whole or not scope else scope
        return replace(plan, filters=replace(plan.filters, scope=kept))


def read_chosen(asking: Asking, library: Library) -> Chosen:
    """Return the papers that `asking` is about; those that are gone from the library are left out.

    Raises AssistantError if all of them are.
    """
    if not asking.within or CHOSEN in asking.without:
        return Chosen()
    ids = tuple(dict.fromkeys(asking.within))
    found = library.catalog.papers(ids)
    # Of papers that are still to be indexed, nothing is found.
    indexed = library.snapshot().index.rows_by_id(ids)
    papers = tuple(found[each] for each in ids if each in found and each in indexed)
    if not papers:
        raise AssistantError(
            "None of the chosen papers is in the library any more",
            where=str(library.home),
            hint="Choose other papers, or ask about all of them.",
        )
    return Chosen(papers)


def _unbound(turn: Turn) -> Turn:
    """Return the turn as if no papers had been chosen for it."""
    plan = turn.answer.plan
    if not plan.chosen:
        return turn
    filters = replace(plan.filters, scope=plan.scope if plan.narrowed else ())
    plan = replace(plan, filters=filters, chosen=(), chosen_title="")
    return replace(turn, answer=replace(turn.answer, plan=plan))


def _shown(papers: tuple[Paper, ...]) -> Turn:
    """Return a turn that puts the papers before the reader, as if they had been asked for."""
    ids = tuple(paper.id for paper in papers)
    intent = Intent.LIST if papers[1:] else Intent.TITLE
    plan = Plan(_CHOICE, intent, filters=Filters(scope=ids), chosen=ids)
    citations = tuple(Citation(number, paper, ()) for number, paper in enumerate(papers, start=1))
    ranking = tuple(Hit(paper, 1.0, 1.0, ScoreParts(0.0)) for paper in papers)
    answer = Answer(plan, Outcome.ANSWERED, (), citations, ranking, EXTRACTIVE, complete=True)
    return Turn(_CHOICE, answer)
