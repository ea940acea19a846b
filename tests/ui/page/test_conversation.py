"""An exchange ends as done, stopped or failed, and keeps what was answered until then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from scripted_assistant import NARROWED, TWO_PAPERS, ScriptedAssistant, answer

from assistant.answer import Answer, Asking, Turn
from assistant.planning.plan_words import Chip, without
from ui.logs.question_log import Ended
from ui.page import conversation
from ui.page.conversation import (
    Exchange,
    Progress,
    Request,
    asked_again,
    exchange_stream,
    history,
)

WHOLE = answer("why", TWO_PAPERS)
PART = replace(WHOLE, blocks=TWO_PAPERS[:1], complete=False)


class Saying:
    """An assistant that yields the given snapshots, then raises the given error."""

    def __init__(self, *snapshots: Answer, error: Exception | None = None) -> None:
        self.snapshots = snapshots
        self.error = error

    def answer(self, _asking: Asking, _stop: Event | None = None) -> Iterator[Answer]:
        yield from self.snapshots
        if self.error is not None:
            raise self.error


def last(assistant: Saying) -> Exchange:
    return list(exchange_stream(assistant, Request("why"), Event()))[-1]


def test_it_begins_without_an_answer_and_ends_with_the_whole_one() -> None:
    exchanges = list(exchange_stream(Saying(PART, WHOLE), Request("why"), Event()))
    assert exchanges[0] == Exchange("why")
    assert exchanges[-1] == Exchange("why", WHOLE, Progress.DONE)


def test_where_others_wait_a_quick_answer_comes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "IDLE_S", 60.0)
    request = Request("compare both")
    exchanges = list(exchange_stream(ScriptedAssistant(), request, Event(), lambda: True))
    assert [exchange.progress for exchange in exchanges] == [Progress.RUNNING, Progress.DONE]


@pytest.mark.parametrize("error", [None, ValueError("secret")])
def test_a_crash_keeps_the_part_and_tells_the_log(
    error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = last(Saying(PART, error=error))
    assert exchange.logged
    ended, error_id = exchange.logged
    said = f"Something went wrong inside paperchat (error {error_id}; see logs/paperchat.log)."
    assert (exchange, ended) == (Exchange("why", PART, Progress.FAILED, said), Ended.FAILED)
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == (
        "ERROR",
        f"error {error_id}: answering failed",
    )


def test_closing_it_stops_a_stalled_assistant() -> None:
    assistant, stop = ScriptedAssistant(), Event()
    exchanges = exchange_stream(assistant, Request("stall now"), stop)
    growing = [next(exchanges) for _ in range(3)]
    assert [len(exchange.answer.blocks) if exchange.answer else 0 for exchange in growing] == [
        0,
        1,
        1,
    ]
    exchanges.close()
    assert stop.is_set()
    assistant.released.set()


def test_a_stopped_answer_keeps_its_part_and_is_history() -> None:
    assistant, stop = ScriptedAssistant(), Event()
    exchanges = exchange_stream(assistant, Request("stall now"), stop)
    next(exchanges)
    shown = next(exchanges)
    stop.set()
    assert list(exchanges) == [replace(shown, progress=Progress.STOPPED)]
    assert history((shown, Exchange("lost"))) == (Turn("stall now", shown.answer),)
    assistant.released.set()


DATES = Chip("dates", "2025 only")
ORDER = Chip("order", "newest first")
BEFORE = Exchange("before", WHOLE, Progress.DONE)
NARROW = replace(WHOLE, plan=replace(WHOLE.plan, filters=NARROWED))
WIDER = replace(WHOLE, plan=replace(WHOLE.plan, filters=without(NARROWED, "dates")))


@pytest.mark.parametrize(
    ("last", "name", "taken_off"),
    [
        (Exchange("why", NARROW), "dates", (DATES,)),
        (Exchange("why", WIDER, taken_off=(DATES,)), "order", (DATES, ORDER)),
        (Exchange("why", WIDER, taken_off=(DATES,)), "dates", ()),
        (Exchange("why", None, Progress.FAILED, taken_off=(DATES, ORDER)), "dates", (ORDER,)),
    ],
)
def test_asking_again_takes_the_question_and_the_filters_of_the_exchange(
    last: Exchange, name: str, taken_off: tuple[Chip, ...]
) -> None:
    request = Request("", (BEFORE,), within=("ignored",))
    last = replace(last, within=("soup",))
    again = asked_again(request, last, name)
    assert again == Request("why", (BEFORE,), taken_off, ("soup",))


@pytest.mark.parametrize(
    ("exchange", "name"),
    [
        (Exchange("why", WIDER), "dates"),
        (Exchange("why", None, Progress.FAILED), "dates"),
        (Exchange("why", NARROW), "<b>"),
    ],
)
def test_a_filter_that_nobody_asked_for_is_not_asked_without(exchange: Exchange, name: str) -> None:
    assert asked_again(Request(""), exchange, name) is None


def test_chosen_papers_that_were_taken_off_are_not_asked_of() -> None:
    chosen = Request("why", (), (DATES, Chip("chosen", "2 chosen papers")), ("soup", "bread"))
    assert chosen.asking() == Asking("why", (), ("dates",))
    assert replace(chosen, taken_off=(DATES,)).asking() == Asking(
        "why", (), ("dates",), ("soup", "bread")
    )


def test_an_exchange_keeps_what_was_taken_off() -> None:
    assistant = ScriptedAssistant()
    request = Request("newest on serving", (BEFORE,), (DATES,))
    *_, last = exchange_stream(assistant, request, Event())
    assert last.taken_off == (DATES,)
    assert last.answer is not None
    assert last.answer.plan.filters == without(NARROWED, "dates")
    before = (Turn("before", WHOLE),)
    assert assistant.asked == [Asking("newest on serving", before, ("dates",))]
