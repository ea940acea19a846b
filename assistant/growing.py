"""An answer that grows piece by piece, verified at any moment.

Owns what of a piece the answer shows at once, and what `trace` is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

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

    def snapshots(
        self, sources: Sequence[SourcePaper], pieces: Iterator[Piece]
    ) -> Iterator[Answer]:
        """Yield the answer with what the verifier makes of each further piece."""
        verifier = Verifier(sources)
        before = self.answer.usage  # of the plan
        if self.trace is not None:
            self.trace.selected(self.answer.plan, tuple(sources))
        for piece in pieces:
            if self.trace is not None:
                self.trace.piece(piece)
            verifier.feed(piece)
            if isinstance(piece, Spent):
                self.answer = replace(self.answer, usage=before.plus(piece.usage))
            yield _snapshot(self.answer, verifier)
        verifier.finish()
        yield replace(_snapshot(self.answer, verifier), complete=not self.stop.is_set())


def _snapshot(answer: Answer, verifier: Verifier) -> Answer:
    return replace(
        answer,
        blocks=verifier.blocks,
        citations=verifier.citations,
        dropped_citations=verifier.dropped_citations,
    )
