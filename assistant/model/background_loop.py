"""An event loop beside a caller that knows nothing of event loops.

Owns its thread. A request on the loop can be cancelled at any point, connecting included, which a
blocking one cannot. Invariant: when the loop is left, its tasks have been cancelled and their
connections closed, all well within a second; what takes longer goes on without the caller, and the
thread ends and closes the loop after that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

_CLOSE_S = 0.8  # for connections to close, as far as the caller waits for that
_GIVEN_UP_S = 30.0  # what does not end by then is left behind


@contextmanager
def background_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own, until the end of the `with` block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=_run, args=(loop,), name="chat-model", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        closing = asyncio.run_coroutine_threadsafe(_close(), loop)
        closing.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))
        thread.join(_CLOSE_S)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _close() -> None:
    """Cancel what still runs on this loop, and wait until its connections are closed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), _GIVEN_UP_S)
    await asyncio.get_running_loop().shutdown_asyncgens()
