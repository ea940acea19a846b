"""What came of asking an assistant every judged question, and its tables in Markdown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from assistant.answer import Answer, Turn
from benchmarks.answers_questions import JudgedQuestion
from benchmarks.answers_score import FIGURES, Figures, score
from benchmarks.retrieval_metrics import percentile
from benchmarks.retrieval_results import markdown
from ui.answer_json import answer_object

Stream = Callable[[str, Sequence[Turn]], Iterator[Answer]]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to answer: `stream` takes a question and the turns before it, as `Assistant` does."""

    name: str
    stream: Stream


@dataclass(frozen=True, slots=True)
class Conversation:
    """A judged conversation: every turn as `ask --json` prints it, figures and times of the last.

    `first_ms` is from the call to the first words, `end_ms` to the complete answer.
    """

    asked: JudgedQuestion
    turns: tuple[Mapping[str, Any], ...]
    figures: Figures
    first_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class Result:
    """All conversations of one contestant."""

    name: str
    conversations: tuple[Conversation, ...]


def ask_all(contestant: Contestant, questions: Sequence[JudgedQuestion], pages: str) -> Result:
    """Hold every conversation once, after a question that loads what a first question loads."""
    _timed(contestant.stream, questions[0].turns[-1], ())
    held = (_held(contestant.stream, asked, pages) for asked in questions)
    return Result(contestant.name, tuple(held))


def has_words(answer: Answer) -> bool:
    """Tell whether there is anything to read yet."""
    return any(
        block.lead or any(claim.text for claim in block.all_claims()) for block in answer.blocks
    )


def table(result: Result) -> str:
    """Return the means of each figure by kind of question, and how the answers came about."""
    groups = _by_kind(result)
    header = ["", *(f"{kind} ({len(group)})" for kind, group in groups.items())]
    rows = [[name, *(_mean(group, name) for group in groups.values())] for name in FIGURES]
    fallen = sum(bool(each.turns[-1]["notice"]) for each in result.conversations)
    other = f", {fallen} of them not as configured" if fallen else ""
    heading = f"### {result.name}: {len(result.conversations)} questions{other}"
    return f"{heading}\n\n{markdown(header, rows)}\n"


def comparison(results: Sequence[Result]) -> str:
    """Return the figures of all contestants side by side, and how long they took."""
    rows = [[name, *(_mean(each.conversations, name) for each in results)] for name in FIGURES]
    for what in ("first", "end"):
        for percent in (50, 95):
            times = [_percentile(each, what, percent) for each in results]
            name = "first words" if what == "first" else what
            rows.append([f"{name}, p{percent} ms", *times])
    return f"### side by side\n\n{markdown(['', *(each.name for each in results)], rows)}\n"


def items(result: Result) -> str:
    """Return a line on each question."""
    return "\n".join(
        f"{each.asked.name} {each.asked.kind:9}{each.figures['ANSWER SCORE']:5.2f}"
        f"{each.end_ms:9.1f} ms  {each.asked.turns[-1][:90]}"
        for each in result.conversations
    )


def results_file(result: Result) -> str:
    """Return the answers as `ask --batch --json` prints them."""
    rows = ({"id": each.asked.name, "turns": each.turns} for each in result.conversations)
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def as_json(result: Result) -> dict[str, Any]:
    """Return every figure of every question, answers left out."""
    questions = [
        {
            "id": each.asked.name,
            "kind": each.asked.kind,
            "figures": each.figures,
            "first_ms": each.first_ms,
            "end_ms": each.end_ms,
        }
        for each in result.conversations
    ]
    return {"contestant": result.name, "questions": questions}


def _held(stream: Stream, asked: JudgedQuestion, pages: str) -> Conversation:
    history: list[Turn] = []
    first_ms = end_ms = 0.0
    for question in asked.turns:
        answer, first_ms, end_ms = _timed(stream, question, tuple(history))
        history.append(Turn(question, answer))
    turns = tuple(answer_object(turn.answer) for turn in history)
    return Conversation(asked, turns, score(asked, turns[-1], pages), first_ms, end_ms)


def _timed(stream: Stream, question: str, history: Sequence[Turn]) -> tuple[Answer, float, float]:
    """Return the answer, and the milliseconds to its first words and to its end."""
    started = time.perf_counter()
    first = None
    for answer in stream(question, history):
        if first is None and has_words(answer):
            first = time.perf_counter()
    end = time.perf_counter()
    return answer, ((first or end) - started) * 1_000, (end - started) * 1_000


def _by_kind(result: Result) -> dict[str, list[Conversation]]:
    groups: dict[str, list[Conversation]] = {}
    for each in result.conversations:
        groups.setdefault(each.asked.kind, []).append(each)
    return groups | {ALL: list(result.conversations)}


def _mean(conversations: Sequence[Conversation], figure: str) -> str:
    """Return the mean over the questions that the figure says anything of."""
    values = [each.figures[figure] for each in conversations if figure in each.figures]
    return f"{mean(values):.3f}" if values else ""


def _percentile(result: Result, what: str, percent: float) -> str:
    times = [getattr(each, f"{what}_ms") for each in result.conversations]
    return f"{percentile(times, percent):.1f}"
