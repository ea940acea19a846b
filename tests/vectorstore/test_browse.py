"""Papers by filters alone: which, in which order, and with what a composer needs of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from embedders import WordEmbedder

from vectorstore.browse import browse
from vectorstore.coverage import Coverage
from vectorstore.embedding import Embedder
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.library import Library
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit, Source, Span
from vectorstore.search import SearchResult

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

ONE, TWO = (Source("/pages/page-1.txt", 3),), (Source("/pages/page-2.txt", 3),)
PAPERS = (
    Paper("a", "Looms", "Looms weave.", date(2024, 1, 1), 2, comment_count=5, sources=ONE),
    Paper("b", "Kilns", "Kilns burn.", None, 2, organization="Brick Works", sources=ONE),
    Paper("c", "Ovens", "Ovens bake.", date(2025, 6, 1), 9, comment_count=7, sources=TWO),
    Paper("d", "Wheels", "Wheels turn.", date(2024, 1, 1), comment_count=0, sources=TWO),
    Paper("e", "Jars", "Jars break.", date(2023, 12, 31), 1, organization="brick house"),
)
JANUARY = Filters(published_from=date(2024, 1, 1), published_to=date(2024, 1, 31))


def ids(result: SearchResult) -> str:
    return "".join(hit.paper.id for hit in result.hits)


# Filters, a limit, what is found, and what is told of the filters.
CASES = (
    # The newest first, those of a day as they came, undated ones last.
    (Filters(), 9, "cadeb", FilterReport(5)),
    (Filters(order=Order.NEWEST), 9, "cadeb", FilterReport(5)),
    (Filters(order=Order.OLDEST), 9, "eadcb", FilterReport(5)),
    (Filters(order=Order.DISCUSSED), 9, "cadbe", FilterReport(5)),
    # The report counts all papers, however many are asked for.
    (Filters(), 2, "ca", FilterReport(5)),
    (Filters(), 0, "", FilterReport(5)),
    (JANUARY, 9, "ad", FilterReport(2, undated=1)),
    (JANUARY, 1, "a", FilterReport(2, undated=1)),
    (Filters(published_from=date(2026, 1, 1)), 9, "", FilterReport(0, undated=1)),
    (Filters(organization="brick"), 9, "eb", FilterReport(2)),
    (Filters(min_authors=2, max_authors=2), 9, "ab", FilterReport(2)),
    (Filters(source="PAGE-2"), 9, "cd", FilterReport(2)),
    (Filters(scope=("b", "d", "unknown")), 9, "db", FilterReport(2)),
    (Filters(scope=("unknown",)), 9, "", FilterReport(0)),
)


@pytest.mark.parametrize("resident_papers", [5, 4], ids=["small library", "large library"])
def test_papers_that_filters_let_through(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch, resident_papers: int
) -> None:
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", resident_papers)
    library = make_library(PAPERS, WordEmbedder())
    assert (library.snapshot().block is None) == (resident_papers < len(PAPERS))
    results = [browse(library, limit, filters) for filters, limit, _, _ in CASES]
    expected = [(found, report) for _, _, found, report in CASES]
    assert [(ids(result), result.filtered) for result in results] == expected
    assert {result.coverage for result in results} == {Coverage(answerability=1.0)}
    assert {result.corrections for result in results} == {()}


def test_a_hit_is_judged_by_nothing_and_its_sentences_by_its_abstract(
    make_library: MakeLibrary,
) -> None:
    paper = Paper("f", "Jugs", "Jugs hold water. Jugs pour. None of that.", date(2024, 5, 1))

    library = make_library((*PAPERS, paper), WordEmbedder(token_dimension=16))
    [_, hit] = browse(library, 9, Filters(scope=("c", "f"))).hits
    whole, *parts = [
        library.embedder.embed_question(text).pooled
        for text in (paper.abstract, "Jugs hold water.", "Jugs pour.", "None of that.")
    ]
    spans = (Span(0, 16), Span(17, 27), Span(28, 41))
    similarities = [pytest.approx(float(part @ whole), abs=0.01) for part in parts]
    assert hit == Hit(
        paper,
        relevance=1.0,
        fused=1.0,
        parts=ScoreParts(0.0),
        sentences=tuple(map(SentenceHit, spans, similarities)),
    )


def test_paper_without_an_abstract(make_library: MakeLibrary) -> None:
    paper = Paper("f", "Jugs", "")
    library = make_library((paper,), WordEmbedder())
    assert browse(library, 9, Filters()).hits == (Hit(paper, 1.0, 1.0, ScoreParts(0.0)),)


@pytest.mark.parametrize("papers", [(), PAPERS], ids=["no papers", "papers that wait"])
def test_nothing_is_indexed(make_library: MakeLibrary, papers: Sequence[Paper]) -> None:
    library = make_library((), WordEmbedder())
    library.add(papers)
    expected = SearchResult((), filtered=FilterReport(0), coverage=Coverage(answerability=1.0))
    assert browse(library, 9, Filters()) == expected


def test_newest_of_the_shipped_papers(shipped_library: Library) -> None:
    papers = list(shipped_library.catalog.papers().values())
    expected = sorted(papers, key=lambda paper: paper.published or date.min, reverse=True)[:60]
    result = browse(shipped_library, 60, Filters())
    assert [hit.paper for hit in result.hits] == expected
    sentences = [sentence for hit in result.hits for sentence in hit.sentences]
    assert all(-1 <= sentence.similarity <= 1.001 for sentence in sentences)
    assert all(max(s.similarity for s in hit.sentences) > 0.5 for hit in result.hits)
