"""The two lines before the answers: one for the processor, one for a chat model elsewhere.

Owns how many are answered at once, and how those who wait are waited for. What keeps the processor
busy gets a place a core and one more, since an answer is handed from thread to thread; with yet
more of them at once all are only answered later. What is written by a chat model spends its time
waiting for it, so many more of these go on at once, and none holds a place that a search could use.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from threading import Event

from ui.server.waiting_line import Place, Turn, WaitingLine

MOST_WAITING = 100  # on two cores, who comes last waits some ten seconds
MOST_AT_ONCE = 4  # on however many cores: Python runs one thread at a time
MODEL_PLACES = 16  # each takes the processor for some tenths of the seconds that its model takes
MODEL_EXPECTED_S = 10.0
SHOWN_S = 1.0  # how often a place in the line is told anew; also how soon one who left is noticed
LOOK_S = 0.2  # how soon one who waits is stopped


@dataclass(frozen=True, slots=True)
class Lines:
    """A line for what keeps the processor busy, and one for what a chat model writes.

    `has_model` tells whether one writes the answers now.
    """

    processor: WaitingLine
    model: WaitingLine
    has_model: Callable[[], bool]

    @property
    def answers(self) -> WaitingLine:
        """Return the line that questions wait in; searches wait in that for the processor."""
        return self.model if self.has_model() else self.processor

    def is_crowded(self) -> bool:
        """Tell whether there are questions that wait."""
        return self.answers.waiting > 0

    @property
    def capacity(self) -> int:
        """Return how many questions can wait or be answered."""
        return sum(line.places + line.most_waiting for line in (self.processor, self.model))


def make_lines(
    most_waiting: int | None = None, has_model: Callable[[], bool] = lambda: False
) -> Lines:
    """Return lines in which up to `most_waiting` wait, the default where that is None."""
    most = MOST_WAITING if most_waiting is None else most_waiting
    return Lines(
        WaitingLine(min((os.cpu_count() or 1) + 1, MOST_AT_ONCE), most),
        WaitingLine(MODEL_PLACES, most, MODEL_EXPECTED_S),
        has_model,
    )


async def places(turn: Turn, stop: Event) -> AsyncGenerator[Place]:
    """Yield the place of a turn, again and again, until the turn comes or `stop` is set."""
    came = asyncio.wrap_future(turn.came)
    told_at = -SHOWN_S
    clock = asyncio.get_running_loop().time
    while not (stop.is_set() or came.done()):
        if clock() >= told_at + SHOWN_S and (place := turn.place) is not None:
            told_at = clock()
            yield place
        await asyncio.wait({came}, timeout=LOOK_S)


@asynccontextmanager
async def turn_in(line: WaitingLine, visitor: str) -> AsyncIterator[Turn]:
    """Wait for a turn, and hold it for as long as the block lasts. Raises LineFullError."""
    with line.join(visitor) as turn:
        await asyncio.shield(asyncio.wrap_future(turn.came))
        yield turn
