"""What a model is told of the search behind its sources: filters, names, and what is missing.

Owns facts that no abstract says and a model would otherwise guess at.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answer import Named
from assistant.draft import Task
from assistant.planning.plan_words import CHOSEN, chosen_words, plan_chips
from assistant.wording import alternatives, shortened
from assistant.writing.paper_items import copies_of
from assistant.writing.prompt_sources import plain


def search_facts(task: Task) -> str:
    """Return a line for each thing to know of the search; empty where there is none."""
    return "".join(f"- {plain(fact)}\n" for fact in _facts(task))


def _facts(task: Task) -> Iterator[str]:
    plan = task.plan
    chips = [chip for chip in plan_chips(plan) if chip.name != CHOSEN]
    if filters := ", ".join(chip.words for chip in chips):
        yield f"The sources are filtered as the question asks: {filters}."
    if plan.chosen:
        yield f"The user asks about {shortened(chosen_words(plan))}."
    if plan.sides:
        yield f"To be compared: {_quoted(plan.sides)}."
    for named in plan.named:
        yield from _namesakes(named, task)
    for source in task.sources:
        if source.copies:
            yield f"“{shortened(source.paper.title)}”: {copies_of(source)} They are not shown."
    if task.uncovered:
        yield f"No paper here covers {alternatives(task.uncovered)}: say so in your answer."


def _namesakes(named: Named, task: Task) -> Iterator[str]:
    titles = [each.paper.title for each in task.sources if each.paper.id in named.paper_ids]
    if len(titles) > 1:
        name = shortened(named.name)
        yield f"“{name}” is the name of several papers: {_quoted(titles)}. Keep them apart."


def _quoted(texts: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"“{shortened(text)}”" for text in texts)
