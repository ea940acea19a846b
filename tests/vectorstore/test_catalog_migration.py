"""Libraries of earlier schemas: opened, brought up to date, and never left halfway."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.catalog_migration import migrate
from vectorstore.catalog_rows import REBUILD_INDEXES
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.library import open_library, read_counts
from vectorstore.library_state import read_state
from vectorstore.listing import ListingQuery, list_papers
from vectorstore.records import Paper, Source, title_identifier
from vectorstore.repair import mend

SCHEMAS = Path(__file__).parent
OLDEST = (SCHEMAS / "schema_1.sql").read_text("utf-8")
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


def write_library(home: Path, schema: str, version: str = "2") -> None:
    """Write a catalog as paperchat wrote it then, with papers that wait to be indexed."""
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        connection.executescript(schema)
        connection.execute("INSERT INTO about VALUES ('schema_version', ?)", (version,))
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


@pytest.mark.parametrize(
    ("schema", "version"),
    [(OLDEST, "1"), (FIRST, "2"), (LATER, "2")],
    ids=["1", "2, as first written", "2, as opened later"],
)
def test_papers_stay_as_they_are(tmp_path: Path, schema: str, version: str) -> None:
    write_library(tmp_path, schema, version)
    for _ in range(2):
        with open_library(tmp_path, WordEmbedder()) as library:
            assert library.catalog.papers() == {"a": BREAD, "b": SOUP}
            assert library.catalog.about()["schema_version"] == "3"


def test_tables_are_those_of_a_new_catalog(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with closing(Catalog(tmp_path / "new" / CATALOG_FILE)) as catalog:
        expected = columns(catalog)
    for version, schema in (("1", OLDEST), ("2", FIRST), ("2", LATER)):
        home = tmp_path / str(len(schema))
        home.mkdir()
        write_library(home, schema, version)
        with closing(Catalog(home / CATALOG_FILE)) as catalog:
            migrate(catalog.file, version)
            assert columns(catalog) == expected


def columns(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the columns of all tables, and what else there is, by kind and name."""
    things = catalog.file.rows("SELECT type, name FROM sqlite_master")
    read = "SELECT name FROM pragma_table_info(?) ORDER BY name"
    return {
        (kind, name): tuple(column for (column,) in catalog.file.rows(read, name))
        for kind, name in things
    }


def test_vectors_of_the_first_version_are_made_anew(tmp_path: Path) -> None:
    with open_library(tmp_path, WordEmbedder("before")) as library:
        library.add([SOUP])
        index_pending(library)
    (tmp_path / CATALOG_FILE).unlink()
    write_library(tmp_path, OLDEST, "1")
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.execute("UPDATE papers SET state = 'indexed', vectors = x'01', sentences = '[]'")
        connection.execute("INSERT INTO about VALUES ('embedding_model', 'before')")
        connection.commit()
    with open_library(tmp_path, WordEmbedder()) as library:
        assert isinstance(library.chroma, ChromaPassages)
        assert (library.counts().pending, library.chroma.count()) == (2, 0)
        index_pending(library)
        assert (library.counts().pending, library.chroma.count()) == (0, 2)


def test_a_copy_of_the_catalog_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_library(tmp_path, FIRST)
    before = dump(tmp_path)
    with open_library(tmp_path, WordEmbedder()):
        pass
    copy = tmp_path / "catalog.schema-2.sqlite3"
    with closing(sqlite3.connect(copy)) as connection:
        assert list(connection.iterdump()) == before
    assert caplog.messages == [
        "This library has schema version 2, and is brought up to 3; a copy of the catalog as it was"
        f" is kept at {copy}"
    ]
    caplog.clear()
    with open_library(tmp_path, WordEmbedder()):
        pass
    assert caplog.messages == []


def test_without_room_no_copy_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_library(tmp_path, FIRST)
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr("vectorstore.catalog_migration.shutil.disk_usage", lambda _: usage)
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.catalog.papers() == {"a": BREAD, "b": SOUP}
    assert not list(tmp_path.glob("catalog.schema*"))
    assert caplog.messages == [
        "This library has schema version 2, and is brought up to 3, without a copy: the disk has no"
        " room for one"
    ]


def test_a_copy_that_fails_keeps_nobody_from_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    write_library(tmp_path, FIRST)
    monkeypatch.setattr("vectorstore.catalog_migration.copy_database", fail)
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.catalog.papers() == {"a": BREAD, "b": SOUP}
    assert not list(tmp_path.glob("catalog.schema*"))
    assert "without a copy, which failed: " in caplog.text


def test_a_library_of_another_model_is_not_brought_up_to_date(tmp_path: Path) -> None:
    write_library(tmp_path, FIRST)
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.execute("INSERT INTO about VALUES ('embedding_model', 'letters')")
        connection.commit()
    before = dump(tmp_path)
    with (
        pytest.raises(LibraryMismatchError, match="letters"),
        open_library(tmp_path, WordEmbedder()),
    ):
        pass
    assert dump(tmp_path) == before  # as the paperchat that wrote it reads it


def open_it(home: Path) -> None:
    with open_library(home, WordEmbedder()):
        pass


@pytest.mark.parametrize(
    "read",
    [open_it, read_state, read_counts, lambda home: list(mend(home))],
    ids=["open", "state", "counts", "mend"],
)
def test_a_library_of_a_later_paperchat_is_left_alone(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.executescript(
            "CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
            " CREATE TABLE papers (id TEXT); INSERT INTO about VALUES ('schema_version', '17')"
        )
    before = dump(tmp_path)
    with pytest.raises(LibraryMismatchError) as caught:
        read(tmp_path)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "A later paperchat wrote this library, with schema version 17, and this one reads versions"
        " up to 3",
        str(tmp_path),
        "Update paperchat, or set PAPERCHAT_HOME to another folder. Nothing was changed.",
    )
    assert dump(tmp_path) == before


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
    assert not list(tmp_path.glob("catalog.schema*"))
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.catalog.papers() == {"a": BREAD, "b": SOUP}


def dump(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        return list(connection.iterdump())
