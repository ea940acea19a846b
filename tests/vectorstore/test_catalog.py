from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.catalog import Catalog, CatalogCounts, Occurrence, PaperVectors
from vectorstore.errors import LibraryError
from vectorstore.question_words import question_words
from vectorstore.records import Paper, Source, Span

FULL = Paper(
    id="2407.02447",
    title="PLeaS: Merging Models",
    abstract="We merge models. It works.",
    published=date(2024, 7, 2),
    author_count=4,
    authors=("Anshul Nasery", "Zoë O'Neill"),
    organization="AI at Meta",
    comment_count=0,
    url="https://example.org/a?b=c&d",
    sources=(Source("/pages/a.txt", 13), Source("/pages/ü.txt", 9)),
)
BARE = Paper("b", "Serving", "Caches are paged.")

HOSTILE = (
    "She said \"no\" OR '1'='1'; DROP TABLE papers; --",
    'title:x AND NEAR(a b) NOT c* ^d - + "',
    "a\0b",
    "\n\t\r ",
    "<script>alert(1)</script> %s {} \\x \\",
    "\N{BELL} \N{RIGHT-TO-LEFT OVERRIDE} \U0001f9e0 \N{ZERO WIDTH JOINER}",
    "long " * 40_000,
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        yield catalog


def vectors_of(paper_id: str, passages: int = 2) -> PaperVectors:
    # Values that sixteen bits can hold, so that they come back as they went in.
    matrix = np.array([[1.0, 0.0], [0.5, -0.25], [0.0, 1.0]], np.float32)
    return PaperVectors(paper_id, (Span(0, 16), Span(17, 26)), matrix, passages)


def save_indexed(catalog: Catalog, *papers: Paper) -> None:
    catalog.save(papers)
    catalog.mark_indexed([vectors_of(paper.id) for paper in papers])


def test_every_detail_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(Catalog(file)) as catalog:
        catalog.save([FULL, BARE])
    with closing(Catalog(file)) as catalog:
        assert catalog.papers() == {FULL.id: FULL, "b": BARE}


def test_papers_asked_for_by_id(catalog: Catalog) -> None:
    catalog.save([FULL, BARE, replace(BARE, id="'c'")])
    assert catalog.papers(["b", "'c'", "unknown", "b"]) == {
        "b": BARE,
        "'c'": replace(BARE, id="'c'"),
    }
    assert catalog.papers([]) == {}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text(catalog: Catalog, text: str) -> None:
    paper = Paper("a", text, text, authors=(text,), sources=(Source(text, 1),), url=text)
    save_indexed(catalog, paper, BARE)
    assert catalog.papers() == {"a": paper, "b": BARE}
    words = question_words(text)
    assert list(catalog.match_words(words, 5)) == (["a"] if words else [])
    assert [catalog.occurrence(word, ["a", "b"]).among for word in words] == [{"a"}] * len(words)


@given(text=st.text(max_size=60))
def test_any_words_can_be_asked_for(shared: Catalog, text: str) -> None:
    words = question_words(text)
    assert set(shared.match_words(words, 5)) <= {FULL.id, "b"}
    for word in words:
        assert shared.occurrence(word, ["b"]).papers <= 2


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path_factory.mktemp("shared") / "catalog.sqlite3")) as catalog:
        save_indexed(catalog, FULL, BARE)
        yield catalog


def test_counts(catalog: Catalog) -> None:
    assert catalog.counts() == CatalogCounts(0, 0, 0, 0, 0, 0)
    catalog.save([FULL, BARE, replace(BARE, id="c", author_count=1)])
    assert catalog.counts() == CatalogCounts(3, 3, 0, 1, 2, 1)
    catalog.mark_indexed([vectors_of("c", 5), vectors_of(FULL.id, 2)])
    assert catalog.counts() == CatalogCounts(3, 1, 7, 1, 2, 1)
    assert catalog.pending_ids() == ("b",)


def test_pending_papers_come_oldest_first(catalog: Catalog) -> None:
    catalog.save([replace(BARE, id=name) for name in "zam"])
    assert catalog.pending_ids() == ("z", "a", "m")
    catalog.mark_indexed([vectors_of("a")])
    assert catalog.pending_ids() == ("z", "m")
    catalog.mark_all_pending()
    assert catalog.pending_ids() == ("z", "a", "m")


def test_vectors_of_indexed_papers_come_back(catalog: Catalog) -> None:
    save_indexed(catalog, FULL)
    catalog.save([BARE])
    [found] = catalog.vectors([FULL.id, "b", "unknown"])
    expected = vectors_of(FULL.id)
    assert (found.paper_id, found.sentences) == (expected.paper_id, expected.sentences)
    assert found.passage_count == expected.passage_count
    assert found.matrix.dtype == np.float32
    np.testing.assert_array_equal(found.matrix, expected.matrix)


def test_vectors_of_a_paper_without_sentences(catalog: Catalog) -> None:
    catalog.save([BARE])
    whole = np.array([[0.0, 1.0]], np.float32)
    catalog.mark_indexed([PaperVectors("b", (), whole, 0)])
    [found] = catalog.vectors(["b"])
    assert (found.sentences, found.matrix.tolist()) == ((), [[0.0, 1.0]])


def test_metadata_changes_and_the_state_stays(catalog: Catalog) -> None:
    save_indexed(catalog, BARE)
    dated = replace(BARE, published=date(2025, 1, 1), comment_count=3, organization="Apple")
    catalog.save([], [dated])
    assert catalog.papers() == {"b": dated}
    assert catalog.counts() == CatalogCounts(1, 0, 2, 1, 0, 1)
    assert [found.paper_id for found in catalog.vectors(["b"])] == ["b"]


