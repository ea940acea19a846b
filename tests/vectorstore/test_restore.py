"""Restoring: the same library again, whatever backup it is of, or nothing changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest
from backed_up import (
    BREAD,
    DATABASES,
    SOUP,
    TALKS_FILE,
    TEA,
    files_in,
    papers_in,
    tables,
    talks_in,
    write_home,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.backup import make_backup
from vectorstore.backup_format import MANIFEST, BackupError
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.errors import LibraryBusyError
from vectorstore.lock import LibraryLock
from vectorstore.records import Paper
from vectorstore.restore import restore

PAGE = "fetched/arxiv/bread/0000000.atom"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
Spoil = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backed up")
    make_backup(write_home(folder / "library"), folder / "library.backup", DATABASES)
    return folder / "library.backup"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder with another library."""
    return write_home(tmp_path / "library", (TEA,), ("How long?",), home="mine")


def test_into_a_folder_that_is_not_there(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "new" / "library"
    told: list[tuple[int, int]] = []
    restored = restore(home, backup, DATABASES, on_progress=lambda *done: told.append(done))
    assert (restored.moved_aside, restored.manifest.rows) == (
        None,
        {"papers": 2, "conversations": 1},
    )
    assert papers_in(home) == {"bread": BREAD, "soup": SOUP}
    assert talks_in(home) == ["How much salt?"]
    assert files_in(home).keys() == {CATALOG_FILE, TALKS_FILE, PAGE}
    assert told[-1][0] == told[-1][1]


def test_a_library_that_is_there_stays(backup: Path, home: Path) -> None:
    before = files_in(home)
    with pytest.raises(BackupError) as caught:
        restore(home, backup, DATABASES)
    assert (caught.value.problem, caught.value.where) == ("There is a library already", str(home))
    assert "--replace" in caught.value.hint
    assert files_in(home) == before


def test_a_library_that_is_there_is_moved_aside(backup: Path, home: Path) -> None:
    (home / "notes.txt").write_text("mine", "utf-8")
    (home / "settings.json").write_text("{}", "utf-8")
    (home / "chroma").mkdir()
    before = files_in(home)
    aside = restore(home, backup, DATABASES, replace=True).moved_aside
    assert aside
    assert (aside.parent, aside.name[:9]) == (home, "replaced-")
    assert papers_in(home) == {"bread": BREAD, "soup": SOUP}
    assert talks_in(home) == ["How much salt?"]
    assert not (home / "chroma").exists()
    assert (aside / "chroma").is_dir()
    stays = {"notes.txt", "settings.json"}
    assert files_in(aside) == {name: data for name, data in before.items() if name not in stays}
    assert {name: (home / name).read_bytes() for name in stays} == {
        name: before[name] for name in stays
    }


def test_what_the_journal_of_the_former_has_is_moved_with_it(backup: Path, home: Path) -> None:
    left = home.parent / "left"
    with closing(Catalog(home / CATALOG_FILE)) as catalog:  # as a process that died leaves it
        catalog.save([BREAD])
        shutil.copytree(home, left)
    assert (left / f"{CATALOG_FILE}-wal").stat().st_size
    aside = restore(left, backup, DATABASES, replace=True).moved_aside
    assert aside
    assert papers_in(left) == {"bread": BREAD, "soup": SOUP}
    assert papers_in(aside) == {"tea": TEA, "bread": BREAD}


def test_a_library_that_is_in_use(backup: Path, home: Path) -> None:
    lock = LibraryLock(home)
    try:
        with pytest.raises(LibraryBusyError):
            restore(home, backup, DATABASES, replace=True)
    finally:
        lock.release()
    assert papers_in(home) == {"tea": TEA}


def test_the_home_is_another_one(tmp_path: Path) -> None:
    write_home(tmp_path / "library", home="mine", library="ours", records="sends:1", change="7")
    make_backup(tmp_path / "library", tmp_path / "library.backup", DATABASES)
    restore(tmp_path / "other", tmp_path / "library.backup", DATABASES)
    with closing(Catalog(tmp_path / "other" / CATALOG_FILE, read_only=True)) as catalog:
        about = catalog.about()
    assert len(about.pop("home")) == 32
    assert about == {
        "schema_version": "3",
        "embedding_model": "words",
        "library": "ours",
        "records": "sends:1",
        "change": "7",
    }


@settings(max_examples=8)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=5), st.lists(WORDS, max_size=3))
def test_round_trip(texts: list[tuple[str, str]], talks: list[str]) -> None:
    papers = [Paper(str(number), *text) for number, text in enumerate(texts)]
    with TemporaryDirectory() as folder:
        there = write_home(Path(folder, "library"), papers, talks)
        make_backup(there, Path(folder, "backup"), DATABASES)
        here = Path(folder, "other")
        restore(here, Path(folder, "backup"), DATABASES)
        assert papers_in(here) == {paper.id: paper for paper in papers}
        for name in (CATALOG_FILE, TALKS_FILE):
            assert tables(here / name) == tables(there / name)
        with closing(Catalog(here / CATALOG_FILE)) as catalog:
            catalog.file.run_script(
                "INSERT INTO words (words, rank) VALUES ('integrity-check', 1);"
            )


