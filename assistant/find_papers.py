"""The papers that a plan asks for: by topic, by filters alone, by name, or side by side.

Owns which searches a plan takes, and whether the collection has an answer at all. Which of the
papers an answer then uses is `assistant.select`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import LISTS, Intent, Plan
from assistant.narrowing import kept, narrowed, narrowed_line, without_best
from assistant.planning.plan_intent import named_ids
from assistant.planning.shown_papers import ON_ONE_PAPER
from assistant.settings import AssistantSettings
from vectorstore.browse import browse
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.near_copies import browse_distinct, search_distinct, without_copies
from vectorstore.records import Hit
from vectorstore.search import SearchResult, search


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for a plan: the ranking, best first, and how the search went.

    `subjects` are the papers that the question is about, where it names them or sets them side by
    side; an answer then rests on these alone. `browsed` tells that only filters were asked for,
    `line` is the least relevance that a list takes, where relevance is that to an earlier question
    and this one together. `missing_sides` are those of a comparison that no paper covers.
    """

    ranking: tuple[Hit, ...]
    result: SearchResult
    subjects: tuple[Hit, ...] = ()
    missing_sides: tuple[str, ...] = ()
    browsed: bool = False
    line: float | None = None


def find_papers(
    library: Library, plan: Plan, settings: AssistantSettings, earlier: Sequence[Hit] = ()
) -> Found:
    """Return the papers that `plan` asks for, after an answer that ranked those of `earlier`.

    Raises what a search raises.
    """
    limit = settings.ranking_papers
    if not plan.topic:
        result = browse_distinct(library, limit, plan.filters)
        return Found(result.hits, result, browsed=True)
    if plan.narrowed and plan.intent in LISTS:
        within, every = _unordered(plan.filters), max(limit, len(plan.scope))
        result = search(library, plan.topic, every, within, settings.search)
        hits, line = _narrowed(library, plan, result.hits, earlier, settings)
    else:
        result = search_distinct(library, plan.topic, limit, plan.filters, settings.search)
        hits, line = _but_excluded(result.hits, plan, settings), None
    subjects, missing = _subjects(library, plan, hits, settings)
    first = {hit.paper.id for hit in subjects}
    ranking = (*subjects, *(hit for hit in hits if hit.paper.id not in first))
    return Found(ranking[:limit], result, subjects, missing, line=line)


def _but_excluded(
    hits: tuple[Hit, ...], plan: Plan, settings: AssistantSettings
) -> tuple[Hit, ...]:
    """Return the hits without those that are ruled out.

    A paper that others are to be like is the best hit for its own title, and sets a scale that no
    other can reach; the others are judged without it.
    """
    left = tuple(hit for hit in hits if hit.paper.id not in plan.excluded)
    out = [hit for hit in hits if hit.paper.id in plan.excluded]
    if any(hit.paper.title in plan.topic for hit in out):
        return without_best(left, max(hit.fused for hit in out), settings.search.fusion)
    return left


def _narrowed(
    library: Library,
    plan: Plan,
    found: Sequence[Hit],
    earlier: Sequence[Hit],
    settings: AssistantSettings,
) -> tuple[tuple[Hit, ...], float]:
    """Return the papers of an earlier answer with their relevance to both questions, and the line.

    `found` has all of them that are within the limits; where nothing new is asked, all of these
    stay.
    """
    relevance = {hit.paper.id: hit.relevance for hit in earlier}
    if plan.topic == plan.context:
        hits, line = kept(found, relevance, settings.scope), settings.scope.line
    else:
        hits = narrowed(found, relevance, settings.scope)
        line = narrowed_line(hits, settings.scope)
    hits = tuple(hit for hit in hits if hit.paper.id not in plan.excluded)
    if plan.filters.order is Order.RELEVANCE:
        return hits, line
    ordered = browse(library, len(plan.scope), plan.filters).hits
    place = {hit.paper.id: at for at, hit in enumerate(ordered)}
    return tuple(sorted(hits, key=lambda hit: place[hit.paper.id])), line


def _subjects(
    library: Library, plan: Plan, hits: tuple[Hit, ...], settings: AssistantSettings
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """Return the papers that the question is about, each once, in its order, mostly none; and the
    sides of a comparison that no paper covers.
    """
    if plan.sides:
        return _on_sides(library, plan, settings)
    if plan.intent in ON_ONE_PAPER or plan.intent is Intent.COMPARE:
        ids = _asked_about(plan)
        several = plan.narrowed and plan.scope[1:]
        if plan.intent is Intent.TITLE and several and plan.topic != plan.context:
            return hits[:1], ()  # one of a list: "the one on CXL"
        few = len(ids) <= settings.compared_papers or plan.intent is Intent.COMPARE
        found = _hits_of(library, plan, hits, ids, settings) if few else ()
    else:
        found = ()
    return tuple({hit.paper.id: hit for hit in found}.values()), ()


def _asked_about(plan: Plan) -> tuple[str, ...]:
    """Return the ids of the papers that are named, or that the question is limited to.

    Any of several chosen papers may have a fact, as any of the collection may. One that is named
    and was not chosen is not answered from.
    """
    named = named_ids(plan.named)
    if not plan.chosen:
        return named or plan.scope
    if among := tuple(paper_id for paper_id in named if paper_id in plan.scope):
        return among
    all_meant = plan.intent is Intent.COMPARE and not named
    return plan.scope if all_meant or plan.narrowed or len(plan.scope) == 1 else ()


def _on_sides(
    library: Library, plan: Plan, settings: AssistantSettings
) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """Return the best paper for each side of a comparison, and the sides that no paper covers; a
    paper stands on one side.
    """
    hits: list[Hit] = []
    missing: list[str] = []
    for side in plan.sides:
        taken = {hit.paper.id for hit in hits} | set(plan.excluded)
        within = _unordered(plan.filters)
        result = search_distinct(library, side, len(taken) + 1, within, settings.search)
        if result.facets and not any(facet.covered for facet in result.facets):
            missing.append(side)  # the best paper for it is on something else
            continue
        others = tuple(hit for hit in result.hits if hit.paper.id not in taken)
        fresh = others if within.scope else without_copies(library, (*hits, *others))[len(hits) :]
        hits += fresh[:1]
    return tuple(hits), tuple(missing)


def _hits_of(
    library: Library,
    plan: Plan,
    hits: tuple[Hit, ...],
    ids: tuple[str, ...],
    settings: AssistantSettings,
) -> tuple[Hit, ...]:
    known = {hit.paper.id: hit for hit in hits}
    if any(paper_id not in known for paper_id in ids):
        within = replace(_unordered(plan.filters), scope=ids)
        more = search(library, plan.topic, len(ids), within, settings.search).hits
        known = {hit.paper.id: hit for hit in more} | known
    return tuple(known[paper_id] for paper_id in ids if paper_id in known)


def _unordered(filters: Filters) -> Filters:
    return replace(filters, order=Order.RELEVANCE)
