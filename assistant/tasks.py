"""What a composer is given for a question: its sources, how they are grouped, what they leave open.

Owns what goes into a task. Which papers its sources are is `assistant.select`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import LISTS, Intent, Plan
from assistant.draft import Task, Theme
from assistant.find_papers import Found
from assistant.select import as_sources, count_copies, count_listing, counts_copies
from assistant.settings import AssistantSettings
from assistant.wording import uncovered
from assistant.writing.sentence_choice import SETTINGS, stated_chance
from assistant.writing.themes import group_papers
from vectorstore.filters import Order
from vectorstore.library import Library
from vectorstore.records import Hit
from vectorstore.sentence_matches import with_sentence_matches

# Whatever an abstract has is an answer to "tell me about" it.
_OPEN = re.compile(
    r"\W{0,20}(?:please )?(?:tell|explain|describe|introduce|outline)\b", re.IGNORECASE
)
_GROUPED = LISTS | {Intent.SUMMARY}


def answer_task(
    library: Library, plan: Plan, found: Found, hits: Sequence[Hit], settings: AssistantSettings
) -> Task:
    """Return the task to answer from `hits`, best first, which are of what was found."""
    task = Task(
        plan,
        as_sources(_looked_into(library, plan, hits)),
        uncovered=_left_open(found, settings),
        themes=_themes(library, plan, found, hits, settings),
        undated=found.result.filtered.undated,
    )
    if plan.intent not in LISTS:
        return task
    matching, borderline = count_listing(found, settings)
    return replace(
        task,
        matching=matching,
        borderline=borderline,
        copies=count_copies(found, settings),
        copies_counted=counts_copies(found),
    )


def closest_task(library: Library, plan: Plan, found: Found, settings: AssistantSettings) -> Task:
    """Return the task to say that nothing answers the question, and what comes closest."""
    closest = found.ranking[: settings.closest_papers]
    return Task(
        plan,
        as_sources(_looked_into(library, plan, closest)),
        uncovered=uncovered(found.result.facets),
        undated=found.result.filtered.undated,
    )


def is_stated(task: Task, found: Found) -> bool:
    """Tell whether the paper that a fact is asked of may state it.

    Always, where the question is not about one paper: another may then have what this one lacks;
    and where it asks for nothing certain.
    """
    on_one = task.plan.intent is Intent.FACT and len(found.subjects) == 1
    if not on_one or _OPEN.match(task.plan.question):
        return True
    [source] = task.sources
    name = " ".join(named.name for named in task.plan.named)
    return stated_chance(source.sentences, task.plan.topic, name) >= SETTINGS.stated_floor


def _looked_into(library: Library, plan: Plan, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits with what each of their sentences has of the question."""
    return with_sentence_matches(library, plan.topic, hits) if plan.topic else tuple(hits)


def _left_open(found: Found, settings: AssistantSettings) -> tuple[str, ...]:
    """Return what no paper covers, where there is something that one does."""
    if found.missing_sides:
        return found.missing_sides
    facets = found.result.facets
    if found.subjects or not any(facet.covered for facet in facets):
        return ()
    return uncovered(facets, settings.left_open_coverage)


def _themes(
    library: Library, plan: Plan, found: Found, hits: Sequence[Hit], settings: AssistantSettings
) -> tuple[Theme, ...]:
    """Return the groups of a long list: not where an order was asked for, or filters alone."""
    ordered = found.browsed or plan.filters.order is not Order.RELEVANCE
    if plan.intent not in _GROUPED or ordered or len(hits) <= settings.grouped_papers:
        return ()
    papers = [hit.paper for hit in hits]
    return group_papers(library.snapshot().vocabulary, papers, plan.topic)
