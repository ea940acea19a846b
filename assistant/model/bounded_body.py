"""The body of a model server's reply, given up where it can't be one.

Owns how much of it may be in memory at once. The openai client keeps a body until an event of it
ends, and one that tells an error until all of it is there: neither has a limit of its own.
Invariant: whatever a server sends, a few megabytes of it are kept at most.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx

# Bytes: of one event of a stream, or of a body that is none. An event is a word or two; a server
# that sends a whole reply in one has 400,000 characters at most.
_LONGEST = 4_000_000
# Lines of one event, which has three at most. The client copies all of an event for each.
_MOST_LINES = 1_000
# One that is cut in two is missed, and the next one is not.
_ENDS_OF_EVENTS = (b"\n\n", b"\r\n\r\n", b"\r\r")

# What is packed may be a thousand times as large; nobody but a hostile server packs unasked.
UNPACKED = {"Accept-Encoding": "identity"}


async def bound(response: httpx.Response) -> None:
    """Have reading the body raise ValueError where it is packed, or where it is too long."""
    is_stream = response.is_success and "event-stream" in response.headers.get("Content-Type", "")
    is_packed = response.headers.get("Content-Encoding", "identity") != "identity"
    response.stream = _BoundedBody(response.stream, in_events=is_stream, is_packed=is_packed)


class _BoundedBody(httpx.AsyncByteStream):
    def __init__(self, body: Any, *, in_events: bool, is_packed: bool) -> None:
        self._body = body
        self._in_events = in_events
        self._is_packed = is_packed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Pass the pieces of the body on."""
        if self._is_packed:
            raise ValueError("a packed reply, where none was asked for")
        length = lines = 0
        async for piece in self._body:
            if self._in_events:
                end = max(map(piece.rfind, _ENDS_OF_EVENTS))
                length, lines = (length, lines) if end < 0 else (0, 0)
                lines += piece.count(b"\n", max(end, 0)) + piece.count(b"\r", max(end, 0))
            length += len(piece)
            if length > _LONGEST or lines > _MOST_LINES:
                raise ValueError("an endless reply")
            yield piece

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._body.aclose()
