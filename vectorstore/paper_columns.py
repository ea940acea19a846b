"""What is known of every indexed paper in columns, and how columns follow the papers.

Owns how rows of the catalog become numbers. A paper's row is where its number is among those of
all; numbers rise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from vectorstore.abstract_vectors import AbstractVectors, lengths_of, make_vectors
from vectorstore.array_file import Array
from vectorstore.array_types import Numbers
from vectorstore.catalog import OverviewRow
from vectorstore.coded_column import CodedColumn, Coder

Counts = npt.NDArray[np.int32]

UNKNOWN = -1
_NO_COUNTS: Counts = np.zeros(0, np.int32)


class Count(StrEnum):
    """What is known of papers in numbers; UNKNOWN where nothing tells."""

    PUBLISHED = "published"  # days since year 1
    AUTHORS = "author_count"
    COMMENTS = "comment_count"


class Text(StrEnum):
    """What is known of papers in texts that many share; empty where nothing tells."""

    ORGANIZATION = "organization"  # lower case
    SOURCES = "sources"  # names of its files, lower case, a line each
    CATEGORIES = "categories"  # JSON
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class PaperColumns:
    """Columns over papers, in the order of `numbers`; `vectors` are those of whole abstracts."""

    numbers: Numbers
    vectors: AbstractVectors
    counts: Mapping[Count, Counts]
    texts: Mapping[Text, CodedColumn]


def read_columns(
    pages: Iterable[Sequence[OverviewRow]], dimension: int, *, signs: bool
) -> PaperColumns:
    """Return columns over what the catalog tells of papers, whose numbers rise."""
    whole, numbers = bytearray(), list[Numbers]()
    counts: dict[Count, list[Counts]] = {name: [] for name in Count}
    texts = {name: Coder() for name in Text}
    for page in pages:
        whole += b"".join([row.whole for row in page])
        numbers.append(np.array([row.number for row in page], np.int64))
        for count in Count:
            counts[count].append(_counts([_COUNT_OF[count](row) for row in page]))
        for text in Text:
            texts[text].add([_TEXT_OF[text](row) for row in page])
    vectors = np.frombuffer(whole, np.int8).reshape(-1, dimension)
    return PaperColumns(
        np.concatenate([np.zeros(0, np.int64), *numbers]),
        make_vectors(vectors, signs=signs),
        {name: np.concatenate([_NO_COUNTS, *parts]) for name, parts in counts.items()},
        {name: coder.column() for name, coder in texts.items()},
    )


def brought_up_to_date(
    columns: PaperColumns, changed: Sequence[int], fresh: PaperColumns
) -> PaperColumns:
    """Return the columns without the papers of these numbers, and with the `fresh` ones."""
    kept = np.flatnonzero(~np.isin(columns.numbers, np.asarray(changed, np.int64)))
    numbers = np.concatenate([columns.numbers[kept], fresh.numbers])
    order = np.argsort(numbers, kind="stable")
    counts = {
        name: np.concatenate([columns.counts[name][kept], fresh.counts[name]])[order]
        for name in Count
    }
    texts = {
        name: columns.texts[name].taken(kept).joined(fresh.texts[name]).taken(order)
        for name in Text
    }
    stored = columns.vectors
    places = np.concatenate([kept, len(stored.stored) + np.arange(len(fresh.numbers))])
    vectors = replace(
        stored,
        fresh=fresh.vectors.stored,
        fresh_lengths=fresh.vectors.lengths,
        places=places[order].astype(np.int32),
    )
    return PaperColumns(numbers[order], vectors, counts, texts)


def as_arrays(columns: PaperColumns) -> dict[str, Array]:
    """Return the columns as arrays, with signs of all vectors."""
    vectors = columns.vectors
    if vectors.places is not None:
        vectors = make_vectors(vectors.matrix, signs=True)
    arrays: dict[str, Array] = {
        "numbers": columns.numbers,
        "whole": vectors.stored,
        "lengths": vectors.lengths,
        "signs": vectors.signs,
    }
    arrays |= {str(name): column for name, column in columns.counts.items()}
    for name, texts in columns.texts.items():
        arrays[name] = texts.codes
        arrays[f"{name} texts"] = np.frombuffer(json.dumps(texts.texts).encode(), np.uint8)
    return arrays


def from_arrays(arrays: Mapping[str, Array]) -> PaperColumns:
    """Return the columns that were made arrays of."""
    nothing = arrays["whole"][:0]
    vectors = AbstractVectors(
        arrays["whole"], arrays["lengths"], arrays["signs"], nothing, lengths_of(nothing)
    )
    texts = {
        name: CodedColumn(arrays[name], tuple(json.loads(arrays[f"{name} texts"].tobytes())))
        for name in Text
    }
    return PaperColumns(arrays["numbers"], vectors, {name: arrays[name] for name in Count}, texts)


def _counts(values: Sequence[int | None]) -> Counts:
    known = (UNKNOWN if value is None else value for value in values)
    return np.fromiter(known, np.int32, len(values))


def _ordinal(published: str | None) -> int | None:
    return date.fromisoformat(published).toordinal() if published else None


def _files(sources: str) -> str:
    return "\n".join(file for file, _ in json.loads(sources)).lower()


_COUNT_OF: Mapping[Count, Callable[[OverviewRow], int | None]] = {
    Count.PUBLISHED: lambda row: _ordinal(row.published),
    Count.AUTHORS: lambda row: row.author_count,
    Count.COMMENTS: lambda row: row.comment_count,
}
_TEXT_OF: Mapping[Text, Callable[[OverviewRow], str]] = {
    Text.ORGANIZATION: lambda row: (row.organization or "").lower(),
    Text.SOURCES: lambda row: _files(row.sources),
    Text.CATEGORIES: lambda row: row.categories,
    Text.VENUE: lambda row: row.venue or "",
}
