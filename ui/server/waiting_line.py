"""The line in which questions wait while others are answered.

Owns who is next, which place each has, and when there is no room; knows nothing of pages, programs
or answers. Invariants: of the visitors who wait each is served once before any is served twice, in
the order in which they came; a place that is left goes to the next at once.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self

from vectorstore.errors import PaperchatError

RECENT = 50  # answers whose time is what the next ones are expected to take
MINUTES_FROM_S = 90


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line: `number` is 1 for who is next, `seconds` about how long that takes."""

    number: int
    seconds: float


class LineFullError(PaperchatError):
    """There is no room in the line: for anybody, or for one `visitor` who has too many there."""

    def __init__(self, waiting: int, seconds: float, *, visitor: bool) -> None:
        self.visitor = visitor
        self.retry_after_s = max(1, math.ceil(seconds))
        of_whom = "of yours" if visitor else "of all visitors"
        super().__init__(
            f"Too many questions {of_whom} are waiting already ({waiting})",
            hint=f"Ask again in about {duration(self.retry_after_s)}.",
        )


class Turn:
    """A question that waits or is being answered, for as long as the block lasts.

    `came` is done once it is its turn, which may be at once.
    """

    def __init__(self, line: WaitingLine, visitor: str) -> None:
        self.visitor = visitor
        self.came: Future[None] = Future()
        self._line = line

    @property
    def place(self) -> Place | None:
        """Return the place as it is now; None once it is its turn, or was left."""
        return self._line.place_of(self)

    def leave(self, *, ended: bool = False) -> None:
        """Leave the line, or one's place; again if need be.

        Only of an answer that `ended` by itself is the time what others are expected to take.
        """
        self._line.leave(self, ended=ended)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


class WaitingLine:
    """A line before some places. Safe to share between threads."""

    def __init__(
        self,
        places: int,
        most_waiting: int,
        expected_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Answer up to `places` questions at once and let up to `most_waiting` wait.

        One visitor may have half of those. An answer is expected to take `expected_s` until there
        were some.
        """
        self.places = places
        self.most_waiting = most_waiting
        self._most_of_one = max(1, most_waiting // 2)
        self._clock = clock
        self._guard = Lock()
        self._waiting: dict[str, deque[Turn]] = {}  # the visitor who is served next comes first
        self._begun: dict[Turn, float] = {}
        self._seconds = deque([expected_s], maxlen=RECENT)

    def join(self, visitor: str) -> Turn:
        """Return a turn, which may have come already. Raises LineFullError."""
        turn = Turn(self, visitor)
        with self._guard:
            refusal = self._refusal(visitor)
            if refusal is not None:
                raise refusal
            self._waiting.setdefault(visitor, deque()).append(turn)
            begun = self._begin_next()
        _tell(begun)
        return turn

    def refusal(self, visitor: str) -> LineFullError | None:
        """Return what `join` would raise now."""
        with self._guard:
            return self._refusal(visitor)

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        with self._guard:
            return self._waiting_count()

    def leave(self, turn: Turn, *, ended: bool) -> None:
        """Let a turn go, whether it came or not, and whether its answer `ended` or was given up."""
        with self._guard:
            started = self._begun.pop(turn, None)
            if started is not None:
                if ended:
                    self._seconds.append(self._clock() - started)
            elif turn in self._waiting.get(turn.visitor, ()):
                self._waiting[turn.visitor].remove(turn)
                if not self._waiting[turn.visitor]:
                    del self._waiting[turn.visitor]
            begun = self._begin_next()
        _tell(begun)

    def place_of(self, turn: Turn) -> Place | None:
        """Return where a turn stands, None where it does not wait."""
        with self._guard:
            order = self._order()
            if turn not in order:
                return None
            number = order.index(turn) + 1
            return Place(number, self._until(number))

    def _refusal(self, visitor: str) -> LineFullError | None:
        if len(self._begun) < self.places:
            return None
        waiting = self._waiting_count()
        if waiting >= self.most_waiting:
            return LineFullError(waiting, self._until(max(1, waiting)), visitor=False)
        own = self._waiting.get(visitor, deque())
        if len(own) >= self._most_of_one:
            last = self._order().index(own[-1]) + 1
            return LineFullError(len(own), self._until(last), visitor=True)
        return None

    def _waiting_count(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _begin_next(self) -> list[Turn]:
        """Give the free places to those who are next, and return them."""
        begun = []
        while self._waiting and len(self._begun) < self.places:
            visitor = next(iter(self._waiting))
            turns = self._waiting.pop(visitor)
            begun.append(turns.popleft())
            self._begun[begun[-1]] = self._clock()
            if turns:
                self._waiting[visitor] = turns  # after all the others
        return begun

    def _order(self) -> list[Turn]:
        """Return who waits, in the order in which their turns come if nobody else does."""
        visitors = self._waiting.values()
        rounds = range(max(map(len, visitors), default=0))
        return [turns[each] for each in rounds for turns in visitors if each < len(turns)]

    def _until(self, number: int) -> float:
        """Return about how many seconds it takes until the turn of that place comes."""
        return number * sum(self._seconds) / len(self._seconds) / self.places


def duration(seconds: float) -> str:
    """Return a time as it is told to those who wait."""
    if seconds < MINUTES_FROM_S:
        return f"{max(1, math.ceil(seconds))} s"
    return f"{math.ceil(seconds / 60)} min"


def _tell(begun: list[Turn]) -> None:
    """Tell those whose turn came; without the lock, since they may leave at once."""
    for turn in begun:
        turn.came.set_result(None)
