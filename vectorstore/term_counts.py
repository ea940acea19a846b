"""How many papers have each of very many words, kept as bytes and not as objects.

About 15 bytes a word, which may be those of a file; a word is found by halving. Owns no meaning:
`vocabulary` knows what is counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from vectorstore.array_file import Array

NOTHING: Mapping[str, int] = {}


class TermCounts(Mapping[str, int]):
    """Counts by word. Those of words that were counted later are added to them."""

    def __init__(self, arrays: Mapping[str, Array], added: Mapping[str, int] = NOTHING) -> None:
        """Take what `pack` made, and what was counted later."""
        self._arrays = arrays
        self._words = _SortedWords(arrays["words"], arrays["ends"])
        self._counts = arrays["counts"]
        self._added = added

    def __getitem__(self, word: str) -> int:
        """Return the count of a word."""
        at = self._words.find(word)
        if at is None:
            return self._added[word]
        return int(self._counts[at]) + self._added.get(word, 0)

    def __iter__(self) -> Iterator[str]:
        """Yield the words, new ones last."""
        yield from map(_decoded, self._words)
        yield from self._new()

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self._words) + sum(1 for _ in self._new())

    def with_more(self, added: Mapping[str, int]) -> TermCounts:
        """Return the counts with what was counted since they were packed."""
        return TermCounts(self._arrays, added)

    def as_dict(self) -> Counter[str]:
        """Return all counts as objects; a million words take a second."""
        known = dict(zip(map(_decoded, self._words), self._counts.tolist(), strict=True))
        return Counter(known) + Counter(self._added)

    def _new(self) -> Iterator[str]:
        return (word for word in self._added if self._words.find(word) is None)


def pack(counts: Mapping[str, int]) -> dict[str, Array]:
    """Return counts as arrays, of which `TermCounts` makes what they were."""
    words = sorted((_encoded(word), count) for word, count in counts.items())
    return {
        "words": np.frombuffer(b"".join(word for word, _ in words), np.uint8),
        "ends": np.fromiter(accumulate(len(word) for word, _ in words), np.uint64, len(words)),
        "counts": np.fromiter((count for _, count in words), np.int32, len(words)),
    }


class _SortedWords(Sequence[bytes]):
    """Words one behind the other, by their bytes."""

    def __init__(self, words: Array, ends: Array) -> None:
        self._text = memoryview(words.data)
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override] # of no slices
        end = int(self._ends[at])
        return bytes(self._text[int(self._ends[at - 1]) if at else 0 : end])

    def find(self, word: str) -> int | None:
        key = _encoded(word)
        at = bisect_left(self, key)
        return at if at < len(self) and self[at] == key else None


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _decoded(word: bytes) -> str:
    return word.decode("utf-8", "surrogatepass")
