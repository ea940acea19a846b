"""A question of the page in its turn: its place in the line first, then the frames of its answer.

Owns the waiting, in which no thread is held. Invariant: whoever is stopped, leaves or fails leaves
the line as well.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from threading import Event, Lock
from typing import TYPE_CHECKING

from anyio import CancelScope, to_thread

from ui.html.place_words import place_words
from ui.page.asking import Asker, frames
from ui.page.calls import Answered
from ui.server.lines import places

if TYPE_CHECKING:
    from ui.page.conversation import Request
    from ui.page.desk import Desk


async def frames_in_turn(desk: Desk, asker: Asker, request: Request) -> AsyncGenerator[Answered]:
    """Yield the place of the question while it waits, then as `frames` does.

    Raises LineFullError where there is no room in the line.
    """
    stop = desk.running.begin(asker.visitor, asker.name)
    try:
        with desk.lines.answers.join(asker.visitor) as turn:
            async with aclosing(places(turn, stop)) as waited:
                async for place in waited:
                    yield {"name": asker.name, "busy": True, "waiting": place_words(place)}
            answer = frames(desk, asker, request, stop)
            async with aclosing(_in_threads(answer, stop)) as shown:
                async for frame in shown:
                    if not frame.get("busy"):
                        # The next need not wait until it is sent.
                        turn.leave(ended=not stop.is_set())
                    yield frame
    finally:
        desk.running.end(asker.visitor, asker.name)


async def _in_threads(frames: Generator[Answered], stop: Event) -> AsyncGenerator[Answered]:
    """Yield the frames, each made in a thread; set `stop` and close them however it ends."""
    making = Lock()  # the end of the program ends the wait for a thread, but not the thread

    def make() -> Answered | None:
        with making:
            return next(frames, None)

    def close() -> None:
        with making:
            frames.close()

    try:
        while (frame := await to_thread.run_sync(make)) is not None:
            yield frame
    finally:
        stop.set()  # or a frame that is being made could take longer
        with CancelScope(shield=True):  # what was answered by then is still to be kept
            await to_thread.run_sync(close)
