"""Papers by their authors, categories and venues, in a real catalog and wherever it is searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from embedders import WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.browse import browse
from vectorstore.embedding import Embedder
from vectorstore.filters import FilterReport, Filters
from vectorstore.library import Library
from vectorstore.name_filters import NameKind, has_names, is_known, matching
from vectorstore.records import Paper
from vectorstore.search import search
from vectorstore.search_by_author import with_papers_by_author

DAY = date(2024, 7, 2)
PAPERS = (
    Paper("a", "Bread", "Dough rises.", DAY, authors=("Alice Baker", "Bo Li"), venue="ICML 2024"),
    Paper("b", "Soup", "Soup rises.", authors=("Bo Baker", "Alice Li"), categories=("cs.CL",)),
    Paper("c", "Rice", "Rice swells.", DAY, authors=("Nguyễn Thị Hoa", "A. Baker")),
    Paper("d", "Cake", "Cake sinks.", DAY, categories=("stat.ML", "cs.LG"), venue="Bread Science"),
)


@pytest.fixture
def library(make_library: Callable[[Sequence[Paper], Embedder], Library]) -> Library:
    return make_library(PAPERS, WordEmbedder())


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(author="baker"), "abc"),
        (Filters(author="ALICE BAKER"), "ac"),
        (Filters(author="Baker, Alice"), "ac"),
        (Filters(author="A. Baker"), "ac"),
        (Filters(author="Bo Li"), "a"),
        (Filters(author="nguyen"), "c"),
        (Filters(author="Thị Nguyễn"), "c"),
        (Filters(author="bak"), ""),
        (Filters(author="?"), ""),
        (Filters(author='" OR *'), ""),
        (Filters(category="cs"), "bd"),
        (Filters(category="CS.CL"), "b"),
        (Filters(category="ml.cs"), ""),
        (Filters(venue="icml"), "a"),
        (Filters(venue="science"), "d"),
        (Filters(author="cs.CL"), ""),
        (Filters(author="baker", category="cs"), "b"),
        (Filters(category="cs", venue="bread"), "d"),
    ],
    ids=str,
)
def test_filters(library: Library, filters: Filters, ids: str) -> None:
    found = browse(library, 9, filters)
    assert sorted(hit.paper.id for hit in found.hits) == sorted(ids)
    assert found.filtered == FilterReport(len(ids))
    searched = search(library, "what rises?", 9, filters)
    assert {hit.paper.id for hit in searched.hits} <= set(ids)
    assert searched.filtered == FilterReport(len(ids))


def test_nothing_is_asked_for(library: Library) -> None:
    index = library.snapshot().index
    rows, report = matching(
        library.catalog.file, index, Filters(author=" ", venue="", category=" ")
    )
    assert rows.tolist() == list(range(len(index)))
    assert report == FilterReport(len(index))


def test_undated_papers_that_match_are_told(library: Library) -> None:
    found = browse(library, 9, Filters(author="baker", published_from=DAY))
    assert [hit.paper.id for hit in found.hits] == ["a", "c"]
    assert found.filtered == FilterReport(2, undated=1)


@pytest.mark.parametrize(
    ("kind", "name", "whole", "known"),
    [
        (NameKind.AUTHOR, "Alice Baker", True, True),
        (NameKind.AUTHOR, "Alice Cook", True, False),
        (NameKind.CATEGORY, "cs.CL", True, True),
        (NameKind.CATEGORY, "cs", True, False),
        (NameKind.CATEGORY, "cs", False, True),
        (NameKind.VENUE, "ICML", True, True),
        (NameKind.VENUE, "science", True, False),
        (NameKind.VENUE, "science", False, True),
        (NameKind.VENUE, "scien", False, False),
        (NameKind.VENUE, "", False, False),
    ],
)
def test_known_names(library: Library, kind: NameKind, name: str, whole: bool, known: bool) -> None:
    assert is_known(library.catalog.file, kind, name, whole=whole) is known


NAMES = st.text(max_size=30) | st.sampled_from(["baker", "A. Baker", "Li, Alice", "cs", "bread"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(Filters, author=NAMES, category=NAMES, venue=NAMES))
def test_the_index_of_names_tells_what_the_names_do(library: Library, filters: Filters) -> None:
    found = browse(library, 9, filters)
    expected = {paper.id for paper in PAPERS if has_names(paper, filters)}
    assert {hit.paper.id for hit in found.hits} == expected


@pytest.mark.parametrize(
    ("query", "filters", "limit", "first"),
    [
        ("Alice Baker", None, 9, "ac"),
        ("baker, alice", None, 9, "ac"),
        ("Alice Baker", None, 1, "a"),
        ("Alice Baker", Filters(organization="x"), 9, ""),
        ("Alice Baker", Filters(author="Bo Li"), 9, ""),
        ("baker", None, 9, ""),
        ("Alice Cook", None, 9, ""),
        ("Alice Baker on bread", None, 9, ""),
    ],
)
def test_an_author_that_is_searched_for(
    library: Library, query: str, filters: Filters | None, limit: int, first: str
) -> None:
    found = search(library, query, limit, filters)
    with_authors = with_papers_by_author(library, query, limit, filters, found)
    if not first:
        assert with_authors == found
        return
    ids = [hit.paper.id for hit in with_authors.hits]
    others = [hit.paper.id for hit in found.hits if hit.paper.id not in first]
    assert ids == [*first, *others][:limit]
    assert with_authors.answerability == 1.0
