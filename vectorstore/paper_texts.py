"""Ids and titles of indexed papers, read from the catalog when they are asked for.

A large library has too many to keep. Rows are those of the numbers they are made with; a paper that
left since has no id and no title.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from typing import overload

import numpy as np

from vectorstore.array_types import Numbers, find_in
from vectorstore.catalog import Catalog

READ_AT_ONCE = 5_000


class CatalogTitles(Sequence[str]):
    """The titles by row."""

    def __init__(self, catalog: Catalog, numbers: Numbers) -> None:
        """Read of the papers with these numbers, in their order."""
        self._catalog = catalog
        self._numbers = numbers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """Return a title, or those of a slice."""
        numbers = self._numbers[at]
        if isinstance(at, slice):
            return tuple(CatalogTitles(self._catalog, numbers))
        return self._catalog.plain_titles([int(numbers)]).get(int(numbers), "")

    def __iter__(self) -> Iterator[str]:
        """Yield all titles, some read at a time."""
        for start in range(0, len(self), READ_AT_ONCE):
            yield from self.at(np.arange(start, min(start + READ_AT_ONCE, len(self))))

    def at(self, rows: Numbers) -> list[str]:
        """Return the titles of these rows."""
        numbers = self._numbers[rows].tolist()
        titles = self._catalog.plain_titles(numbers)
        return [titles.get(number, "") for number in numbers]


class CatalogRows(Mapping[str, int]):
    """The rows of papers by their ids."""

    def __init__(self, catalog: Catalog, numbers: Numbers) -> None:
        """Read of the papers with these numbers, in their order."""
        self._catalog = catalog
        self._numbers = numbers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._numbers)

    def __getitem__(self, paper_id: str) -> int:
        """Return the row of a paper."""
        return self.of([paper_id])[paper_id]

    def __iter__(self) -> Iterator[str]:
        """Yield all ids in the order of rows, some read at a time."""
        for start in range(0, len(self), READ_AT_ONCE):
            numbers = self._numbers[start : start + READ_AT_ONCE].tolist()
            ids = self._catalog.ids_of(numbers)
            yield from (ids.get(number, "") for number in numbers)

    def items(self) -> ItemsView[str, int]:
        """Return all ids with their rows, in the order of rows."""
        return {paper_id: row for row, paper_id in enumerate(self)}.items()

    def of(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of the papers with these ids; unknown ids are left out."""
        known = self._catalog.numbers_of(ids)
        rows, there = find_in(self._numbers, np.array(list(known.values()), np.int64))
        within = zip(known, rows.tolist(), there.tolist(), strict=True)
        return {paper_id: row for paper_id, row, is_there in within if is_there}
