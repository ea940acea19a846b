"""What search keeps of every paper: which ones filters let through, their order, their cosines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.catalog import OverviewRow
from vectorstore.compact_vectors import from_int8, to_int8
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.paper_index import PaperIndex, make_index

WHOLE = to_int8(np.array([[0.6, 0.8]], np.float32))


def sources(*files: str) -> str:
    return json.dumps([[file, 3] for file in files])


ONE, TWO = "/pages/Page-1.txt", "/pages/page-2.txt"
ROWS = (
    OverviewRow(2, "a", "Title a", WHOLE, "2024-01-01", 1, "Nvidia", 10, sources(ONE)),
    OverviewRow(3, "b", "Title b", WHOLE, "2024-06-30", 5, "NVIDIA Research", None, sources(TWO)),
    OverviewRow(5, "c", "Title c", WHOLE, None, 5, None, 0, sources(ONE, TWO)),
    OverviewRow(9, "d", "Title d", WHOLE, "2025-01-01", None, "Apple", 3, sources(TWO)),
)


@pytest.fixture(scope="module")
def index() -> PaperIndex:
    return make_index(ROWS, 2)


def ids(index: PaperIndex, rows: Sequence[int] | np.ndarray) -> str:
    by_row = {row: paper_id for paper_id, row in index.row_by_id.items()}
    return "".join(by_row[int(row)] for row in rows)


JUNE = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("filters", "matching", "undated"),
    [
        (Filters(), "abcd", 0),
        (Filters(order=Order.NEWEST), "abcd", 0),
        (Filters(published_from=JUNE), "bd", 1),
        (Filters(published_from=date(2024, 7, 1)), "d", 1),
        (Filters(published_to=JUNE), "ab", 1),
        (Filters(published_to=date(2024, 6, 29)), "a", 1),
        (Filters(published_from=JUNE, published_to=JUNE), "b", 1),
        (Filters(published_from=date(2025, 1, 1), published_to=JUNE), "", 1),
        (Filters(published_from=date.min, published_to=date.max), "abd", 1),
        (Filters(organization="nvidia"), "ab", 0),
        (Filters(organization="NVIDIA R"), "b", 0),
        (Filters(organization="Google"), "", 0),
        (Filters(min_authors=5), "bc", 0),
        (Filters(max_authors=5), "abc", 0),
        (Filters(min_authors=5, max_authors=5), "bc", 0),
        (Filters(min_authors=2, max_authors=4), "", 0),
        (Filters(max_authors=1), "a", 0),
        (Filters(max_authors=0), "", 0),
        # A number that is not known is no number at all.
        (Filters(min_authors=0), "abc", 0),
        (Filters(min_authors=-5), "abc", 0),
        (Filters(max_authors=-1), "", 0),
        (Filters(source="PAGE-1"), "ac", 0),
        (Filters(source="page-2.TXT"), "bcd", 0),
        (Filters(source="page-3"), "", 0),
        # Only those count as left out for their date that all other filters let through.
        (Filters(source="page-1", published_from=date(2025, 1, 1)), "", 1),
        (Filters(organization="nvidia", published_from=JUNE), "b", 0),
        (Filters(min_authors=5, published_to=JUNE, source="page-2"), "b", 1),
    ],
    ids=str,
)
def test_filters(index: PaperIndex, filters: Filters, matching: str, undated: int) -> None:
    rows, report = index.matching(filters)
    assert ids(index, rows) == matching
    assert report == FilterReport(len(matching), undated)


@pytest.mark.parametrize(
    ("scope", "filters", "matching", "undated"),
    [
        (["d", "a", "a", "unknown"], Filters(), "ad", 0),
        (["unknown"], Filters(), "", 0),
        (["d", "a"], Filters(published_from=JUNE), "d", 0),
        (["c", "d"], Filters(published_from=JUNE), "d", 1),
        (["a"], Filters(organization="apple"), "", 0),
        (["unknown"], Filters(organization="apple"), "", 0),
    ],
)
def test_scope(
    index: PaperIndex, scope: list[str], filters: Filters, matching: str, undated: int
) -> None:
    rows, report = index.matching(replace(filters, scope=tuple(scope)))
    assert ids(index, rows) == matching
    assert report == FilterReport(len(matching), undated)


@pytest.mark.parametrize(
    ("named", "filters", "matching", "undated"),
    [
        ({2, 5, 77}, Filters(author="x"), "ac", 0),
        (set(), Filters(author="x"), "", 0),
        ({2, 5}, Filters(author="x", published_from=date(2024, 1, 1)), "a", 1),
        ({2, 9}, Filters(author="x", organization="apple"), "d", 0),
        ({2, 9}, Filters(author="x", scope=("a", "b")), "a", 0),
    ],
)
def test_papers_that_match_by_name(
    index: PaperIndex, named: set[int], filters: Filters, matching: str, undated: int
) -> None:
    rows, report = index.matching(filters, index.mask_of(named))
    assert ids(index, rows) == matching
    assert report == FilterReport(len(matching), undated)


DATES = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 5))
NUMBERS = st.none() | st.integers(0, 3)
NAMES = st.sampled_from(["", "Acme", "acme labs", "Labs"])


@st.composite
def any_row(draw: st.DrawFn) -> OverviewRow:
    published = draw(DATES)
    return OverviewRow(
        number=0,
        paper_id="",
        title="",
        whole=WHOLE,
        published=published.isoformat() if published else None,
        author_count=draw(NUMBERS),
        organization=draw(st.none() | NAMES),
        comment_count=draw(NUMBERS),
        sources=sources(*draw(st.lists(NAMES, max_size=2))),
    )


def within(value: Any, first: Any, last: Any) -> bool:
    """Tell whether a value that may be unknown is in a range that may have one end or none."""
    if first is None and last is None:
        return True
    return (
        value is not None and (first is None or first <= value) and (last is None or value <= last)
    )


def date_matches(filters: Filters, row: OverviewRow) -> bool:
    published = date.fromisoformat(row.published) if row.published else None
    return within(published, filters.published_from, filters.published_to)


def rest_matches(filters: Filters, row: OverviewRow) -> bool:
    files = [file.lower() for file, _ in json.loads(row.sources)]
    return (
        within(row.author_count, filters.min_authors, filters.max_authors)
        and filters.organization.lower() in (row.organization or "").lower()
        and (not filters.source or any(filters.source.lower() in file for file in files))
    )


@given(
    rows=st.lists(any_row(), max_size=8),
    filters=st.builds(
        Filters,
        published_from=DATES,
        published_to=DATES,
        organization=NAMES,
        min_authors=NUMBERS,
        max_authors=NUMBERS,
        source=NAMES,
    ),
)
def test_any_filters(rows: list[OverviewRow], filters: Filters) -> None:
    found, report = make_index(rows, 2).matching(filters)
    matching = [row for row in rows if rest_matches(filters, row)]
    assert [rows[at] for at in found] == [row for row in matching if date_matches(filters, row)]
    undated = [row for row in matching if row.published is None]
    assert report == FilterReport(len(found), len(undated) if filters.by_date else 0)


@pytest.mark.parametrize(
    ("order", "first_to_last"),
    [
        (Order.RELEVANCE, "abcd"),
        (Order.NEWEST, "dbac"),
        (Order.OLDEST, "abdc"),
        (Order.DISCUSSED, "adcb"),
    ],
)
def test_orders(index: PaperIndex, order: Order, first_to_last: str) -> None:
    rows = np.arange(4)
    assert ids(index, np.argsort(index.order_keys(order, rows), kind="stable")) == first_to_last
    # Of rows that are not all, those keys.
    some = np.array([3, 0])
    expected = index.order_keys(order, rows)[some]
    assert index.order_keys(order, some).tolist() == expected.tolist()


@given(
    seed=st.integers(0, 2**32 - 1),
    papers=st.integers(1, 12),
    block_rows=st.integers(1, 13),
    data=st.data(),
)
def test_similarities_are_those_of_the_stored_vectors(
    seed: int, papers: int, block_rows: int, data: st.DataObject
) -> None:
    random = np.random.default_rng(seed)
    stored = [random.integers(-127, 128, 6).astype(np.int8).tobytes() for _ in range(papers)]
    stored[0] = bytes(6)  # of a paper without a word
    rows = [OverviewRow(n, str(n), "", stored[n], *[None] * 4, "[]") for n in range(papers)]
    asked = random.normal(size=6).astype(np.float32)
    wanted = np.array(data.draw(st.lists(st.integers(0, papers - 1))), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vectorstore.abstract_vectors.BLOCK_ROWS", block_rows)
        found = make_index(rows, 6).similarities(asked, wanted)
    expected = from_int8(b"".join(stored), 6)[wanted] @ asked
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("numbers", "papers"),
    [([2, 9], "ad"), ([9, 5, 2], "dca"), ([1, 4, 10], ""), ([3, 4, 3], "bb"), ([], "")],
)
def test_rows_of_numbers(index: PaperIndex, numbers: list[int], papers: str) -> None:
    assert ids(index, index.rows_of(numbers)) == papers
    assert ids(index, index.rows_of(np.array(numbers, np.int64))) == papers


@pytest.mark.parametrize(
    ("asked", "papers"), [(["d", "a", "d"], "ad"), (["unknown", "c"], "c"), ([], "")]
)
def test_rows_of_ids(index: PaperIndex, asked: list[str], papers: str) -> None:
    assert ids(index, index.rows_of_ids(iter(asked))) == papers


def test_no_papers() -> None:
    index = make_index([], 2)
    rows, report = index.matching(Filters(published_from=JUNE))
    assert (len(index), rows.tolist(), report) == (0, [], FilterReport(0))
    assert index.similarities(np.ones(2, np.float32), rows).shape == (0,)
    assert index.rows_of([1]).tolist() == []


def test_titles(index: PaperIndex) -> None:
    assert (len(index), index.titles) == (4, ("Title a", "Title b", "Title c", "Title d"))
