"""The embedding model: text to vectors, on this machine, with onnxruntime alone.

Owns tokenising, batching and pooling. A text goes through the model once and each requested span of
it gets the mean of its token states ("late chunking"), so the vector of a sentence knows the
abstract around it and costs nothing extra. Invariant: every vector is float32 and L2-normalised,
but zero for a text without tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.errors import LibraryError
from vectorstore.records import Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parent / "model"
CLS_ID, SEP_ID = 101, 102  # of the BERT vocabulary that every MiniLM shares
SPECIAL_TOKENS = 2  # the two above take two of the model's positions
BATCH_SEGMENTS = 8  # measured on two cores: 32 is slower, the padding eats what batching gains
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


@dataclass(frozen=True, slots=True)
class _Segment:
    """A run of tokens that fits the model's window, cut from text number `text`."""

    text: int
    token_ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


class OnnxEmbedder:
    """The model that ships with the project. Loading waits until the first text; thread-safe."""

    def __init__(self, folder: Path = MODEL_FOLDER, threads: int = 0) -> None:
        """Describe the model in `folder`; `threads` 0 means one for each core.

        Raises LibraryError, here or with the first text, if a file of it is missing or damaged.
        """
        self._folder = folder
        self._threads = threads
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
        sums = [np.zeros((len(s) + 1, self.dimension), np.float32) for s in spans]
        targets = [[*s, Span(0, len(text) + 1)] for text, s in zip(texts, spans, strict=True)]
        for segment, states in self._token_states(self._segments(texts)):
            membership = _membership(segment.offsets, targets[segment.text])
            sums[segment.text] += membership @ states
        return [_normalised(total) for total in sums]

    def _segments(self, texts: Sequence[str]) -> list[_Segment]:
        room = self._max_tokens - SPECIAL_TOKENS
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            _Segment(
                number, encoding.ids[start : start + room], encoding.offsets[start : start + room]
            )
            for number, encoding in enumerate(encodings)
            for start in range(0, max(1, len(encoding.ids)), room)
        ]

    def _token_states(self, segments: Sequence[_Segment]) -> Iterator[tuple[_Segment, Matrix]]:
        """Yield each segment with its token states, shape (tokens, dimension), by length."""
        by_length = sorted(segments, key=lambda s: len(s.token_ids))
        for start in range(0, len(by_length), BATCH_SEGMENTS):
            batch = by_length[start : start + BATCH_SEGMENTS]
            states = self._session.run(None, self._inputs(batch))[0]
            for row, segment in zip(states, batch, strict=True):
                yield segment, row[1 : 1 + len(segment.token_ids)]

    def _inputs(self, batch: Sequence[_Segment]) -> dict[str, npt.NDArray[np.int64]]:
        width = max(len(s.token_ids) for s in batch) + SPECIAL_TOKENS
        ids = np.zeros((len(batch), width), np.int64)
        mask = np.zeros_like(ids)
        for row, segment in enumerate(batch):
            framed = (CLS_ID, *segment.token_ids, SEP_ID)
            ids[row, : len(framed)] = framed
            mask[row, : len(framed)] = 1
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}

    def _damaged(self) -> LibraryError:
        return LibraryError(
            "The embedding model is missing or damaged",
            where=str(self._folder),
            hint="Install paperchat again.",
        )

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer: Tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # tokenizers has no narrower one
            raise self._damaged() from error
        tokenizer.no_truncation()  # the published file cuts at 128 tokens and pads to as many
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no narrower one
            raise self._damaged() from error


def _membership(offsets: Sequence[tuple[int, int]], spans: Sequence[Span]) -> Matrix:
    """Return a matrix of ones where a token (column) starts inside a span (row)."""
    starts = np.array([start for start, _ in offsets])
    first = np.array([span.start for span in spans])[:, None]
    last = np.array([span.end for span in spans])[:, None]
    return ((first <= starts) & (starts < last)).astype(np.float32)


def _normalised(sums: Matrix) -> Matrix:
    """Scale all rows but the last to length one; an empty row becomes the last, the whole text."""
    empty = ~sums.any(axis=1)
    sums[empty] = sums[-1]
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    scaled: Matrix = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled[:-1]
