"""Makes guessing a password slow, from one address and from many.

Invariants: after a failure the next try from the same address waits, and tries that come at once
wait in line, so that many at a time learn no more than one after another would; one that is given
up before its turn is told nothing, counts for nothing and holds no place. Nobody waits for the
failures of another address; after too many from all of them, only addresses from which the
password came before are heard for a while. What is kept of addresses does not grow without end.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import deque
from dataclasses import dataclass, field

# Doubled by each further failure: a typing error costs nothing that a person would notice, and in
# a day no more than some ten thousand words can be tried.
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 8.0
MOST_DOUBLINGS = 10
# Enough for the requests that a program makes at once; more are refused instead of kept waiting.
LONGEST_LINE = 32
FORGOTTEN_AFTER_S = 900.0
MANY_ADDRESSES = 1000
# Of all addresses, in FORGOTTEN_AFTER_S; one address alone does not come to as many.
MOST_FAILURES = 200


class TooManyTriesError(Exception):
    """The line of tries from this address is full, or there were too many from all addresses."""


@dataclass
class _Line:
    """The tries from one address."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    failures: int = 0
    closed_until: float = 0.0
    proven: bool = False  # the password came from here


class Guesses:
    """Lets one try after another through, and none too soon after a failure."""

    def __init__(self, first_delay_s: float = FIRST_DELAY_S) -> None:
        self._first_delay_s = first_delay_s
        self._lines: dict[str, _Line] = {}
        self._failures = deque[float](maxlen=MOST_FAILURES)

    async def told(self, address: str, *, right: bool) -> bool:
        """Return whether the guess was right, once it is this address's turn.

        Raises TooManyTriesError where too many of its tries are waiting already, or too many from
        everywhere have failed.
        """
        line = self._line(network_of(address))
        if line.waiting >= LONGEST_LINE or (self._is_attacked() and not line.proven):
            raise TooManyTriesError
        line.waiting += 1
        try:
            async with line.lock:
                await asyncio.sleep(max(0.0, line.closed_until - time.monotonic()))
                self._note(line, right=right)
        finally:
            line.waiting -= 1
        return right

    def _note(self, line: _Line, *, right: bool) -> None:
        now = time.monotonic()
        # Not by a right try: behind a proxy that would be another person's.
        if line.closed_until < now - FORGOTTEN_AFTER_S:
            line.failures = 0
        if right:
            line.proven = True
            return
        delay_s = min(LONGEST_DELAY_S, self._first_delay_s * 2**line.failures)
        line.failures = min(line.failures + 1, MOST_DOUBLINGS)
        line.closed_until = now + delay_s
        self._failures.append(now)

    def _is_attacked(self) -> bool:
        full = len(self._failures) == self._failures.maxlen
        return full and self._failures[0] > time.monotonic() - FORGOTTEN_AFTER_S

    def _line(self, address: str) -> _Line:
        if address not in self._lines and len(self._lines) >= MANY_ADDRESSES:
            self._forget_one()
        return self._lines.setdefault(address, _Line())

    def _forget_one(self) -> None:
        """Forget the address that is known for longest, of those from which nothing waits.

        One from which the password came goes last.
        """
        idle = (address for address, line in self._lines.items() if not line.waiting)
        oldest = min(idle, key=lambda address: self._lines[address].proven, default=None)
        if oldest is not None:
            del self._lines[oldest]


def network_of(address: str) -> str:
    """Return what one person has: an IPv4 address, or the /64 that an IPv6 address is of."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((ip, 64), strict=False))
    return address
