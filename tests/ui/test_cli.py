"""The command line as a user runs it: real processes, a real library, the exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from processes import PAGE, on_a_terminal, paperchat, served

from vectorstore.onnx_embedding import OnnxEmbedder


def json_lines(result: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    """Return what the command printed, and insist that nothing else was."""
    assert (result.returncode, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library with one shipped page in it."""
    folder = tmp_path_factory.mktemp("library")
    result = paperchat("ingest", PAGE, "--json", home=folder)
    [report] = json_lines(result)
    assert report.pop("seconds")
    assert report == {
        "files": 1,
        "entries": 58,
        "new": 58,
        "updated": 0,
        "unchanged": 0,
        "duplicates": 0,
        "skipped": [],
        "skipped_count": 0,
        "notes": [],
        "note_count": 0,
        "same_abstract": 0,
        "suspicious": 0,
    }
    return folder


def test_ingesting_again_changes_nothing(home: Path) -> None:
    result = paperchat("ingest", PAGE, home=home)
    assert result.returncode == 0
    shown = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert (shown["new"].strip(), shown["unchanged"].strip()) == ("0", "58")


def test_stats(home: Path) -> None:
    [stats] = json_lines(paperchat("stats", "--json", home=home))
    passages = stats.pop("passages")
    assert isinstance(passages, int)
    assert passages > 58
    assert stats == {
        "papers": 58,
        "dated": 56,
        "with_author_count": 54,
        "with_organization": 2,
        "embedding_model": OnnxEmbedder().name,
        "home": str(home),
    }


def test_search(home: Path) -> None:
    hits = json_lines(
        paperchat("search", "merging models by permutations", "--limit", "3", "--json", home=home)
    )
    assert len(hits) == 3
    relevance, parts, words = (hits[0].pop(name) for name in ("relevance", "parts", "words"))
    assert isinstance(relevance, float)
    assert 0.5 < relevance <= 1
    assert isinstance(parts, dict)
    assert list(parts) == ["pooled", "late", "lexical", "title"]
    assert isinstance(words, list)
    assert [word["word"] for word in words] == ["merging", "models", "permutations"]
    assert hits[0] == {
        "paper_id": hits[0]["paper_id"],
        "title": "PLeaS -- Merging Models with Permutations and Least Squares",
        "published": "2024-07-02",
        "authors": [],
        "organization": None,
        "venue": None,
        "categories": [],
        "arxiv_id": None,
        "doi": None,
        "language": "en",
        "suspicious": [],
    }


def test_a_search_within_limits(home: Path) -> None:
    limits = ("--from", "2024-07", "--to", "2024", "--order", "oldest")
    result = paperchat("search", "mergng models", *limits, home=home)
    assert result.returncode == 0
    assert result.stderr == (
        "Searched for “merging” instead of “mergng”.\n2 papers were left out for having no date.\n"
    )
    assert result.stdout.splitlines()[0] == (
        f"{result.stdout[:4]}  PLeaS -- Merging Models with Permutations and Least Squares"
        "  (2024-07-02)"
    )


def test_what_is_to_be_known_of_a_search_is_an_object_of_its_own(home: Path) -> None:
    query = ("search", "mergng models", "--from", "2024-07", "--limit", "1", "--json")
    result = paperchat(*query, home=home)
    [hit] = map(json.loads, result.stdout.splitlines())
    [notes] = map(json.loads, result.stderr.splitlines())
    assert hit["title"].startswith("PLeaS")
    assert notes == {
        "corrections": [{"typed": "mergng", "used": "merging"}],
        "left_out_undated": 2,
        "uncovered": [],
    }


def test_why_a_paper_is_on_the_list(home: Path) -> None:
    result = paperchat("why", "papers on merging models", "--paper", "pleas", home=home)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].rstrip() == "PLeaS -- Merging Models with Permutations and Least Squares"
    assert "It is on the list: number 1 of " in lines[3]


def test_why_a_paper_is_not_on_the_list(home: Path) -> None:
    question = ("why", "papers on merging models", "--paper", "pleas", "--to", "2024-06")
    [explanation] = json_lines(paperchat(*question, "--json", home=home))
    assert (explanation["standing"], explanation["reason"]) == (
        "filtered out",
        "A filter leaves it out: it is of 2024-07-02, after 2024-06-30.",
    )


def test_why_of_an_unknown_paper_offers_others(home: Path) -> None:
    result = paperchat("why", "merging models", "--paper", "porcelain kilns", home=home)
    assert (result.returncode, result.stdout) == (1, "")
    problem, hint = result.stderr.splitlines()
    assert problem == "Error: No paper here is called “porcelain kilns”"
    assert re.fullmatch("Is it “.+”, “.+” or “.+”\\?", hint)


def test_a_conversation(home: Path) -> None:
    turns = json_lines(
        paperchat(
            "ask",
            "papers on merging models",
            "which of those use permutations?",
            "--json",
            home=home,
        )
    )
    assert [turn["question"] for turn in turns] == [
        "papers on merging models",
        "which of those use permutations?",
    ]
    page = " ".join(PAGE.read_text("utf-8").split())
    for turn in turns:
        assert (turn["abstained"], turn["mode"], turn["notice"]) == (False, "extractive", "")
        citations = turn["citations"]
        assert isinstance(citations, list)
        assert citations
        assert all(" ".join(q.split()) in page for c in citations for q in c["quotes"])
        assert all(citation["quotes"] for citation in citations)


