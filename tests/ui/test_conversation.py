"""An exchange ends as done, stopped or failed, and keeps what was answered until then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

import pytest
from scripted_assistant import TWO_PAPERS, ScriptedAssistant, answer

from assistant.answer import Answer, Turn
from ui.conversation import UNEXPECTED, Exchange, Progress, exchange_stream, history

WHOLE = answer("why", TWO_PAPERS)
PART = replace(WHOLE, blocks=TWO_PAPERS[:1], complete=False)


class Saying:
    """An assistant that yields the given snapshots, then raises the given error."""

    def __init__(self, *snapshots: Answer, error: Exception | None = None) -> None:
        self.snapshots = snapshots
        self.error = error

    def stream(
        self, _question: str, _history: Sequence[Turn] = (), _stop: Event | None = None
    ) -> Iterator[Answer]:
        yield from self.snapshots
        if self.error is not None:
            raise self.error


def last(assistant: Saying) -> Exchange:
    return list(exchange_stream(assistant, "why", (), Event()))[-1]


def test_it_begins_without_an_answer_and_ends_with_the_whole_one() -> None:
    exchanges = list(exchange_stream(Saying(PART, WHOLE), "why", (), Event()))
    assert exchanges[0] == Exchange("why")
    assert exchanges[-1] == Exchange("why", WHOLE, Progress.DONE)


@pytest.mark.parametrize("error", [None, ValueError("secret")])
def test_a_crash_keeps_the_part_and_tells_the_log(
    error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    failed = Exchange("why", PART, Progress.FAILED, UNEXPECTED)
    assert last(Saying(PART, error=error)) == failed
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_closing_it_stops_a_stalled_assistant() -> None:
    assistant, stop = ScriptedAssistant(), Event()
    exchanges = exchange_stream(assistant, "stall now", (), stop)
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
    exchanges = exchange_stream(assistant, "stall now", (), stop)
    next(exchanges)
    shown = next(exchanges)
    stop.set()
    assert list(exchanges) == [replace(shown, progress=Progress.STOPPED)]
    assert history((shown, Exchange("lost"))) == (Turn("stall now", shown.answer),)
    assistant.released.set()
