"""The five pages in data/daily-papers, against what a person reads on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from contents import content
from embedders import WordEmbedder

from ingest.entries import Entry, Skipped
from ingest.files import read_entries
from ingest.ingesting import ingest_paths
from ingest.readers.listing_pages import ListingPages
from ingest.works import merge_entries
from vectorstore.library import open_library
from vectorstore.records import Paper, Source, paper_id_from_title

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
PAGE_NAMES = (
    "000_1c38a8b04bb44470.txt",
    "001_8b183606ac6afd4d.txt",
    "002_be41ea643e2a6427.txt",
    "003_4b94c3061542a440.txt",
    "004_e7eb8e856afb9210.txt",
)


def file_of(page: int) -> str:
    return str(PAGES / PAGE_NAMES[page])


def line_of(page: int, number: int) -> str:
    return (PAGES / PAGE_NAMES[page]).read_text("utf-8").split("\n")[number - 1]


@pytest.fixture(scope="module")
def readings() -> tuple[Entry | Skipped, ...]:
    return tuple(read_entries([PAGES]))


@pytest.fixture(scope="module")
def merged(readings: tuple[Entry | Skipped, ...]) -> tuple[Paper, ...]:
    return merge_entries(reading for reading in readings if isinstance(reading, Entry))


def test_every_entry_is_read(readings: tuple[Entry | Skipped, ...]) -> None:
    assert [reading for reading in readings if isinstance(reading, Skipped)] == []
    per_page = [sum(r.source.file == file_of(n) for r in readings) for n in range(5)]
    assert per_page == [58, 89, 115, 58, 109]


def test_totals(merged: tuple[Paper, ...]) -> None:
    papers = merged
    assert len(papers) == 365
    assert sum(len({source.file for source in p.sources}) > 1 for p in papers) == 52
    assert sum(p.published is not None for p in papers) == 283
    assert sum(p.author_count is not None for p in papers) == 273
    assert [p.organization for p in papers if p.organization] == [
        "Apple",
        "Google",
        "Parameter Lab",
        "Patronus AI",
        "Fortytwo",
        "AI at Meta",
        "Dracodes",
        "Apple",
        "Dracodes",
        "Cogint ASU",
    ]


def test_texts_stand_on_the_page_exactly_so(readings: tuple[Entry | Skipped, ...]) -> None:
    lines = {file_of(n): (PAGES / PAGE_NAMES[n]).read_text("utf-8").split("\n") for n in range(5)}
    entries = [reading for reading in readings if isinstance(reading, Entry)]
    printed = [lines[e.source.file][e.source.line - 1 : e.source.line + 2] for e in entries]
    assert [[e.title, "", e.abstract] for e in entries] == printed


@pytest.mark.parametrize(
    ("page", "line", "title", "details"),
    [
        pytest.param(
            0,
            13,
            "PLeaS -- Merging Models with Permutations and Least Squares",
            {"published": date(2024, 7, 2), "author_count": 4},
            id="first",
        ),
        pytest.param(
            0,
            461,
            "Efficient Long-context Language Model Training by Core Attention Disaggregation",
            {
                "published": date(2025, 10, 20),
                "year_is_inferred": True,
                "author_count": 9,
                "comment_count": 5,
            },
            id="last, of the page's own year",
        ),
        pytest.param(
            0,
            61,
            "Rethinking JEPA: Compute-Efficient Video SSL with Frozen Teachers",
            {
                "published": date(2025, 9, 29),
                "year_is_inferred": True,
                "organization": "Apple",
                "comment_count": 2,
            },
            id="organisation",
        ),
        pytest.param(
            3,
            297,
            "The Art of Scaling Reinforcement Learning Compute for LLMs",
            {"published": date(2025, 10, 15), "organization": "AI at Meta", "comment_count": 2},
            id="organisation of several words",
        ),
        pytest.param(
            2,
            677,
            "Fortytwo: Swarm Inference with Peer-Ranked Consensus",
            {
                "published": date(2025, 10, 27),
                "year_is_inferred": True,
                "organization": "Fortytwo",
                "comment_count": 1,
            },
            id="handle with a hyphen",
        ),
        pytest.param(
            3,
            13,
            "SSA: Sparse Sparse Attention by Aligning Full and Sparse Attention Outputs in Feature "
            "Space",
            {"published": date(2025, 11, 25), "author_count": 7, "comment_count": 3},
            id="year and comments",
        ),
        pytest.param(
            1,
            315,
            "Balancing Computational Efficiency and Forecast Error in Machine Learning-based "
            "Time-Series Forecasting: Insights from Live Experiments on Meteorological Nowcasting",
            {},
            id="164 characters, on the page without tails",
        ),
        pytest.param(
            4,
            349,
            "The Architecture Tradeoff and Risk Analysis Framework (ATRAF): A Unified Approach for "
            "Evaluating Software Architectures, Reference Architectures, and Architectural "
            "Frameworks",
            {
                "published": date(2025, 5, 1),
                "year_is_inferred": True,
                "organization": "Dracodes",
                "comment_count": 1,
            },
            id="174 characters",
        ),
        pytest.param(
            2,
            917,
            "Agent Data Protocol: Unifying Datasets for Diverse, Effective Fine-tuning of LLM "
            "Agents",
            {},
            id="no tail at the end of a page",
        ),
    ],
)
def test_entry(
    readings: tuple[Entry | Skipped, ...],
    page: int,
    line: int,
    title: str,
    details: dict[str, object],
) -> None:
    source = Source(file_of(page), line)
    found = [r for r in readings if isinstance(r, Entry) and r.source == source]
    assert found == [Entry(title, line_of(page, line + 2), source, **details)]  # type: ignore[arg-type]


def test_paper_of_three_pages(merged: tuple[Paper, ...]) -> None:
    title = "Tilus: A Virtual Machine for Arbitrary Low-Precision GPGPU Computation in LLM Serving"
    paper_id = paper_id_from_title(title)
    assert [paper for paper in merged if paper.id == paper_id] == [
        Paper(
            id=paper_id,
            title=title,
            abstract=line_of(0, 267),
            published=date(2025, 4, 17),
            author_count=8,
            sources=(Source(file_of(0), 265), Source(file_of(3), 201), Source(file_of(4), 585)),
            language="en",
        )
    ]


def test_inferred_years_agree_with_printed_ones(readings: tuple[Entry | Skipped, ...]) -> None:
    entries = [reading for reading in readings if isinstance(reading, Entry) and reading.published]
    printed = {e.title: e.published for e in entries if not e.year_is_inferred}
    inferred = {e.title: e.published for e in entries if e.year_is_inferred}
    both = printed.keys() & inferred.keys()
    assert len(both) == 11
    assert {title: inferred[title] for title in both} == {title: printed[title] for title in both}


def test_page_by_page_comes_to_the_same(merged: tuple[Paper, ...], tmp_path: Path) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        for name in reversed(PAGE_NAMES):
            ingest_paths(library, [PAGES / name])
        assert library.catalog.papers() == {paper.id: paper for paper in merged}
        for name in PAGE_NAMES:
            again = ingest_paths(library, [PAGES / name])
            assert (again.new, again.updated) == (0, 0)
        assert library.catalog.papers() == {paper.id: paper for paper in merged}


@pytest.mark.parametrize("lost", ["title", "abstract"])
@pytest.mark.parametrize("page", range(5))
def test_lost_text_costs_its_own_entry_only(
    readings: tuple[Entry | Skipped, ...], page: int, lost: str
) -> None:
    """Take one title or abstract after another out of a page."""
    lines = (PAGES / PAGE_NAMES[page]).read_text("utf-8").split("\n")
    entries = [r for r in readings if isinstance(r, Entry) and r.source.file == file_of(page)]
    for entry in entries:
        line = entry.source.line - 1 + (2 if lost == "abstract" else 0)
        damaged = "\n".join([*lines[:line], *lines[line + 1 :]])
        found = list(ListingPages().read(content(damaged, PAGE_NAMES[page])))
        titles = [reading.title for reading in found if isinstance(reading, Entry)]
        assert titles == [other.title for other in entries if other is not entry]
        assert sum(isinstance(reading, Skipped) for reading in found) == 1
