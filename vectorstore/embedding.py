"""What an embedding model is to the rest of the project: texts in, vectors out.

A model has one or two heads. Every one makes pooled vectors, one for a span of text; one with a
token head also makes a small vector for every content token, for late interaction. Invariant: every
vector is float32 and L2-normalised, but zero for a text without tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.records import Span

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


def no_tokens() -> Matrix:
    """Return the token vectors of a model that makes none."""
    return np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """A question as the model sees it.

    `pooled` has shape (dimension,). `words` are the content words as typed, in order; `tokens` has
    shape (tokens, token dimension), and token i belongs to `words[owners[i]]`. A model without a
    token head gives no tokens.
    """

    pooled: Vector
    words: tuple[str, ...] = ()
    tokens: Matrix = field(default_factory=no_tokens)
    owners: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TextVectors:
    """A text as the model sees it.

    `spans` has shape (number of its spans, dimension), `tokens` (content tokens, token dimension).
    """

    spans: Matrix
    tokens: Matrix = field(default_factory=no_tokens)


class Embedder(Protocol):
    """What turns text into vectors; a library remembers which one wrote it by `name`."""

    @property
    def name(self) -> str:
        """Return the name that the library records and checks."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a pooled vector."""
        ...

    @property
    def batches_at_once(self) -> int:
        """Return how many calls of `embed_texts` it is best given at the same time."""
        ...

    def embed_question(self, text: str) -> QuestionVectors:
        """Return the vectors of a question."""
        ...

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        """Return the vectors of each text, one for each of its `spans`."""
        ...
