"""The vectors of whole abstracts, and which of very many are likely near to a question.

What is likely is told by signs: a bit for each component, set where the vector has more of it than
the mean of all has. Bits that differ are counted in a hundredth of the time that cosines take
(Charikar, "Similarity estimation techniques from rounding algorithms", 2002), and the cosines of
the likeliest then tell. Vectors of papers that came since the signs were made are always likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vectorstore.array_types import Mask, Numbers
from vectorstore.embedding import Matrix, Vector

Bytes = npt.NDArray[np.int8]
Signs = npt.NDArray[np.uint64]

WORD_BITS = 64
BLOCK_ROWS = 256  # rows turned into floats at once: they stay in the processor's cache
COUNTED_ROWS = 65_536  # rows whose bits are counted at once: likewise
READ_ROWS = 8_192
FAR = 2**15  # more signs than there are
SAMPLED_ROWS = 65_536
HEAVY, HEAVY_FROM = 3, 0.7  # chosen by recall, with the quantile of sizes from which on


@dataclass(frozen=True, slots=True)
class AbstractVectors:
    """Vectors by row, a byte a component.

    `stored` are those that have `signs`, shape (words of 64, rows), and may be those of a file;
    `fresh` came later. `places` has for each row its place in the two, `stored` first; None where
    every row is at its own.
    """

    stored: Bytes
    lengths: Vector  # of the rows of `stored`
    signs: Signs
    fresh: Bytes
    fresh_lengths: Vector
    places: npt.NDArray[np.int32] | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.stored) if self.places is None else len(self.places)

    @property
    def matrix(self) -> Bytes:
        """Return all rows; a copy of them where some came later."""
        if self.places is None:
            return self.stored
        return self._rows(np.arange(len(self)))[0]

    def units(self, rows: Numbers) -> Matrix:
        """Return these rows, L2-normalised."""
        whole, lengths = self._rows(rows)
        normalised: Matrix = whole.astype(np.float32) / lengths[:, None]
        return normalised

    def similarities(self, question: Vector, rows: Numbers) -> Vector:
        """Return the cosine of each of these rows to the question."""
        found, lengths = np.empty((2, len(rows)), np.float32)
        buffer = np.empty((BLOCK_ROWS, self.stored.shape[1]), np.float32)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            whole, lengths[block] = self._rows(rows[block])
            floats = buffer[: len(whole)]
            floats[...] = whole
            np.einsum("ij,j->i", floats, question, out=found[block])
        found /= lengths
        return found

    def _rows(self, rows: Numbers) -> tuple[Bytes, Vector]:
        if self.places is None:
            return self.stored.take(rows, axis=0), self.lengths.take(rows)
        at = self.places[rows]
        late = at >= len(self.stored)
        whole, lengths = self.stored[np.where(late, 0, at)], self.lengths[np.where(late, 0, at)]
        whole[late] = self.fresh[at[late] - len(self.stored)]
        lengths[late] = self.fresh_lengths[at[late] - len(self.stored)]
        return whole, lengths

    def differing_signs(self, question: Vector) -> npt.NDArray[np.uint16]:
        """Return in how many signs each of `stored` differs from the question.

        Those of the question's largest components count HEAVY times, for cosines hang on them.
        """
        sizes = np.abs(question)
        asked = signs_of(question[None] > 0)[:, 0]
        heavy = signs_of(sizes[None] > np.quantile(sizes, HEAVY_FROM))[:, 0]
        differing = np.zeros(self.signs.shape[1], np.uint16)
        other, bits = np.empty(COUNTED_ROWS, np.uint64), np.empty(COUNTED_ROWS, np.uint8)
        for start in range(0, len(differing), COUNTED_ROWS):
            total = differing[start : start + COUNTED_ROWS]
            part, count = other[: len(total)], bits[: len(total)]
            for column, sign, mask in zip(self.signs, asked, heavy, strict=True):
                np.bitwise_xor(column[start : start + len(total)], sign, out=part)
                total += np.bitwise_count(part, out=count)
                np.bitwise_count(np.bitwise_and(part, mask, out=part), out=count)
                count *= HEAVY - 1
                total += count
        return differing


class NearAbstracts:
    """The abstracts nearest to one question. Signs are compared once, however often it is asked."""

    def __init__(self, vectors: AbstractVectors, question: Vector) -> None:
        """Ask for those of `vectors`."""
        self._vectors = vectors
        self._question = question

    def nearest(self, rows: Numbers, limit: int, compared: int) -> Numbers:
        """Return the `limit` rows of these, which rise, that are nearest to the question.

        Of more than `compared` rows, about so many that are likely near are compared; in any order.
        """
        if len(rows) > compared and len(self._vectors.signs):
            rows = self._likely(rows, compared)
        if len(rows) <= limit:
            return rows
        similarities = self._vectors.similarities(self._question, rows)
        nearest: Numbers = rows[np.argpartition(-similarities, limit)[:limit]]
        return nearest

    @cached_property
    def differing_signs(self) -> npt.NDArray[np.uint16]:
        """In how many signs each abstract that has them differs from the question."""
        return self._vectors.differing_signs(self._question)

    def _likely(self, rows: Numbers, count: int) -> Numbers:
        """Return about `count` of the rows by their signs, and all of the fresh ones; rising."""
        places, stored = self._vectors.places, len(self._vectors.stored)
        if places is None and len(rows) == stored:
            return np.flatnonzero(_least(self.differing_signs, count))
        at: Numbers = rows if places is None else places[rows].astype(np.int64)
        has_signs = at < stored
        allowed = np.zeros(stored, np.bool_)
        allowed[at[has_signs]] = True
        likely = _least(np.where(allowed, self.differing_signs, FAR), count)
        kept = ~has_signs
        kept[has_signs] = likely[at[has_signs]]
        found: Numbers = rows[kept]
        return found


def _least(differing: npt.NDArray[np.uint16], count: int) -> Mask:
    """Return which are the least, about `count` of them; none is FAR. Of many, some tell which."""
    step = max(1, len(differing) // SAMPLED_ROWS)
    up_to = np.bincount(differing[::step], minlength=FAR + 1)[:FAR].cumsum()
    least: Mask = differing <= min(int(np.searchsorted(up_to, count / step)), FAR - 1)
    return least


def make_vectors(whole: Bytes, *, signs: bool) -> AbstractVectors:
    """Return vectors by row, with signs or without."""
    lengths = lengths_of(whole)
    made = _signs(whole, lengths) if signs else np.zeros((0, 0), np.uint64)
    nothing = np.zeros((0, whole.shape[1]), np.int8)
    return AbstractVectors(whole, lengths, made, nothing, lengths_of(nothing))


def lengths_of(whole: Bytes | Matrix) -> Vector:
    """Return the lengths of rows, above 0."""
    lengths = np.empty(len(whole), np.float32)
    for start in range(0, len(whole), READ_ROWS):
        block = whole[start : start + READ_ROWS].astype(np.float32, copy=False)
        lengths[start : start + len(block)] = np.sqrt(np.einsum("ij,ij->i", block, block))
    found: Vector = np.maximum(lengths, np.finfo(np.float32).tiny)
    return found


def signs_of(positive: Mask) -> Signs:
    """Return the bits of each row, shape (words, rows)."""
    bits = np.packbits(positive, axis=1)
    padded = np.zeros((len(bits), -(-positive.shape[1] // WORD_BITS) * 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return np.ascontiguousarray(padded.view(np.uint64).T)


def _mean(whole: Bytes, lengths: Vector) -> Vector:
    total = np.zeros(whole.shape[1], np.float64)
    for start in range(0, len(whole), READ_ROWS):
        block = slice(start, start + READ_ROWS)
        total += (whole[block] / lengths[block, None]).sum(axis=0)
    mean: Vector = (total / max(len(whole), 1)).astype(np.float32)
    return mean


def _signs(whole: Bytes, lengths: Vector) -> Signs:
    mean = _mean(whole, lengths)
    words = -(-whole.shape[1] // WORD_BITS)
    made = np.empty((words, len(whole)), np.uint64)
    for start in range(0, len(whole), READ_ROWS):
        block = slice(start, start + READ_ROWS)
        rows: Matrix = whole[block].astype(np.float32) / lengths[block, None]
        made[:, block] = signs_of(rows > mean)
    return made
