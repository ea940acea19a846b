"""`paperchat backup` and `restore`: beside other commands, killed, and with what they say."""

from __future__ import annotations

import json
import re
import signal
import time
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest
from answers import ANSWER
from processes import MINUTE_S, paperchat, started
from typer.testing import CliRunner

from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.exchange_record import StoredExchange
from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.judgement import Rating
from assistant.conversations.store import ConversationStore
from ui.cli import app
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.errors import LibraryBusyError, LibraryError
from vectorstore.library import read_counts
from vectorstore.onnx_embedding import OnnxEmbedder

ANN = "ann-9f2c"
QUESTION = "Which loaf rises slowly?"


def write_papers(file: Path, papers: int) -> Path:
    abstract = "Loaf {0} rises slowly. We bake it twice. It is eaten with soup."
    records = [
        {"title": f"The Loaf of Day {number}", "abstract": abstract.format(number)}
        for number in range(papers)
    ]
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return file


def run(*arguments: str | Path, home: Path) -> str:
    """Run a command in this process, which has to end well, and return what it printed."""
    result = CliRunner().invoke(
        app, [*map(str, arguments)], env={"PAPERCHAT_HOME": str(home), "COLUMNS": "300"}
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def found(home: Path) -> list[dict[str, object]]:
    return [
        json.loads(line)
        for line in run("search", "loaf of day 3", "--json", home=home).splitlines()
    ]


def test_a_library_comes_back_whole(tmp_path: Path) -> None:
    home, other, file = tmp_path / "library", tmp_path / "other", tmp_path / "library.backup"
    run("ingest", write_papers(tmp_path / "loaves.jsonl", 6), home=home)
    store = ConversationStore(home / CONVERSATIONS_FILE)
    place = store.save(ANN, StoredExchange(QUESTION, answer=ANSWER))
    FeedbackStore(store).rate(ANN, place, Rating.UP)
    kept = store.read(ANN, place.conversation)
    (home / "settings.json").write_text('{"key": "sk-salt"}', "utf-8")
    papers = found(home)

    made = paperchat("backup", file, home=home, OPENAI_API_KEY="sk-pepper")
    assert (made.returncode, made.stderr) == (0, "")
    size = file.stat().st_size / 1e6
    assert made.stdout == f"6 papers and 1 conversation backed up to {file} ({size:,.1f} MB)\n"
    with ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(b"sk-salt|sk-pepper|ann-9f2c", content)

    told = json.loads(run("restore", file, "--json", home=other))
    made_at, made_by, model = (told.pop(key) for key in ("made_at", "made_by", "embedding_model"))
    assert (made_by, model) == (version("paperchat"), OnnxEmbedder().name)
    assert told == {
        "restored": str(file),
        "home": str(other),
        "moved_aside": None,
        "papers": 6,
        "conversations": 1,
        "answers": 1,
        "rated_answers": 1,
        "fetched_pages": 0,
    }
    checks = run("doctor", "--json", home=other).splitlines()
    assert {json.loads(line)["status"] for line in checks} == {"ok"}
    assert found(other) == papers
    again = ConversationStore(other / CONVERSATIONS_FILE)
    assert again.read(ANN, place.conversation) == kept
    assert FeedbackStore(again).count(ANN) == 1
    again.close()
    store.close()

    replaced = run("restore", file, "--replace", home=home)
    [aside] = home.glob("replaced-*")
    assert replaced == (
        f"6 papers and 1 conversation restored to {home}, as of {made_at}\n"
        f"The library that was there before is kept at {aside}\n"
    )
    assert (found(home), found(aside)) == (papers, papers)


def wait_for_indexing(home: Path) -> None:
    deadline = time.monotonic() + MINUTE_S
    while True:
        assert time.monotonic() < deadline
        with suppress(LibraryBusyError):  # just while it is put in place
            if (home / "catalog.sqlite3").exists() and read_counts(home)[0].pending not in {0, 64}:
                return
        time.sleep(0.02)


def test_while_papers_are_taken_in_and_killed_while_it_indexes(tmp_path: Path) -> None:
    home, other, file = tmp_path / "library", tmp_path / "other", tmp_path / "library.backup"
    papers = write_papers(tmp_path / "loaves.jsonl", 64)
    with started("ingest", papers, home=home) as ingest:
        wait_for_indexing(home)
        ingest.send_signal(signal.SIGSTOP)  # wherever it is, for as long as it takes
        assert json.loads(run("backup", file, "--json", home=home))["papers"] == 64
    with started("restore", file, home=other) as process:
        wait_for_indexing(other)
        process.send_signal(signal.SIGKILL)
    assert len(found(other)) == 10
    counts = read_counts(other)[0]
    assert (counts.papers, counts.pending) == (64, 0)


def test_files_that_are_refused_as_a_user_sees_it(tmp_path: Path) -> None:
    home, file = tmp_path / "library", tmp_path / "soup.txt"
    file.write_text("No backup.", "utf-8")
    result = paperchat("restore", file, home=home)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: This is no backup that can be restored: it is no .zip, or only the beginning of one"
        f" ({file})\nName a file that `paperchat backup` wrote, or an earlier copy of it. Nothing"
        " was changed.\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("search", "soup"),
        ("ask", "Which papers are on soup?"),
        ("why", "soup", "--paper", "soup"),
        ("stats",),
        ("ingest", "papers"),
        ("sync", "papers"),
        ("remove", "soup"),
        ("export", "--format", "jsonl"),
        ("serve", "--no-browser", "--port", "0"),
        ("backup", "library.backup"),
        ("doctor",),
        ("doctor", "--repair"),
    ],
    ids=" ".join,
)
def test_no_command_opens_a_library_of_a_later_paperchat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "library"
    home.mkdir()
    with closing(Catalog(home / CATALOG_FILE)) as catalog:
        catalog.describe({"schema_version": "4"})
    before = (home / CATALOG_FILE).read_bytes()
    (tmp_path / "papers").mkdir()
    write_papers(tmp_path / "papers" / "loaves.jsonl", 1)
    result = CliRunner().invoke(app, command, env={"PAPERCHAT_HOME": str(home)})
    said = str(result.exception) if isinstance(result.exception, LibraryError) else result.stdout
    assert "with schema version 4" in " ".join(said.split())
    assert "Update paperchat" in " ".join(said.split())
    assert result.exit_code == 1
    assert (home / CATALOG_FILE).read_bytes() == before
