"""Which paper an entry goes to, and what is stored of it: batches of entries, real catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from embedders import WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.entries import Entry
from ingest.ingesting import ingest_readings
from ingest.works import MOST_READINGS
from vectorstore.library import Library, open_library
from vectorstore.records import Source, paper_id_from_title

BREAD = Entry(
    "How Dough Rises Overnight", "Levain ferments slowly through the night.", Source("a.bib", 1)
)
SOUP = Entry("Soups of the North", "Broth simmers gently while onions soften.", Source("a.bib", 9))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        yield library


def take(library: Library, *entries: Entry) -> tuple[int, int, int, int]:
    """Return how many papers were new, updated and unchanged, and how many entries further ones."""
    report = ingest_readings(library, entries)
    assert report.entries == len(entries)
    return report.new, report.updated, report.unchanged, report.duplicates


def stored(library: Library) -> list[tuple[str, str]]:
    """Return title and abstract of all papers, and see that all sides agree on them."""
    papers = list(library.catalog.all_papers())
    counts = library.counts()
    assert counts.pending == 0
    assert library.chroma.count() == counts.passages
    # A place in a file may be known for two records: one that was there, one that is now.
    places = library.catalog.file.rows(
        "SELECT count(DISTINCT file || ':' || line || ':' || number) FROM readings"
    )
    assert places == [(sum(len(paper.sources) for paper in papers),)]
    return [(paper.title, paper.abstract) for paper in papers]


def text(entry: Entry) -> tuple[str, str]:
    return entry.title, entry.abstract


def at(entry: Entry, file: str, line: int = 1) -> Entry:
    return replace(entry, source=Source(file, line))


def test_the_same_entry_again_is_the_same_paper(library: Library) -> None:
    assert take(library, BREAD, SOUP) == (2, 0, 0, 0)
    assert take(library, SOUP, BREAD) == (0, 0, 2, 0)
    assert stored(library) == [text(BREAD), text(SOUP)]


def test_versions_of_an_arxiv_id_are_one_paper_with_the_newest_text(library: Library) -> None:
    first = replace(BREAD, arxiv_id="2401.00001", updated=date(2024, 1, 2))
    third = replace(
        at(first, "b.atom"),
        title="Rising Dough",
        abstract="Levain works at night.",
        updated=date(2024, 5, 1),
    )
    second = replace(at(third, "c.json"), title="On Dough", updated=date(2024, 3, 1))
    assert take(library, first, third, second) == (1, 0, 0, 2)
    assert stored(library) == [text(third)]
    [paper] = library.catalog.all_papers()
    assert paper.sources == (Source("a.bib", 1), Source("b.atom", 1), Source("c.json", 1))
    assert paper.id == paper_id_from_title(BREAD.title)


def test_a_doi_finds_its_paper_under_another_title(library: Library) -> None:
    one = replace(BREAD, doi="10.1000/rye")
    take(library, one)
    assert take(library, replace(at(one, "b.ris"), title="Dough, Rising")) == (0, 1, 0, 0)
    assert len(stored(library)) == 1


def test_a_doi_that_was_given_twice_joins_nothing(library: Library) -> None:
    assert take(library, replace(BREAD, doi="10.1000/x"), replace(SOUP, doi="10.1000/x")) == (
        2, 0, 0, 0,
    )  # fmt: skip


def test_different_papers_of_one_title(library: Library) -> None:
    one = replace(BREAD, title="Editorial")
    other = replace(SOUP, title="Editorial")
    assert take(library, one, other) == (2, 0, 0, 0)
    assert take(library, other, one) == (0, 0, 2, 0)
    assert stored(library) == [text(one), text(other)]
    with_ids = [replace(at(one, "b", n), arxiv_id=f"2401.0000{n}") for n in (1, 2)]
    assert take(library, *with_ids) == (1, 1, 0, 0)  # the first completes the one that had no id
    assert take(library, *with_ids) == (0, 0, 2, 0)


def test_a_thousand_papers_of_one_title_are_found_again(library: Library) -> None:
    entries = [
        replace(at(BREAD, "a", n), title="Editorial", abstract=f"{word} {word}ing {word}ed")
        for n, word in enumerate(("abcde" * n)[n : n + 9] for n in range(3, 203))
    ]
    entries = [
        replace(entry, abstract=f"word{chr(97 + n % 26) * 5}{chr(97 + n // 26) * 5}")
        for n, entry in enumerate(entries)
    ]
    assert take(library, *entries) == (200, 0, 0, 0)
    assert take(library, *entries) == (0, 0, 200, 0)


def test_an_entry_that_knows_two_papers_for_one_makes_them_one(library: Library) -> None:
    preprint = replace(BREAD, arxiv_id="2401.00001")
    article = replace(at(BREAD, "b.ris"), title="Night Dough", doi="10.1000/rye", venue="Bread")
    assert take(library, preprint, replace(article, abstract=BREAD.abstract)) == (2, 0, 0, 0)
    both = replace(at(BREAD, "c.json"), arxiv_id="2401.00001", doi="10.1000/rye")
    assert take(library, both) == (0, 1, 0, 0)
    [paper] = library.catalog.all_papers()
    assert (paper.arxiv_id, paper.doi, paper.venue) == ("2401.00001", "10.1000/rye", "Bread")
    assert [source.file for source in paper.sources] == ["a.bib", "b.ris", "c.json"]
    assert take(library, article, both, preprint) == (0, 0, 1, 2)
    assert len(stored(library)) == 1


def test_papers_with_different_arxiv_ids_are_never_made_one(library: Library) -> None:
    papers = [replace(at(BREAD, "a", n), arxiv_id=f"2401.0000{n}") for n in (1, 2)]
    assert take(library, *papers) == (2, 0, 0, 0)
    assert take(library, at(BREAD, "b"), replace(at(BREAD, "c"), doi="10.1000/rye"))[0] == 0
    assert len(stored(library)) == 2


def test_an_edited_record_replaces_what_its_file_said(library: Library) -> None:
    take(library, BREAD, SOUP)
    edited = replace(BREAD, abstract="Now all is about yeast.")
    assert take(library, edited, SOUP) == (0, 1, 1, 0)
    assert stored(library) == [text(edited), text(SOUP)]
    assert take(library, BREAD) == (0, 1, 0, 0)  # and back again
    assert stored(library) == [text(BREAD), text(SOUP)]


def test_an_edited_copy_under_another_name_wins_too(library: Library) -> None:
    take(library, BREAD)
    edited = replace(at(BREAD, "b.bib"), abstract="Levain ferments slowly.")
    assert take(library, replace(edited, abstract="Levain ferments fast through the night."))[1]
    assert stored(library)[0][1] == "Levain ferments fast through the night."
    assert take(library, BREAD) == (0, 0, 1, 0)  # nothing new in the old file


def test_entries_that_moved_in_their_file_change_nothing_but_their_place(library: Library) -> None:
    take(library, BREAD, SOUP)
    moved = [at(BREAD, "a.bib", 101), at(SOUP, "a.bib", 109)]
    assert take(library, *moved) == (0, 0, 2, 0)
    assert [paper.sources for paper in library.catalog.all_papers()] == [
        (Source("a.bib", 101),),
        (Source("a.bib", 109),),
    ]


def test_500_copies_of_one_abstract_under_one_title_are_one_paper(library: Library) -> None:
    copies = [at(BREAD, "a.bib", line) for line in range(1, 501)]
    assert take(library, *copies) == (1, 0, 0, 499)
    assert take(library, *copies) == (0, 0, 1, 499)
    [paper] = library.catalog.all_papers()
    assert len(paper.sources) == MOST_READINGS


def test_copies_of_one_abstract_under_other_titles_are_counted(library: Library) -> None:
    copies = [replace(at(BREAD, "a", n), title=f"Dough {n}") for n in range(1, 6)]
    report = ingest_readings(library, [*copies, SOUP])
    assert (report.new, report.same_abstract) == (6, 4)
    assert ingest_readings(library, copies).same_abstract == 0  # none of them is new


def test_an_id_from_an_export_is_kept_where_it_is_free(library: Library) -> None:
    named = replace(BREAD, paper_id="0123456789abcdef")
    assert take(library, named, replace(SOUP, paper_id="0123456789abcdef")) == (2, 0, 0, 0)
    ids = [paper.id for paper in library.catalog.all_papers()]
    assert ids == ["0123456789abcdef", paper_id_from_title(SOUP.title)]
    assert take(library, replace(named, paper_id="f" * 16)) == (0, 0, 1, 0)


def test_papers_of_a_library_without_readings_keep_their_sources(library: Library) -> None:
    take(library, BREAD)
    with library.catalog.file.transaction() as connection:  # as a migrated one is
        connection.execute("DELETE FROM readings")
        connection.execute("UPDATE papers SET language = NULL")
    assert take(library, BREAD) == (0, 0, 1, 0)
    [paper] = library.catalog.all_papers()
    assert (paper.sources, paper.language) == ((Source("a.bib", 1),), "en")
    assert library.catalog.file.rows("SELECT count(*) FROM readings") == [(1,)]
    assert take(library, at(BREAD, "b.bib")) == (0, 0, 1, 0)
    [paper] = library.catalog.all_papers()
    assert paper.sources == (Source("a.bib", 1), Source("b.bib", 1))


ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(["Editorial", "How Dough Rises Overnight", "Dough"]),
    abstract=st.sampled_from([BREAD.abstract, SOUP.abstract, "Levain ferments slowly.", "Rye."]),
    source=st.builds(Source, st.sampled_from("ab"), st.integers(1, 4)),
    arxiv_id=st.none() | st.sampled_from(["2401.00001", "2401.00002"]),
    doi=st.none() | st.sampled_from(["10.1000/a", "10.1000/b"]),
    authors=st.sampled_from([(), ("Alice Baker",), ("Eve Cook",)]),
)


@settings(max_examples=20, deadline=None)  # each opens a library
@given(runs=st.lists(st.lists(ENTRIES, max_size=6), max_size=4))
def test_whatever_was_read_reading_it_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, runs: Sequence[Sequence[Entry]]
) -> None:
    with open_library(tmp_path_factory.mktemp("library"), WordEmbedder()) as library:
        for entries in runs:
            take(library, *_at_own_places(entries))
        last = _at_own_places(runs[-1]) if runs else []
        before = list(library.catalog.all_papers())
        stored(library)
        new, updated, _unchanged, _further = take(library, *last)
        assert (new, updated) == (0, 0)
        assert list(library.catalog.all_papers()) == before


def _at_own_places(entries: Sequence[Entry]) -> list[Entry]:
    """No two records of a file begin in one line."""
    return [at(entry, entry.source.file, line) for line, entry in enumerate(entries, start=1)]


JANUARY = Entry("Editorial", "Sourdough ferments slowly through winter nights.", Source("a.bib", 1))
FEBRUARY = replace(JANUARY, abstract="Quantum computers promise faster chemistry simulations.")
MARCH = replace(JANUARY, abstract="Penguins migrate northward across melting glaciers.")


def test_a_namesake_that_comes_before_a_record_is_no_edit_of_it(library: Library) -> None:
    take(library, JANUARY)
    assert take(library, FEBRUARY, at(JANUARY, "a.bib", 9)) == (1, 0, 1, 0)
    assert stored(library) == [text(JANUARY), text(FEBRUARY)]


def test_a_file_that_lists_another_paper_takes_nothing_from_a_file_that_kept_it(
    library: Library,
) -> None:
    named = [replace(entry, title="News of the Month") for entry in (JANUARY, FEBRUARY, MARCH)]
    archive: list[Entry] = []
    for line, news in enumerate(named, start=1):
        archive.append(at(news, "archive.bib", line))
        take(library, at(news, "latest.bib"), *archive)
    assert stored(library) == [text(news) for news in named]


def test_a_text_that_says_nothing_joins_no_namesakes(library: Library) -> None:
    told_apart = [
        replace(entry, doi=f"10.1000/{n}") for n, entry in enumerate((JANUARY, FEBRUARY, MARCH))
    ]
    take(library, *told_apart)
    assert take(library, replace(at(JANUARY, "b.bib"), abstract="See full text.")) == (1, 0, 0, 0)
    assert len(stored(library)) == 4


def test_an_entry_that_agrees_with_two_papers_does_not_make_them_one(library: Library) -> None:
    title = "A note on rising bread dough"
    by_lee = replace(JANUARY, title=title, authors=("Ann Lee",))
    by_ray = replace(FEBRUARY, title=title, authors=("Bob Ray",))
    by_both = replace(at(MARCH, "b.bib"), title=title, authors=("Ann Lee", "Bob Ray"))
    assert take(library, by_lee, by_ray, by_both) == (2, 0, 0, 1)
    assert len(stored(library)) == 2


def test_an_entry_after_papers_were_made_one_goes_to_the_one(library: Library) -> None:
    old, other = replace(BREAD, title="Old Name of a Loaf"), replace(BREAD, title="Another Loaf")
    old, other = replace(at(old, "o"), doi="10.1000/o"), replace(at(other, "w"), doi="10.1000/w")
    take(library, old, other)
    renamed = replace(old, title="New Name of a Loaf")
    joining = replace(at(other, "q"), doi="10.1000/o", arxiv_id="2401.00001")
    again = replace(at(other, "q", 2), arxiv_id="2401.00001")
    late = replace(at(old, "r"), doi=None)
    assert take(library, renamed, joining, again, late)[0] == 0
    assert take(library, renamed, joining, again, late)[0] == 0
    assert sum(len(paper.sources) for paper in library.catalog.all_papers()) == 5


def test_a_stored_paper_keeps_its_id_when_it_meets_a_new_one(library: Library) -> None:
    take(library, replace(BREAD, doi="10.1000/rye"))
    [paper] = library.catalog.all_papers()
    preprint = replace(at(BREAD, "b.bib", 1), title="Night Dough", arxiv_id="2401.00001")
    both = replace(at(BREAD, "b.bib", 2), doi="10.1000/rye", arxiv_id="2401.00001")
    assert take(library, preprint, both)[0] == 0
    assert [one.id for one in library.catalog.all_papers()] == [paper.id]


def test_a_copy_of_an_older_text_in_another_place_is_no_newer(library: Library) -> None:
    take(library, BREAD)
    edited = replace(at(BREAD, "b.bib"), abstract="Levain ferments fast through the night.")
    take(library, edited)
    assert take(library, at(BREAD, "backup.bib")) == (0, 0, 1, 0)
    assert stored(library) == [text(edited)]
