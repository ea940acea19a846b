"""A record is one line that nothing in it can break out of, and tells no words of anybody."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelError, QuestionError
from ui.logs.log_lines import FILE_BEGINS, LONGEST, LogLines, one_line
from ui.logs.masking import Masks
from vectorstore.errors import LibraryError

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO \d+ ui\.question: (.*)")
CANARY = "sourdough canary"


def record(
    message: str, *values: object, name: str = "ui.question", error: BaseException | None = None
) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, values, info)


def written(what: logging.LogRecord, *, texts: bool = False) -> list[str]:
    return LogLines(Masks(["canary-key"]), FILE_BEGINS, texts=texts).format(what).split("\n")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bread", "Bread"),
        ("Bread\n2026-01-01T00:00:00.000Z INFO 1 ui: x", r"Bread\n2026-01-01T00:00:00.000Z INFO 1"),
        ("\x1b[31mred\x1b[0m\r", r"\x1b[31mred\x1b[0m\r"),
        ("a\u2028b\u202ec\x85d", r"a\u2028b\u202ec\x85d"),
        ("half \ud800", r"half \ud800"),
        ("key canary-key", "key (hidden)"),
        ("Brot für alle", "Brot für alle"),
    ],
)
def test_a_message_is_one_line(name: str, shown: str) -> None:
    [line] = written(record("library %s", name))
    found = LINE.fullmatch(line)
    assert found
    assert found[1].startswith(f"library {shown}")


@given(st.text())
def test_any_text_is_one_line_that_can_be_written(text: str) -> None:
    shown = one_line(text)
    assert shown.isprintable()
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert one_line(shown) == shown


def test_an_endless_message_is_cut() -> None:
    for text in ("x", "://@", "a://", "paperchat_", "authorization "):
        [line] = written(record(text * 100_000))
        assert len(line) == LONGEST + 1


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def busy() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(f'near "{CANARY}": syntax error')
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (lambda: ValueError(CANARY), "builtins.ValueError"),
        (lambda: KeyError(CANARY), "builtins.KeyError"),
        (lambda: TypeError("no number"), "builtins.TypeError: no number"),
        (busy, "sqlite3.OperationalError: SQLITE_BUSY"),
        (
            lambda: OSError(28, "No space left on device", "/home/x\ny"),
            r"builtins.OSError: 28 No space left on device /home/x\ny",
        ),
        (lambda: QuestionError(CANARY), "assistant.errors.QuestionError"),
        (
            lambda: ModelError("It is down", hint=CANARY),
            "assistant.errors.ModelError: It is down",
        ),
        (lambda: LibraryError("It is busy"), "vectorstore.errors.LibraryError: It is busy"),
    ],
    ids=["value", "key", "type", "sqlite", "os", "question", "model", "library"],
)
def test_an_error_tells_where_it_was_and_quotes_nobody(
    error: Callable[[], BaseException], said: str
) -> None:
    lines = written(record("it failed", error=raised(error())))
    assert lines[0].endswith("it failed")
    assert all(line.startswith("    | ") for line in lines[1:])
    assert "test_log_lines.py" in lines[1]
    assert lines[-1] == f"    | {said}"
    assert CANARY not in lines[-1]


def test_what_led_to_an_error_comes_first_and_a_group_has_its_parts() -> None:
    within = ExceptionGroup("both", [ValueError("flour"), KeyError("salt")])
    lines = written(record("it failed", error=raised(TypeError("last"), within)))
    assert [
        line.strip(" |") for line in lines[1:] if ".py" not in line and "raise" not in line
    ] == [
        "builtins.ExceptionGroup",
        "builtins.ValueError",
        "builtins.KeyError",
        "builtins.TypeError: last",
    ]


def test_a_circle_of_errors_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert len(written(record("it failed", error=first))) == 9


@pytest.mark.parametrize(
    ("texts", "told"),
    [(False, "asked %s"), (True, f"asked {CANARY}\\nagain")],
    ids=["not asked for", "asked for"],
)
def test_other_packages_tell_their_pattern_alone(texts: bool, told: str) -> None:
    [line] = written(record("asked %s", f"{CANARY}\nagain", name="vendor"), texts=texts)
    assert line.endswith(f"vendor: {told}")


def test_the_words_of_a_question_are_told_where_that_is_wanted() -> None:
    asked = record("id=1")
    asked.question = 'How "long"\nfor dough?'
    assert written(asked)[0].endswith(": id=1")
    assert written(asked, texts=True)[0].endswith(r': id=1 question="How "long"\nfor dough?"')


def test_a_pattern_that_does_not_fit_is_told_as_it_is() -> None:
    assert written(record("%d papers", "many"))[0].endswith(": %d papers")
