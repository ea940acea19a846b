from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entries import Entry
from ingest.merge import MergeResult, merge_entries, merge_with_stored
from vectorstore.records import Paper, Source, paper_id_from_title


def entry(
    file: str = "a", title: str = "A Paper", abstract: str = "Text.", **details: object
) -> Entry:
    return Entry(title, abstract, Source(file, 1), **details)  # type: ignore[arg-type]


def paper(*files: str, title: str = "A Paper", abstract: str = "Text.", **details: object) -> Paper:
    sources = tuple(Source(file, 1) for file in files)
    paper_id = paper_id_from_title(title)
    return Paper(paper_id, title, abstract, sources=sources, **details)  # type: ignore[arg-type]


def test_nothing_to_merge() -> None:
    assert merge_entries([]) == MergeResult((), 0)


def test_papers_come_in_the_order_of_first_appearance() -> None:
    entries = [entry("b", "Zebras"), entry("c", "Apes"), entry("a", "zebras!")]
    assert merge_entries(entries) == MergeResult(
        (paper("a", "b", title="zebras!"), paper("c", title="Apes")), 1
    )


def test_every_detail_goes_into_the_paper() -> None:
    details = {
        "published": date(2024, 7, 2),
        "author_count": 2,
        "authors": ("Ada", "Bo"),
        "organization": "Apple",
        "comment_count": 3,
        "url": "https://example.org/paper",
    }
    assert merge_entries([entry(**details)]) == MergeResult((paper("a", **details),), 0)


OCTOBER = date(2024, 10, 24)


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        pytest.param(
            {"author_count": 4}, {"organization": "Apple"}, None, id="complete each other"
        ),
        pytest.param(
            {"comment_count": 1}, {"comment_count": 5}, {"comment_count": 5}, id="comments"
        ),
        pytest.param({"comment_count": 0}, {}, {"comment_count": 0}, id="no comments are a count"),
        pytest.param({"author_count": 4}, {"author_count": 5}, {"author_count": 5}, id="authors"),
        pytest.param({"abstract": "Text."}, {"abstract": "Longer text."}, None, id="longer text"),
        pytest.param({"abstract": "Tent."}, {"abstract": "Text."}, {"abstract": "Tent."}, id="tie"),
        pytest.param(
            {"title": "A PAPER"}, {"title": "A Paper"}, {"title": "A PAPER"}, id="title, tie"
        ),
        pytest.param(
            {"title": "A Paper"}, {"title": "A -- Paper"}, {"title": "A -- Paper"}, id="title"
        ),
        pytest.param({"published": OCTOBER}, {}, None, id="date"),
        pytest.param(
            {"published": OCTOBER},
            {"published": date(2023, 1, 1), "year_is_inferred": True},
            {"published": OCTOBER},
            id="printed date before inferred one",
        ),
        pytest.param(
            {"published": OCTOBER},
            {"published": date(2024, 10, 25)},
            {"published": OCTOBER},
            id="earlier date",
        ),
        pytest.param(
            {"published": OCTOBER, "year_is_inferred": True},
            {},
            {"published": OCTOBER},
            id="inferred date before none",
        ),
        pytest.param(
            {"published": OCTOBER, "year_is_inferred": True},
            {"published": date(2023, 10, 24), "year_is_inferred": True},
            {"published": OCTOBER},
            id="an inferred year can only be too early",
        ),
    ],
)
def test_differences(
    first: dict[str, object], second: dict[str, object], merged: dict[str, object] | None
) -> None:
    """Where `merged` is None, the second goes over the first."""
    expected = MergeResult((paper("a", "b", **(first | second if merged is None else merged)),), 1)
    assert merge_entries([entry("a", **first), entry("b", **second)]) == expected
    assert merge_entries([entry("b", **second), entry("a", **first)]) == expected


