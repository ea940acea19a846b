"""What search keeps in memory of every indexed paper: its vector, and what filters ask for.

About 500 bytes a paper. Owns no order and no score; numbers are those of the catalog.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from vectorstore.catalog import OverviewRow
from vectorstore.embedding import Vector
from vectorstore.filters import FilterReport, Filters, Order

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

UNKNOWN = -1
BLOCK_ROWS = 8_192  # rows turned into floats at once: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class PaperIndex:
    """Columns over all indexed papers, in the order of `numbers`, which rise."""

    numbers: Numbers
    row_by_id: Mapping[str, int]
    titles: tuple[str, ...]
    whole: npt.NDArray[np.int8]  # (papers, dimension)
    lengths: Vector  # of the rows of `whole`
    published: Numbers  # days since year 1, UNKNOWN where there is no date
    author_count: Numbers
    comment_count: Numbers
    organizations: tuple[str, ...]  # lower case, empty where unknown
    sources: tuple[str, ...]  # names of its files, lower case, a line each

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.numbers)

    def similarities(self, question: Vector, rows: Numbers) -> Vector:
        """Return the cosine of each whole abstract at `rows` to the question."""
        found = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = rows[start : start + BLOCK_ROWS]
            whole = self.whole[block].astype(np.float32)
            found[start : start + len(block)] = np.einsum("ij,j->i", whole, question)
        similarities: Vector = found / self.lengths[rows]
        return similarities

    def rows_of(self, numbers: Sequence[int] | Numbers) -> Numbers:
        """Return the rows of the papers with these numbers; unknown numbers are left out."""
        wanted = np.asarray(numbers, np.int64)
        rows = np.searchsorted(self.numbers, wanted)
        known = rows < len(self.numbers)
        known[known] = self.numbers[rows[known]] == wanted[known]
        found: Numbers = rows[known].astype(np.int64)
        return found

    def rows_of_ids(self, ids: Iterable[str]) -> Numbers:
        """Return the rows of the papers with these ids, rising; unknown ids are left out."""
        rows = {row for paper_id in ids if (row := self.row_by_id.get(paper_id)) is not None}
        return np.array(sorted(rows), np.int64)

    def mask_of(self, numbers: Collection[int]) -> Mask:
        """Return which rows are those of the papers with these numbers."""
        mask = np.zeros(len(self), np.bool_)
        mask[self.rows_of(np.fromiter(numbers, np.int64, len(numbers)))] = True
        return mask

    def matching(
        self, filters: Filters, named: Collection[int] | None = None
    ) -> tuple[Numbers, FilterReport]:
        """Return the rows that match, rising, and what was left out.

        `named` are the numbers of the papers that match by author, category and venue, which the
        index does not know; None where `filters` ask for none of these.
        """
        rows = self.rows_of_ids(filters.scope) if filters.scope else np.arange(len(self))
        if not filters.limits:
            return rows, FilterReport(len(rows))
        mask = self._but_dates(filters)
        if named is not None:
            mask &= self.mask_of(named)
        dated = mask & self._dated_within(filters)
        undated = mask & (self.published == UNKNOWN) if filters.by_date else np.zeros_like(mask)
        matching = rows[dated[rows]]
        return matching, FilterReport(len(matching), int(undated[rows].sum()))

    def order_keys(self, order: Order, rows: Numbers) -> Numbers:
        """Return keys by which rows come first to last, smallest first."""
        if order is Order.NEWEST:
            return -self.published[rows]
        if order is Order.OLDEST:
            published = self.published[rows]
            return np.where(published == UNKNOWN, np.iinfo(np.int64).max, published)
        if order is Order.DISCUSSED:
            return -self.comment_count[rows]
        return np.zeros(len(rows), np.int64)

    def _but_dates(self, filters: Filters) -> Mask:
        mask = np.ones(len(self), np.bool_)
        if filters.min_authors is not None:
            mask &= self.author_count >= max(filters.min_authors, 0)
        if filters.max_authors is not None:
            mask &= (self.author_count != UNKNOWN) & (self.author_count <= filters.max_authors)
        if filters.organization:
            mask &= _containing(self.organizations, filters.organization)
        if filters.source:
            mask &= _containing(self.sources, filters.source)
        return mask

    def _dated_within(self, filters: Filters) -> Mask:
        if not filters.by_date:
            return np.ones(len(self), np.bool_)
        first = filters.published_from or date.min
        last = filters.published_to or date.max
        within: Mask = (self.published >= first.toordinal()) & (self.published <= last.toordinal())
        return within


def make_index(rows: Sequence[OverviewRow], dimension: int) -> PaperIndex:
    """Return the index over what the catalog tells of every paper."""
    whole = np.frombuffer(b"".join(row.whole for row in rows), np.int8).reshape(-1, dimension)
    squares = np.array([np.square(row.astype(np.float32)).sum() for row in whole], np.float32)
    return PaperIndex(
        numbers=np.array([row.number for row in rows], np.int64),
        row_by_id={row.paper_id: at for at, row in enumerate(rows)},
        titles=tuple(row.title for row in rows),
        whole=whole,
        lengths=np.sqrt(np.maximum(squares, np.finfo(np.float32).tiny)),
        published=_column(rows, lambda row: _ordinal(row.published)),
        author_count=_column(rows, lambda row: row.author_count),
        comment_count=_column(rows, lambda row: row.comment_count),
        organizations=tuple((row.organization or "").lower() for row in rows),
        sources=tuple(_files(row.sources) for row in rows),
    )


def _column(rows: Sequence[OverviewRow], read: Callable[[OverviewRow], int | None]) -> Numbers:
    values = (UNKNOWN if (value := read(row)) is None else value for row in rows)
    return np.fromiter(values, np.int64, len(rows))


def _ordinal(published: str | None) -> int | None:
    return date.fromisoformat(published).toordinal() if published else None


def _files(sources: str) -> str:
    return "\n".join(file for file, _ in json.loads(sources)).lower()


def _containing(texts: Sequence[str], part: str) -> Mask:
    wanted = part.lower()
    having = {text for text in set(texts) if wanted in text}  # few texts are different
    return np.fromiter((text in having for text in texts), np.bool_, len(texts))
