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
from assistant.planning.plan_words import Chip, filter_chips
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
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: Event | None = None,
        without: tuple[str, ...] = (),
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, the last one complete; end soon after `stop` is set.

        `without` names filters that are not to be used, even where the question asks for them.
        """
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

    `problem` and `hint` say what went wrong where `progress` is FAILED. `taken_off` are filters
    that the question was answered without, in their words, since the plan has them no more.
    """

    question: str
    answer: Answer | None = None
    progress: Progress = Progress.RUNNING
    problem: str = ""
    hint: str = ""
    taken_off: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A question to be answered after the `earlier` exchanges, without the filters `taken_off`."""

    question: str
    earlier: tuple[Exchange, ...] = ()
    taken_off: tuple[Chip, ...] = ()


def asked_again(exchanges: Sequence[Exchange], name: str) -> Request | None:
    """Return the last question again, its filter `name` taken off, or put back where it was off.

    None where it has no such filter. The new answer is to take the place of the last one.
    """
    if not exchanges:
        return None
    *earlier, last = exchanges
    others = tuple(chip for chip in last.taken_off if chip.name != name)
    if others != last.taken_off:
        return Request(last.question, tuple(earlier), others)
    chips = filter_chips(last.answer.plan.filters) if last.answer else ()
    taken = tuple(chip for chip in chips if chip.name == name)
    return Request(last.question, tuple(earlier), (*others, *taken)) if taken else None


def exchange_stream(assistant: Answering, request: Request, stop: Event) -> Iterator[Exchange]:
    """Yield the exchange as it grows, until it is done, stopped or failed.

    Setting `stop` ends it within a frame, even while the assistant is stuck; closing the iterator
    sets `stop`.
    """
    listener = _Listener(assistant, request, stop)
    shown = Exchange(request.question, taken_off=request.taken_off)
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

    def __init__(self, assistant: Answering, request: Request, stop: Event) -> None:
        super().__init__(name="paperchat-answer", daemon=True)
        self._assistant = assistant
        self._request = request
        self._stop_event = stop
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.finished = Event()

    def run(self) -> None:
        try:
            for answer in self._snapshots():
                self.answer = answer
        except PaperchatError as failure:
            self.failure = failure
        except Exception as failure:
            self.failure = failure
            logger.exception("answering failed")
        finally:
            self.finished.set()

    def _snapshots(self) -> Iterator[Answer]:
        names = tuple(chip.name for chip in self._request.taken_off)
        turns = history(self._request.earlier)
        return self._assistant.stream(self._request.question, turns, self._stop_event, names)

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