@pytest.mark.parametrize(
    ("stored", "fresh", "updated"),
    [
        pytest.param(
            paper("a", author_count=4),
            paper("a", author_count=4),
            paper("a", author_count=4),
            id="same again",
        ),
        pytest.param(
            paper("a", abstract="Long text."),
            paper("a", abstract="Edited."),
            paper("a", abstract="Edited."),
            id="edited",
        ),
        pytest.param(
            paper("a", title="A -- Paper"),
            paper("a", "b", title="A Paper", abstract="Edited."),
            paper("a", "b", title="A Paper", abstract="Edited."),
            id="edited, and another page",
        ),
        pytest.param(
            paper("a", author_count=4, comment_count=2, published=OCTOBER, organization="Apple"),
            paper("a", comment_count=0),
            paper("a", author_count=4, comment_count=0, published=OCTOBER, organization="Apple"),
            id="details stay where a new reading lacks them",
        ),
        pytest.param(
            paper("a", "b", abstract="Long text.", author_count=4, published=OCTOBER),
            paper("a", abstract="Short.", published=date(2023, 10, 24)),
            paper("a", "b", abstract="Long text.", author_count=4, published=OCTOBER),
            id="one of two pages again",
        ),
        pytest.param(
            paper("a", "b", abstract="Text."),
            paper("a", abstract="Longer text.", published=OCTOBER),
            paper("a", "b", abstract="Longer text.", published=OCTOBER),
            id="one of two pages again, with more in it",
        ),
        pytest.param(
            paper("b", comment_count=2),
            paper("a", abstract="Longer text.", author_count=4),
            paper("a", "b", abstract="Longer text.", author_count=4, comment_count=2),
            id="another page",
        ),
        pytest.param(
            paper("a", published=date(2022, 10, 24)),
            paper("b", published=OCTOBER),
            paper("a", "b", published=OCTOBER),
            id="another page corrects an inferred year",
        ),
        pytest.param(
            paper("a", published=OCTOBER),
            paper("b", published=date(2024, 10, 20)),
            paper("a", "b", published=date(2024, 10, 20)),
            id="another page has an earlier date",
        ),
    ],
)
def test_stored_paper(stored: Paper, fresh: Paper, updated: Paper) -> None:
    assert merge_with_stored(stored, fresh) == updated
    assert merge_with_stored(updated, fresh) == updated


def test_lines_of_a_file_read_anew_replace_the_old_ones() -> None:
    stored = replace(paper("a"), sources=(Source("a", 13), Source("b", 7)))
    fresh = replace(paper("a"), sources=(Source("a", 21),))
    expected = replace(paper("a"), sources=(Source("a", 21), Source("b", 7)))
    assert merge_with_stored(stored, fresh) == expected


def test_stored_id_stays() -> None:
    stored = replace(paper("a"), id="2407.01234")
    assert merge_with_stored(stored, paper("a")) == stored


COUNTS = st.none() | st.integers(0, 3)
ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(["A Paper", "A paper", "A -- Paper", "Another"]),
    abstract=st.sampled_from(["Text.", "Tent.", "Longer text."]),
    source=st.builds(Source, st.sampled_from("abcd"), st.integers(1, 3)),
    published=st.none() | st.dates(date(2023, 1, 1), date(2025, 1, 1)),
    year_is_inferred=st.booleans(),
    author_count=COUNTS,
    authors=st.sampled_from([(), ("Ada",), ("Ada", "Bo")]),
    organization=st.sampled_from([None, "Apple", "AI at Meta"]),
    comment_count=COUNTS,
    url=st.sampled_from([None, "https://example.org"]),
)


def by_id(result: MergeResult) -> dict[str, Paper]:
    return {p.id: p for p in result.papers}


@given(
    st.lists(ENTRIES, max_size=8).flatmap(lambda es: st.tuples(st.just(es), st.permutations(es)))
)
def test_order_of_entries_matters_only_to_order_of_papers(
    orders: tuple[list[Entry], list[Entry]],
) -> None:
    one, other = (merge_entries(entries) for entries in orders)
    assert by_id(one) == by_id(other)
    assert one.duplicates == other.duplicates == len(orders[0]) - len(one.papers)


@given(st.lists(ENTRIES, max_size=8), st.sets(st.sampled_from("abcd")))
def test_reading_any_of_the_files_again_changes_nothing(
    entries: list[Entry], files: set[str]
) -> None:
    stored = by_id(merge_entries(entries))
    again = merge_entries(e for e in entries if e.source.file in files).papers
    assert {p.id: merge_with_stored(stored[p.id], p) for p in again} == {
        p.id: stored[p.id] for p in again
    }


@given(st.lists(ENTRIES, max_size=8), st.permutations("abcd"))
def test_file_by_file_comes_to_the_same(entries: list[Entry], files: list[str]) -> None:
    # Dates apart: which of two was inferred is known only while they are merged together.
    dated = [replace(e, published=OCTOBER if e.published else None) for e in entries]
    stored: dict[str, Paper] = {}
    for file in files:
        for fresh in merge_entries(e for e in dated if e.source.file == file).papers:
            known = stored.get(fresh.id)
            stored[fresh.id] = merge_with_stored(known, fresh) if known else fresh
    assert stored == by_id(merge_entries(dated))
