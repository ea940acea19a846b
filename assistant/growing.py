"""An answer that grows piece by piece, verified at any moment.

Owns what of a piece the answer shows at once, what `trace` is told, and how long writing and
checking took.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event
from time import perf_counter

from assistant.answer import Answer
from assistant.checking.verify import Verifier
from assistant.draft import Piece, SourcePaper, Spent
from assistant.receipts.trace import Trace


@dataclass(slots=True)
class Growing:
    """An answer in the making: `answer` as it was before the piece that comes next."""

    answer: Answer
    stop: Event
    trace: Trace | None = None
    writing_s: float = 0.0
    checking_s: float = 0.0

    def snapshots(
        self, sources: Sequence[SourcePaper], pieces: Iterator[Piece]
    ) -> Iterator[Answer]:
        """Yield the answer with what the verifier makes of each further piece."""
        with self._checking():
            verifier = Verifier(sources)
            before = self.answer.usage  # of the plan
            if self.trace is not None:
                self.trace.selected(self.answer.plan, tuple(sources))
        for piece in self._written(pieces):
            with self._checking():
                if self.trace is not None:
                    self.trace.piece(piece)
                verifier.feed(piece)
                if isinstance(piece, Spent):
                    self.answer = replace(self.answer, usage=before.plus(piece.usage))
                snapshot = _snapshot(self.answer, verifier)
            yield snapshot
        with self._checking():
            verifier.finish()
            snapshot = _snapshot(self.answer, verifier)
        yield replace(snapshot, complete=not self.stop.is_set())

    @contextmanager
    def _checking(self) -> Iterator[None]:
        """Count how long the block takes."""
        started = perf_counter()
        try:
            yield
        finally:
            self.checking_s += perf_counter() - started

    def _written(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield the pieces, and count how long each was waited for."""
        while True:
            started = perf_counter()
            try:
                piece = next(pieces, None)
            finally:
                self.writing_s += perf_counter() - started
            if piece is None:
                return
            yield piece


def _snapshot(answer: Answer, verifier: Verifier) -> Answer:
    return replace(
        answer,
        blocks=verifier.blocks,
        citations=verifier.citations,
        dropped_citations=verifier.dropped_citations,
    )
