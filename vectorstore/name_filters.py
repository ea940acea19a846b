"""Which papers have an author, a category or a venue that is called so.

The lexical index of names tells which papers may, and the names themselves which do: its words are
not told apart by author. Invariant: any text is a name, and none of it is read as SQLite's language
of matches.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import lru_cache, partial

import numpy as np

from vectorstore.array_types import Mask, Numbers
from vectorstore.catalog_file import CatalogFile
from vectorstore.filters import FilterReport, Filters
from vectorstore.name_words import Words, has_words, is_author, is_part, is_whole, name_words
from vectorstore.paper_columns import Text
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper

MOST_WORDS = 16  # of a name, so that a whole page pasted in by mistake is no wait
FIRST_READ, MOST_READ = 500, 20_000  # papers: whether a name is known is mostly told by the first


class NameKind(StrEnum):
    """What is called by a name; its column in the catalog."""

    AUTHOR = "authors"
    CATEGORY = "categories"
    VENUE = "venue"


_Same = Callable[[Words, Words], bool]


def matching(
    file: CatalogFile, index: PaperIndex, filters: Filters
) -> tuple[Numbers, FilterReport]:
    """Return the rows of `index` that match, rising, and what was left out."""
    return index.matching(filters, _named(file, index, filters))


def _named(file: CatalogFile, index: PaperIndex, filters: Filters) -> Mask | None:
    """Return which rows match by author, category and venue; None where nothing of it is asked."""
    masks = [_mask(file, index, kind, name, same) for kind, name, same in _asked(filters)]
    return np.logical_and.reduce(masks) if masks else None


def _mask(file: CatalogFile, index: PaperIndex, kind: NameKind, name: str, same: _Same) -> Mask:
    if kind is NameKind.AUTHOR:
        return index.mask_of(_numbers(file, kind, name, same))
    wanted = name_words(name)[:MOST_WORDS]
    column = index.columns.texts[Text.VENUE if kind is NameKind.VENUE else Text.CATEGORIES]

    def has(text: str) -> bool:
        folded = text.lower()
        if not (wanted and text) or (text.isascii() and not all(word in folded for word in wanted)):
            return False  # most of them, and quickly
        return _has(kind, wanted, same, text)

    return column.where(has)


def has_names(paper: Paper, filters: Filters) -> bool:
    """Tell whether a paper matches by author, category and venue."""
    return all(
        any(same(name_words(name), name_words(given)) for given in names_of(paper, kind))
        for kind, name, same in _asked(filters)
    )


def names_of(paper: Paper, kind: NameKind) -> tuple[str, ...]:
    """Return the names of a kind that a paper has."""
    if kind is NameKind.VENUE:
        return (paper.venue,) if paper.venue else ()
    return paper.authors if kind is NameKind.AUTHOR else paper.categories


def numbers_with_name(file: CatalogFile, kind: NameKind, name: str) -> set[int]:
    """Return the numbers of the papers that have this name, whole."""
    return _numbers(file, kind, name, lambda wanted, given: wanted == given)


def is_known(file: CatalogFile, kind: NameKind, name: str, *, whole: bool = True) -> bool:
    """Tell whether any paper has an author called so, or a venue or category of this name.

    A venue may be called without its year; where `whole` is not asked for, by some of its words.
    """
    same = is_author if kind is NameKind.AUTHOR else is_whole if whole else has_words
    return any(_pages(file, kind, name, same))


def _asked(filters: Filters) -> list[tuple[NameKind, str, _Same]]:
    asked: tuple[tuple[NameKind, str, _Same], ...] = (
        (NameKind.AUTHOR, filters.author, is_author),
        (NameKind.CATEGORY, filters.category, is_part),
        (NameKind.VENUE, filters.venue, is_part),
    )
    return [each for each in asked if each[1].strip()]


def _numbers(file: CatalogFile, kind: NameKind, name: str, same: _Same) -> set[int]:
    return set().union(*_pages(file, kind, name, same))


def _pages(file: CatalogFile, kind: NameKind, name: str, same: _Same) -> Iterator[set[int]]:
    """Yield the numbers of the papers that have the name, some at a time."""
    wanted = name_words(name)[:MOST_WORDS]
    if not wanted:
        return
    if same is is_author and len(wanted) == 1:  # no need to tell authors apart
        rows = file.rows("SELECT rowid FROM names WHERE names MATCH ?", f'{kind} : "{wanted[0]}"')
        yield {number for (number,) in rows}
        return
    of_one = lru_cache(None)(partial(_has, kind, wanted, same))
    at_once, last = FIRST_READ, -1
    while True:
        rows = file.rows(
            f"SELECT number, {kind} FROM papers WHERE number IN"  # noqa: S608 - one of three columns
            " (SELECT rowid FROM names WHERE names MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?)"
            " ORDER BY number",
            _expression(kind, wanted),
            last,
            at_once,
        )
        yield {number for number, text in rows if of_one(text)}
        if len(rows) < at_once:
            return
        at_once, last = MOST_READ, rows[-1][0]


def _has(kind: NameKind, wanted: Words, same: _Same, text: str) -> bool:
    names = [text] if kind is NameKind.VENUE else json.loads(text)
    return any(same(wanted, name_words(name)) for name in names)


def _expression(kind: NameKind, wanted: Words) -> str:
    """Return a match that no paper with the name fails."""
    if kind is NameKind.AUTHOR:
        in_full = " OR ".join(map(_quoted, wanted))
        words = " AND ".join((*map(_or_initial, wanted), f"({in_full})"))
    else:
        words = " AND ".join((*map(_quoted, wanted[:-1]), f"{_quoted(wanted[-1])} *"))
    return f"{kind} : ({words})"


def _or_initial(word: str) -> str:
    """Return a match for the word, for its initial, and for what it is the initial of."""
    return f"{_quoted(word)} *" if len(word) == 1 else f"({_quoted(word)} OR {_quoted(word[0])})"


def _quoted(word: str) -> str:
    return f'"{word}"'