def test_details_can_be_taken_away(catalog: Catalog) -> None:
    catalog.save([FULL])
    bare = Paper(FULL.id, FULL.title, FULL.abstract)
    catalog.save([], [bare])
    assert catalog.papers() == {FULL.id: bare}


def test_rewritten_paper_waits_again_and_keeps_its_place(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    rewritten = replace(BARE, abstract="Pages are cached.")
    catalog.save([rewritten])
    assert list(catalog.papers().values()) == [rewritten, FULL]
    assert catalog.counts() == CatalogCounts(2, 1, 2, 1, 1, 1)
    assert list(catalog.vectors(["b"])) == []


def test_index_of_words_follows_the_text(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    save_indexed(catalog, replace(BARE, title="Zebras", abstract="They graze."))
    asked = {"serving": [], "paged": [], "zebra": ["b"], "graze": ["b"], "merging": [FULL.id]}
    assert {word: list(catalog.match_words([word], 9)) for word in asked} == asked
    assert {word: catalog.occurrence(word, ["b"]).papers for word in asked} == {
        word: len(found) for word, found in asked.items()
    }
    # The index compares itself with the papers and complains where they differ.
    with closing(sqlite3.connect(catalog._file)) as connection:
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_best_match_comes_first(catalog: Catalog) -> None:
    rest = "and some further words that fill the line"
    save_indexed(
        catalog,
        Paper("elsewhere", "Zebras", f"They graze on grass {rest}"),
        Paper("in the text", "Grass", f"They read a cache {rest}"),
        Paper("in the title", "Caches", f"They graze on a graph {rest}"),
    )
    found = catalog.match_words(["cache"], 9)
    assert list(found) == ["in the title", "in the text"]
    assert found["in the title"] > found["in the text"] > 0
    assert list(catalog.match_words(["cache"], 1)) == ["in the title"]
    assert list(catalog.match_words(["reads", "cache"], 1)) == ["in the text"]


def test_waiting_papers_are_not_matched(catalog: Catalog) -> None:
    save_indexed(catalog, BARE)
    catalog.save([replace(BARE, id="c")])
    assert list(catalog.match_words(["caches"], 9)) == ["b"]
    assert catalog.occurrence("caches", ["b", "c"]) == Occurrence(2, frozenset({"b", "c"}))


@pytest.mark.parametrize(
    "word", ["cache", "caches", "caching", "cached", "CACHE", "naïve", "naive", "straße", "模型"]
)
def test_inflections_case_and_accents(catalog: Catalog, word: str) -> None:
    save_indexed(catalog, Paper("a", "T", "A Naïve Caching of 模型, in the Straße."), BARE)
    assert "a" in catalog.match_words([word], 9)
    assert catalog.occurrence(word, ["a"]).among == {"a"}


@pytest.mark.parametrize("word", ["ache", "cachet", "naivety", "模"])
def test_other_words(catalog: Catalog, word: str) -> None:
    save_indexed(catalog, Paper("a", "T", "A Naïve Cache of 模型."))
    assert catalog.match_words([word], 9) == {}
    assert catalog.occurrence(word, ["a"]) == Occurrence(0, frozenset())


def test_no_words(catalog: Catalog) -> None:
    save_indexed(catalog, BARE)
    assert catalog.match_words([], 9) == {}


def test_many_words(catalog: Catalog) -> None:
    save_indexed(catalog, BARE, FULL)
    words = [*(f"word{n}" for n in range(5_000)), "serving"]
    assert list(catalog.match_words(words, 9)) == ["b"]


def test_occurrence(catalog: Catalog) -> None:
    for name, text in {"a": "cache", "b": "a caching cache", "c": "zebra", "d": "cached"}.items():
        save_indexed(catalog, Paper(name, "T", text))
    assert catalog.occurrence("cache", ["b", "c", "d"]) == Occurrence(3, frozenset("bd"))
    assert catalog.occurrence("cache", []) == Occurrence(3, frozenset())
    assert catalog.occurrence("zebras", ["a"]) == Occurrence(1, frozenset())


def test_facts_are_recorded(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(Catalog(file)) as catalog:
        assert catalog.about() == {}
        catalog.describe({"model": "a", "dimension": "2"})
        catalog.describe({"model": "b"})
    with closing(Catalog(file)) as catalog:
        assert catalog.about() == {"model": "b", "dimension": "2"}


def test_batch_is_saved_whole_or_not_at_all(catalog: Catalog) -> None:
    catalog.save([BARE])

    def broken() -> Iterator[Paper]:
        yield FULL
        yield replace(BARE, title="Changed")
        raise ValueError("the reader failed")

    with pytest.raises(ValueError, match="the reader failed"):
        catalog.save(broken())
    assert catalog.papers() == {"b": BARE}


def junk(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 100)


def other_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")


@pytest.mark.parametrize(
    ("prepare", "problem"),
    [
        (junk, "The catalog cannot be used: file is not a database"),
        (Path.mkdir, "The catalog cannot be used: unable to open database file"),
        (other_database, "The catalog cannot be used: no such table: about"),
    ],
)
def test_what_is_no_catalog(tmp_path: Path, prepare: object, problem: str) -> None:
    file = tmp_path / "catalog.sqlite3"
    prepare(file)  # type: ignore[operator]
    with pytest.raises(LibraryError) as caught:
        Catalog(file).about()
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        problem,
        str(file),
        "Check the disk and the folder's permissions, or set PAPERCHAT_HOME to another folder and"
        " ingest again.",
    )


def test_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="unable to open database file"):
        Catalog(tmp_path / "file" / "catalog.sqlite3")


def test_catalog_that_another_program_is_writing(catalog: Catalog) -> None:
    catalog._connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(catalog._file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="database is locked"):
            catalog.save([BARE])
    catalog.save([BARE])
    assert catalog.papers() == {"b": BARE}
