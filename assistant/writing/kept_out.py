"""What a chat model is not shown where papers with suspicious text are to be kept from it.

Owns which papers these are, and what of a task and of a conversation goes with them. Invariant: in
what is left there is nothing of their titles and abstracts but what the user typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from assistant.answer import Citation, Plan, Turn
from assistant.draft import Task
from assistant.errors import ModelError
from vectorstore.library import Library

_TITLE = "(a title that is kept from you)"


def speaks_of_suspicious(plan: Plan, history: Sequence[Turn], library: Library) -> bool:
    """Tell whether a plan, or the turns before it, are about a suspicious paper.

    Their words may then be those of its title, in whatever form.
    """
    answers = [turn.answer for turn in history]
    cited = [citation.paper for answer in answers for citation in answer.citations]
    if any(paper.suspicious for paper in cited):
        return True
    plans = (plan, *(answer.plan for answer in answers))
    ids = [*chain.from_iterable(map(_ids, plans)), *(paper.id for paper in cited)]
    return any(paper.suspicious for paper in library.catalog.papers(ids).values())


def kept_out(task: Task, *, spoken_of: bool) -> Task:
    """Return the task less its suspicious papers, which it counts.

    Where such are `spoken_of` in the conversation, all words that a plan may have from titles go
    too; the question stays as it was typed. Groups are of no use to a model.
    """
    sources = tuple(source for source in task.sources if not source.paper.suspicious)
    return replace(
        task,
        plan=_untitled(task.plan) if spoken_of else task.plan,
        sources=sources,
        themes=(),
        withheld=len(task.sources) - len(sources),
    )


def without_titles(turn: Turn) -> Turn:
    """Return the turn with something else for the titles of suspicious papers that it cites."""
    citations = tuple(map(_nameless, turn.answer.citations))
    return replace(turn, answer=replace(turn.answer, citations=citations))


def notice_of(task: Task) -> str:
    """Return how many papers the model is not shown, as a sentence; empty where it sees all.

    Raises ModelError where none is left to show it.
    """
    count = task.withheld
    if count and not task.sources:
        found = f"All {count} papers found have" if count > 1 else "The only paper found has"
        verb = "were" if count > 1 else "was"
        raise ModelError(f"{found} suspicious text and {verb} kept from the model")
    if count == 1:
        return "1 paper with suspicious text was kept from the model."
    return f"{count} papers with suspicious text were kept from the model." if count else ""


def _ids(plan: Plan) -> tuple[str, ...]:
    named = chain.from_iterable(each.paper_ids for each in plan.named)
    return (*plan.scope, *plan.chosen, *plan.excluded, *named)


def _untitled(plan: Plan) -> Plan:
    title = _TITLE if plan.chosen_title else ""
    return replace(plan, standalone="", sides=(), named=(), chosen_title=title)


def _nameless(citation: Citation) -> Citation:
    paper = citation.paper
    return replace(citation, paper=replace(paper, title=_TITLE)) if paper.suspicious else citation
