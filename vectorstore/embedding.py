"""The embedding model: text to vectors, on this machine, with onnxruntime alone.

Owns tokenising and pooling. A text goes through the model once and each requested span of
it gets the mean of its token states ("late chunking"), so the vector of a sentence knows the
abstract around it and costs nothing extra. Invariant: every vector is float32 and L2-normalised,
but zero for a text without tokens.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.errors import LibraryError
from vectorstore.records import Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parent / "model"
CLS_ID, SEP_ID = 101, 102  # of the BERT vocabulary that every MiniLM shares
SPECIAL_TOKENS = 2  # the two above take two of the model's positions
QUERY_CHARACTERS = 2_000  # past this a question is longer than the model's window anyway


class Embedder(Protocol):
    """What turns text into vectors; a library remembers which one wrote it by `name`."""

    @property
    def name(self) -> str:
        """Return the name that the library records and checks."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Return the vector of a question, shape (dimension,)."""
        ...

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Matrix]:
        """Return for each text a matrix of shape (number of its spans, dimension)."""
        ...


class OnnxEmbedder:
    """The model that ships with the project. Loading waits until the first text; thread-safe."""

    def __init__(self, folder: Path = MODEL_FOLDER, threads: int | None = None) -> None:
        """Describe the model in `folder`; `threads` texts run at once, by default one a core.

        Raises LibraryError, here or with the first text, if a file of it is missing or damaged.
        """
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._loading = Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None
        try:
            description = json.loads((folder / "model.json").read_text("utf-8"))
            self.name: str = description["name"]
            self.dimension: int = description["dimension"]
            self._max_tokens: int = description["max_tokens"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error

    def embed_query(self, text: str) -> Vector:
        """Return the vector of a question, shape (dimension,)."""
        # A question typed in another encoding holds half characters, which no tokenizer takes.
        kept = text[:QUERY_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        vector: Vector = self.embed_spans([kept], [[Span(0, len(kept))]])[0][0]
        return vector

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Matrix]:
        """Return for each text a matrix of shape (number of its spans, dimension).

        A text longer than the model's window is run in consecutive segments and its spans pool over
        all of them: nothing is cut off. A span without a token of its own gets the whole text's
        vector.
        """
        tokenizer, _ = self._parts()
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        whole = [Span(0, len(text) + 1) for text in texts]
        targets = [[*of_text, last] for of_text, last in zip(spans, whole, strict=True)]
        # A text to a core: 56 abstracts a second on two cores, against 45 with both on one text and
        # 37 in batches of 8, where a text's int8 vector also depends on its neighbours.
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._pooled, encodings, targets))

    def _pooled(self, encoding: Encoding, spans: Sequence[Span]) -> Matrix:
        """Return the vectors of all spans but the last, which is the whole text."""
        room = self._max_tokens - SPECIAL_TOKENS
        sums = np.zeros((len(spans), self.dimension), np.float32)
        for start in range(0, len(encoding.ids), room):
            segment = slice(start, start + room)
            states = self._token_states(encoding.ids[segment])
            sums += _span_sums(states, encoding.offsets[segment], spans)
        return _normalised(sums)

    def _token_states(self, token_ids: Sequence[int]) -> Matrix:
        """Return the states of the tokens, shape (tokens, dimension)."""
        ids = np.array([[CLS_ID, *token_ids, SEP_ID]], np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        _, session = self._parts()
        states: Matrix = session.run(None, inputs)[0][0, 1:-1]
        return states

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
                    self._loaded = _load_tokenizer(self._folder), _load_session(self._folder)
                except Exception as error:  # neither library has a narrower one
                    raise self._damaged() from error
            return self._loaded


def _load_tokenizer(folder: Path) -> Tokenizer:
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
    return onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
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


def _normalised(sums: Matrix) -> Matrix:
    """Scale all rows but the last to length one; an empty row becomes the last, the whole text."""
    empty = ~sums.any(axis=1)
    sums[empty] = sums[-1]
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    scaled: Matrix = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled[:-1]
