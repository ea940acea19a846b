"""What the filters of a listing have to offer: names, months and marks, and how many papers each.

Counted over columns that are kept in memory; no paper is read but one for each name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from vectorstore.array_types import Mask, Numbers
from vectorstore.facet_columns import FacetColumns
from vectorstore.library import Library
from vectorstore.name_filters import NameKind, names_of
from vectorstore.paper_columns import UNKNOWN
from vectorstore.paper_index import PaperIndex
from vectorstore.snapshot import Snapshot

MOST_NAMES = 200  # of a kind, more than anybody scrolls through
EPOCH = date(1970, 1, 1).toordinal()  # the day NumPy counts from


class PaperMark(StrEnum):
    """What is to be known of some papers: suspicious text, or the abstract of another paper."""

    FLAGGED = "flagged"
    DOUBLED = "doubled"


@dataclass(frozen=True, slots=True)
class NameCount:
    """An organisation, author, category or venue, and how many papers it has."""

    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month and how many papers were published in it; `month` counts from 1."""

    year: int
    month: int
    papers: int


@dataclass(frozen=True, slots=True)
class MarkCount:
    """A mark and how many papers have it."""

    mark: PaperMark
    papers: int


def count_organizations(
    library: Library, index: PaperIndex, rows: Numbers
) -> tuple[NameCount, ...]:
    """Return the organisations of the papers at `rows`, those with the most papers first.

    A name that is written in several ways counts once, as its first paper writes it.
    """
    column = index.organizations
    _, first, counts = np.unique(column.codes[rows], return_index=True, return_counts=True)
    numbers, names = index.numbers[rows[first]].tolist(), column.at(rows[first])
    found = zip(counts.tolist(), names, numbers, strict=True)
    most = sorted((-count, name, number) for count, name, number in found if name)[:MOST_NAMES]
    papers = library.catalog.papers_by_number([number for _, _, number in most])
    return tuple(
        NameCount(paper.organization or "", -count)
        for (count, _, _), paper in zip(most, papers, strict=True)
    )


def count_names(
    library: Library, snapshot: Snapshot, kind: NameKind, mask: Mask
) -> tuple[NameCount, ...]:
    """Return the names of a kind of the papers in `mask`, those with the most papers first."""
    column = snapshot.facets.columns().names[kind]
    counts = column.counts(mask)
    most = np.argsort(-counts, kind="stable")[:MOST_NAMES]
    most = most[counts[most] > 0]
    numbers = snapshot.index.numbers[column.rows[most]].tolist()
    papers = library.catalog.numbered_papers(numbers)
    found = zip(numbers, column.places[most].tolist(), counts[most].tolist(), strict=True)
    return tuple(NameCount(names_of(papers[at], kind)[place], count) for at, place, count in found)


def count_months(index: PaperIndex, rows: Numbers) -> tuple[MonthCount, ...]:
    """Return the months in which the papers at `rows` were published, latest first."""
    days = index.published[rows]
    dates = (days[days != UNKNOWN] - EPOCH).astype("datetime64[D]")
    months, counts = np.unique(dates.astype("datetime64[M]"), return_counts=True)
    found = zip(months.astype(object).tolist(), counts.tolist(), strict=True)
    return tuple(MonthCount(day.year, day.month, papers) for day, papers in found)[::-1]


def marked(columns: FacetColumns, mark: PaperMark) -> Mask:
    """Return which papers have a mark."""
    return columns.flagged if mark is PaperMark.FLAGGED else columns.doubled


def count_marks(columns: FacetColumns, mask: Mask) -> tuple[MarkCount, ...]:
    """Return the marks that papers in `mask` have."""
    counts = ((mark, int((mask & marked(columns, mark)).sum())) for mark in PaperMark)
    return tuple(MarkCount(mark, papers) for mark, papers in counts if papers)
