"""The embedding model that ships with the project: on this machine, with onnxruntime alone.

Owns tokenising and pooling. A text goes through the model once and each requested span of
it gets the mean of its token states ("late chunking"), so the vector of a sentence knows the
abstract around it and costs nothing extra. The same pass gives the vectors of late interaction.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.content_tokens import content_words
from vectorstore.embedding import Matrix, QuestionVectors, TextVectors
from vectorstore.errors import LibraryError
from vectorstore.records import Span
from vectorstore.whole_text import whole_characters

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL_FOLDER = Path(__file__).parent / "model"
CLS_ID, SEP_ID = 101, 102  # of the BERT vocabulary that every MiniLM shares
SPECIAL_TOKENS = 2  # the two above take two of the model's positions
QUERY_CHARACTERS = 2_000  # past this a question is longer than the model's window anyway


class OnnxEmbedder:
    """The model that ships with the project. Loading waits until the first text; thread-safe."""

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        """Describe the model in `folder`; `threads` texts run at once, by default one a core.

        Raises LibraryError, here or with the first text, if a file of it is missing or damaged.
        """
        folder = folder or MODEL_FOLDER
        self._folder = folder
        # While the model runs for one batch, Python pools another.
        self.batches_at_once = threads or os.cpu_count() or 1
        # One for all batches, so that however many are under way there is a text to a core.
        self._pool = ThreadPoolExecutor(self.batches_at_once, "embedding")
        self._loading = Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None
        try:
            description = json.loads((folder / "model.json").read_text("utf-8"))
            self.name: str = description["name"]
            self.dimension: int = description["dimension"]
            self._token_dimension: int = description["token_dimension"]
            self._max_tokens: int = description["max_tokens"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what makes it: loaded anew where it arrives, from the files that are there.

        It runs one text at once there, since who sends it about has a process a core.
        """
        folder = None if self._folder == MODEL_FOLDER else self._folder
        return OnnxEmbedder, (folder, 1)

    def embed_question(self, text: str) -> QuestionVectors:
        """Return the vectors of a question, read to its 2,000th character."""
        kept = whole_characters(text[:QUERY_CHARACTERS])
        [encoding] = self._encodings([kept])
        vectors = self._vectors(kept, encoding, [Span(0, len(kept))])
        words = content_words(kept, encoding.offsets)
        return QuestionVectors(
            pooled=vectors.spans[0],
            words=tuple(word.text for word in words),
            tokens=vectors.tokens,
            owners=tuple(at for at, word in enumerate(words) for _ in word.tokens),
        )

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        """Return the vectors of each text, one for each of its `spans`.

        A text longer than the model's window is run in consecutive segments and its spans pool over
        all of them: nothing is cut off. A span without a token of its own gets the whole text's
        vector.
        """
        # A text to a core: a quarter more a second than with both cores on one text, and half more
        # than in batches of 8, where a text's int8 vector also depends on its neighbours.
        return list(self._pool.map(self._vectors, texts, self._encodings(texts), spans))

    def _encodings(self, texts: Sequence[str]) -> list[Encoding]:
        tokenizer, _ = self._parts()
        encodings: list[Encoding] = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return encodings

    def _vectors(self, text: str, encoding: Encoding, spans: Sequence[Span]) -> TextVectors:
        room = self._max_tokens - SPECIAL_TOKENS
        whole = Span(0, len(text) + 1)
        sums = np.zeros((len(spans) + 1, self.dimension), np.float32)
        token_vectors = [np.zeros((0, self._token_dimension), np.float32)]
        for start in range(0, len(encoding.ids), room):
            segment = slice(start, start + room)
            states, vectors = self._run(encoding.ids[segment])
            sums += _span_sums(states, encoding.offsets[segment], [*spans, whole])
            token_vectors.append(vectors)
        words = content_words(text, encoding.offsets)
        content = [token for word in words for token in word.tokens]
        return TextVectors(
            spans=_normalised(_filled(sums)),
            tokens=_normalised(np.concatenate(token_vectors)[content]),
        )

    def _run(self, token_ids: Sequence[int]) -> tuple[Matrix, Matrix]:
        """Return states and token vectors, shape (tokens, dimension) and (tokens, smaller one)."""
        ids = np.array([[CLS_ID, *token_ids, SEP_ID]], np.int64)
        _, session = self._parts()
        states, vectors = session.run(["token_states", "token_vectors"], {"input_ids": ids})
        return states[0, 1:-1], vectors[0, 1:-1]

    def _damaged(self) -> LibraryError:
        return LibraryError(
            "The embedding model is missing or damaged",
            where=str(self._folder),
            hint="Install paperchat again.",
        )

    def _parts(self) -> tuple[Tokenizer, InferenceSession]:
        """Return tokenizer and model, loaded once however many threads ask."""
        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = load_tokenizer(self._folder), _load_session(self._folder)
                except Exception as error:  # neither library has a narrower one
                    raise self._damaged() from error
            return self._loaded


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the model's tokenizer, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()  # the published file cuts at 128 tokens and pads to as many
    tokenizer.no_padding()
    return tokenizer


def _load_session(folder: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Added and normalised in one operator takes six times as long as in two.
    return onnxruntime.InferenceSession(
        str(folder / "model.onnx"),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def _span_sums(states: Matrix, offsets: Sequence[tuple[int, int]], spans: Sequence[Span]) -> Matrix:
    """Return for each span the sum of the states of the tokens that start inside it.

    As differences of running sums: a matrix product would wake BLAS's threads, which then spin and
    keep the model's from the cores (20 abstracts a second instead of 45).
    """
    running = np.vstack([np.zeros(states.shape[1]), np.cumsum(states, axis=0, dtype=np.float64)])
    starts = [start for start, _ in offsets]
    first = np.searchsorted(starts, [span.start for span in spans])
    last = np.searchsorted(starts, [span.end for span in spans])
    sums: Matrix = (running[np.maximum(first, last)] - running[first]).astype(np.float32)
    return sums


def _filled(sums: Matrix) -> Matrix:
    """Return all rows but the last; an empty one becomes the last, the whole text."""
    empty = ~sums.any(axis=1)
    sums[empty] = sums[-1]
    return sums[:-1]


def _normalised(rows: Matrix) -> Matrix:
    """Scale every row to length one; one of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Matrix = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled
