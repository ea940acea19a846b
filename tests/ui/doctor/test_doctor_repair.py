"""`paperchat doctor --repair` as a user runs it, and what `paperchat doctor` says before."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from embedders import WordEmbedder
from processes import paperchat

from ingest.indexing import index_pending
from ui.doctor.doctor_check import Check, Status, ok, problem
from ui.doctor.doctor_library import library_checks
from ui.doctor.doctor_repair import repair
from ui.environment import SettingsError
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.library import open_library
from vectorstore.lock import LibraryLock
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

BREAD = Paper("bread", "Bread in a Hurry", "Bread rises slowly. We present a faster starter.")
SOUP = Paper("soup", "Salt for Soup", "Soup needs salt. Twelve grams are enough.")
HINT = "Run `paperchat doctor --repair`."


@pytest.fixture
def home(tmp_path: Path, embedder: OnnxEmbedder) -> Path:
    """Return the folder of a library of two papers that nobody has open."""
    folder = tmp_path / "library"
    with open_library(folder, embedder) as library:
        library.add([BREAD, SOUP])
        index_pending(library)
    return folder


def run(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_library_that_is_well(home: Path, embedder: OnnxEmbedder) -> None:
    checks = list(repair({"PAPERCHAT_HOME": str(home)}))
    assert [check for check in checks if check.name != "disk space"] == [
        ok("repair: catalog", "whole"),
        ok("repair: lexical index", "says what the papers do"),
        ok("repair: records", "all belong to papers"),
        ok("repair: passages", "all 2 as in the catalog"),
        ok("repair: texts", "all as they were read"),
        ok("repair: index", "2 papers, all of them indexed"),
        ok("library folder", f"{home} can be read and written"),
        ok("library", "2 papers, 0 of them waiting to be indexed"),
        ok("library's schema version", SCHEMA_VERSION),
        ok("library's embedding model", embedder.name),
        ok("catalog", "nothing is missing in it"),
        ok("lock", "free: no other process has the library open"),
        ok("catalog and Chroma", "the catalog counts 2 passages, Chroma has 2"),
    ]


def test_the_command(home: Path) -> None:
    run(home, "DELETE FROM vectors WHERE number = 1", "DELETE FROM words_docsize WHERE id = 2")
    (home / "chroma" / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    before = paperchat("doctor", "--json", home=home)
    assert before.returncode == 1
    found = [json.loads(line) for line in before.stdout.splitlines()]
    [catalog, chroma] = [check for check in found if check["status"] == "problem"]
    assert (catalog["name"], catalog["hint"]) == ("catalog", HINT)
    assert catalog["detail"] == "lexical index damaged: words; papers without vectors: 1"
    assert chroma["detail"].startswith("Chroma cannot open its store: ")
    assert "`paperchat doctor --repair`" in chroma["hint"]
    refused = paperchat("search", "soup", home=home)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "paperchat doctor --repair" in refused.stderr

    mended = paperchat("doctor", "--repair", home=home)
    assert (mended.returncode, mended.stderr) == (0, "Finishing what an earlier run began.\n")
    assert mended.stdout.splitlines()[:9] == [
        "ok       repair: catalog: whole",
        "warning  repair: lexical index: words: damaged",
        "         Mended: made anew.",
        "warning  repair: records: papers without vectors: 1",
        "         Mended: papers without vectors are indexed again.",
        "warning  repair: passages: Chroma's store is damaged: chroma.sqlite3: file is not a"
        " database",
        "         Mended: deleted; all papers are indexed again.",
        "ok       repair: texts: all as they were read",
        "ok       repair: index: 2 papers, all of them indexed",
    ]
    after = paperchat("doctor", "--json", home=home)
    assert after.returncode == 0
    assert {json.loads(line)["status"] for line in after.stdout.splitlines()} == {"ok"}
    [best, *_] = map(
        json.loads, paperchat("search", "salt in soup", "--json", home=home).stdout.splitlines()
    )
    assert best["paper_id"] == "soup"


def test_a_catalog_that_cannot_be_mended(home: Path) -> None:
    (home / CATALOG_FILE).write_bytes(b"junk" * 1000)
    result = paperchat("doctor", "--repair", "--json", home=home)
    assert (result.returncode, result.stderr) == (1, "")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "name": "repair",
            "status": "problem",
            "detail": f"The catalog cannot be used: file is not a database ({home / CATALOG_FILE})",
            "hint": "The catalog is the only record of the papers and cannot be made anew: run"
            " `paperchat restore FILE --replace` with a backup, or set PAPERCHAT_HOME to another"
            " folder and ingest your files again.",
        }
    ]
    assert (home / CATALOG_FILE).read_bytes() == b"junk" * 1000


def test_a_catalog_that_is_gone(home: Path) -> None:
    (home / CATALOG_FILE).unlink()
    [check] = repair({"PAPERCHAT_HOME": str(home)})
    assert (check.status, check.detail) == (
        Status.PROBLEM,
        f"There is no catalog ({home / CATALOG_FILE})",
    )
    for arguments in (["search", "soup"], ["stats"], ["ingest", home.parent]):
        refused = paperchat(*arguments, home=home)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith("Error: There is no catalog, and there are vectors")
    [folder] = library_checks(home, None)
    assert folder.status is Status.PROBLEM
    assert folder.detail == (
        f"There is no catalog, and there are vectors of its papers ({home / CATALOG_FILE})"
    )
    assert not (home / CATALOG_FILE).exists()


def test_a_library_of_another_model(home: Path) -> None:
    run(home, "UPDATE about SET value = 'old' WHERE key = 'embedding_model'")
    *_, last = repair({"PAPERCHAT_HOME": str(home)})
    assert (last.name, last.status) == ("repair", Status.PROBLEM)
    assert last.detail.startswith("This library was written with embedding model old")


def test_a_library_that_is_in_use(home: Path) -> None:
    lock = LibraryLock(home)
    try:
        [check] = repair({"PAPERCHAT_HOME": str(home)})
    finally:
        lock.release()
    assert check.status is Status.PROBLEM
    assert check.detail.startswith("Another process is using this library: ")


def test_a_full_disk_is_not_taken_for_damage(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "chroma" / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    usage = shutil.disk_usage(home)._replace(free=10_000_000)
    monkeypatch.setattr("ui.doctor.doctor_library.shutil.disk_usage", lambda _: usage)
    assert list(repair({"PAPERCHAT_HOME": str(home)})) == [
        problem("disk space", f"0.0 GB free at {home}", "Free some space before you ingest.")
    ]
    assert (home / "chroma" / "chroma.sqlite3").read_bytes() == b"junk" * 1000


def test_no_library_is_made(tmp_path: Path) -> None:
    home = tmp_path / "library"
    expected = [ok("library folder", f"{home} is not there yet", "paperchat ingest makes it.")]
    assert list(repair({"PAPERCHAT_HOME": str(home)})) == expected
    assert list(tmp_path.iterdir()) == []


def test_wrong_settings_end_it(home: Path) -> None:
    (home / "chroma" / "chroma.sqlite3").write_bytes(b"junk" * 1000)
    with pytest.raises(SettingsError):
        list(repair({"PAPERCHAT_HOME": str(home), "PAPERCHAT_HOEM": "elsewhere"}))
    assert (home / "chroma" / "chroma.sqlite3").read_bytes() == b"junk" * 1000


def catalog_check(home: Path) -> Check:
    return {check.name: check for check in library_checks(home, None)}["catalog"]


def test_a_folder_beside_the_catalog_is_named(home: Path) -> None:
    wal = home / f"{CATALOG_FILE}-wal"
    wal.mkdir()
    told = problem(
        "library",
        "catalog.sqlite3-wal is a folder, a device or a link that leads nowhere, and no file"
        f" ({wal})",
        "SQLite keeps a file of that name: move away what is there, and try again.",
    )
    assert list(library_checks(home, None)) == [told]
    [repaired] = repair({"PAPERCHAT_HOME": str(home)})
    assert repaired == replace(told, name="repair")
    wal.rmdir()
    assert catalog_check(home).status is Status.OK


def test_rows_of_no_paper_are_told(home: Path) -> None:
    run(home, "INSERT INTO identifiers VALUES ('title:gone', 99)")
    assert catalog_check(home) == problem("catalog", "rows of no paper: 1", HINT)


def test_a_text_that_is_not_as_it_was_read(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "tea.jsonl"
    file.write_text('{"title": "On Green Tea", "abstract": "Leaves steep in a pot."}\n', "utf-8")
    assert paperchat("ingest", file, home=home).returncode == 0
    run(home, "UPDATE papers SET abstract = 'Leaves sleep in a pot.' WHERE title LIKE '%Tea'")
    told = problem("catalog", "papers that are not as they were read: 1", HINT)
    assert told in library_checks(home, None)
    mended = list(repair({"PAPERCHAT_HOME": str(home)}))
    assert [check.detail for check in mended if check.name == "repair: texts"] == [
        "papers that were not as they were read: 1"
    ]
    assert told not in mended
    with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
        abstracts = [paper.abstract for paper in catalog.all_papers()]
    assert abstracts == [BREAD.abstract, SOUP.abstract, "Leaves steep in a pot."]


def test_a_graph_that_is_gone_is_told(tmp_path: Path) -> None:
    made, home = tmp_path / "made", tmp_path / "copy"
    with open_library(made, WordEmbedder()) as library:
        library.add(Paper(f"p{n}", f"Loaf {n}", f"Loaf {n} rises.") for n in range(1_100))
        index_pending(library)
    # A copy, since what this process has read of the first one Chroma keeps in memory.
    shutil.copytree(made, home)
    [graph] = (path for path in (home / "chroma").iterdir() if path.is_dir())
    shutil.rmtree(graph)
    *_, last = library_checks(home, None)
    assert (last.name, last.status) == ("library", Status.PROBLEM)
    assert last.detail.startswith("Chroma cannot use its store: ")
    assert "`paperchat doctor --repair`" in last.hint


def test_passages_that_are_not_found_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "vectorstore.chroma_passages.ChromaPassages.finds_passages", lambda _: False
    )
    *_, last = library_checks(home, None)
    detail = "Chroma does not find the passages that it has"
    assert last == problem("catalog and Chroma", detail, HINT)
