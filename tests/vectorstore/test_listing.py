"""The table of papers: which are listed, in which order, and what its filters offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from embedders import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.listing import ListedPapers, ListingQuery, Sort, list_papers
from vectorstore.listing_facets import MarkCount, MonthCount, NameCount, PaperMark
from vectorstore.records import Paper

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

PAPERS = (
    Paper("a", "Bread", "Dough rises.", date(2024, 7, 2), 4, organization="Levain"),
    Paper("b", "“Aroma” of Soup", "Broth simmers.", date(2023, 12, 31), 2, ("Zoë O'Neill",)),
    Paper("c", "étude of Rice", "Rice swells.", None, None, organization="LEVAIN"),
    Paper("d", "bread again", "Crumbs are left.", date(2024, 7, 30), 2, organization="Oven & Co"),
    Paper("e", "Cake", "It rises too.", date(2025, 1, 1), 11, ("Ann Breadmaker", "Bo Li")),
)


@pytest.fixture
def library(make_library: MakeLibrary) -> Library:
    return make_library(PAPERS, WordEmbedder())


def listed(library: Library, query: ListingQuery) -> str:
    found = list_papers(library, query)
    assert found.total == len(found.papers)
    return "".join(paper.id for paper in found.papers)


def test_all_that_is_listed(library: Library) -> None:
    assert list_papers(library, ListingQuery()) == ListedPapers(
        total=5,
        papers=tuple(PAPERS["abcde".index(name)] for name in "edabc"),
        organizations=(NameCount("Levain", 2), NameCount("Oven & Co", 1)),
        months=(MonthCount(2025, 1, 1), MonthCount(2024, 7, 2), MonthCount(2023, 12, 1)),
        authors=(
            NameCount("Zoë O'Neill", 1),
            NameCount("Ann Breadmaker", 1),
            NameCount("Bo Li", 1),
        ),
    )


def test_empty_library(make_library: MakeLibrary) -> None:
    library = make_library([], WordEmbedder())
    for text in ("", "bread", "!"):
        assert list_papers(library, ListingQuery(text)) == ListedPapers(0, ())


@pytest.mark.parametrize(
    ("sort", "rising", "falling"),
    [
        (Sort.PUBLISHED, "badec", "edabc"),
        (Sort.AUTHORS, "bdaec", "eabdc"),
        (Sort.TITLE, "badec", "cedab"),
        (Sort.ORGANIZATION, "acdbe", "dacbe"),
        (Sort.ADDED, "abcde", "edcba"),
    ],
)
def test_orders(library: Library, sort: Sort, rising: str, falling: str) -> None:
    """What is unknown comes last either way; "Aroma" stands under A, and "étude" under E."""
    query = ListingQuery(sort=sort)
    assert listed(library, replace(query, descending=False)) == rising
    assert listed(library, query) == falling


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("bread", "eda"),
        ("BRE", "eda"),
        ("bread dou", "a"),
        ("dou bread", "a"),
        ("bread lev", "a"),  # title and organisation
        ("rises bo", "e"),  # abstract and author
        ("zoe o'nei", "b"),
        ("ét", "c"),
        ("etu", "c"),
        ("“aroma” OR", ""),
        ("read", ""),
        ("oven & c", "d"),
        ("  ", "edabc"),
        ("“", "b"),
        ("&", ""),  # of what is looked for literally, only title and abstract
    ],
)
def test_words_as_they_are_typed(library: Library, text: str, ids: str) -> None:
    assert listed(library, ListingQuery(text)) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (ListingQuery(organization="levain"), "ac"),
        (ListingQuery(organization="lev"), ""),
        (ListingQuery(published_from=date(2024, 7, 2)), "eda"),
        (ListingQuery(published_to=date(2024, 7, 2)), "ab"),
        (ListingQuery(published_from=date(2024, 7, 2), published_to=date(2024, 7, 2)), "a"),
        (ListingQuery(published_from=date(2024, 7, 2), published_to=date(2024, 7, 1)), ""),
        (ListingQuery("bread", "Levain", date(2024, 1, 1)), "a"),
    ],
)
def test_filters(library: Library, query: ListingQuery, ids: str) -> None:
    assert listed(library, query) == ids


def test_pages(library: Library) -> None:
    query = ListingQuery(sort=Sort.ADDED, descending=False, limit=2)
    pages = [list_papers(library, replace(query, offset=offset)) for offset in (0, 2, 4, 6)]
    assert [[paper.id for paper in page.papers] for page in pages] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
        [],
    ]
    assert [page.total for page in pages] == [5] * 4
    assert list_papers(library, replace(query, limit=0)).papers == ()


def test_what_another_choice_would_list(library: Library) -> None:
    query = ListingQuery("bread", "Levain", date(2024, 7, 30), date(2024, 7, 30))
    found = list_papers(library, query)
    assert found == ListedPapers(0, (), (NameCount("Oven & Co", 1),), (MonthCount(2024, 7, 1),))


def test_papers_that_wait_are_not_listed(library: Library) -> None:
    library.add([replace(PAPERS[0], abstract="Dough rests.")])
    assert listed(library, ListingQuery("bread")) == "ed"


def test_organizations_without_end(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.listing_facets.MOST_NAMES", 1)
    found = list_papers(make_library(PAPERS, WordEmbedder()), ListingQuery())
    assert found.organizations == (NameCount("Levain", 2),)


NAMED = (
    Paper("a", "Bread", "Dough.", authors=("Zoë Baker", "Bo Li"), categories=("cs.CL", "cs.LG")),
    Paper("b", "Cake", "Sugar.", authors=("ZOE BAKER",), categories=("CS.CL",), venue="ICML"),
    Paper("c", "Soup", "Dough.", authors=("Z. Baker",), venue="Icml", suspicious=("hidden",)),
    Paper("d", "Rice", "Steam.", authors=("Li Bo", "Li Bo", "?"), venue="ICML 2024"),
)
FLAGGED, DOUBLED = PaperMark


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (ListingQuery(author="zoe baker"), "ab"),
        (ListingQuery(author="Baker"), ""),
        (ListingQuery(author="Li Bo"), "d"),
        (ListingQuery(category="cs.cl"), "ab"),
        (ListingQuery(category="cs"), ""),
        (ListingQuery(venue="ICML"), "bc"),
        (ListingQuery(author="zoe baker", venue="ICML"), "b"),
        (ListingQuery(mark=FLAGGED), "c"),
        (ListingQuery(mark=DOUBLED), "ac"),
        (ListingQuery("soup", mark=DOUBLED), "c"),
    ],
)
def test_names_and_marks(make_library: MakeLibrary, query: ListingQuery, ids: str) -> None:
    query = replace(query, sort=Sort.ADDED, descending=False)
    assert listed(make_library(NAMED, WordEmbedder()), query) == ids


def test_names_and_marks_to_choose_from(make_library: MakeLibrary) -> None:
    """A name counts once, however it is written; what another kind of choice leaves does not."""
    library = make_library(NAMED, WordEmbedder())
    found = list_papers(library, ListingQuery())
    assert found.authors == (
        NameCount("Zoë Baker", 2),
        NameCount("Bo Li", 1),
        NameCount("Z. Baker", 1),
        NameCount("Li Bo", 1),
        NameCount("?", 1),
    )
    assert found.categories == (NameCount("cs.CL", 2), NameCount("cs.LG", 1))
    assert found.venues == (NameCount("ICML", 2), NameCount("ICML 2024", 1))
    assert found.marks == (MarkCount(FLAGGED, 1), MarkCount(DOUBLED, 2))
    chosen = list_papers(library, ListingQuery(author="Zoë Baker", mark=DOUBLED))
    assert chosen.authors == (
        NameCount("Zoë Baker", 1),
        NameCount("Bo Li", 1),
        NameCount("Z. Baker", 1),
    )
    assert chosen.categories == (NameCount("cs.CL", 1), NameCount("cs.LG", 1))
    assert chosen.venues == ()
    assert chosen.marks == (MarkCount(DOUBLED, 1),)


def test_a_chosen_name_is_offered_however_few_it_has(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.listing_facets.MOST_NAMES", 1)
    library = make_library(NAMED, WordEmbedder())
    found = list_papers(library, ListingQuery(author="bo li"))
    assert found.authors == (NameCount("Zoë Baker", 2), NameCount("bo li", 1))


@given(text=st.text(max_size=40), sort=st.sampled_from(Sort), descending=st.booleans())
def test_any_text_is_a_question(
    shipped_library: Library, text: str, sort: Sort, descending: bool
) -> None:
    query = ListingQuery(text, sort=sort, descending=descending, limit=400)
    found = list_papers(shipped_library, query)
    assert len({paper.id for paper in found.papers}) == found.total


@given(data=st.data())
def test_every_beginning_of_every_word_of_a_title_finds_it(
    shipped_library: Library, data: st.DataObject
) -> None:
    paper = data.draw(st.sampled_from(list(shipped_library.catalog.papers().values())))
    word = data.draw(st.sampled_from(paper.title.split()))
    typed = word[: data.draw(st.integers(1, len(word)))]
    found = list_papers(shipped_library, ListingQuery(typed, limit=400))
    assert paper in found.papers
