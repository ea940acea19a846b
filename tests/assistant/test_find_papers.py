"""The papers that a plan asks for, on the shipped pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import Intent, Named, Plan
from assistant.find_papers import Found, find_papers
from assistant.settings import AssistantSettings
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.records import Hit

SETTINGS = AssistantSettings()
SERVING = "papers on serving language models"


def found(library: Library, plan: Plan, earlier: tuple[Hit, ...] = ()) -> Found:
    return find_papers(library, plan, SETTINGS, earlier)


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.paper.id for hit in hits]


def id_of(library: Library, beginning: str) -> str:
    papers = library.catalog.papers().values()
    return next(paper.id for paper in papers if paper.title.startswith(beginning))


@pytest.fixture(scope="module")
def listing(shipped_library: Library) -> tuple[Hit, ...]:
    """Return the ranking of a list on serving."""
    return found(shipped_library, Plan(SERVING, Intent.LIST, SERVING)).ranking


def test_a_topic_is_searched_for(shipped_library: Library, listing: tuple[Hit, ...]) -> None:
    result = found(shipped_library, Plan(SERVING, Intent.LIST, SERVING))
    assert (result.ranking, result.subjects) == (listing, ())
    assert (result.browsed, result.line) == (False, None)
    assert len(listing) == SETTINGS.ranking_papers


def test_filters_alone_are_browsed(shipped_library: Library) -> None:
    plan = Plan("papers from Apple", Intent.LIST, filters=Filters(organization="apple"))
    result = found(shipped_library, plan)
    assert result.browsed
    assert {hit.paper.organization for hit in result.ranking} == {"Apple"}


def test_papers_that_are_named_come_first(shipped_library: Library) -> None:
    named = tuple(Named(name, (id_of(shipped_library, name),)) for name in ("Nexus", "DistServe"))
    plan = Plan("compare", Intent.COMPARE, "energy of disaggregation", named=named)
    result = found(shipped_library, plan)
    assert ids(result.subjects) == [named[0].paper_ids[0], named[1].paper_ids[0]]
    assert result.ranking[:2] == result.subjects
    assert len(set(ids(result.ranking))) == len(result.ranking)


def test_each_side_has_a_paper_of_its_own(shipped_library: Library) -> None:
    plan = Plan("?", Intent.COMPARE, "a and b", sides=("spiking networks", "spiking networks"))
    one, other = found(shipped_library, plan).subjects
    assert one.paper.id != other.paper.id


def test_a_side_that_nothing_covers_has_no_paper(shipped_library: Library) -> None:
    sides = ("federated learning", "zebrafish")
    found = find_papers(shipped_library, Plan("?", Intent.COMPARE, "?", sides=sides), SETTINGS)
    assert len(found.subjects) == 1
    assert found.missing_sides == ("zebrafish",)


def test_papers_that_are_ruled_out_are_left_out(
    shipped_library: Library, listing: tuple[Hit, ...]
) -> None:
    out = tuple(ids(listing)[:3])
    plan = Plan(SERVING, Intent.LIST, SERVING, excluded=out)
    left = [hit for hit in listing if hit.paper.id not in out]
    assert found(shipped_library, plan).ranking == tuple(left)


def test_papers_like_one_are_judged_without_it(shipped_library: Library) -> None:
    paper_id = id_of(shipped_library, "DistServe")
    title = shipped_library.catalog.papers([paper_id])[paper_id].title
    with_it = found(shipped_library, Plan("?", Intent.LIST, title)).ranking
    without = found(shipped_library, Plan("?", Intent.LIST, title, excluded=(paper_id,))).ranking
    assert ids(without) == ids(with_it)[1:]
    assert without[0].relevance > max(with_it[1].relevance, SETTINGS.list_relevance)


def test_a_narrower_question_has_the_relevance_of_both(
    shipped_library: Library, listing: tuple[Hit, ...]
) -> None:
    scope = Filters(scope=tuple(ids(listing)))
    plan = Plan("?", Intent.LIST, "energy and power", context=SERVING, filters=scope)
    result = found(shipped_library, plan, listing)
    assert result.line is not None
    assert set(ids(result.ranking)) == set(ids(listing))
    relevance = [hit.relevance for hit in result.ranking]
    assert relevance == sorted(relevance, reverse=True)
    unknown = found(shipped_library, plan)
    assert unknown.ranking[0].relevance < result.ranking[0].relevance


def test_where_nothing_new_is_asked_all_stay(
    shipped_library: Library, listing: tuple[Hit, ...]
) -> None:
    shown = listing[:5]
    filters = Filters(scope=tuple(ids(shown)))
    plan = Plan("?", Intent.LIST, SERVING, context=SERVING, filters=filters)
    assert ids(found(shipped_library, plan, listing).ranking) == ids(shown)
    assert [hit.relevance for hit in found(shipped_library, plan, listing).ranking] == [
        hit.relevance for hit in shown
    ]
    newest = replace(plan, filters=replace(filters, order=Order.NEWEST))
    dates = [hit.paper.published for hit in found(shipped_library, newest, listing).ranking]
    known = [day for day in dates if day is not None]
    assert len(dates) == len(shown)
    assert known == sorted(known, reverse=True)


def test_one_of_a_list_is_picked_by_what_it_is_about(
    shipped_library: Library, listing: tuple[Hit, ...]
) -> None:
    scope = Filters(scope=tuple(ids(listing)))
    plan = Plan("?", Intent.TITLE, "mobile phones", context=SERVING, filters=scope)
    assert len(found(shipped_library, plan, listing).subjects) == 1
    few = replace(plan, topic=SERVING, filters=Filters(scope=tuple(ids(listing)[:2])))
    assert set(ids(found(shipped_library, few, listing).subjects)) == set(ids(listing)[:2])
