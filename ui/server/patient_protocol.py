"""The server's side of a connection, which waits for a request's head for a while and no longer.

Owns how many connections there may be, how long a head may take and how long it may be; what
follows the head is `request_bodies`'. Invariant: a connection that sends nothing, or its head byte
by byte, is closed; those of one address never take all the room.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # chromadb brings httptools

# Linux lets a process have 1,024 files open, of which the library needs some dozens.
MOST_CONNECTIONS = 500
# A proxy's visitors all come from its own address.
MOST_OF_ONE_ADDRESS = MOST_CONNECTIONS * 4 // 5
HEAD_S = 30.0
# Cookies are the most of it; browsers send 8 kB of these at most to one that set two.
MOST_HEAD_BYTES = 64 * 1024

_TEXT = "\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff"
TOO_MANY = ("503 Service Unavailable", "Too many connections. Try again in a minute.")
TOO_LONG = ("431 Request Header Fields Too Large", "The head of the request is too long.")
TOO_SLOW = ("408 Request Timeout", "The head of the request did not come in time.")


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with those limits."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head, or refuse where there are too many connections."""
        super().connection_made(transport)
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        own = [each for each in self.connections if isinstance(each, PatientProtocol)]
        of_this_address = sum(_host(each) == _host(self) for each in own)
        if len(self.connections) > MOST_CONNECTIONS or of_this_address > MOST_OF_ONE_ADDRESS:
            self._refuse(*TOO_MANY)
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Count what comes until a head is whole."""
        if self.transport.is_closing():
            return
        if not self._is_head():
            super().data_received(data)
            return
        self._wait_for_head()
        self._head_bytes += len(data)
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._end_wait()
        elif self._head_bytes > MOST_HEAD_BYTES:
            self._refuse(*TOO_LONG)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._end_wait()
        super().connection_lost(exc)

    def _is_head(self) -> bool:
        """Tell whether what comes now is of another request than the last one that began."""
        return self._is_silent() or not self.cycle.more_body

    def _is_silent(self) -> bool:
        """Tell whether no response is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            loop = asyncio.get_running_loop()
            self._head_timer = loop.call_later(HEAD_S, self._give_up)

    def _end_wait(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        if self._head_bytes:
            self._refuse(*TOO_SLOW)
        else:  # browsers open connections ahead of need
            self.transport.close()

    def _refuse(self, status: str, problem: str) -> None:
        """Say what is wrong, unless that would be in the middle of a response, and close."""
        self._end_wait()
        if self._is_silent() and not self.transport.is_closing():
            head = (
                f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(problem)}{_TEXT}"
            )
            self.transport.write(f"{head}\r\n\r\n{problem}".encode("ascii"))
        self.transport.close()


def _host(protocol: PatientProtocol) -> str:
    return protocol.client[0] if protocol.client else ""
