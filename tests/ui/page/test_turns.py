"""A question in its turn: the end of the program, and which answers tell how long one takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
from desks import scripted_desk
from scripted_assistant import ScriptedAssistant, growing, whole_answer

from assistant.conversations.exchange_record import Ending, StoredExchange
from assistant.conversations.saved import Place
from ui.logs.question_log import By, QuestionLog
from ui.page.asking import Asker
from ui.page.calls import Answered
from ui.page.conversation import Request
from ui.page.desk import Desk
from ui.page.turns import frames_in_turn
from ui.server.lines import Lines
from ui.server.waiting_line import WaitingLine

ASKER = Asker("ann", "first", Place("", 0, 0), QuestionLog(By.PAGE))
SOON_S = 15.0  # half a second on a machine that has nothing else to do


@dataclass
class Asked:
    """A desk with one place in its line, and no room to wait."""

    desk: Desk
    line: WaitingLine

    async def frames(self, question: str) -> list[Answered]:
        return [frame async for frame in frames_in_turn(self.desk, ASKER, Request(question))]


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    assistant = ScriptedAssistant()
    line = WaitingLine(1, 0, 10.0, clock=count().__next__)
    with scripted_desk(assistant, tmp_path) as desk:
        lines = Lines(line, line, lambda: False)
        yield Asked(replace(desk, lines=lines), line)
        assistant.released.set()


def test_the_end_of_the_program_keeps_what_a_stalled_model_said(asked: Asked) -> None:
    ends_at = 0.0

    async def begun() -> asyncio.Task[None]:
        nonlocal ends_at
        shown = asyncio.Event()

        async def ask() -> None:
            async for _ in frames_in_turn(asked.desk, ASKER, Request("stall now")):
                shown.set()

        asking = asyncio.create_task(ask())
        await shown.wait()
        await asyncio.sleep(0.05)  # the next frame is being made by then
        ends_at = time.monotonic()
        return asking  # which the end of the loop cancels, as Ctrl-C does

    asking = asyncio.run(begun())
    assert time.monotonic() - ends_at < SOON_S
    assert asking.cancelled()
    assert asked.line.refusal("ann") is None
    store = asked.desk.conversations
    (summary,) = store.summaries("ann")
    part = next(growing(whole_answer("stall", "stall now")))
    assert store.read_exchange("ann", summary.id, 0).exchange == StoredExchange(
        "stall now", Ending.STOPPED, part
    )


@pytest.mark.parametrize(
    ("stopped", "hint"),
    [(False, "Ask again in about 6 s."), (True, "Ask again in about 10 s.")],
)
def test_an_answer_that_was_stopped_tells_nothing_of_how_long_one_takes(
    asked: Asked, stopped: bool, hint: str
) -> None:
    if stopped:
        asked.desk.running.stop("ann", "first")
    *_, last = asyncio.run(asked.frames("compare both"))
    assert last["busy"] is False
    with asked.line.join("ben"):
        refusal = asked.line.refusal("carl")
    assert refusal is not None
    assert refusal.hint == hint
