"""An embedder that knows words only, for tests in which the model is not the point."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.embedding import Matrix, Vector
from vectorstore.records import Span


class WordEmbedder:
    """Counts words into as many bins as there are dimensions, the same in every process.

    `texts` are all that were embedded, questions among them.
    """

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.texts: list[str] = []

    def embed_query(self, text: str) -> Vector:
        """Return the vector of a question, shape (dimension,)."""
        vector: Vector = self.embed_spans([text], [[Span(0, len(text))]])[0][0]
        return vector

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Matrix]:
        """Return for each text a matrix of shape (number of its spans, dimension)."""
        self.texts += texts
        return [
            np.array([self._vector(text[span.start : span.end]) for span in of_text], np.float32)
            for text, of_text in zip(texts, spans, strict=True)
        ]

    def _vector(self, text: str) -> Vector:
        words = re.findall(r"\w+", text.lower()) or [""]
        bins = [zlib.crc32(word.encode("utf-8", "replace")) % self.dimension for word in words]
        counts = np.bincount(bins, minlength=self.dimension)
        vector: Vector = (counts / np.linalg.norm(counts)).astype(np.float32)
        return vector
