"""Answers a file of conversations, one a line, for evaluation and for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.answer import Turn
from assistant.answering import Assistant
from ui.answer_json import answer_object, failed_turn_object
from ui.logs.question_log import By, QuestionLog
from vectorstore.errors import PaperchatError

STANDARD_INPUT = Path("-")
LONGEST_FILE = 64 * 1024 * 1024  # bytes; some 16,000 questions of the greatest length


class BatchError(PaperchatError):
    """A line of the file is not a conversation."""


def read_batch(file: Path) -> tuple[str, ...]:
    """Return the lines of the file, or of standard input for `-`.

    Raises BatchError where it cannot be read.
    """
    try:
        text = _read(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise _unreadable(reason or str(error), file) from error
    return tuple(text.split("\n"))


def answer_batch(
    assistant: Assistant, lines: Sequence[str], file: str
) -> Iterator[dict[str, object] | BatchError]:
    """Yield for each line its id and turns, or what is wrong with it; no line ends the run.

    A question that cannot be answered gets a turn with its "error", and the conversation goes on.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            conversation = _conversation(line, f"{file}, line {number}")
            if isinstance(conversation, BatchError):
                yield conversation
            else:
                name, questions = conversation
                yield {"id": name, "turns": list(_turns(assistant, questions))}


def _turns(assistant: Assistant, questions: list[str]) -> Iterator[dict[str, object]]:
    history: list[Turn] = []
    for question in questions:
        try:
            with QuestionLog(By.COMMAND, question) as log:
                answer = log.answer = assistant.ask(question, history)
        except PaperchatError as error:
            yield failed_turn_object(question, str(error))
        else:
            history.append(Turn(question, answer))
            yield answer_object(answer)


def _read(file: Path) -> bytes:
    if file == STANDARD_INPUT:
        if sys.stdin is None:
            raise _unreadable("it is closed", file)
        data = sys.stdin.buffer.read(LONGEST_FILE + 1)
    else:
        with open(file, "rb", opener=_at_once) as opened:
            data = opened.read(LONGEST_FILE + 1)
        if not data and file.is_fifo():
            raise _unreadable("nothing writes to it", file)
    if len(data) > LONGEST_FILE:
        raise _unreadable(f"it is longer than {LONGEST_FILE:,} bytes", file)
    return data


def _at_once(name: str, flags: int) -> int:
    """Open a file; a pipe too, for whose writer one would wait else, who may never come."""
    descriptor = os.open(name, flags | os.O_NONBLOCK | os.O_NOCTTY)
    os.set_blocking(descriptor, True)
    return descriptor


def _unreadable(reason: str, file: Path) -> BatchError:
    return BatchError(
        f"The file cannot be read: {reason}", where=str(file), hint="Name a file of JSON lines."
    )


def _conversation(line: str, where: str) -> tuple[object, list[str]] | BatchError:
    hint = 'Each line is {"id": "…", "turns": ["a question", …]}.'
    try:
        item = json.loads(line)
        json.dumps(item, allow_nan=False)  # an id goes out again; Python reads NaN, and 1e999 as ∞
    except (ValueError, RecursionError) as error:
        return BatchError(f"Not JSON: {_fault(error)}", where=where, hint=hint)
    turns = item.get("turns") if isinstance(item, dict) else None
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        return BatchError("Not a conversation", where=where, hint=hint)
    return item.get("id"), turns


def _fault(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return str(error)
    return "a number in it is too large, or none"
