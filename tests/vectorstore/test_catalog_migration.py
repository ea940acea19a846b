"""Libraries of earlier schemas: opened, brought up to date, and never left halfway."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from vectorstore.catalog import CATALOG_FILE
from vectorstore.catalog_rows import REBUILD_INDEXES
from vectorstore.errors import LibraryError
from vectorstore.library import open_library
from vectorstore.listing import ListingQuery, list_papers
from vectorstore.records import Paper, Source, title_identifier

SCHEMAS = Path(__file__).parent
FIRST = (SCHEMAS / "schema_2.sql").read_text("utf-8")
LATER = FIRST + (SCHEMAS / "schema_2_added.sql").read_text("utf-8")

BREAD = Paper(
    "a",
    "Levain Bread",
    "Dough rests. Bread rises.",
    author_count=2,
    authors=("Alice Baker",),
    organization="Mill",
    sources=(Source("page.txt", 3),),
)
SOUP = Paper("b", "Levain in Soup", "Broth simmers.", sources=(Source("page.txt", 9),))
CHECK_INDEXES = REBUILD_INDEXES.replace("rebuild", "integrity-check")
TEXTS = [(paper.title, paper.abstract) for paper in (BREAD, SOUP)]


def write_library(home: Path, schema: str) -> None:
    """Write a catalog as paperchat wrote it then, with papers that wait to be indexed."""
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        connection.executescript(schema)
        connection.execute("INSERT INTO about VALUES ('schema_version', '2')")
        connection.executemany(
            "INSERT INTO papers (id, title, abstract, author_count, authors, organization,"
            " sources, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
            [
                (
                    "a",
                    BREAD.title,
                    BREAD.abstract,
                    2,
                    '["Alice Baker"]',
                    "Mill",
                    '[["page.txt", 3]]',
                ),
                ("b", SOUP.title, SOUP.abstract, None, "[]", None, '[["page.txt", 9]]'),
            ],
        )
        connection.commit()


@pytest.mark.parametrize("schema", [FIRST, LATER], ids=["as first written", "as opened later"])
def test_papers_stay_as_they_are(tmp_path: Path, schema: str) -> None:
    write_library(tmp_path, schema)
    for _ in range(2):
        with open_library(tmp_path, WordEmbedder()) as library:
            assert library.catalog.papers() == {"a": BREAD, "b": SOUP}
            assert library.catalog.about()["schema_version"] == "3"


def test_what_is_new_in_the_schema_is_filled(tmp_path: Path) -> None:
    write_library(tmp_path, FIRST)
    with open_library(tmp_path, WordEmbedder()) as library:
        file = library.catalog.file
        assert file.rows("SELECT * FROM identifiers ORDER BY number") == [
            (title_identifier(BREAD.title), 1),
            (title_identifier(SOUP.title), 2),
        ]
        assert file.rows("SELECT count(DISTINCT abstract_key) FROM papers") == [(2,)]
        assert file.rows("SELECT rowid FROM names WHERE names MATCH 'authors : baker'") == [(1,)]
        assert library.catalog.match_words('"broth"', 9).keys() == {2}
        assert library.catalog.form_counts()["levain"] == 2
        assert library.remove(["a"]) == 1
        assert library.catalog.papers() == {"b": SOUP}


def test_lexical_indexes_follow_their_papers_afterwards(tmp_path: Path) -> None:
    write_library(tmp_path, LATER)
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add([Paper("b", "Soup", "Stock cools.")])
        assert library.catalog.match_words('"broth"', 9) == {}
        assert library.catalog.match_words('"stock"', 9).keys() == {2}
        assert list_papers(library, ListingQuery(text="levain")).total == 0  # nothing is indexed
        library.catalog.file.run_script(CHECK_INDEXES)  # raises where one differs from its papers


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(tmp_path, FIRST)
    before = dump(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("vectorstore.catalog_migration._FROM_2", "DROP TABLE words; BREAK;")
        with (
            pytest.raises(LibraryError, match="syntax error"),
            open_library(tmp_path, WordEmbedder()),
        ):
            pass
    assert dump(tmp_path) == before
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.catalog.papers() == {"a": BREAD, "b": SOUP}


def dump(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        return list(connection.iterdump())
