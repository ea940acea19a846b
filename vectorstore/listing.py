"""Papers as a table lists them: found as one types, filtered, sorted, page after page.

Like search it knows indexed papers only. Nothing is judged: a word is found or it is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from vectorstore.array_types import Mask, Numbers
from vectorstore.library import Library
from vectorstore.listing_facets import (
    MarkCount,
    MonthCount,
    NameCount,
    PaperMark,
    count_marks,
    count_months,
    count_names,
    count_organizations,
    marked,
)
from vectorstore.listing_words import numbers_with
from vectorstore.name_filters import NameKind, numbers_with_name
from vectorstore.name_words import name_words
from vectorstore.normal_forms import normalised
from vectorstore.paper_columns import UNKNOWN
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper
from vectorstore.snapshot import Snapshot

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
    Organisation, author, category and venue are whole names, compared without case, the last three
    without accents. A range of dates holds both its ends and leaves undated papers out. `offset`
    and `limit` are at least 0.
    """

    text: str = ""
    organization: str = ""
    published_from: date | None = None
    published_to: date | None = None
    author: str = ""
    category: str = ""
    venue: str = ""
    mark: PaperMark | None = None
    sort: Sort = Sort.PUBLISHED
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListedPapers:
    """A part of the `total` papers that match, and what there is to choose from.

    Each of the latter is counted as if nothing of its kind had been chosen: they tell what another
    choice would list.
    """

    total: int
    papers: tuple[Paper, ...]
    organizations: tuple[NameCount, ...] = ()
    months: tuple[MonthCount, ...] = ()
    authors: tuple[NameCount, ...] = ()
    categories: tuple[NameCount, ...] = ()
    venues: tuple[NameCount, ...] = ()
    marks: tuple[MarkCount, ...] = ()


def list_papers(library: Library, query: ListingQuery) -> ListedPapers:
    """Return the papers that match; those without what they are sorted by come last."""
    with library.reading() as snapshot:
        index = snapshot.index
        masks = _masks(library, snapshot, query)
        rows = np.flatnonzero(_all_but("", masks))
        page = _sorted(index, rows, query)[query.offset : query.offset + query.limit]
        names = {
            kind: _counted(library, snapshot, masks, kind, chosen)
            for kind, chosen in _chosen_names(query).items()
        }
        return ListedPapers(
            total=len(rows),
            papers=tuple(library.catalog.papers_by_number(index.numbers[page].tolist())),
            organizations=count_organizations(
                library, index, np.flatnonzero(_all_but("organization", masks))
            ),
            months=count_months(index, np.flatnonzero(_all_but("dates", masks))),
            authors=names[NameKind.AUTHOR],
            categories=names[NameKind.CATEGORY],
            venues=names[NameKind.VENUE],
            marks=count_marks(snapshot.facets.columns(), _all_but("mark", masks)),
        )


def _masks(library: Library, snapshot: Snapshot, query: ListingQuery) -> dict[str, Mask]:
    """Return which papers each of the filters lets through."""
    index, file = snapshot.index, library.catalog.file
    masks = {
        "text": _with_numbers(index, numbers_with(file, query.text)),
        "organization": _of_organization(index, query.organization),
        "dates": _published_within(index, query.published_from, query.published_to),
    }
    if query.mark:
        masks["mark"] = marked(snapshot.facets.columns(), query.mark)
    named = {
        kind: index.mask_of(numbers_with_name(file, kind, name))
        for kind, name in _chosen_names(query).items()
        if name
    }
    return masks | named


def _all_but(name: str, masks: Mapping[str, Mask]) -> Mask:
    """Return which papers all filters let through but the one of this name."""
    counted = [mask for each, mask in masks.items() if each != name]
    found: Mask = np.logical_and.reduce(counted)
    return found


def _chosen_names(query: ListingQuery) -> dict[NameKind, str]:
    return {
        NameKind.AUTHOR: query.author,
        NameKind.CATEGORY: query.category,
        NameKind.VENUE: query.venue,
    }


def _counted(
    library: Library, snapshot: Snapshot, masks: Mapping[str, Mask], kind: NameKind, chosen: str
) -> tuple[NameCount, ...]:
    """Return the names to choose from; the one that is chosen too, however few papers it has."""
    others = _all_but(kind, masks)
    found = count_names(library, snapshot, kind, others)
    words = name_words(chosen)
    if not chosen or any(name_words(each.name) == words for each in found):
        return found
    papers = int((others & masks[kind]).sum())
    return (*found, NameCount(chosen, papers)) if papers else found


def _with_numbers(index: PaperIndex, numbers: Collection[int] | None) -> Mask:
    return np.ones(len(index), np.bool_) if numbers is None else index.mask_of(numbers)


def _of_organization(index: PaperIndex, organization: str) -> Mask:
    wanted = organization.lower()
    if not wanted:
        return np.ones(len(index), np.bool_)
    return index.organizations.where(lambda name: name == wanted)


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
        return index.published[rows].astype(np.int64)
    if sort is Sort.AUTHORS:
        return index.author_count[rows].astype(np.int64)
    if sort is Sort.ORGANIZATION:
        column = index.organizations
        return _alphabetical(column.texts)[column.codes[rows]]
    return _alphabetical(index.titles_at(rows))


def _alphabetical(texts: Sequence[str]) -> Numbers:
    """Return numbers that rise as the texts do when they are sorted, UNKNOWN for an empty one."""
    keys = [_sort_key(text) for text in texts]
    place = {"": UNKNOWN} | {key: at for at, key in enumerate(sorted({*keys} - {""}))}
    return np.fromiter((place[key] for key in keys), np.int64, len(keys))


def _sort_key(text: str) -> str:
    """Return what `text` is sorted by: without case, accents and what stands before its letters."""
    folded = text.lower()
    if not text.isascii():  # it takes five times as long
        marked = normalised("NFKD", text.casefold())
        folded = "".join(c for c in marked if not unicodedata.combining(c))
    start = WORD_START.search(folded)
    return folded[start.start() :] if start else folded
