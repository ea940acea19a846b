from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts
from vectorstore.catalog_leaving import take_out
from vectorstore.catalog_readings import StoredReading, store_keys, store_readings
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.errors import LibraryBusyError, LibraryError, LibraryMismatchError
from vectorstore.library import open_library
from vectorstore.library_state import catalog_problems
from vectorstore.lock import LibraryLock
from vectorstore.records import Paper, title_identifier
from vectorstore.repair import Finding, mend

PAPERS = (
    Paper(
        "bread",
        "Bread in a Hurry",
        "Bread rises slowly. We present a faster starter.",
        authors=("Ada",),
    ),
    Paper("soup", "Salt for Soup", "Soup needs salt. Twelve grams do. More is bad. Less is dull."),
    Paper("stew", "Stew", "A stew is a soup that was left alone."),
)
INDEXED = CatalogCounts(3, 0, 4, 0, 0, 0)
WELL = [
    Finding("catalog", "whole"),
    Finding("lexical index", "says what the papers do"),
    Finding("records", "all belong to papers"),
    Finding("passages", "all 4 as in the catalog"),
]
ANEW = "deleted; all papers are indexed again"
LOST = (
    "The catalog is the only record of the papers and cannot be made anew: run `paperchat restore"
    " FILE --replace` with a backup, or set PAPERCHAT_HOME to another folder and ingest your files"
    " again."
)
Harm = Callable[[Path], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the folder of a library of three papers that nobody has open."""
    folder = tmp_path / "library"
    with open_library(folder, WordEmbedder()) as library:
        library.add(PAPERS)
        numbers = library.catalog.numbers_of([paper.id for paper in PAPERS])
        for paper in PAPERS:
            reading = StoredReading(f"{paper.id}.txt", 1, b"digest", "{}", 1, 1)
            store_readings(library.catalog.file, {numbers[paper.id]: [reading]})
            store_keys(library.catalog.file, {numbers[paper.id]: [title_identifier(paper.title)]})
        index_pending(library)
    # A copy, since what this process has read of the first one Chroma keeps in memory.
    shutil.copytree(folder, tmp_path / "copy")
    return tmp_path / "copy"


def run(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def told_of(home: Path) -> list[Finding]:
    """Return what is not well, and insist that afterwards all of it is."""
    found = [finding for finding in mend(home) if finding.done]
    with open_library(home, WordEmbedder()) as library:
        index_pending(library)
        assert library.counts() == INDEXED
        assert library.catalog.papers() == {paper.id: paper for paper in PAPERS}
        [(readings,)] = library.catalog.file.rows("SELECT count(*) FROM readings")
        assert readings == len(PAPERS)
        assert sorted(id_ for ids in library.chroma.ids() for id_ in ids) == [
            "bread/passage/0",
            "soup/passage/0",
            "soup/passage/1",
            "stew/passage/0",
        ]
    assert list(mend(home)) == WELL
    return found


def test_nothing_to_mend(home: Path) -> None:
    before = (home / CATALOG_FILE).read_bytes()
    assert list(mend(home)) == WELL
    assert (home / CATALOG_FILE).read_bytes() == before


@pytest.mark.parametrize("table", ["words", "forms", "names"])
@pytest.mark.parametrize(
    "harm", ["DELETE FROM {}_docsize WHERE id = 1", "DELETE FROM {}_data WHERE id > 10"]
)
def test_a_lexical_index_that_is_damaged(home: Path, table: str, harm: str) -> None:
    run(home, harm.format(table))
    assert told_of(home) == [Finding("lexical index", f"{table}: damaged", "made anew")]


def test_a_lexical_index_that_says_something_else(home: Path) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection, connection:
        connection.execute("DROP TRIGGER words_update")
        [[sql]] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'forms_update'")
        connection.execute("UPDATE papers SET title = 'Broth' WHERE id = 'soup'")
        connection.execute("UPDATE papers SET title = 'Salt for Soup' WHERE id = 'soup'")
        connection.execute(sql.replace("forms", "words"))
        connection.execute(
            "INSERT INTO words (words, rowid, title, abstract) VALUES ('delete', 3, 'Stew',"
            " 'A stew is a soup that was left alone.')"
        )
    assert told_of(home) == [Finding("lexical index", "words: damaged", "made anew")]


def test_an_index_of_a_table_that_is_damaged(home: Path) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection, connection:
        # An index of none of the papers, which SQLite is told to be one of all.
        [[sql]] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'papers_by_state'")
        connection.execute("DROP INDEX papers_by_state")
        connection.execute(f"{sql} WHERE number < 0")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'papers_by_state'", (sql,)
        )
    [found, *others] = [finding for finding in mend(home) if finding.done]
    assert found.found.endswith("missing from index papers_by_state")
    assert (found.done, others) == ("its indexes were made anew", [])
    assert told_of(home) == []


def test_rows_of_papers_that_are_gone(home: Path) -> None:
    run(
        home,
        "UPDATE files SET fingerprint = 'read'",
        "INSERT INTO readings VALUES (77, 99, 1, 1, 'digest', '{}', 1, 1)",
        "INSERT INTO identifiers VALUES ('title:gone', 99)",
        "INSERT INTO vectors VALUES (99, 'whole', '[]', '', '', 0)",
        "INSERT INTO abbreviations VALUES (99, 'short', 'long')",
        "INSERT INTO leaving VALUES ('soup')",
    )
    done = "rows of no paper were removed"
    assert told_of(home) == [Finding("records", "rows of no paper: 5", done)]
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        files = connection.execute("SELECT name, fingerprint FROM files ORDER BY name").fetchall()
    # The next sync reads again what the reading that went was from.
    assert files == [("bread.txt", None), ("soup.txt", "read"), ("stew.txt", "read")]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM vectors WHERE number = 2",
        "UPDATE vectors SET whole = 'short' WHERE number = 2",
        "UPDATE vectors SET sentences = '[[0, 9' WHERE number = 2",
        "UPDATE vectors SET sentences = '[[0, 9]]' WHERE number = 2",
        "UPDATE vectors SET token_vectors = 'four', token_dimension = 5 WHERE number = 2",
    ],
)
def test_a_paper_without_its_vectors(home: Path, harm: str) -> None:
    run(home, harm)
    done = "papers without vectors are indexed again"
    assert told_of(home) == [Finding("records", "papers without vectors: 1", done)]


def delete_folder(home: Path) -> None:
    shutil.rmtree(home / CHROMA_FOLDER)


def delete_all_of_one(home: Path) -> None:
    with closing(ChromaPassages(home, {"embedding_model": "words"})) as chroma:
        chroma.remove(["soup"])


def delete_one(home: Path) -> None:
    with closing(ChromaPassages(home, {"embedding_model": "words"})) as chroma:
        chroma.drop(["soup/passage/1"])


def call_two_indexed(home: Path) -> None:
    run(home, "UPDATE papers SET passage_count = 3 WHERE id = 'bread'")


def remove_a_paper(home: Path) -> None:
    with closing(Catalog(home / CATALOG_FILE)) as catalog:
        take_out(catalog.file, ["soup"])
    run(home, "DELETE FROM leaving")


AGAIN = "papers without theirs are indexed again"


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (delete_folder, "papers without those they should have: 3"),
        (delete_all_of_one, "papers without those they should have: 1"),
        (delete_one, "papers without those they should have: 1"),
        (call_two_indexed, "papers without those they should have: 1"),
    ],
)
def test_passages_that_are_not_there(home: Path, harm: Harm, found: str) -> None:
    harm(home)
    assert told_of(home) == [Finding("passages", found, AGAIN)]


def test_passages_of_no_paper(home: Path) -> None:
    remove_a_paper(home)
    assert [finding for finding in mend(home) if finding.done] == [
        Finding("passages", "of no paper: 2", "those of no paper were removed")
    ]
    with open_library(home, WordEmbedder()) as library:
        assert library.counts() == CatalogCounts(2, 0, 2, 0, 0, 0)
        assert library.chroma.count() == 2


def junk(home: Path) -> None:
    (home / CHROMA_FOLDER / "chroma.sqlite3").write_bytes(b"junk" * 1000)


def overwritten(home: Path) -> None:
    file = home / CHROMA_FOLDER / "chroma.sqlite3"
    content = bytearray(file.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 8 * 4096] = b"\xaa" * 8 * 4096
    file.write_bytes(content)


def a_file_in_its_place(home: Path) -> None:
    shutil.rmtree(home / CHROMA_FOLDER)
    (home / CHROMA_FOLDER).touch()


def another_model(home: Path) -> None:
    shutil.rmtree(home / CHROMA_FOLDER)
    ChromaPassages(home, {"embedding_model": "letters"}).close()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (junk, "Chroma's store is damaged: chroma.sqlite3: file is not a database"),
        (overwritten, "Chroma's store is damaged: chroma.sqlite3: "),
        (a_file_in_its_place, "Chroma cannot open its store: "),
        (another_model, "Chroma has passages of another embedding model"),
    ],
)
def test_a_store_that_cannot_be_used(home: Path, harm: Harm, found: str) -> None:
    harm(home)
    [finding] = told_of(home)
    assert finding.found.startswith(found)
    assert (finding.part, finding.done) == ("passages", ANEW)
    assert sorted(path.name for path in home.iterdir()) == [CATALOG_FILE, "chroma", "library.lock"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library of so many papers that Chroma makes a graph of them."""
    folder = tmp_path_factory.mktemp("many")
    with open_library(folder, WordEmbedder()) as library:
        library.add(Paper(f"p{n}", f"Loaf {n}", f"Loaf {n} rises.") for n in range(1_100))
        index_pending(library)
    return folder


@pytest.mark.parametrize("lost", ["*", "data_level0.bin", "index_metadata.pickle"])
def test_a_graph_that_is_damaged(many: Path, tmp_path: Path, lost: str) -> None:
    home = tmp_path / "copy"
    shutil.copytree(many, home)
    [graph] = (path for path in (home / CHROMA_FOLDER).iterdir() if path.is_dir())
    for file in graph.glob(lost):
        file.unlink()
    if lost == "*":
        graph.rmdir()
    [*others, passages] = mend(home)
    assert [finding.done for finding in others] == ["", "", ""]
    assert passages.done == ANEW
    with open_library(home, WordEmbedder()) as library:
        assert index_pending(library) == 1_100
    assert list(mend(home))[-1] == Finding("passages", "all 1,100 as in the catalog")


def test_a_repair_that_was_cut_short(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    junk(home)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", crash)  # the folder is aside by then
        with pytest.raises(KeyboardInterrupt):
            list(mend(home))
    assert (home / "chroma.damaged").is_dir()
    junk_again = home / CHROMA_FOLDER
    junk_again.mkdir()
    junk(home)
    assert [finding.done for finding in told_of(home)] == [ANEW]
    assert not (home / "chroma.damaged").exists()


def test_papers_that_wait_are_left_waiting(home: Path) -> None:
    with open_library(home, WordEmbedder()) as library:
        library.add([Paper("tea", "Tea", "Tea is hot.")])
    assert list(mend(home)) == WELL
    with open_library(home, WordEmbedder()) as library:
        assert library.counts() == CatalogCounts(4, 1, 4, 0, 0, 0)


def cut_in_half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 8192 * 4096])