def test_a_batch_goes_on_after_bad_lines(home: Path) -> None:
    lines = [
        '\ufeff{"id": "a", "turns": ["model merging \\ud800", ""]}',
        "nonsense",
        '{"id": "b"}',
        "[" * 100_000,
        "",
    ]
    result = paperchat("ask", "--batch", "-", "--json", home=home, text="\n".join(lines))
    assert result.returncode == 1
    [conversation] = map(json.loads, result.stdout.splitlines())
    assert conversation["id"] == "a"
    assert [turn.get("error") for turn in conversation["turns"]] == [
        None,
        "The question is empty. Type what you want to know.",
    ]
    assert "Not JSON: Expecting value" in result.stderr
    assert "Not a conversation (-, line 3)" in result.stderr


CASES: list[tuple[Sequence[str], dict[str, str], int, str]] = [
    (["ask"], {}, 2, "name either questions or --batch FILE"),
    (["search"], {}, 2, "Missing argument"),
    (["search", "x", "--limit", "0"], {}, 2, "Invalid value for '--limit'"),
    (["search", "x", "--from", "May"], {}, 2, "'May' is no YYYY, YYYY-MM or YYYY-MM-DD"),
    (["search", "x", "--from", "2025", "--to", "2024"], {}, 2, "--from 2025-01-01 is after --to"),
    (["search", "x", "--order", "best"], {}, 2, "Invalid value for '--order'"),
    (["why", "x"], {}, 2, "Missing option '--paper'"),
    (["why", "  ", "--paper", "PLeaS"], {}, 1, "The question is empty"),
    (["ask", "  "], {}, 1, "The question is empty"),
    (["ask", "x" * 100_000], {}, 1, "The question has 100,000 characters; at most 4,000"),
    (["ask", "--batch", "/no/such/file"], {}, 1, "The file cannot be read"),
    (["ingest", "/no/such/folder"], {}, 1, "There is no such file or folder (/no/such/folder)"),
    (["stats"], {"PAPERCHAT_HOEM": "x"}, 1, "Did you mean PAPERCHAT_HOME?"),
    (["ask", "x"], {"PAPERCHAT_MODEL": "m"}, 1, "PAPERCHAT_MODEL names m, but not where"),
    (["ask", "x"], {"OPENAI_API_KEY": "se\ncret"}, 1, "OPENAI_API_KEY has characters that no key"),
    (["stats"], {"PAPERCHAT_HOME": __file__}, 1, "The library's folder is not a folder"),
]


@pytest.mark.parametrize(("arguments", "variables", "code", "message"), CASES)
def test_what_is_wrong_is_said(
    home: Path, arguments: Sequence[str], variables: dict[str, str], code: int, message: str
) -> None:
    result = paperchat(*arguments, home=home, **variables)
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_output_that_cannot_be_written(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = paperchat("stats", "--json", home=home, stdout=full)
    assert result.returncode == 1
    assert result.stderr == "Error: The output cannot be written: No space left on device\n"


def test_output_that_is_closed(tmp_path: Path) -> None:
    command = '"$0" -c "from ui.cli import main; main()" stats >&-'
    result = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable],
        env={**os.environ, "PAPERCHAT_HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The output cannot be written: it is closed\nSend it to a file or to /dev/null.\n"
    )


@pytest.mark.parametrize("error", ["MemoryError()", 'RuntimeError("can\'t start new thread")'])
def test_memory_that_runs_out(tmp_path: Path, error: str) -> None:
    script = (
        "import sys, ui.commands; from ui.cli import main\n"
        f"def stats(**_): raise {error}\n"
        "ui.commands.stats = stats; sys.argv[1:] = ['stats']; main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PAPERCHAT_HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: There is not enough memory.\nClose other programs")


def test_nothing_that_could_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("# Shopping\n\nmilk and eggs.\n")
    result = paperchat("ingest", tmp_path / "notes.txt", home=tmp_path / "library")
    assert result.returncode == 1
    assert "notes.txt:1: no papers were recognised in it" in result.stdout


def test_a_terminal_gets_its_cursor_back(home: Path) -> None:
    screen, code = on_a_terminal("ask", "papers on model merging", home=home)
    assert code == 0
    assert "PLeaS" in screen
    assert screen.count("\x1b[?25l") == screen.count("\x1b[?25h") > 0


def test_asking_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    result = paperchat("ask", "anything?", home=tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        f"Error: There are no papers to answer from yet ({tmp_path})\n"
        "Run `paperchat ingest PATH` with your listing pages first.\n"
    )


def test_stats_of_no_library_are_zero_and_make_none(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    [stats] = json_lines(paperchat("stats", "--json", home=folder))
    assert (stats["papers"], stats["passages"]) == (0, 0)
    assert not folder.exists()


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    result = paperchat("ask", "anything?", home=file)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: The library's folder cannot be made: File exists")


def test_good_entries_of_a_bad_file_go_in(tmp_path: Path) -> None:
    page = PAGE.read_bytes()
    cut = tmp_path / "cut.txt"
    cut.write_bytes(page[: page.index(b"Data-Efficient Reinforcement") + 40])
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01" * 100)
    [report] = json_lines(paperchat("ingest", tmp_path, "--json", home=tmp_path / "library"))
    assert (report["files"], report["new"]) == (2, 1)
    skipped = report["skipped"]
    assert isinstance(skipped, list)
    assert [Path(item["file"]).name for item in skipped] == ["binary.txt", "cut.txt"]


def test_a_second_process_is_told_who_has_the_library(home: Path) -> None:
    with served(home):
        refused = paperchat("ask", "anything?", home=home)
        counted = paperchat("stats", "--json", home=home)
    assert refused.returncode == 1
    assert "Another process is using this library: process" in refused.stderr
    assert "paperchat serve" in refused.stderr
    assert counted.returncode == 0
