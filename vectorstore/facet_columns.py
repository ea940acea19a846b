"""What a listing counts of all papers: their authors, categories and venues, and which are marked.

Owns how names are held as numbers: about 80 bytes a paper. Two names are one where their words are
the same, without case and accents; which they are is read of the first paper that has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from vectorstore.array_types import Mask, Numbers
from vectorstore.catalog_file import CatalogFile
from vectorstore.name_filters import NameKind
from vectorstore.name_words import name_words
from vectorstore.paper_columns import UNKNOWN

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class NameColumn:
    """The names of one kind of all papers, one behind the other, as numbers from 0.

    A name that a paper has twice is UNKNOWN the second time. `rows` and `places` tell of each name
    the first paper that has it, and which of its names it is there.
    """

    names: Ids
    owners: Ids  # the rows of the papers that have them, rising
    rows: Ids
    places: Ids

    def counts(self, mask: Mask) -> Numbers:
        """Return of each name how many of the papers in `mask` have it."""
        names = self.names[mask[self.owners] & (self.names != UNKNOWN)]
        counts: Numbers = np.bincount(names, minlength=len(self.rows))
        return counts


@dataclass(frozen=True, slots=True)
class FacetColumns:
    """Columns over all papers of an index, in its order.

    `flagged` are those that hold text that is hidden or talks to a model, `doubled` those with the
    abstract of another.
    """

    names: Mapping[NameKind, NameColumn]
    flagged: Mask
    doubled: Mask


class FacetReader:
    """Reads the columns when they are first asked for; 100,000 papers take two seconds.

    Safe to share between threads, as long as no paper changes.
    """

    def __init__(self, file: CatalogFile) -> None:
        """Read of all papers of a catalog that are indexed."""
        self._file = file
        self._reading = Lock()
        self._columns: FacetColumns | None = None

    def columns(self) -> FacetColumns:
        """Return the columns."""
        with self._reading:
            if self._columns is None:
                self._columns = _read(self._file)
            return self._columns


def _read(file: CatalogFile) -> FacetColumns:
    rows = file.rows(
        "SELECT authors, categories, venue, suspicious != '[]', abstract_key FROM papers"
        " WHERE state = 'indexed' ORDER BY number"
    )
    authors, categories, venues, flagged, keys = zip(*rows, strict=True) if rows else [()] * 5
    _, copies, counts = np.unique(
        np.array(keys, np.dtype("V8")).view(np.int64), return_inverse=True, return_counts=True
    )
    return FacetColumns(
        {
            NameKind.AUTHOR: _column(map(json.loads, authors)),
            NameKind.CATEGORY: _column(map(json.loads, categories)),
            NameKind.VENUE: _column([venue] if venue else [] for venue in venues),
        },
        np.array(flagged, np.bool_),
        counts[copies] > 1,
    )


def _column(papers: Iterable[Sequence[str]]) -> NameColumn:
    by_name: dict[str, int] = {}
    by_words: dict[tuple[str, ...], int] = {}
    names, owners, rows, places = list[int](), list[int](), list[int](), list[int]()
    for row, listed in enumerate(papers):
        there = set[int]()
        for place, name in enumerate(listed):
            known = by_name.get(name)
            if known is None:
                known = by_name[name] = by_words.setdefault(name_words(name) or (name,), len(rows))
            if known == len(rows):
                rows.append(row)
                places.append(place)
            names.append(UNKNOWN if known in there else known)
            owners.append(row)
            there.add(known)
    return NameColumn(*(np.array(values, np.int32) for values in (names, owners, rows, places)))
