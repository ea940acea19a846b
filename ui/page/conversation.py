"""Carries one question through the assistant while the page stays free to show and to stop it.

Owns what an exchange is and the thread that waits for the assistant; knows nothing of HTML or
Gradio. Invariant: an exchange always ends as done, stopped or failed, and whatever was answered
until then is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from assistant.answer import Answer, AnswerLength, Asking, Turn
from assistant.planning.plan_words import CHOSEN, Chip, plan_chips, topic_chip
from ui.logs.question_log import Ended, ended_by
from ui.logs.unexpected import unexpected
from ui.told_errors import told
from vectorstore.errors import PaperchatError

# The first words are shown as soon as they are there; what follows in steps that still look
# continuous, since every step is work for the server and for the browser.
FIRST_S = 0.02
FRAME_S = 0.12

# How often a stalled answer is shown anew: only between two frames can the page notice that its
# visitor has left, or that the program is to end.
IDLE_S = 0.5


class Answering(Protocol):
    """What the page needs of an assistant."""

    def answer(self, asking: Asking, stop: Event | None = None) -> Iterator[Answer]:
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

    `problem` and `hint` say what went wrong where `progress` is FAILED, and `logged` what the log
    is told of it. `taken_off` are filters that the question was answered without, in their words,
    since the plan has them no more; `within` are the ids of the papers that it was to be answered
    from alone.
    """

    question: str
    answer: Answer | None = None
    progress: Progress = Progress.RUNNING
    problem: str = ""
    hint: str = ""
    taken_off: tuple[Chip, ...] = ()
    within: tuple[str, ...] = ()
    logged: tuple[Ended, str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """A question to be answered after the `earlier` exchanges, without the filters `taken_off`.

    `within` are the ids of the papers to answer from; empty means all.
    """

    question: str
    earlier: tuple[Exchange, ...] = ()
    taken_off: tuple[Chip, ...] = ()
    within: tuple[str, ...] = ()
    length: AnswerLength = AnswerLength.NORMAL

    def asking(self) -> Asking:
        """Return the question as the assistant takes it."""
        # Papers that were chosen and taken off again are not asked of at all.
        off = tuple(chip.name for chip in self.taken_off)
        within = () if CHOSEN in off else self.within
        names = tuple(name for name in off if name != CHOSEN)
        return Asking(self.question, history(self.earlier), names, within, self.length)


def asked_again(request: Request, exchange: Exchange, name: str) -> Request | None:
    """Return the question of `exchange` again, its filter `name` taken off, or put back where it
    was off; None where it has no such filter.
    """
    others = tuple(chip for chip in exchange.taken_off if chip.name != name)
    again = replace(request, question=exchange.question, within=exchange.within)
    if others != exchange.taken_off:
        return replace(again, taken_off=others)
    taken = tuple(chip for chip in exchange_chips(exchange) if chip.name == name)
    return replace(again, taken_off=(*others, *taken)) if taken else None


def exchange_chips(exchange: Exchange) -> tuple[Chip, ...]:
    """Return what can be taken off the question: its topic, its filters, the chosen papers."""
    if exchange.answer is None:
        return ()
    topic = topic_chip(exchange.answer.plan, exchange.answer.corrections)
    return (*((topic,) if topic else ()), *plan_chips(exchange.answer.plan))


def exchange_stream(
    assistant: Answering,
    request: Request,
    stop: Event,
    is_crowded: Callable[[], bool] = lambda: False,
    *,
    shared: bool = False,
) -> Iterator[Exchange]:
    """Yield the exchange as it grows, until it is done, stopped or failed.

    While it `is_crowded`, in fewer steps: others wait for what a step takes. On a page that is
    `shared` a failure names no place. Setting `stop` ends it within a frame, even while the
    assistant is stuck; closing the iterator before its end sets it.
    """
    listener = _Listener(assistant, request, stop)
    shown = Exchange(request.question, taken_off=request.taken_off, within=request.within)
    try:
        if not stop.is_set():
            listener.start()
        yield shown
        shown_at = monotonic()
        while not stop.is_set() and not listener.finished.wait(
            IDLE_S if is_crowded() else FRAME_S if shown.answer else FIRST_S
        ):
            if listener.answer is not shown.answer or monotonic() > shown_at + IDLE_S:
                shown, shown_at = replace(shown, answer=listener.answer), monotonic()
                yield shown
        yield listener.outcome(shown, shared=shared)
    finally:
        if not listener.finished.is_set():
            stop.set()


def history(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Return the turns that a follow-up question may refer to, oldest first."""
    return tuple(
        Turn(exchange.question, exchange.answer) for exchange in exchanges if exchange.answer
    )


class _UnfinishedError(Exception):
    """The assistant ended without a complete answer."""


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
        except Exception as failure:  # noqa: BLE001 - logged
            self.failure = failure
            unexpected(failure, "answering failed")
        finally:
            self.finished.set()

    def _snapshots(self) -> Iterator[Answer]:
        return self._assistant.answer(self._request.asking(), self._stop_event)

    def outcome(self, shown: Exchange, *, shared: bool) -> Exchange:
        """Return how the exchange ended, as it is told on a page that is `shared` or is not."""
        exchange = replace(shown, answer=self.answer)
        if self.failure is not None:
            return _failed(exchange, self.failure, shared=shared)
        if self.answer is not None and self.answer.complete:
            return replace(exchange, progress=Progress.DONE)
        if self._stop_event.is_set():
            return replace(exchange, progress=Progress.STOPPED)
        return _failed(exchange, _UnfinishedError(), shared=shared)


def _failed(exchange: Exchange, failure: Exception, *, shared: bool) -> Exchange:
    if isinstance(failure, PaperchatError):
        problem, hint = told(failure, shared=shared)
    else:
        problem, hint = unexpected(failure, "answering failed"), ""
    failed = replace(exchange, progress=Progress.FAILED, problem=problem, hint=hint)
    return replace(failed, logged=ended_by(failure))
