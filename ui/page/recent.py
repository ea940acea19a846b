"""The exchanges of late, ready to be followed up: reading a saved one anew takes some milliseconds.

Owns how many are kept. Invariant: an exchange is found by the number of its place alone, which
never means another one.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.page.conversation import Exchange

KEPT = 64  # of all visitors; one with fifty ranked papers takes about a third of a megabyte


class RecentExchanges:
    """Exchanges by the number of their place. Safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._guard = Lock()
        self._exchanges: OrderedDict[int, Exchange] = OrderedDict()

    def put(self, number: int, exchange: Exchange) -> None:
        """Keep an exchange, and forget the one that was not used for longest."""
        with self._guard:
            self._exchanges[number] = exchange
            self._exchanges.move_to_end(number)
            while len(self._exchanges) > self._kept:
                self._exchanges.popitem(last=False)

    def get(self, number: int) -> Exchange | None:
        """Return the exchange, where it is still kept."""
        with self._guard:
            if number in self._exchanges:
                self._exchanges.move_to_end(number)
            return self._exchanges.get(number)
