"""The log as commands leave it: real processes, a real library, the files in its folder."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeModelServer, fails
from processes import paperchat

from ingest.indexing import index_pending
from ui.environment import Environment
from ui.logs.log_file import LOG_FILE
from ui.logs.log_lines import OURS, LogLines
from ui.logs.log_setup import set_up, tell_more
from ui.wiring import model_settings
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

LEVAIN = Paper(
    id="levain",
    title="Levain: Sourdough Bread Without Waiting",
    abstract=(
        "Sourdough bread takes a day to rise. We keep the starter warm and feed it twice. "
        "Loaves rise in four hours and taste as sour as before."
    ),
)
QUESTION = "How long does sourdough\nbread take to rise?"
LINE = (
    r"(?:\S+Z INFO \d+|INFO) ui\.question: id=\w{6} by=command outcome=[\w-]+ total_ms=\d+"
    r" planning_ms=\d+ search_ms=\d+ writing_ms=\d+ checking_ms=\d+ composer=extractive papers=\d"
    r" cited=\d claims=\d dropped=0"
)
WORDS = re.compile("sourdough|bread|dough|loaves|starter", re.IGNORECASE)


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory, embedder: OnnxEmbedder) -> Path:
    folder = tmp_path_factory.mktemp("kitchen")
    with open_library(folder, embedder) as library:
        library.add([LEVAIN])
        index_pending(library)
    return folder


@pytest.fixture
def home(kitchen: Path, tmp_path: Path) -> Path:
    """Return a library of one paper, without a log."""
    return shutil.copytree(kitchen, tmp_path / "home")


def test_a_question_is_one_line_of_a_private_file_and_of_stderr_on_request(home: Path) -> None:
    asked = paperchat("ask", QUESTION, "And soup?", "--json", "-v", home=home)
    assert (asked.returncode, len(asked.stdout.splitlines())) == (0, 2)
    for written in (asked.stderr, (home / LOG_FILE).read_text()):
        assert [bool(re.fullmatch(LINE, line)) for line in written.splitlines()] == [True, True]
        assert not WORDS.search(written)
    assert stat.S_IMODE((home / LOG_FILE).stat().st_mode) == 0o600


def test_the_words_are_logged_where_that_is_wanted_and_nothing_on_stderr(home: Path) -> None:
    asked = paperchat("--log-questions", "ask", QUESTION, "--json", home=home)
    assert (asked.returncode, asked.stderr) == (0, "")
    [line] = (home / LOG_FILE).read_text().splitlines()
    assert re.fullmatch(LINE + r' question="How long .*\\nbread take to rise\?"', line)
    assert "Loaves" not in line


@pytest.fixture
def handlers() -> Iterator[list[logging.Handler]]:
    """Return the handlers of the root logger, which are again what they were after the test."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield root.handlers
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("variables", "texts", "told"),
    [
        ({}, False, ""),
        ({}, True, ' question="Why?"'),
        ({"PAPERCHAT_LOG_QUESTIONS": "yes"}, False, ' question="Why?"'),
    ],
    ids=["neither", "option", "variable"],
)
def test_words_by_option_and_by_variable(
    tmp_path: Path,
    handlers: list[logging.Handler],
    variables: dict[str, str],
    texts: bool,
    told: str,
) -> None:
    set_up({"PAPERCHAT_HOME": str(tmp_path)} | variables, texts=texts)
    record = logging.makeLogRecord({"name": "ui.question", "msg": "id=1", "question": "Why?"})
    assert [handler.format(record).partition("id=1")[2] for handler in handlers] == [told, told]


def test_to_tell_more_is_to_be_verbose(tmp_path: Path, handlers: list[logging.Handler]) -> None:
    def shown() -> list[tuple[int, bool]]:
        lines = [each.formatter for each in handlers]
        assert all(isinstance(each, LogLines) for each in lines)
        return [(each.level, each.formatter.traces) for each in handlers]  # type: ignore[union-attr]

    set_up({"PAPERCHAT_HOME": str(tmp_path)})
    assert shown() == [(logging.NOTSET, True), (logging.WARNING, False)]
    tell_more()
    assert shown() == [(logging.NOTSET, True), (logging.INFO, True)]
    set_up({"PAPERCHAT_HOME": str(tmp_path)}, verbose=True)
    assert shown() == [(logging.NOTSET, True), (logging.INFO, True)]


def test_a_key_of_the_page_is_hidden(tmp_path: Path, handlers: list[logging.Handler]) -> None:
    set_up({"PAPERCHAT_HOME": str(tmp_path)})
    model_settings(Environment(tmp_path, "small", "canary-key"))
    record = logging.makeLogRecord({"name": "ui", "msg": "it was canary-key"})
    assert [handler.format(record)[-15:] for handler in handlers] == ["it was (hidden)"] * 2


def test_a_failing_model_is_told_without_words_keys_and_passwords(home: Path) -> None:
    with FakeModelServer(fails(400, f"{QUESTION} Loaves rise")) as server:
        asked = paperchat(
            *("--verbose", "ask", QUESTION, "--json"),
            home=home,
            PAPERCHAT_MODEL="small",
            OPENAI_BASE_URL=server.base_url.replace("http://", "http://ann:canary-word@"),
            OPENAI_API_KEY="canary-key",
        )
    assert json.loads(asked.stdout)["mode"] == "extractive"
    log = (home / LOG_FILE).read_text()
    for written in (log, asked.stderr):
        assert "assistant.writing.composing: the model failed\n" in written
        assert "did not accept the request and answered with status 400\n" in written
        assert not WORDS.search(written)
        assert "canary" not in written
    assert re.fullmatch(LINE, log.splitlines()[-1])


def test_a_log_that_cannot_be_written_is_said_once_and_the_question_answered(home: Path) -> None:
    (home / "logs").write_text("a file")
    asked = paperchat("ask", QUESTION, "And soup?", "--json", home=home)
    assert (asked.returncode, len(asked.stdout.splitlines())) == (0, 2)
    said = f"WARNING: The log cannot be written: File exists ({home / LOG_FILE})\n"
    assert asked.stderr == said


def test_a_command_that_fails_unforeseen_shows_an_id(home: Path) -> None:
    (home / "logs").mkdir()
    script = (
        "import sys, ui.commands; from ui.cli import main;"
        "ui.commands.stats = lambda **_: {}['sourdough']; sys.argv[1:] = ['stats']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PAPERCHAT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    first, told = ended.stderr.splitlines()
    found = re.fullmatch(
        r"Error: Something went wrong inside paperchat \(error (\w{6}); see logs/paperchat.log\)\.",
        told,
    )
    assert found
    assert first == f"ERROR ui.logs.unexpected: error {found[1]}: a command failed"
    lines = (home / LOG_FILE).read_text().splitlines()
    assert lines[0].endswith(first.removeprefix("ERROR"))
    assert lines[-1] == "    | builtins.KeyError"
