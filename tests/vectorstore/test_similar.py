"""More like this: the nearest abstracts, and why each is near."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from embedders import WordEmbedder

from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper, Span
from vectorstore.similar import SimilarPaper, similar_papers

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

# Counted as words, abstracts alone: a and b share two words of four each, a and c one.
PAPERS = (
    Paper("a", "Bread", "Dough rises in ovens."),
    Paper("b", "Buns", "Salt helps. Dough rises."),
    Paper("c", "Cakes", "Sugar in cream melts."),
    Paper("d", "Soup", "Broth simmers."),
)


@pytest.fixture
def library(make_library: MakeLibrary) -> Library:
    return make_library(PAPERS, WordEmbedder(dimension=4096))


def test_nearest_first(library: Library) -> None:
    found = similar_papers(library, "a", 9)
    assert found == (
        SimilarPaper(PAPERS[1], pytest.approx(0.5, abs=0.01), Span(12, 24)),
        SimilarPaper(PAPERS[2], pytest.approx(0.25, abs=0.01), Span(0, 21)),
        SimilarPaper(PAPERS[3], 0.0, Span(0, 14)),
    )
    assert similar_papers(library, "a", 1) == found[:1]
    assert similar_papers(library, "a", 0) == ()


def test_papers_without_any(library: Library) -> None:
    assert similar_papers(library, "unknown", 9) == ()
    library.add([Paper("a", "Bread", "Dough rests.")])
    assert similar_papers(library, "a", 9) == ()  # it waits to be indexed
    assert [found.paper.id for found in similar_papers(library, "b", 9)] == ["c", "d"]


def test_paper_without_a_sentence(make_library: MakeLibrary) -> None:
    library = make_library([PAPERS[0], Paper("e", "Empty", "")], WordEmbedder())
    assert similar_papers(library, "a", 9) == (SimilarPaper(Paper("e", "Empty", ""), 0.0, None),)
    assert similar_papers(library, "e", 9) == (SimilarPaper(PAPERS[0], 0.0, Span(0, 21)),)


def test_one_paper_alone(make_library: MakeLibrary) -> None:
    assert similar_papers(make_library(PAPERS[:1], WordEmbedder()), "a", 9) == ()


def test_shipped_papers(shipped_library: Library) -> None:
    for paper in list(shipped_library.catalog.papers().values())[:20]:
        found = similar_papers(shipped_library, paper.id, 5)
        assert len({found.paper.id for found in found} - {paper.id}) == 5
        similarities = [one.similarity for one in found]
        assert similarities == sorted(similarities, reverse=True)
        assert 1 > similarities[0] > 0.3