def test_lexical_indexes_follow_their_papers_afterwards(backup: Path, tmp_path: Path) -> None:
    restore(tmp_path, backup, DATABASES)
    with closing(Catalog(tmp_path / CATALOG_FILE)) as catalog:
        catalog.save([Paper("soup", "Soup", "Stock cools.")])
        assert catalog.match_words('"broth"', 9) == {}
        assert catalog.match_words('"stock"', 9).keys() == {2}


@given(st.data())
@settings(max_examples=60)
def test_a_byte_that_is_not_what_it_was(backup: Path, data: st.DataObject) -> None:
    content = bytearray(backup.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    told_or_whole(bytes(content))


@given(st.data())
@settings(max_examples=25)
def test_a_backup_that_is_cut(backup: Path, data: st.DataObject) -> None:
    content = backup.read_bytes()
    with pytest.raises(BackupError):
        restored_from(content[: data.draw(st.integers(0, len(content) - 1))])


@given(st.binary(max_size=500))
@settings(max_examples=25)
def test_any_file(content: bytes) -> None:
    with pytest.raises(BackupError):
        restored_from(content)


def told_or_whole(content: bytes) -> None:
    """Restore it all the same, or say why not and leave nothing behind."""
    with suppress(BackupError):
        # Where it is: a date in the .zip, or one that the manifest tells.
        assert restored_from(content) == ({"bread": BREAD, "soup": SOUP}, ["How much salt?"])


def restored_from(content: bytes) -> tuple[dict[str, Paper], list[str]]:
    with TemporaryDirectory() as folder:
        file, home = Path(folder, "backup"), Path(folder, "library")
        file.write_bytes(content)
        try:
            restore(home, file, DATABASES)
        except BackupError:
            assert [path.name for path in Path(folder).iterdir()] == ["backup"]
            raise
        return papers_in(home), talks_in(home)


def manifest_of(parts: dict[str, bytes]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(parts[MANIFEST])
    return loaded


def listed(name: str, data: bytes = b"salt") -> Spoil:
    """Add a file that the manifest names with its right size and checksum."""

    def add(parts: dict[str, bytes]) -> None:
        manifest = manifest_of(parts)
        digest = sha256(data).hexdigest()
        manifest["parts"] = [part for part in manifest["parts"] if part["name"] != name]
        manifest["parts"].append({"name": name, "size": len(data), "sha256": digest})
        if name == CATALOG_FILE:
            manifest["parts"][-1] |= {"version": 3, "rows": {"papers": 2}}
        parts[name] = data
        parts[MANIFEST] = json.dumps(manifest).encode()

    return add


def said(**facts: object) -> Spoil:
    """Have the manifest say something else."""

    def say(parts: dict[str, bytes]) -> None:
        parts[MANIFEST] = json.dumps(manifest_of(parts) | facts).encode()

    return say


def of_part(number: int, **facts: object) -> Spoil:
    """Have the manifest say something else of a part."""

    def say(parts: dict[str, bytes]) -> None:
        manifest = manifest_of(parts)
        manifest["parts"][number] |= facts
        parts[MANIFEST] = json.dumps(manifest).encode()

    return say


def without(name: str) -> Spoil:
    def leave_out(parts: dict[str, bytes]) -> None:
        del parts[name]

    return leave_out


def unlisted(parts: dict[str, bytes]) -> None:
    parts["fetched/more.atom"] = b"<feed/>"


def bomb(parts: dict[str, bytes]) -> None:
    listed("fetched/zeros.atom", bytes(60_000_000))(parts)


NO_PART = "which is no part of a library"
HOSTILE = {
    "a path that leads out": (listed("../salt"), NO_PART),
    "a path that leads out below": (listed("fetched/../../salt"), NO_PART),
    "an absolute path": (listed("/salt"), NO_PART),
    "a path of another system": (listed("fetched/..\\salt"), NO_PART),
    "a hidden file": (listed("fetched/.salt"), NO_PART),
    "a deep path": (listed("fetched" + "/a" * 9), NO_PART),
    "a file of ours that is not backed up": (listed("settings.json"), NO_PART),
    "a journal": (listed(f"{CATALOG_FILE}-wal"), NO_PART),
    "a file that the manifest does not name": (unlisted, "is not what its manifest says"),
    "no manifest": (without(MANIFEST), "there is no manifest.json in it"),
    "no catalog": (without(CATALOG_FILE), "it does not hold what its manifest says"),
    "a manifest that is none": (
        lambda parts: parts.update({MANIFEST: b"{" * 9_999}),
        "its manifest cannot be read",
    ),
    "a manifest of something else": (said(format="soup"), "its manifest is of something else"),
    "a manifest without parts": (said(parts=[]), "does not name the parts of a library"),
    "a manifest that tells much": (said(made_by="salt" * 999), "says more than ours do"),
    "a page with a version": (of_part(2, version=0), "tells no version of fetched/"),
    "a catalog without one": (of_part(0, version=None), "tells no version of catalog.sqlite3"),
    "a long manifest": (said(salt="salt" * 9_000_000), "its manifest is too long"),
    "a negative size": (of_part(2, size=-1), "tells no size and checksum of"),
    "an absurd size": (of_part(2, size=10**18), "as a zip bomb does"),
    "another size": (of_part(2, size=8), "is not what its manifest says"),
    "another checksum": (of_part(2, sha256="0" * 64), "is not what was backed up"),
    "another number of papers": (of_part(0, rows={"papers": 3}), "is not what its manifest says"),
    "another version": (of_part(0, version=2), "is not what its manifest says"),
    "a catalog that is none": (listed(CATALOG_FILE, b"soup" * 9_999), "is damaged"),
    "a catalog that is empty": (listed(CATALOG_FILE, b""), "is damaged"),
    "a zip bomb": (bomb, "as a zip bomb does"),
}


def written(folder: Path, parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> Path:
    file = folder / "hostile"
    with ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


@pytest.fixture
def parts(backup: Path) -> dict[str, bytes]:
    """Return what is in a backup, by name."""
    with ZipFile(backup) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("spoil", "problem"), HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_archives(parts: dict[str, bytes], home: Path, spoil: Spoil, problem: str) -> None:
    spoil(parts)
    file = written(home.parent, parts)
    before = files_in(home.parent)
    with pytest.raises(BackupError) as caught:
        restore(home, file, DATABASES, replace=True)
    assert problem in caught.value.problem
    assert caught.value.where == str(file)
    assert files_in(home.parent) == before


@pytest.mark.parametrize("version", [{"version": 2}, {"version": 99, "parts": "other"}])
def test_a_backup_of_a_later_form(
    parts: dict[str, bytes], tmp_path: Path, version: dict[str, object]
) -> None:
    said(**version)(parts)
    assert_of_a_later_one(written(tmp_path, parts), tmp_path)


@pytest.mark.parametrize("number", [0, 1], ids=["catalog", "conversations"])
def test_a_backup_of_a_later_schema(parts: dict[str, bytes], tmp_path: Path, number: int) -> None:
    of_part(number, version=99)(parts)
    assert_of_a_later_one(written(tmp_path, parts), tmp_path)


def assert_of_a_later_one(file: Path, folder: Path) -> None:
    with pytest.raises(BackupError, match="made by a later paperchat") as caught:
        restore(folder / "library", file, DATABASES)
    assert caught.value.hint.startswith("Update paperchat")
    assert not (folder / "library").exists()


def linked(folder: Path, parts: dict[str, bytes]) -> Path:
    link = ZipInfo(PAGE)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    rest = {name: data for name, data in parts.items() if name != PAGE}
    return added(written(folder, rest), link, parts[PAGE])


def twice(folder: Path, parts: dict[str, bytes]) -> Path:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return added(written(folder, parts), ZipInfo(PAGE), parts[PAGE])


def added(file: Path, member: ZipInfo, data: bytes) -> Path:
    with ZipFile(file, "a") as archive:
        archive.writestr(member, data)
    return file


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (linked, "is a link"),
        (twice, "it does not hold what its manifest says"),
        (partial(written, method=ZIP_LZMA), "is packed as none of ours is"),
    ],
    ids=["a link", "two of a name", "foreign packing"],
)
def test_archives_of_another_kind(
    parts: dict[str, bytes],
    home: Path,
    made: Callable[[Path, dict[str, bytes]], Path],
    problem: str,
) -> None:
    before = files_in(home)
    file = made(home.parent, parts)
    with pytest.raises(BackupError) as caught:
        restore(home, file, DATABASES, replace=True)
    assert problem in caught.value.problem
    assert files_in(home) == before


def hostile_catalog(folder: Path) -> bytes:
    write_home(folder / "hostile home")
    file = folder / "hostile home" / CATALOG_FILE
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TRIGGER rot AFTER INSERT ON papers BEGIN DELETE FROM papers; END;"
            "DROP TRIGGER words_insert;"
            "CREATE TRIGGER words_insert AFTER INSERT ON papers BEGIN DELETE FROM papers; END;"
            'CREATE VIEW "od""d" AS SELECT 1; PRAGMA wal_checkpoint(TRUNCATE);'
        )
    return file.read_bytes()


