"""An embedder of any model that makes one vector of a whole text.

Owns what all of them need: a span becomes a text of its own, since such a model cannot pool spans
from one pass; equal texts are embedded once, in the order of their lengths; what comes back is
checked and normalised. There are no token vectors, so late interaction steps aside. Invariant: no
vector leaves here that is not finite, of the one dimension, and of length one, or zero for a blank
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.embedding import Matrix, QuestionVectors, TextVectors, Vector
from vectorstore.model_errors import OutsideModelError
from vectorstore.question_words import question_words
from vectorstore.records import Span
from vectorstore.whole_text import whole_characters

TextKind = Literal["question", "passage"]

# Characters; past this a text is cut. OpenAI's models refuse 8,192 tokens, others cut far earlier.
LONGEST_TEXT = 20_000
_PROBE = "dimension"  # any text will do


class PooledModel(Protocol):
    """A model that makes one vector of a text, whatever its values and its length."""

    @property
    def name(self) -> str:
        """Return the name that the library records and checks."""
        ...

    @property
    def where(self) -> str:
        """Return the address or folder of the model, for messages."""
        ...

    def embed(self, texts: Sequence[str], kind: TextKind) -> Sequence[npt.ArrayLike]:
        """Return a vector for each text, none of which is blank, in their order."""
        ...


class PooledEmbedder:
    """The embedder of a `PooledModel`. Making it asks the model nothing; thread-safe."""

    def __init__(self, model: PooledModel) -> None:
        """Wrap `model`."""
        self._model = model
        self._asking = Lock()
        self._dimension: int | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as the model, without the lock."""
        return PooledEmbedder, (self._model,)

    @property
    def name(self) -> str:
        """Return the name of the model."""
        return self._model.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector, for which the model embeds a word the first time."""
        with self._asking:
            if self._dimension is None:
                self._dimension = self._embed([_PROBE], "passage").shape[1]
            return self._dimension

    @property
    def batches_at_once(self) -> int:
        """Return one: a server may answer one after another, a model here takes every core."""
        return 1

    def embed_question(self, text: str) -> QuestionVectors:
        """Return the vector and the content words of a question."""
        pieces = [piece] if (piece := _piece(text, Span(0, len(text)))) else []
        vectors = self._vectors(pieces, "question")
        return QuestionVectors(vectors.get(piece, self._zero()), question_words(text))

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        """Return the vectors of the spans of each text; a blank span gets the whole text's."""
        pieces = [
            [_piece(text, span) for span in of_text]
            for text, of_text in zip(texts, spans, strict=True)
        ]
        distinct = {piece for of_text in pieces for piece in of_text if piece}
        # By length, since models pad the texts that they take at once to the longest of them.
        vectors = self._vectors(sorted(distinct, key=lambda piece: (len(piece), piece)), "passage")
        return [TextVectors(self._matrix(of_text, vectors)) for of_text in pieces]

    def _matrix(self, pieces: Sequence[str], vectors: dict[str, Vector]) -> Matrix:
        zero = self._zero()
        rows = [vectors.get(piece, zero) for piece in pieces]
        return np.array(rows, np.float32).reshape(len(rows), self.dimension)

    def _zero(self) -> Vector:
        return np.zeros(self.dimension, np.float32)

    def _vectors(self, texts: Sequence[str], kind: TextKind) -> dict[str, Vector]:
        if not texts:
            return {}
        matrix = self._embed(texts, kind)
        if matrix.shape[1] != self.dimension:
            now, before = matrix.shape[1], self.dimension
            raise self._wrong(f"vectors of {now:,} numbers, after some of {before:,}")
        return dict(zip(texts, matrix, strict=True))

    def _embed(self, texts: Sequence[str], kind: TextKind) -> Matrix:
        """Return what the model makes of `texts`, checked and normalised."""
        rows = self._model.embed(texts, kind)
        if len(rows) != len(texts):
            raise self._wrong(f"{len(rows):,} vectors for {len(texts):,} texts")
        try:
            matrix = np.array(rows, np.float64)
        except OverflowError:
            matrix = np.full((len(rows), 1), np.inf)
        except ValueError:
            raise self._wrong("vectors of different lengths") from None
        if matrix.ndim != 2 or not matrix.shape[1]:  # noqa: PLR2004
            raise self._wrong("something other than a vector for each text")
        if not np.isfinite(matrix).all():
            raise self._wrong("vectors with numbers that are not finite")
        return _normalised(matrix)

    def _wrong(self, result: str) -> OutsideModelError:
        return OutsideModelError(
            f"The embedding model {self.name} gave {result}",
            where=self._model.where,
            hint="Check that it is a model for embeddings, or choose another.",
        )


def _piece(text: str, span: Span) -> str:
    """Return the text of `span`, or all of it where the span is blank, as any model takes it."""
    piece = text[span.start : span.end].strip() or text.strip()
    return whole_characters(piece[:LONGEST_TEXT])


def _normalised(matrix: npt.NDArray[np.float64]) -> Matrix:
    """Scale rows to length one and leave those of zeros; first by the largest, to not overflow."""
    tiny = np.finfo(np.float64).tiny
    matrix = matrix / np.maximum(np.abs(matrix).max(axis=1, keepdims=True), tiny)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: Matrix = (matrix / np.maximum(lengths, tiny)).astype(np.float32)
    return scaled
