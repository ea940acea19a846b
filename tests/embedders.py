"""An embedder that knows words only, for tests in which the model is not the point."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.content_tokens import content_words
from vectorstore.embedding import Matrix, QuestionVectors, TextVectors, Vector
from vectorstore.records import Span


class WordEmbedder:
    """Counts words into as many bins as there are dimensions, the same in every process.

    With a `token_dimension` every content word is also a token, whose vector is 1 in the word's
    bin: the match of a word is 1.0 in a paper that has it, and 0.0 in others, but for words that
    share a bin. `texts` are all that were embedded, questions among them.
    """

    def __init__(self, name: str = "words", dimension: int = 64, token_dimension: int = 0) -> None:
        self.name = name
        self.dimension = dimension
        self.batches_at_once = 2
        self.texts: list[str] = []
        self._token_dimension = token_dimension

    def embed_question(self, text: str) -> QuestionVectors:
        """Return the vectors of a question."""
        [vectors] = self.embed_texts([text], [[Span(0, len(text))]])
        words = self._content_words(text)
        return QuestionVectors(vectors.spans[0], words, vectors.tokens, tuple(range(len(words))))

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        """Return the vectors of each text, one for each of its `spans`."""
        self.texts += texts
        return [
            TextVectors(
                spans=self._rows([self._counts(text[s.start : s.end]) for s in of_text]),
                tokens=self._token_rows(self._content_words(text)),
            )
            for text, of_text in zip(texts, spans, strict=True)
        ]

    def _content_words(self, text: str) -> tuple[str, ...]:
        if not self._token_dimension:
            return ()
        offsets = [match.span() for match in re.finditer(r"[^\W_]+", text)]
        return tuple(word.text for word in content_words(text, offsets))

    def _rows(self, vectors: Sequence[Vector]) -> Matrix:
        return np.array(vectors, np.float32).reshape(len(vectors), self.dimension)

    def _counts(self, text: str) -> Vector:
        bins = [_bin(word, self.dimension) for word in re.findall(r"\w+", text)]
        counts = np.bincount(bins, minlength=self.dimension) if bins else np.zeros(self.dimension)
        vector: Vector = (counts / max(np.linalg.norm(counts), 1.0)).astype(np.float32)
        return vector

    def _token_rows(self, words: Sequence[str]) -> Matrix:
        bins = [_bin(word, self._token_dimension) for word in words]
        return np.eye(self._token_dimension, dtype=np.float32)[bins]


def _bin(word: str, bins: int) -> int:
    return zlib.crc32(word.lower().encode("utf-8", "replace")) % bins
