"""Every indexed paper as search knows it without reading it: which filters let it through, and how
near it is to a question.

About 500 bytes a paper, of which 480 are its vector. Owns no order and no score; numbers are those
of the catalog.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vectorstore.abstract_vectors import Bytes
from vectorstore.array_types import Mask, Numbers, find_in
from vectorstore.catalog import Catalog, OverviewRow
from vectorstore.coded_column import CodedColumn
from vectorstore.embedding import Matrix, Vector
from vectorstore.filters import FilterReport, Filters, Order
from vectorstore.paper_columns import UNKNOWN, Count, Counts, PaperColumns, Text, read_columns
from vectorstore.paper_texts import CatalogRows, CatalogTitles


@dataclass(frozen=True, slots=True)
class PaperIndex:
    """Columns over all indexed papers; titles and ids may be read only when they are asked for."""

    columns: PaperColumns
    row_by_id: Mapping[str, int]
    titles: Sequence[str]

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self.columns.numbers)

    @property
    def numbers(self) -> Numbers:
        """Return the papers' numbers, which rise."""
        return self.columns.numbers

    @property
    def whole(self) -> Bytes:
        """Return the vectors of all whole abstracts, maybe a copy, shape (papers, dimension)."""
        return self.columns.vectors.matrix

    def units(self, rows: Numbers) -> Matrix:
        """Return the vectors of the whole abstracts at `rows`, L2-normalised."""
        return self.columns.vectors.units(rows)

    @property
    def published(self) -> Counts:
        """Return days since year 1, UNKNOWN where there is no date."""
        return self.columns.counts[Count.PUBLISHED]

    @property
    def author_count(self) -> Counts:
        """Return how many authors there are, UNKNOWN where nothing tells."""
        return self.columns.counts[Count.AUTHORS]

    @property
    def organizations(self) -> CodedColumn:
        """Return organisations in lower case, empty where unknown."""
        return self.columns.texts[Text.ORGANIZATION]

    def similarities(self, question: Vector, rows: Numbers) -> Vector:
        """Return the cosine of each whole abstract at `rows` to the question."""
        return self.columns.vectors.similarities(question, rows)

    def rows_of(self, numbers: Sequence[int] | Numbers) -> Numbers:
        """Return the rows of the papers with these numbers; unknown numbers are left out."""
        rows, known = find_in(self.numbers, np.asarray(numbers, np.int64))
        return rows[known]

    def rows_of_ids(self, ids: Iterable[str]) -> Numbers:
        """Return the rows of the papers with these ids, rising; unknown ids are left out."""
        return np.array(sorted(set(self.rows_by_id(ids).values())), np.int64)

    def rows_by_id(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the rows of the papers with these ids, by id; unknown ids are left out."""
        if isinstance(self.row_by_id, CatalogRows):
            return self.row_by_id.of(list(ids))
        return {each: row for each in ids if (row := self.row_by_id.get(each)) is not None}

    def titles_at(self, rows: Numbers) -> list[str]:
        """Return the titles of these rows."""
        if isinstance(self.titles, CatalogTitles):
            return self.titles.at(rows)
        return [self.titles[row] for row in rows.tolist()]

    def mask_of(self, numbers: Collection[int]) -> Mask:
        """Return which rows are those of the papers with these numbers."""
        mask = np.zeros(len(self), np.bool_)
        mask[self.rows_of(np.fromiter(numbers, np.int64, len(numbers)))] = True
        return mask

    def matching(self, filters: Filters, named: Mask | None = None) -> tuple[Numbers, FilterReport]:
        """Return the rows that match, rising, and what was left out.

        `named` are those that match by author, category and venue; None where `filters` ask for
        none of these.
        """
        rows = self.rows_of_ids(filters.scope) if filters.scope else np.arange(len(self))
        if not filters.limits:
            return rows, FilterReport(len(rows))
        mask = self._but_dates(filters)
        if named is not None:
            mask &= named
        if filters.scope:
            within = np.zeros(len(self), np.bool_)
            within[rows] = True
            mask &= within
        matching = np.flatnonzero(mask & self._dated_within(filters))
        undated = int((mask & (self.published == UNKNOWN)).sum()) if filters.by_date else 0
        return matching, FilterReport(len(matching), undated)

    def order_keys(self, order: Order, rows: Numbers) -> Numbers:
        """Return keys by which rows come first to last, smallest first."""
        published = self.published[rows].astype(np.int64)
        if order is Order.NEWEST:
            return -published
        if order is Order.OLDEST:
            return np.where(published == UNKNOWN, np.iinfo(np.int64).max, published)
        if order is Order.DISCUSSED:
            return -self.columns.counts[Count.COMMENTS][rows].astype(np.int64)
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
            mask &= _containing(self.columns.texts[Text.SOURCES], filters.source)
        return mask

    def _dated_within(self, filters: Filters) -> Mask:
        if not filters.by_date:
            return np.ones(len(self), np.bool_)
        first = filters.published_from or date.min
        last = filters.published_to or date.max
        within: Mask = (self.published >= first.toordinal()) & (self.published <= last.toordinal())
        return within


def make_index(rows: Sequence[OverviewRow], dimension: int) -> PaperIndex:
    """Return the index over what the catalog tells of every paper, with all ids and titles."""
    row_by_id = {row.paper_id: at for at, row in enumerate(rows)}
    columns = read_columns([rows], dimension, signs=False)
    return PaperIndex(columns, row_by_id, tuple(row.title for row in rows))


def index_of(columns: PaperColumns, catalog: Catalog) -> PaperIndex:
    """Return the index over columns, with ids and titles that the catalog is asked for."""
    numbers = columns.numbers
    return PaperIndex(columns, CatalogRows(catalog, numbers), CatalogTitles(catalog, numbers))


def _containing(column: CodedColumn, part: str) -> Mask:
    wanted = part.lower()
    return column.where(lambda text: wanted in text)
