"""In which words a filter that leaves a paper out is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from embedders import WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.explaining.filter_obstacles import filter_obstacles
from vectorstore.embedding import Embedder
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper, Source

KNOWN = Paper(
    id="known",
    title="Known",
    abstract="All is known.",
    published=date(2024, 6, 5),
    author_count=3,
    organization="Kitchen Lab",
    authors=("Alice Baker", "Bo Li"),
    categories=("cs.CL", "stat.ML"),
    venue="Bread Science",
    sources=(Source("page-3.txt", 7),),
)
UNKNOWN = Paper(id="unknown", title="Unknown", abstract="Nothing is.", sources=KNOWN.sources)
ALONE = Paper(id="alone", title="Alone", abstract="By one author.", author_count=1)
NO_DATE = "it has no date, and a range of dates leaves such papers out"
NO_COUNT = "how many authors it has is not known"


@pytest.fixture
def index(make_library: Callable[[Sequence[Paper], Embedder], Library]) -> PaperIndex:
    return make_library([KNOWN, UNKNOWN, ALONE], WordEmbedder()).snapshot().index


CASES: list[tuple[Paper, Filters, tuple[str, ...]]] = [
    (KNOWN, Filters(), ()),
    (KNOWN, Filters(order=Order.NEWEST), ()),
    (KNOWN, Filters(date(2024, 6, 5), date(2024, 6, 5), "kitchen", 3, 3, "PAGE-3"), ()),
    (
        KNOWN,
        Filters(published_from=date(2025, 1, 1)),
        ("it is of 2024-06-05, before 2025-01-01",),
    ),
    (KNOWN, Filters(published_to=date(2023, 12, 31)), ("it is of 2024-06-05, after 2023-12-31",)),
    (
        KNOWN,
        Filters(organization="bakery", source="page-4"),
        (
            "its organisation is “Kitchen Lab”, without “bakery” in it",
            "no file that lists it has “page-4” in its name",
        ),
    ),
    (KNOWN, Filters(min_authors=4), ("it has 3 authors, fewer than 4",)),
    (KNOWN, Filters(max_authors=2), ("it has 3 authors, more than 2",)),
    (ALONE, Filters(min_authors=2), ("it has 1 author, fewer than 2",)),
    (UNKNOWN, Filters(published_from=date(2020, 1, 1)), (NO_DATE,)),
    (UNKNOWN, Filters(date(2020, 1, 1), date(2030, 1, 1)), (NO_DATE,)),
    (UNKNOWN, Filters(organization="kitchen"), ("its organisation is not known",)),
    (KNOWN, Filters(author="a. baker", category="cs", venue="bread"), ()),
    (
        KNOWN,
        Filters(author="Alice Li", category="cs.CV", venue="soup"),
        (
            "none of its authors is called “Alice Li”",
            "it is in cs.CL, stat.ML, not in “cs.CV”",
            "it was published in “Bread Science”, without “soup” in it",
        ),
    ),
    (
        UNKNOWN,
        Filters(author="baker", category="cs.CL", venue="bread"),
        (
            "its authors are not known",
            "its categories are not known",
            "where it was published is not known",
        ),
    ),
    (UNKNOWN, Filters(min_authors=1, max_authors=9), (NO_COUNT,)),
]


@pytest.mark.parametrize(("paper", "filters", "obstacles"), CASES)
def test_obstacles(
    index: PaperIndex, paper: Paper, filters: Filters, obstacles: tuple[str, ...]
) -> None:
    assert filter_obstacles(index, paper, filters) == obstacles


years = st.none() | st.integers(2023, 2025).map(lambda year: date(year, 6, 5))
counts = st.none() | st.integers(1, 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([KNOWN, UNKNOWN, ALONE]),
    st.builds(
        Filters,
        published_from=years,
        published_to=years,
        organization=st.sampled_from(["", "lab", "x"]),
        min_authors=counts,
        max_authors=counts,
        source=st.sampled_from(["", "page", "x"]),
    ),
)
def test_there_is_an_obstacle_just_where_the_index_leaves_a_paper_out(
    index: PaperIndex, paper: Paper, filters: Filters
) -> None:
    rows, _ = index.matching(replace(filters, scope=(paper.id,)))
    assert bool(filter_obstacles(index, paper, filters)) == (len(rows) == 0)
