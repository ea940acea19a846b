"""Papers as a table lists them: found as one types, filtered, sorted, page after page.

Like search it knows indexed papers only. Nothing is judged: a word is found or it is not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from vectorstore.library import Library
from vectorstore.listing_facets import MonthCount, OrganizationCount, count_months, count_names
from vectorstore.listing_words import numbers_with
from vectorstore.paper_index import UNKNOWN, Mask, Numbers, PaperIndex
from vectorstore.records import Paper

WORD_START = re.compile(r"[^\W_]")


class Sort(StrEnum):
    """What a listing is sorted by; papers of one place stay in the order they were added in."""

    TITLE = "title"
    PUBLISHED = "published"
    ORGANIZATION = "organization"
    AUTHORS = "authors"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """Which papers are listed, and which part of the list is wanted.

    Each word of `text` must begin a word of the title, the abstract, an author or the organisation.
    `organization` is a whole name, compared without case. A range of dates holds both its ends and
    leaves undated papers out. `offset` and `limit` are at least 0.
    """

    text: str = ""
    organization: str = ""
    published_from: date | None = None
    published_to: date | None = None
    sort: Sort = Sort.PUBLISHED
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListedPapers:
    """A part of the `total` papers that match, and what there is to choose from.

    `organizations` are counted as if none had been chosen, and `months` as if no dates had: they
    tell what another choice would list.
    """

    total: int
    papers: tuple[Paper, ...]
    organizations: tuple[OrganizationCount, ...] = ()
    months: tuple[MonthCount, ...] = ()


def list_papers(library: Library, query: ListingQuery) -> ListedPapers:
    """Return the papers that match; those without what they are sorted by come last."""
    with library.reading() as snapshot:
        index = snapshot.index
        worded = _worded(library, index, query.text)
        named = _of_organization(index, query.organization)
        dated = _published_within(index, query.published_from, query.published_to)
        rows = np.flatnonzero(worded & named & dated)
        page = _sorted(index, rows, query)[query.offset : query.offset + query.limit]
        return ListedPapers(
            total=len(rows),
            papers=tuple(library.catalog.papers_by_number(index.numbers[page].tolist())),
            organizations=count_names(library, index, np.flatnonzero(worded & dated)),
            months=count_months(index, np.flatnonzero(worded & named)),
        )


def _worded(library: Library, index: PaperIndex, text: str) -> Mask:
    numbers = numbers_with(library.catalog.file, text)
    mask = np.full(len(index), numbers is None)
    if numbers is not None:
        mask[index.rows_of(sorted(numbers))] = True
    return mask


def _of_organization(index: PaperIndex, organization: str) -> Mask:
    wanted = organization.lower()
    if not wanted:
        return np.ones(len(index), np.bool_)
    return np.fromiter((name == wanted for name in index.organizations), np.bool_, len(index))


def _published_within(index: PaperIndex, first: date | None, last: date | None) -> Mask:
    if first is None and last is None:
        return np.ones(len(index), np.bool_)
    earliest, latest = first or date.min, last or date.max
    published = index.published
    within: Mask = (published >= earliest.toordinal()) & (published <= latest.toordinal())
    return within


def _sorted(index: PaperIndex, rows: Numbers, query: ListingQuery) -> Numbers:
    """Return the rows in the order asked for; of one place, those that were added first."""
    if query.sort is Sort.ADDED:
        return rows[::-1] if query.descending else rows
    places = _places(index, rows, query.sort)
    unknown = places == UNKNOWN
    found: Numbers = rows[np.lexsort((rows, -places if query.descending else places, unknown))]
    return found


def _places(index: PaperIndex, rows: Numbers, sort: Sort) -> Numbers:
    """Return numbers that rise as rows are sorted, UNKNOWN for one without what is sorted by."""
    if sort is Sort.PUBLISHED:
        return index.published[rows]
    if sort is Sort.AUTHORS:
        return index.author_count[rows]
    texts = index.titles if sort is Sort.TITLE else index.organizations
    keys = [_sort_key(texts[row]) for row in rows.tolist()]
    place = {"": UNKNOWN} | {key: at for at, key in enumerate(sorted({*keys} - {""}))}
    return np.fromiter((place[key] for key in keys), np.int64, len(keys))


def _sort_key(text: str) -> str:
    """Return what `text` is sorted by: without case, accents and what stands before its letters."""
    folded = text.lower()
    if not text.isascii():  # it takes five times as long
        marked = unicodedata.normalize("NFKD", text.casefold())
        folded = "".join(c for c in marked if not unicodedata.combining(c))
    start = WORD_START.search(folded)
    return folded[start.start() :] if start else folded
