"""Papers that leave a library: gone from both sides, however the removal is cut short."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.catalog import CATALOG_FILE, CatalogCounts
from vectorstore.catalog_leaving import leaving_ids
from vectorstore.errors import LibraryError
from vectorstore.library import Library, open_library
from vectorstore.listing import ListingQuery, list_papers
from vectorstore.records import Paper
from vectorstore.search import search

# One passage each, and one paper of two; each explains an abbreviation.
BREAD = Paper("a", "Bread", "Slow sour dough (SSD) rises.", authors=("Ann Levain",))
SOUP = Paper("b", "Soup", "Clear bone broth (CBB) simmers. It is hot. Salt helps. It is done.")
RICE = Paper("c", "Rice", "Long grain rice (LGR) swells.", organization="Levain")
PAPERS = (BREAD, SOUP, RICE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add(PAPERS)
        index_pending(library)
    return tmp_path


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with open_library(home, WordEmbedder()) as library:
        yield library


def everything(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tables hold of papers, and check the lexical indexes against them."""
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        for table in ("words", "forms", "names"):
            check = f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            connection.execute(check)
        queries = {
            "papers": "SELECT number, id, state FROM papers",
            "vectors": "SELECT number FROM vectors",
            "abbreviations": "SELECT number, short FROM abbreviations",
            "leaving": "SELECT id FROM leaving",
        }
        return {table: connection.execute(query).fetchall() for table, query in queries.items()}


ONLY_RICE = {
    "papers": [(3, "c", "indexed")],
    "vectors": [(3,)],
    "abbreviations": [(3, "LGR")],
    "leaving": [],
}


def test_papers_are_gone_from_both_sides(library: Library, home: Path) -> None:
    assert library.remove(["a", "unknown", "b", "a"]) == 2
    assert everything(home) == ONLY_RICE
    assert library.chroma.count() == 1
    assert library.chroma.nearest(WordEmbedder().embed_question("dough").pooled, 9) == ("c",)
    assert library.counts() == CatalogCounts(1, 0, 1, 0, 0, 1)
    assert library.catalog.papers() == {"c": RICE}
    assert [hit.paper for hit in search(library, "Does dough or rice swell?", 9).hits] == [RICE]
    assert list_papers(library, ListingQuery(text="lev")).papers == (RICE,)
    assert library.catalog.stem_counts() == dict.fromkeys("rice long grain lgr swell".split(), 1)


def test_it_stays_so(library: Library, home: Path) -> None:
    library.remove(["a", "b"])
    library.chroma.close()
    library.catalog.close()
    assert everything(home) == ONLY_RICE


def test_removing_nothing_and_all(library: Library) -> None:
    assert library.remove([]) == library.remove(["unknown"]) == 0
    assert library.counts().papers == 3
    assert library.remove("abc") == 3
    assert (library.counts(), library.chroma.count()) == (CatalogCounts(0, 0, 0, 0, 0, 0), 0)
    assert search(library, "Does dough rise?", 9).hits == ()
    assert library.remove("abc") == 0


def test_many_papers(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.chroma_passages.REMOVED_AT_ONCE", 2)
    library.remove("abc")
    assert library.chroma.count() == 0


def test_removed_paper_can_come_again(library: Library, home: Path) -> None:
    library.remove(["a", "b"])
    library.add([SOUP])
    assert index_pending(library) == 1
    assert library.catalog.papers() == {"c": RICE, "b": SOUP}
    assert (library.counts().passages, library.chroma.count()) == (3, 3)
    assert everything(home)["leaving"] == []


def test_paper_that_waits_to_be_indexed_again(library: Library) -> None:
    library.add([Paper("b", "Soup", "Broth cools.")])
    library.remove(["b"])
    assert index_pending(library) == 0
    assert (library.counts().papers, library.chroma.count()) == (2, 2)


class CrashError(Exception):
    """Stands for a process that dies here."""


def crash(*_: object) -> None:
    raise CrashError


def before_chroma(library: Library, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(library.chroma, "remove", crash)


def halfway_through_chroma(library: Library, patch: pytest.MonkeyPatch) -> None:
    remove = library.chroma.remove
    patch.setattr(library.chroma, "remove", lambda ids: (remove(ids[:1]), crash()))


def after_chroma(_library: Library, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("vectorstore.library.let_go", crash)


CUTS = (before_chroma, halfway_through_chroma, after_chroma)
Cut = Callable[[Library, pytest.MonkeyPatch], None]


@pytest.fixture(params=CUTS, ids=lambda cut: cut.__name__)
def cut_short(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library in which the removal of two papers was cut short."""
    cut: Cut = request.param
    with open_library(home, WordEmbedder()) as library, monkeypatch.context() as patch:
        cut(library, patch)
        with pytest.raises(CrashError):
            library.remove(["a", "b"])
        # Whoever goes on without opening the library anew does not see them either.
        assert library.counts() == CatalogCounts(1, 0, 1, 0, 0, 1)
        assert [hit.paper for hit in search(library, "Is dough hot?", 9).hits] == [RICE]
        assert leaving_ids(library.catalog.file) == ("a", "b")
    return home


def test_opening_finishes_a_removal(cut_short: Path) -> None:
    embedder = WordEmbedder()
    with open_library(cut_short, embedder) as library:
        assert everything(cut_short) == ONLY_RICE
        assert library.chroma.count() == library.counts().passages == 1
    assert embedder.texts == []  # and nothing that stayed is made anew


def test_opening_is_cut_short_too(cut_short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("vectorstore.library.let_go", crash)
        with pytest.raises(CrashError), open_library(cut_short, WordEmbedder()):
            pass
    with open_library(cut_short, WordEmbedder()) as library:
        assert everything(cut_short) == ONLY_RICE
        assert library.chroma.count() == 1


@pytest.mark.parametrize("cut", CUTS)
def test_paper_comes_again_after_a_removal_was_cut_short(
    library: Library, monkeypatch: pytest.MonkeyPatch, cut: Cut
) -> None:
    with monkeypatch.context() as patch:
        cut(library, patch)
        with pytest.raises(CrashError):
            library.remove(["a", "b"])
    library.add([SOUP])
    index_pending(library)
    assert leaving_ids(library.catalog.file) == ("a",)
    assert library.remove([]) == 0  # the next removal finishes the one before
    assert leaving_ids(library.catalog.file) == ()
    assert library.catalog.papers() == {"c": RICE, "b": SOUP}
    assert (library.counts().passages, library.chroma.count()) == (3, 3)


def test_chroma_that_fails(library: Library, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_ids: object) -> None:
        raise LibraryError("Chroma cannot use its store: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(library.chroma, "remove", fail)
        with pytest.raises(LibraryError, match="the disk is full"):
            library.remove(["a"])
    assert library.remove(["b"]) == 1
    assert everything(home) == ONLY_RICE
    assert library.chroma.count() == 1
