"""What the filters of a listing have to offer: organisations and months, and how many papers each.

Counted over the columns that search keeps in memory; no paper is read but one for each name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np

from vectorstore.library import Library
from vectorstore.paper_index import UNKNOWN, Numbers, PaperIndex

MOST_NAMES = 200  # of organisations, more than anybody scrolls through
EPOCH = date(1970, 1, 1).toordinal()  # the day NumPy counts from


@dataclass(frozen=True, slots=True)
class OrganizationCount:
    """An organisation and how many papers it has."""

    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month and how many papers were published in it; `month` counts from 1."""

    year: int
    month: int
    papers: int


def count_names(
    library: Library, index: PaperIndex, rows: Numbers
) -> tuple[OrganizationCount, ...]:
    """Return the organisations of the papers at `rows`, those with the most papers first.

    A name that is written in several ways counts once, as its first paper writes it.
    """
    names = [(index.organizations[row], row) for row in rows.tolist()]
    counts = Counter(name for name, _ in names if name)
    most = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_NAMES]
    first = dict(reversed(names))
    numbers = [int(index.numbers[first[name]]) for name in most]
    papers = library.catalog.papers_by_number(numbers)
    return tuple(
        OrganizationCount(paper.organization or "", counts[name])
        for name, paper in zip(most, papers, strict=True)
    )


def count_months(index: PaperIndex, rows: Numbers) -> tuple[MonthCount, ...]:
    """Return the months in which the papers at `rows` were published, latest first."""
    days = index.published[rows]
    dates = (days[days != UNKNOWN] - EPOCH).astype("datetime64[D]")
    months, counts = np.unique(dates.astype("datetime64[M]"), return_counts=True)
    found = zip(months.astype(object).tolist(), counts.tolist(), strict=True)
    return tuple(MonthCount(day.year, day.month, papers) for day, papers in found)[::-1]
