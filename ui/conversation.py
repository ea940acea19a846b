"""Carries one question through the assistant while the page stays free to show and to stop it.

Owns what an exchange is and the thread that waits for the assistant; knows nothing of HTML or
Gradio. Invariant: an exchange always ends as done, stopped or failed, and whatever was answered
until then is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from assistant.answer import Answer, Turn
from vectorstore.errors import PaperchatError

# Fast enough to look continuous; a model that writes faster is shown in larger steps.
FRAME_S = 0.05

# How often a stalled answer is shown anew: only between two frames can the page notice that its
# visitor has left, or that the program is to end.
IDLE_S = 0.5

UNEXPECTED = "Something went wrong inside paperchat; the log has the details."

logger = logging.getLogger(__name__)


class Answering(Protocol):
    """What the page needs of an assistant."""

    def stream(
        self, question: str, history: Sequence[Turn] = (), stop: Event | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, the last one complete; end soon after `stop` is set."""
        ...


class Progress(StrEnum):
    """How far an exchange has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it; `answer` is None until the first part of it is there.

    `problem` and `hint` say what went wrong where `progress` is FAILED.
    """

    question: str
    answer: Answer | None = None
    progress: Progress = Progress.RUNNING
    problem: str = ""
    hint: str = ""


def exchange_stream(
    assistant: Answering, question: str, earlier: Sequence[Exchange], stop: Event
) -> Iterator[Exchange]:
    """Yield the exchange as it grows, until it is done, stopped or failed.

    Setting `stop` ends it within a frame, even while the assistant is stuck; closing the iterator
    sets `stop`.
    """
    listener = _Listener(assistant, question, history(earlier), stop)
    shown = Exchange(question)
    try:
        yield shown
        listener.start()
        shown_at = monotonic()
        while not stop.is_set() and not listener.finished.wait(FRAME_S):
            if listener.answer is not shown.answer or monotonic() > shown_at + IDLE_S:
                shown, shown_at = replace(shown, answer=listener.answer), monotonic()
                yield shown
        yield listener.outcome(shown)
    finally:
        stop.set()


def history(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Return the turns that a follow-up question may refer to, oldest first."""
    return tuple(
        Turn(exchange.question, exchange.answer) for exchange in exchanges if exchange.answer
    )


class _Listener(Thread):
    """Takes the assistant's snapshots as they come and keeps the newest.

    A thread of its own, since a stalled stream cannot be interrupted: it is left behind, and ends
    when the assistant notices `stop`. A daemon, since it must not keep the program from ending.
    """

    def __init__(
        self, assistant: Answering, question: str, turns: tuple[Turn, ...], stop: Event
    ) -> None:
        super().__init__(name="paperchat-answer", daemon=True)
        self._assistant = assistant
        self._question = question
        self._turns = turns
        self._stop_event = stop
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.finished = Event()

    def run(self) -> None:
        try:
            for answer in self._assistant.stream(self._question, self._turns, self._stop_event):
                self.answer = answer
        except PaperchatError as failure:
            self.failure = failure
        except Exception as failure:
            self.failure = failure
            logger.exception("answering failed")
        finally:
            self.finished.set()

    def outcome(self, shown: Exchange) -> Exchange:
        """Return how the exchange ended."""
        exchange = replace(shown, answer=self.answer)
        if isinstance(self.failure, PaperchatError):
            return _failed(exchange, _problem(self.failure), self.failure.hint)
        if self.failure is not None:
            return _failed(exchange, UNEXPECTED)
        if self.answer is not None and self.answer.complete:
            return replace(exchange, progress=Progress.DONE)
        if self._stop_event.is_set():
            return replace(exchange, progress=Progress.STOPPED)
        logger.error("the assistant ended without a complete answer")
        return _failed(exchange, UNEXPECTED)


def _failed(exchange: Exchange, problem: str, hint: str = "") -> Exchange:
    return replace(exchange, progress=Progress.FAILED, problem=problem, hint=hint)


def _problem(error: PaperchatError) -> str:
    place = f" ({error.where})" if error.where else ""
    return f"{error.problem}{place}"
