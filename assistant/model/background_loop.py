"""An event loop beside a caller that knows nothing of event loops.

Owns its thread. A request on the loop can be cancelled at any point, connecting included, which a
blocking one cannot. Invariant: when the loop is left, its tasks have been cancelled, their
connections closed, and the thread has ended, all well within a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from threading import Thread

_CLOSE_S = 0.4  # for connections to close, and again for the thread to end


@contextmanager
def background_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop in a thread of its own, until the end of the `with` block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="chat-model", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        wait([asyncio.run_coroutine_threadsafe(_close(), loop)], timeout=_CLOSE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSE_S)
        if not thread.is_alive():
            loop.close()


async def _close() -> None:
    """Cancel what still runs on this loop, and wait until its connections are closed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
