"""A library whose catalog is gone: no command begins it anew, and what is left stays as it is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.backup import make_backup
from vectorstore.catalog import CATALOG_FILE, CatalogCounts
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.errors import LibraryError
from vectorstore.library import open_library, read_counts
from vectorstore.records import Paper
from vectorstore.repair import mend

PAPERS = (Paper("bread", "Bread", "Dough rises."), Paper("soup", "Soup", "Broth simmers."))
LOST = "There is no catalog, and there are vectors of its papers"
NO_FILE = "catalog.sqlite3 is a folder, a device or a link that leads nowhere, and no file"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the folder of a library that nobody has open."""
    folder = tmp_path / "library"
    with open_library(folder, WordEmbedder()) as library:
        library.add(PAPERS)
        index_pending(library)
    return folder


def openings(home: Path) -> Iterator[Callable[[], object]]:
    """Yield all that commands do with a library, but for mending and restoring it."""
    yield open_library(home, WordEmbedder()).__enter__
    yield lambda: read_counts(home)
    yield lambda: make_backup(home, home.parent / "library.backup", ())


def empty(catalog: Path) -> None:
    catalog.write_bytes(b"")


def drop_tables(catalog: Path) -> None:
    """Leave what a catalog is whose tables were all in a journal that is gone."""
    catalog.unlink()
    with closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def lead_nowhere(catalog: Path) -> None:
    catalog.unlink()
    catalog.symlink_to("a-disk-that-is-not-there")


def lead_to_a_device(catalog: Path) -> None:
    catalog.unlink()
    catalog.symlink_to("/dev/zero")


def be_a_pipe(catalog: Path) -> None:
    catalog.unlink()
    os.mkfifo(catalog)


def be_a_folder(catalog: Path) -> None:
    catalog.unlink()
    catalog.mkdir()


@pytest.mark.parametrize(
    ("lose", "problem"),
    [
        (Path.unlink, LOST),
        (empty, LOST),
        (drop_tables, LOST),
        (lead_nowhere, NO_FILE),
        (lead_to_a_device, NO_FILE),
        (be_a_pipe, NO_FILE),
        (be_a_folder, NO_FILE),
    ],
)
def test_a_library_is_not_begun_anew(
    home: Path, lose: Callable[[Path], None], problem: str
) -> None:
    lose(home / CATALOG_FILE)
    # The second time shows what the first attempts began.
    for attempt in (*openings(home), *openings(home), lambda: list(mend(home))):
        with pytest.raises(LibraryError) as caught:
            attempt()
        assert caught.value.where == str(home / CATALOG_FILE)
        assert problem.startswith(caught.value.problem)
        assert "`paperchat restore FILE --replace`" in caught.value.hint
        assert str(home) not in caught.value.hint  # a page that is shared shows that
    with closing(ChromaPassages(home, {"embedding_model": "words"})) as chroma:
        assert chroma.count() == len(PAPERS)


def test_a_catalog_that_comes_back(home: Path, tmp_path: Path) -> None:
    (home / CATALOG_FILE).rename(tmp_path / "away")
    with pytest.raises(LibraryError), open_library(home, WordEmbedder()):
        pass
    (tmp_path / "away").rename(home / CATALOG_FILE)
    with open_library(home, WordEmbedder()) as library:
        assert library.counts() == CatalogCounts(2, 0, 2, 0, 0, 0)


@pytest.mark.parametrize("is_begun", [False, True], ids=["no file", "no tables"])
def test_a_library_that_was_hardly_begun_is_begun(tmp_path: Path, *, is_begun: bool) -> None:
    if is_begun:
        (tmp_path / CATALOG_FILE).touch()  # by a process that was killed then
    (tmp_path / CHROMA_FOLDER).mkdir()
    assert read_counts(tmp_path)[0].papers == 0
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.counts() == CatalogCounts(0, 0, 0, 0, 0, 0)


def test_a_catalog_that_is_another_database(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        connection.execute("CREATE TABLE ovens (name TEXT)")
    for attempt in (*openings(tmp_path), lambda: list(mend(tmp_path))):
        with pytest.raises(LibraryError) as caught:
            attempt()
        assert str(caught.value) == (
            f"This is no catalog, but a database of another program ({tmp_path / CATALOG_FILE})."
            " The catalog is the only record of the papers and cannot be made anew: run `paperchat"
            " restore FILE --replace` with a backup, or set PAPERCHAT_HOME to another folder and"
            " ingest your files again."
        )
    with closing(sqlite3.connect(tmp_path / CATALOG_FILE)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("ovens",)]
