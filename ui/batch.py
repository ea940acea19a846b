"""Answers a file of conversations, one a line, for evaluation and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.answer import Turn
from assistant.answering import Assistant
from ui.answer_json import answer_object, failed_turn_object
from ui.logs.question_log import By, QuestionLog
from vectorstore.errors import PaperchatError

STANDARD_INPUT = Path("-")


class BatchError(PaperchatError):
    """A line of the file is not a conversation."""


def read_batch(file: Path) -> tuple[str, ...]:
    """Return the lines of the file, or of standard input for `-`.

    Raises BatchError where it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise BatchError(
            f"The file cannot be read: {reason}", where=str(file), hint="Name a file of JSON lines."
        ) from error
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


def _conversation(line: str, where: str) -> tuple[object, list[str]] | BatchError:
    hint = 'Each line is {"id": "…", "turns": ["a question", …]}.'
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BatchError(f"Not JSON: {error}", where=where, hint=hint)
    turns = item.get("turns") if isinstance(item, dict) else None
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        return BatchError("Not a conversation", where=where, hint=hint)
    return item.get("id"), turns
