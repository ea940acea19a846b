"""The passages of a library that another home writes: they are asked, and never changed.

Invariants: nothing is written to the server; where it does not answer, a question does without, and
does not wait for it again for a while.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from vectorstore.chroma_passages import ChromaPassages
from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError
from vectorstore.standing import Standing

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

logger = logging.getLogger(__name__)

WITHOUT_S = 30.0  # after a failure, before the server is asked again
ANSWER_S = 5.0  # that a question waits for the server at most


class FollowedPassages:
    """Stands in the place of `ChromaPassages`. Safe to share between threads."""

    def __init__(self, home: Path, facts: dict[str, str], standing: Standing) -> None:
        """Take what is needed to open the collection; the server is asked nothing yet."""
        server = standing.server
        self.recorded_facts = standing.recorded
        self._home = home
        self._facts = facts
        self._server = replace(server, timeout_s=min(server.timeout_s, ANSWER_S))
        self._opening = Lock()
        self._opened: ChromaPassages | None = None
        self._ask_again = 0.0

    def nearest(self, question: Vector, limit: int) -> tuple[str, ...]:
        """Return what `ChromaPassages` returns, or nothing where the server does not answer."""
        if monotonic() < self._ask_again:
            return ()
        try:
            return self._passages().nearest(question, limit)
        except LibraryError as error:
            logger.warning("Searching without the server: %s", error)
            self._ask_again = monotonic() + WITHOUT_S
            self.close()  # a collection that was made anew is another one
            return ()

    def replace(self, paper_ids: Sequence[str], passages: Sequence[BaseNode]) -> None:
        """Leave this to the home that writes."""

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Leave this to the home that writes."""

    def clear(self) -> None:
        """Leave this to the home that writes."""

    def close(self) -> None:
        """Let go of the connections."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def _passages(self) -> ChromaPassages:
        with self._opening:
            if self._opened is None:
                self._opened = ChromaPassages(self._home, self._facts, self._server, make=False)
            return self._opened
