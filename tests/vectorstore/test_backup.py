"""Backups: what is in them, that they are of one moment, and what is refused."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from backed_up import BREAD, DATABASES, SOUP, TALKS_FILE, TEA, files_in, papers_in, write_home

from vectorstore import database_copy
from vectorstore.backup import make_backup
from vectorstore.backup_format import MANIFEST, BackupError
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.database_copy import copy_database
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.records import Paper
from vectorstore.restore import restore

PAGE = "fetched/arxiv/bread/0000000.atom"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_home(tmp_path / "library")


def test_what_is_in_a_backup(home: Path, tmp_path: Path) -> None:
    for name in ("search.index", "map.json", "settings.json", "secret.key", "library.lock"):
        (home / name).write_text("salt", "utf-8")
    (home / "chroma").mkdir()
    (home / "fetched" / ".fetch.json").write_text("{}", "utf-8")
    (home / "fetched" / "link.atom").symlink_to(home / "secret.key")
    file = tmp_path / "library.backup"
    told: list[tuple[int, int]] = []
    manifest = make_backup(home, file, DATABASES, on_progress=lambda *done: told.append(done))
    with ZipFile(file) as archive:
        names = archive.namelist()
        stored = json.loads(archive.read(MANIFEST))
    assert names == [CATALOG_FILE, TALKS_FILE, PAGE, MANIFEST]
    assert [(part["name"], part["version"], part["rows"]) for part in stored["parts"]] == [
        (CATALOG_FILE, 3, {"papers": 2}),
        (TALKS_FILE, 2, {"conversations": 1}),
        (PAGE, None, {}),
    ]
    assert (stored["format"], stored["version"]) == ("paperchat backup", 1)
    assert manifest.rows == {"papers": 2, "conversations": 1}
    assert manifest.embedding_model == "words"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told[-1] == (1, 1)  # megabytes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library", "library.backup"]


def test_nothing_of_the_library_is_changed(home: Path, tmp_path: Path) -> None:
    before = files_in(home)
    make_backup(home, tmp_path / "library.backup", DATABASES)
    assert files_in(home) == before


def test_a_copy_is_of_one_moment_and_no_writer_holds_it_up(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_copy, "PAGES_AT_ONCE", 1)
    copy = tmp_path / "copy"
    copy.mkdir()
    heard: list[int] = []
    with closing(Catalog(home / CATALOG_FILE)) as writer:

        def write(size: int) -> None:
            heard.append(size)
            assert len(heard) < 500  # or it would begin again with each change
            writer.save([Paper(f"loaf{len(heard)}", "Loaf", "Another loaf rises.")])

        copy_database(home / CATALOG_FILE, copy / CATALOG_FILE, write)
        assert writer.paper_count() == 2 + len(heard)
    assert len(heard) > 10
    assert sum(heard) == (copy / CATALOG_FILE).stat().st_size
    assert papers_in(copy) == {"bread": BREAD, "soup": SOUP}


def test_what_is_written_and_not_yet_in_the_file_itself_is_backed_up(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "library.backup"
    with closing(Catalog(home / CATALOG_FILE)) as open_elsewhere:
        open_elsewhere.save([TEA])
        assert (home / f"{CATALOG_FILE}-wal").stat().st_size > 0
        make_backup(home, file, DATABASES)
    restore(tmp_path / "other", file, DATABASES)
    assert papers_in(tmp_path / "other").keys() == {"bread", "soup", "tea"}


def test_a_page_that_goes_meanwhile_is_left_out(home: Path, tmp_path: Path) -> None:
    def finish_fetch(_done: int, _total: int) -> None:
        (home / PAGE).unlink(missing_ok=True)

    file = tmp_path / "library.backup"
    make_backup(home, file, DATABASES, on_progress=finish_fetch)
    restored = restore(tmp_path / "other", file, DATABASES).manifest
    assert [part.name for part in restored.parts] == [CATALOG_FILE, TALKS_FILE]


def test_a_file_that_is_there_stays(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "library.backup"
    file.write_text("older", "utf-8")
    with pytest.raises(BackupError) as caught:
        make_backup(home, file, DATABASES)
    assert caught.value.problem.startswith("There is something of that name already")
    assert "--force" in caught.value.hint
    assert file.read_text("utf-8") == "older"
    make_backup(home, file, DATABASES, force=True)
    assert restore(tmp_path / "other", file, DATABASES).manifest.rows["papers"] == 2


def test_a_file_that_comes_meanwhile_stays(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "library.backup"

    def come(_done: int, _total: int) -> None:
        file.write_text("mine", "utf-8")

    with pytest.raises(BackupError, match="of that name already"):
        make_backup(home, file, DATABASES, on_progress=come)
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no/library.backup", "The backup cannot be made: its folder does not exist"),
        ("folder", "There is something of that name that is no file, and it was left as it is"),
        ("pipe", "There is something of that name that is no file, and it was left as it is"),
        ("library/own", "A backup in the library's own folder would be lost with it"),
        ("link/own", "A backup in the library's own folder would be lost with it"),
    ],
)
def test_places_where_no_backup_can_be(home: Path, tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(home)
    before = files_in(tmp_path)
    for force in (False, True):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(BackupError) as caught:
            make_backup(home, tmp_path / name, DATABASES, force=force)
        assert (caught.value.problem, caught.value.where) == (problem, str(tmp_path / name))
        assert "add --force" not in caught.value.hint  # it would not help
        assert (tmp_path / "pipe").is_fifo()
        (tmp_path / "pipe").unlink()
        assert files_in(tmp_path) == before


def test_where_there_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no library to back up"):
        make_backup(tmp_path / "none", tmp_path / "library.backup", DATABASES)
    assert list(tmp_path.iterdir()) == []


def damaged(home: Path) -> None:
    content = (home / CATALOG_FILE).read_bytes()
    (home / CATALOG_FILE).write_bytes(content[:40_000] + b"soup" * 3_000 + content[52_000:])


def without_a_table(home: Path) -> None:
    with closing(sqlite3.connect(home / TALKS_FILE)) as connection:
        connection.execute("ALTER TABLE conversations RENAME TO soups")


def with_damaged_talks(home: Path) -> None:
    size = (home / TALKS_FILE).stat().st_size
    with (home / TALKS_FILE).open("r+b") as file:
        file.seek(size - 4096)  # its last page, a table's
        file.write(b"soup" * 1024)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [(without_a_table, "no such table: conversations"), (with_damaged_talks, "")],
)
def test_the_part_that_is_damaged_is_named(
    home: Path, tmp_path: Path, spoil: Callable[[Path], None], found: str
) -> None:
    spoil(home)
    with pytest.raises(BackupError) as caught:
        make_backup(home, tmp_path / "library.backup", DATABASES)
    begun = f"{TALKS_FILE} is damaged, and nothing was backed up: {found}"
    assert caught.value.problem.startswith(begun)
    assert (caught.value.where, caught.value.hint) == (
        str(home / TALKS_FILE),
        "Run `paperchat doctor`, which says what can be done.",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


def of_a_later_one(home: Path) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        connection.execute("UPDATE about SET value = '99' WHERE key = 'schema_version'")
        connection.execute("ALTER TABLE papers DROP COLUMN comment_count")
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "error", "hint"),
    [
        pytest.param(damaged, LibraryError, "doctor", id="damaged"),
        pytest.param(of_a_later_one, LibraryMismatchError, "Update paperchat", id="of a later one"),
    ],
)
def test_libraries_that_are_not_backed_up(
    home: Path,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    error: type[LibraryError],
    hint: str,
) -> None:
    spoil(home)
    with pytest.raises(error) as caught:
        make_backup(home, tmp_path / "library.backup", DATABASES)
    assert hint in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o500)
    with pytest.raises(BackupError, match="Permission denied"):
        make_backup(home, folder / "library.backup", DATABASES)


@pytest.mark.parametrize("step", ["copying", "packing"])
def test_a_disk_that_fills(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"copying": "copy_database", "packing": "write_manifest"}[step]
    monkeypatch.setattr(f"vectorstore.backup.{target}", fail)
    with pytest.raises(BackupError, match="No space left on device"):
        make_backup(home, tmp_path / "library.backup", DATABASES)
    assert [path.name for path in tmp_path.iterdir()] == ["library"]