def write_over(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:8192] = b"\xaa" * 4096
    file.write_bytes(content)


def be_another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE songs (title TEXT)")


def have_no_tables(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (be_another_database, "This is no catalog, but a database of another program"),
        (have_no_tables, "There is no catalog, and there are vectors of its papers"),
        (lambda file: file.write_bytes(b"junk" * 1000), "The catalog cannot be used: file is not"),
        (cut_in_half, "The catalog "),
        (write_over, "The catalog "),
        (Path.unlink, "There is no catalog"),
        (lambda file: file.write_bytes(b""), "There is no catalog"),
    ],
)
def test_a_catalog_that_cannot_be_mended(
    home: Path, harm: Callable[[Path], object], problem: str
) -> None:
    file = home / CATALOG_FILE
    harm(file)
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(LibraryError) as caught:
        list(mend(home))
    assert caught.value.problem.startswith(problem)
    assert (caught.value.where, caught.value.hint) == (str(file), LOST)
    assert (file.read_bytes() if file.exists() else None) == before
    with closing(ChromaPassages(home, {"embedding_model": "words"})) as chroma:
        assert chroma.count() == 4


def test_a_catalog_that_cannot_be_written_is_not_taken_for_damaged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_alone(file: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)

    monkeypatch.setattr("vectorstore.catalog_file.connect_to_read", read_alone)
    assert catalog_problems(home) == ()


def test_a_library_that_is_in_use(home: Path) -> None:
    lock = LibraryLock(home)
    try:
        with pytest.raises(LibraryBusyError):
            list(mend(home))
    finally:
        lock.release()
    assert list(mend(home)) == WELL


def test_a_library_of_another_version(home: Path) -> None:
    run(home, "UPDATE about SET value = '0' WHERE key = 'schema_version'")
    assert list(mend(home)) == [Finding("catalog", "whole")]
    with pytest.raises(LibraryMismatchError), open_library(home, WordEmbedder()):
        pass
