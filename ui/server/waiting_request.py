"""A request that is kept waiting before anybody has read it.

Owns what it sends meanwhile, which is held for whoever reads it then, and whether its client is
still there. Invariant: no more is held of a request than a form or a question has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from starlette.types import Message, Receive

MOST_HELD_BYTES = 64 * 1024
LOOK_S = 0.1  # what waits for less is not watched

Result = TypeVar("Result")


class ClientLeftError(Exception):
    """The client hung up while it waited."""


class TooMuchToHoldError(Exception):
    """A request that has to wait brings too much to be held meanwhile."""


class WaitingRequest:
    """Reads one request, by whose `receive` it is given."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held: deque[Message] = deque()

    async def receive(self) -> Message:
        """Return what was held, then what else comes."""
        return self._held.popleft() if self._held else await self._receive()

    async def result_of(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return what `work` returns, and cancel it once nobody waits for that any more.

        Raises ClientLeftError then, and TooMuchToHoldError.
        """
        task, watch = asyncio.ensure_future(work), asyncio.ensure_future(self._has_left())
        try:
            await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise ClientLeftError if watch.result() else TooMuchToHoldError
        finally:
            task.cancel()
            watch.cancel()
            await asyncio.wait({task, watch})

    async def _has_left(self) -> bool:
        """Return True once the client has left, False once it has sent too much."""
        await asyncio.sleep(LOOK_S)
        size = 0
        while size <= MOST_HELD_BYTES:
            message = await self._receive()
            self._held.append(message)
            if message["type"] == "http.disconnect":
                return True
            size += len(message.get("body", b""))
        return False
