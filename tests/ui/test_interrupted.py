"""Commands that are stopped or run out of room: what they did is kept, and going on ends it."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import MINUTE_S, paperchat, started

from ui import cli
from ui.cli import EXIT_TERMINATED
from vectorstore.catalog import CatalogCounts
from vectorstore.library import open_library, read_counts
from vectorstore.lock import HOLDER_FILE
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

STOPPED = "Stopped. What was read is kept; the same command goes on with the rest.\n"
SOON_S = 20.0  # two on a machine that has nothing else to do


def loaf(number: int) -> dict[str, str]:
    """Return a paper as a file of JSON lines has it."""
    abstract = f"Loaf {number} rises slowly. We bake it twice. It is eaten with soup."
    return {"title": f"The Loaf of Day {number}", "abstract": abstract}


def write_papers(file: Path, papers: int, times: int = 1) -> Path:
    """Write a file that lists papers, all of them so many times."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{json.dumps(loaf(number))}\n" for number in range(papers))
    file.write_text(lines * times, "utf-8")
    return file


def wait_for(home: Path, condition: Callable[[CatalogCounts], bool]) -> None:
    deadline = time.monotonic() + MINUTE_S
    while not ((home / "catalog.sqlite3").exists() and condition(read_counts(home)[0])):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def interrupted(process: subprocess.Popen[str]) -> str:
    """Stop a command as Ctrl-C does, and return what it said."""
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    shown, complaints = process.communicate(timeout=MINUTE_S)
    assert time.monotonic() - sent < SOON_S
    assert (process.returncode, shown) == (130, "")
    return complaints


def counts(home: Path) -> CatalogCounts:
    return read_counts(home)[0]


@pytest.mark.parametrize("command", [("ingest",), ("sync", "--prune")])
def test_stopped_while_reading(tmp_path: Path, command: tuple[str, ...]) -> None:
    home, papers = tmp_path / "library", tmp_path / "papers"
    write_papers(papers / "many.jsonl", 60, times=2_000)
    with started(*command, papers, home=home) as process:
        wait_for(home, lambda found: found.papers > 0)
        complaints = interrupted(process)
    assert complaints.startswith(STOPPED)
    assert counts(home).pending == 60
    write_papers(papers / "many.jsonl", 60, times=10)  # going on need not take as long
    assert paperchat(*command, papers, home=home).returncode == 0
    assert (counts(home).papers, counts(home).pending) == (60, 0)


@pytest.mark.parametrize("command", [("ingest",), ("sync", "--prune")])
def test_stopped_while_indexing(tmp_path: Path, command: tuple[str, ...]) -> None:
    home, papers = tmp_path / "library", tmp_path / "papers"
    write_papers(papers / "loaves.jsonl", 200)
    with started(*command, papers, home=home) as process:
        wait_for(home, lambda found: 0 < found.pending < found.papers)
        complaints = interrupted(process)
    assert complaints.startswith(STOPPED)
    assert 0 < counts(home).pending < 200
    again = paperchat(*command, papers, "--json", home=home)
    assert again.returncode == 0
    assert json.loads(again.stdout)["new"] == 0
    assert (counts(home).papers, counts(home).pending) == (200, 0)


def test_a_terminal_that_is_closed(tmp_path: Path) -> None:
    home, papers = tmp_path / "library", tmp_path / "many.jsonl"
    write_papers(papers, 60, times=2_000)
    with started("ingest", papers, home=home) as process:
        wait_for(home, lambda found: found.papers > 0)
        assert (home / HOLDER_FILE).exists()
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGHUP)  # the shell says so, and then the system
        assert process.communicate(timeout=MINUTE_S) == ("", "")
    assert process.returncode == EXIT_TERMINATED
    assert not (home / HOLDER_FILE).exists()  # the library was closed


def test_nohup_keeps_a_command_going(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", told.__setitem__)
    monkeypatch.setattr(signal, "getsignal", lambda _number: signal.SIG_IGN)
    cli._end_when_told()
    assert told.keys() == {signal.SIGTERM}
    monkeypatch.setattr(signal, "getsignal", lambda _number: signal.SIG_DFL)
    cli._end_when_told()
    assert told.keys() == {signal.SIGTERM, signal.SIGHUP}


@pytest.mark.parametrize("file_bytes", [30_000, 100_000])  # of the catalog's log, and of Chroma
def test_a_disk_that_is_full(tmp_path: Path, file_bytes: int) -> None:
    home, papers = tmp_path / "library", write_papers(tmp_path / "loaves.jsonl", 40)
    with started("ingest", papers, home=home, file_bytes=file_bytes) as process:
        told_of_full_disk(process, home)
    assert paperchat("ingest", papers, home=home).returncode == 0
    assert (counts(home).papers, counts(home).pending) == (40, 0)
    assert paperchat("doctor", home=home).returncode == 0


def test_a_disk_that_fills_while_indexing(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    home = tmp_path / "library"
    loaves = [(f"loaf{number}", loaf(number)) for number in range(400)]
    with open_library(home, embedder) as library:
        library.add(Paper(id_, item["title"], item["abstract"]) for id_, item in loaves)
    with started("search", "soup", home=home, file_bytes=700_000) as process:
        told_of_full_disk(process, home)
    assert 0 < counts(home).pending < 400
    assert paperchat("search", "soup", home=home).returncode == 0
    assert (counts(home).papers, counts(home).pending) == (400, 0)
    assert paperchat("doctor", home=home).returncode == 0


def told_of_full_disk(process: subprocess.Popen[str], home: Path) -> None:
    shown, complaints = process.communicate(timeout=MINUTE_S)
    assert (process.returncode, shown) == (1, "")
    told = " ".join(complaints.removeprefix("Finishing what an earlier run began.\n").split())
    assert told.startswith(("Error: The catalog cannot be used: ", "Error: Chroma cannot "))
    assert str(home) in told
    assert re.search("the disk is (not )?full", told)  # and what to do


def test_a_library_that_nobody_can_write_to(tmp_path: Path) -> None:
    home = tmp_path / "library"
    paperchat("ingest", write_papers(tmp_path / "loaves.jsonl", 3), home=home)
    before = paperchat("stats", "--json", home=home)
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        if os.access(home, os.W_OK):
            pytest.skip("root may write anywhere")
        assert paperchat("stats", "--json", home=home).stdout == before.stdout
        refused = paperchat("search", "loaf", home=home)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "cannot be written to" in refused.stderr
    finally:
        home.chmod(stat.S_IRWXU)
