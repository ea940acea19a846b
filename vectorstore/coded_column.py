"""A text that many papers share, as a number for each paper and the texts once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore.array_types import Mask

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """A text by row: `texts[codes[row]]`. Some of the texts may be no row's."""

    codes: Codes
    texts: tuple[str, ...]

    def where(self, has: Callable[[str], bool]) -> Mask:
        """Return which rows have a text that is so; each text is asked about once."""
        found = np.fromiter(map(has, self.texts), np.bool_, len(self.texts))
        mask: Mask = found[self.codes] if len(found) else np.zeros(len(self.codes), np.bool_)
        return mask

    def at(self, rows: npt.NDArray[np.int64]) -> list[str]:
        """Return the texts of these rows."""
        return [self.texts[code] for code in self.codes[rows].tolist()]

    def joined(self, other: CodedColumn) -> CodedColumn:
        """Return the rows of both, the other's behind."""
        known = {text: code for code, text in enumerate(self.texts)}
        theirs = [known.setdefault(text, len(known)) for text in other.texts]
        codes = np.array(theirs, np.int32)[other.codes] if theirs else other.codes
        return CodedColumn(np.concatenate([self.codes, codes]), tuple(known))

    def taken(self, rows: npt.NDArray[np.int64]) -> CodedColumn:
        """Return these rows."""
        return CodedColumn(self.codes[rows], self.texts)


class Coder:
    """Makes a column of texts that come one by one."""

    def __init__(self) -> None:
        """Start with no row."""
        self._known: dict[str, int] = {}
        self._codes: list[Codes] = []

    def add(self, texts: Sequence[str]) -> None:
        """Add a row for each text."""
        known = self._known
        codes = (known.setdefault(text, len(known)) for text in texts)
        self._codes.append(np.fromiter(codes, np.int32, len(texts)))

    def column(self) -> CodedColumn:
        """Return the column."""
        nothing = np.zeros(0, np.int32)
        return CodedColumn(np.concatenate([nothing, *self._codes]), tuple(self._known))