def test_triggers_of_strangers_are_not_taken(parts: dict[str, bytes], tmp_path: Path) -> None:
    listed(CATALOG_FILE, hostile_catalog(tmp_path))(parts)
    restore(tmp_path / "library", written(tmp_path, parts), DATABASES)
    with closing(Catalog(tmp_path / "library" / CATALOG_FILE)) as catalog:
        catalog.save([TEA])
        assert catalog.papers().keys() == {"bread", "soup", "tea"}
        assert catalog.match_words('"leaves"', 9).keys() == {3}


def endless_catalog(folder: Path) -> bytes:
    file = folder / "endless"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
            "INSERT INTO about VALUES ('schema_version', '3');"
            "CREATE VIEW papers AS WITH RECURSIVE number (at) AS"
            " (SELECT 1 UNION ALL SELECT at + 1 FROM number) SELECT * FROM number"
        )
    return file.read_bytes()


def test_a_catalog_without_end(parts: dict[str, bytes], tmp_path: Path) -> None:
    listed(CATALOG_FILE, endless_catalog(tmp_path))(parts)
    with pytest.raises(BackupError, match="no such table: papers"):
        restore(tmp_path / "library", written(tmp_path, parts), DATABASES)
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("name", ["folder", "none", "no\0name"])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BackupError):
        restore(tmp_path / "library", tmp_path / name, DATABASES)
    assert not (tmp_path / "library").exists()


def test_a_disk_without_room(backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_in(home)
    usage = shutil.disk_usage(home)._replace(free=10_000_000)
    monkeypatch.setattr("vectorstore.restore.shutil.disk_usage", lambda _: usage)
    with pytest.raises(BackupError, match="The disk has no room for this backup"):
        restore(home, backup, DATABASES, replace=True)
    assert files_in(home) == before


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("vectorstore.backup_reading.os.fsync", fail)
        yield


@pytest.mark.usefixtures("full_disk")
def test_a_disk_that_fills(backup: Path, home: Path) -> None:
    before = files_in(home)
    with pytest.raises(BackupError, match="No space left on device"):
        restore(home, backup, DATABASES, replace=True)
    assert files_in(home) == before
    assert not [place for place in home.iterdir() if place.name.startswith("restore.")]


def test_a_folder_that_cannot_be_written_to(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(BackupError, match="The library cannot be restored"):
        restore(tmp_path / "file" / "library", backup, DATABASES)
