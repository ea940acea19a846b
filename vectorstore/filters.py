"""What a search is limited to, and in which order its results come.

A paper matches a filter only where it says so: one without a date never matches a range of dates,
one without an author count never a number of authors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Order(StrEnum):
    """How results are ordered; those of one place are ordered by relevance."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    DISCUSSED = "discussed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must be; None and empty ask for nothing. Ranges hold both their ends.

    `organization` and `source` are parts of a name, compared without case: a publisher such as
    "nvidia", a file such as "page-3.txt". `author`, `category` and `venue` are compared by words,
    without case and accents: "A. Baker", "cs.CL", "NeurIPS". With `scope`, only papers with these
    ids are considered; they count as the whole collection, and what is left out of them is told. An
    `order` other than by relevance leaves out what is not relevant: the newest of all papers is
    rarely meant.
    """

    published_from: date | None = None
    published_to: date | None = None
    organization: str = ""
    min_authors: int | None = None
    max_authors: int | None = None
    source: str = ""
    author: str = ""
    category: str = ""
    venue: str = ""
    scope: tuple[str, ...] = ()
    order: Order = Order.RELEVANCE

    @property
    def by_date(self) -> bool:
        """Tell whether undated papers are left out."""
        return self.published_from is not None or self.published_to is not None

    @property
    def limits(self) -> bool:
        """Tell whether any paper may be left out."""
        return replace(self, order=Order.RELEVANCE) != Filters()


@dataclass(frozen=True, slots=True)
class FilterReport:
    """What filters did: papers that match, and papers left out only because they have no date."""

    matching: int
    undated: int = 0
