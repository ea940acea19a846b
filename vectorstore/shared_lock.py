"""A lock that many threads may share or one may have alone.

Whoever has a share may take another. Invariant: who wants the lock alone waits only for those who
had a share before; who comes later waits too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local


class SharedLock:
    """A lock between the threads of one process."""

    def __init__(self) -> None:
        """Make a free lock."""
        self._condition = Condition()
        self._shares = 0
        self._waiting = 0  # for all shares to be given back
        self._mine = local()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold a share during the block."""
        held = getattr(self._mine, "shares", 0)
        with self._condition:
            if not held:
                self._condition.wait_for(lambda: not self._waiting)
            self._shares += 1
        self._mine.shares = held + 1
        try:
            yield
        finally:
            self._mine.shares = held
            with self._condition:
                self._shares -= 1
                self._condition.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it alone during the block; to be taken without a share."""
        with self._condition:
            self._waiting += 1
            try:
                self._condition.wait_for(lambda: not self._shares)
            finally:
                self._waiting -= 1
                self._condition.notify_all()
            yield
