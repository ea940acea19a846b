"""Files of conversations that are hostile or broken, before anything of them is asked."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from select import select
from types import SimpleNamespace

import pytest

from assistant.answer import Turn
from ui import batch
from ui.answer_json import failed_turn_object
from ui.batch import STANDARD_INPUT, BatchError, answer_batch, read_batch
from vectorstore.errors import PaperchatError

WAIT_S = 20
HINT = 'Each line is {"id": "…", "turns": ["a question", …]}.'


class Refusing:
    """An assistant that answers nothing."""

    def ask(self, _question: str, _history: list[Turn]) -> object:
        raise PaperchatError("There is no soup")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("soup", "Not JSON: Expecting value: line 1 column 1 (char 0)", id="words"),
        pytest.param("[" * 100_000, "Not JSON: it is nested too deeply", id="nested"),
        *(
            pytest.param(
                f'{{"id": {number}, "turns": ["Which loaf rises?"]}}',
                "Not JSON: a number in it is too large, or none",
                id=name,
            )
            for name, number in (
                ("NaN", "NaN"),
                ("infinity", "-Infinity"),
                ("too large", "1e999"),
                ("within", '{"loaf": [1, NaN]}'),
                ("digits", "1" * 5_000),
            )
        ),
        pytest.param('{"id": 1, "turns": []}', "Not a conversation", id="no turns"),
    ],
)
def test_a_line_that_is_no_conversation(line: str, problem: str) -> None:
    [error] = answer_batch(Refusing(), [line], "soup.jsonl")
    assert isinstance(error, BatchError)
    assert (error.problem, error.where, error.hint) == (problem, "soup.jsonl, line 1", HINT)


@pytest.mark.parametrize(
    "id_",
    ["loaf", "\ud800", 1.5, None, [1, {"loaf": True}], 10**4_000],
    ids=["text", "half", "number", "none", "list", "digits"],
)
def test_an_id_comes_back_as_it_was(id_: object) -> None:
    line = json.dumps({"id": id_, "turns": [""]})
    [result] = answer_batch(Refusing(), [line], "soup.jsonl")
    assert isinstance(result, dict)
    told = failed_turn_object("", "There is no soup.")
    assert json.loads(json.dumps(result, allow_nan=False)) == {"id": id_, "turns": [told]}


def test_a_pipe_that_nothing_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    _assert_unreadable(pipe, "nothing writes to it")


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)  # a writer that has more to say
    os.write(held, b"a\nb")
    with ThreadPoolExecutor(1) as threads:
        read = threads.submit(read_batch, pipe)
        while select([held], [], [], 0)[0] and not read.done():  # until it was read
            time.sleep(0.01)
        os.close(held)
        assert read.result(WAIT_S) == ("a", "b")


@pytest.mark.parametrize("name", ["soup.jsonl", "-"])
def test_a_file_without_an_end_is_read_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(batch, "LONGEST_FILE", 10)
    content = io.BytesIO(b"x" * 10)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=content))
    file = STANDARD_INPUT if name == "-" else tmp_path / name
    if name != "-":
        file.write_bytes(content.getvalue())
    assert read_batch(file) == ("x" * 10,)

    content.seek(0)
    content.write(b"x" * 1_000)
    content.seek(0)
    if name != "-":
        file.write_bytes(content.getvalue())
    _assert_unreadable(file, "it is longer than 10 bytes")
    assert name != "-" or content.tell() == 11


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    _assert_unreadable(STANDARD_INPUT, "it is closed")


def test_a_folder_is_no_file_of_conversations(tmp_path: Path) -> None:
    _assert_unreadable(tmp_path, "Is a directory")


def _assert_unreadable(file: Path, reason: str) -> None:
    with pytest.raises(BatchError) as raised:
        read_batch(file)
    assert (raised.value.problem, raised.value.where, raised.value.hint) == (
        f"The file cannot be read: {reason}",
        str(file),
        "Name a file of JSON lines.",
    )
