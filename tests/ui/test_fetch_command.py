"""`paperchat fetch` as a user runs it: a process of its own, a server on this machine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import POLL_S
from feed_server import ERROR_FEED, FeedServer, Sent, arxiv_of, daily_of
from processes import MINUTE_S, paperchat

from ingest.feeds.arxiv_query import ArxivQuery

DAILY = daily_of({"2024-07-02": 3, "2024-07-03": 1})
BREAD = ArxivQuery("bread").name


def test_what_arxiv_finds_is_in_the_library(tmp_path: Path) -> None:
    with FeedServer(arxiv_of(3)) as server:
        result = paperchat(
            *("fetch", "arxiv", "--query", "bread", "--json"),
            home=tmp_path,
            PAPERCHAT_ARXIV_URL=server.address,
        )
    assert (result.returncode, result.stderr) == (0, "")
    fetched, report = map(json.loads, result.stdout.splitlines())
    folder = tmp_path / "fetched" / "arxiv" / BREAD
    assert fetched == {
        "fetched": 3,
        "before": 0,
        "missing": 0,
        "pages": 1,
        "folder": str(folder),
    }
    assert (report["files"], report["entries"], report["new"]) == (1, 3, 3)
    [hit] = map(
        json.loads,
        paperchat(
            "search", "bread number 2", "--limit", "1", "--json", home=tmp_path
        ).stdout.splitlines(),
    )
    assert (hit["title"], hit["published"]) == ("Bread number 2", "2024-07-02")


def test_the_papers_of_some_days_are_in_the_library(tmp_path: Path) -> None:
    with FeedServer(DAILY) as server:
        command = ("fetch", "daily", "--date", "2024-07-02..2024-07-03")
        result = paperchat(*command, home=tmp_path, PAPERCHAT_DAILY_URL=server.address)
    assert (result.returncode, result.stderr) == (0, "")
    first, *report = result.stdout.splitlines()
    assert first == f"Fetched 4 papers in 2 pages into {tmp_path / 'fetched' / 'daily'}"
    assert "entries 4" in {" ".join(line.split()) for line in report}
    assert [asked.params["date"] for asked in server.asked] == ["2024-07-02", "2024-07-03"]


def test_nothing_found_is_said_and_no_failure(tmp_path: Path) -> None:
    with FeedServer(DAILY) as server:
        result = paperchat(
            *("fetch", "daily", "--date", "2024-07-01"),
            home=tmp_path,
            PAPERCHAT_DAILY_URL=server.address,
        )
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "Hugging Face has no papers for this.\n",
        "",
    )


def test_a_refused_query_is_an_error(tmp_path: Path) -> None:
    with FeedServer(Sent(ERROR_FEED, status=400)) as server:
        result = paperchat(
            *("fetch", "arxiv", "--query", "cat:cs.CL AND"),
            home=tmp_path,
            PAPERCHAT_ARXIV_URL=server.address,
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: arXiv refused the request (status 400) ({server.address})\n"
        "It says: “start must be an integer”\n"
    )


def test_pages_are_kept_where_the_library_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_text("no database")
    with FeedServer(arxiv_of(3)) as server:
        result = paperchat(
            *("fetch", "arxiv", "--query", "bread"),
            home=tmp_path,
            PAPERCHAT_ARXIV_URL=server.address,
            PAPERCHAT_EMBEDDING_MODEL="openai:none",
        )
    folder = tmp_path / "fetched" / "arxiv" / BREAD
    assert result.returncode == 1
    assert result.stderr.startswith(
        f"The pages are kept; paperchat ingest {folder} takes them in.\nError: "
    )
    assert [file.name for file in folder.iterdir()] == ["0000000.atom"]


def test_ctrl_c_keeps_what_was_fetched(tmp_path: Path) -> None:
    with FeedServer(arxiv_of(150)) as server:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from ui.cli import main; main()"),
                *("fetch", "arxiv", "--query", "bread"),
            ],
            env={"PAPERCHAT_HOME": str(tmp_path), "PAPERCHAT_ARXIV_URL": server.address},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        note = tmp_path / "fetched" / "arxiv" / BREAD / ".fetch.json"
        until = datetime.now(UTC) + timedelta(seconds=MINUTE_S)
        while not note.exists() and datetime.now(UTC) < until:
            time.sleep(POLL_S)
        process.send_signal(signal.SIGINT)  # while it waits for three seconds
        printed, complaints = process.communicate(timeout=MINUTE_S)
    assert (process.returncode, printed) == (130, "")
    assert complaints.splitlines()[0] == (
        "Stopped. What was fetched is kept; the same command goes on from there."
    )
    assert [asked.params["start"] for asked in server.asked] == ["0"]
    assert json.loads(note.read_text())["next_start"] == 100


def test_no_request_goes_where_a_command_cannot_be_right(tmp_path: Path) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    commands = {
        ("daily", "--date", str(tomorrow)): "is in the future",
        ("daily", "--date", "2024-07-03..2024-07-02"): "2024-07-03 is after 2024-07-02",
        ("daily", "--date", "2024-07-02.."): "'' is no YYYY, YYYY-MM or YYYY-MM-DD",
        ("daily", "--date", "Tuesday"): "'Tuesday' is no YYYY, YYYY-MM or YYYY-MM-DD",
        ("arxiv", "--query", "!"): "has no word to look for",
        ("arxiv", "--query", "x", "--since", "2024-02", "--until", "2024-01"): "is after --until",
        ("arxiv", "--query", "x", "--limit", "30001"): "less than or equal to 30000",
    }
    with FeedServer(DAILY) as server:
        address = {"PAPERCHAT_ARXIV_URL": server.address, "PAPERCHAT_DAILY_URL": server.address}
        for command, problem in commands.items():
            result = paperchat("fetch", *command, home=tmp_path, **address)
            assert result.returncode == 2
            assert problem in result.stderr
    assert server.asked == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("fetch",), ("fetch", "arxiv"), ("fetch", "daily")])
def test_help_is_there(command: tuple[str, ...], tmp_path: Path) -> None:
    result = paperchat(*command, "--help", home=tmp_path)
    assert result.returncode == 0
    assert "Fetch" in result.stdout
