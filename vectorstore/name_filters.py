"""Which papers have an author, a category or a venue that is called so.

The lexical index of names tells which papers may, and the names themselves which do: its words are
not told apart by author. Invariant: any text is a name, and none of it is read as SQLite's language
of matches.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from vectorstore.catalog_file import CatalogFile
from vectorstore.filters import FilterReport, Filters
from vectorstore.name_words import Words, has_words, is_author, is_part, is_whole, name_words
from vectorstore.paper_index import Numbers, PaperIndex
from vectorstore.records import Paper

MOST_WORDS = 16  # of a name, so that a whole page pasted in by mistake is no wait


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
    return index.matching(filters, numbers_named(file, filters))


def numbers_named(file: CatalogFile, filters: Filters) -> set[int] | None:
    """Return the numbers of the papers that match by author, category and venue; None where
    `filters` ask for none of these.
    """
    found = [_numbers(file, kind, name, same) for kind, name, same in _asked(filters)]
    return set.intersection(*found) if found else None


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
    return bool(_numbers(file, kind, name, same))


def _asked(filters: Filters) -> list[tuple[NameKind, str, _Same]]:
    asked: tuple[tuple[NameKind, str, _Same], ...] = (
        (NameKind.AUTHOR, filters.author, is_author),
        (NameKind.CATEGORY, filters.category, is_part),
        (NameKind.VENUE, filters.venue, is_part),
    )
    return [each for each in asked if each[1].strip()]


def _numbers(file: CatalogFile, kind: NameKind, name: str, same: _Same) -> set[int]:
    wanted = name_words(name)[:MOST_WORDS]
    if not wanted:
        return set()
    if same is is_author and len(wanted) == 1:  # no need to tell authors apart
        rows = file.rows("SELECT rowid FROM names WHERE names MATCH ?", f'{kind} : "{wanted[0]}"')
        return {number for (number,) in rows}
    rows = file.rows(
        f"SELECT number, {kind} FROM papers"  # noqa: S608 - one of three columns
        " WHERE number IN (SELECT rowid FROM names WHERE names MATCH ?)",
        _expression(kind, wanted),
    )
    of_one = partial(_has, kind, wanted, same)
    having = {text for text in {text for _, text in rows} if of_one(text)}
    return {number for number, text in rows if text in having}


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
