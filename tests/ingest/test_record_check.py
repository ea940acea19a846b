"""What a disk changed in the text of a paper or of a reading: found, and mended."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from ingest.ingesting import ingest_paths
from ingest.record_check import damaged_papers, mend_papers
from vectorstore.catalog import CATALOG_FILE
from vectorstore.errors import LibraryError
from vectorstore.library import open_library
from vectorstore.records import Paper
from vectorstore.search import search

BREAD = {
    "title": "How Dough Rises",
    "abstract": "Levain ferments slowly through the night.",
    "authors": ["Ann Levain"],
    "doi": "10.5555/levain.1",
    "published": "2025-03-01",
}
SOUP = {"title": "Soups of the North", "abstract": "Broth simmers gently while onions soften."}
TEA = {"title": "On Green Tea", "abstract": "Leaves steep below boiling temperature."}


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    file = tmp_path / "papers.jsonl"
    file.write_text("".join(f"{json.dumps(item)}\n" for item in (BREAD, SOUP, TEA)), "utf-8")
    return file


@pytest.fixture
def home(tmp_path: Path, papers: Path) -> Path:
    """Return the folder of a library of three papers, the first of which is listed twice."""
    again = tmp_path / "again.jsonl"
    again.write_text(f"{json.dumps(BREAD)}\n", "utf-8")
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        ingest_paths(library, [papers, again])
    return tmp_path / "library"


def run(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def sound(home: Path) -> dict[str, Paper]:
    with open_library(home, WordEmbedder()) as library:
        assert damaged_papers(library.catalog) == ()
        assert mend_papers(library) == 0
        return library.catalog.papers()


RECORDS = (
    "UPDATE papers SET title = 'How Dough Risds' WHERE number = 1",
    "UPDATE papers SET abstract = 'Levain ferments slowly through the nighu.' WHERE number = 1",
    "UPDATE papers SET published = '2025-03-0q' WHERE number = 1",
    "UPDATE papers SET authors = '[\"Ann Levain' WHERE number = 1",
    "UPDATE papers SET title = CAST(X'80' AS TEXT) WHERE number = 1",
    "UPDATE papers SET sources = '[[7]]' WHERE number = 1",
    "DELETE FROM identifiers WHERE key LIKE 'doi:%'",
    "UPDATE identifiers SET key = 'doi:10.5555/levain.2' WHERE key LIKE 'doi:%'",
)


@pytest.mark.parametrize("statement", RECORDS)
def test_a_record_is_made_of_its_readings(
    home: Path, sound: dict[str, Paper], statement: str
) -> None:
    run(home, statement)
    with open_library(home, WordEmbedder()) as library:
        assert damaged_papers(library.catalog) == (1,)
        assert mend_papers(library) == 1
        assert library.catalog.papers() == sound
        assert damaged_papers(library.catalog) == ()
        index_pending(library)
        assert library.counts().passages == library.chroma.count() == 3


READINGS = (
    "UPDATE readings SET said = replace(said, 'Dough', 'Dougi') WHERE {}",
    "UPDATE readings SET said = substr(said, 2) WHERE {}",
    "UPDATE readings SET said = CAST(X'7B80' AS TEXT) WHERE {}",
    "UPDATE readings SET digest = X'00' WHERE {}",
)


@pytest.mark.parametrize("where", ["reading = 1", "number = 1"])
@pytest.mark.parametrize("statement", READINGS)
def test_a_damaged_reading_is_read_again(
    home: Path, papers: Path, sound: dict[str, Paper], statement: str, where: str
) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as catalog:
        before = catalog.execute("SELECT said, digest FROM readings ORDER BY reading").fetchall()
    run(home, "UPDATE files SET fingerprint = 'read'", statement.format(where))
    with open_library(home, WordEmbedder()) as library:
        assert damaged_papers(library.catalog) == (1,)
        assert mend_papers(library) == 1
        assert library.catalog.papers() == sound
        assert damaged_papers(library.catalog) == ()
        unread = dict(library.catalog.file.rows("SELECT name, fingerprint FROM files"))
        assert unread[str(papers)] is None
        ingest_paths(library, [papers, papers.with_name("again.jsonl")])
        assert library.catalog.papers() == sound
        after = library.catalog.file.rows("SELECT said, digest FROM readings ORDER BY reading")
        assert sorted(after) == sorted(before)


def test_both_are_damaged(home: Path, sound: dict[str, Paper]) -> None:
    run(home, "UPDATE papers SET title = CAST(X'80' AS TEXT) WHERE number = 2")
    run(home, "UPDATE readings SET digest = X'00' WHERE number = 2")
    with open_library(home, WordEmbedder()) as library:
        assert damaged_papers(library.catalog) == (2,)
        assert mend_papers(library) == 0
        assert library.catalog.paper_count() == len(sound)  # nothing is thrown away


def test_papers_without_readings_are_passed_over(tmp_path: Path) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add([Paper("tea", "Tea", "Tea is hot.")])
        assert damaged_papers(library.catalog) == ()


HINT = "Run `paperchat doctor --repair`, which mends what can be mended."


@pytest.mark.parametrize(
    "statement", [*RECORDS[2:6], "UPDATE vectors SET sentences = '[[0, 9' WHERE number = 1"]
)
def test_what_cannot_be_read_is_told(home: Path, statement: str) -> None:
    run(home, statement)
    with open_library(home, WordEmbedder()) as library, pytest.raises(LibraryError) as caught:
        search(library, "Does dough rise?", 9)
    assert caught.value.hint == HINT


def test_what_was_read_and_cannot_be_read_any_more_is_told(home: Path, papers: Path) -> None:
    run(home, READINGS[1].format("number = 1"))
    with open_library(home, WordEmbedder()) as library, pytest.raises(LibraryError) as caught:
        ingest_paths(library, [papers])
    assert caught.value.problem.startswith("What the catalog keeps of a reading is damaged: ")
    assert caught.value.hint == HINT
