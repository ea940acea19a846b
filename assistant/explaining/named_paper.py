"""Which paper a person means: by its id, its title, a part of it, an abbreviation, or nearly so.

Owns when a name is sure enough, and which titles are offered where it is not. Who names a paper
means one, so less is asked of a name here than of a name in a question on a topic.
"""

from __future__ import annotations

import unicodedata

from assistant.errors import AssistantError
from assistant.wording import alternatives, shortened
from vectorstore.library import Library
from vectorstore.normal_forms import normalised
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper, title_key
from vectorstore.search import search
from vectorstore.snapshot import Snapshot
from vectorstore.tidying.characters import without_unseen
from vectorstore.title_match import TitleMatcher

NAMED = 0.3  # TitleMatcher's score for a misspelt name, or for two rare words of a title
CLEAR_LEAD = 0.15  # of the best title before the next, else either may be meant
OFFERED = 3


def find_paper(library: Library, name: str) -> Paper:
    """Return the paper with this id or title, or the one that is named by a part of it.

    Raises AssistantError, with the nearest titles in its hint, where none or several may be meant.
    """
    name = without_unseen(name).strip()
    with library.reading() as snapshot:
        index = snapshot.index
        rows, scores = _rows_by_letters(index, name), {}
        if len(rows) != 1:
            scores = _title_scores(snapshot, name)
            rows = _rows_meant(scores, rows)
        if len(rows) == 1:
            [paper] = library.catalog.papers_by_number([int(index.numbers[rows[0]])])
            return paper
    called = shortened(name)
    if rows:
        raise AssistantError(
            f"More than one paper may be meant by “{called}”",
            hint=f"Is it {_told_apart(library, index, rows[:OFFERED])}?",
        )
    nearest = [index.titles[row] for row in _best_first(scores)[:OFFERED]]
    titles = alternatives(nearest or _titles_on(library, name))
    raise AssistantError(
        f"No paper here is called “{called}”",
        hint=f"Is it {titles}?" if titles else "Give a title, or a part of one.",
    )


def _rows_by_letters(index: PaperIndex, name: str) -> list[int]:
    """Return the row of the paper with this id or title, or else of all with its letters alone, or
    in their titles.
    """
    known = index.row_by_id.get(name)
    if known is not None:
        return [known]
    titles = tuple(index.titles)  # read once: those of a large library are not in memory
    typed = [row for row, title in enumerate(titles) if title == name]
    if len(typed) == 1:
        return typed
    wanted = _key(name)
    if not wanted:
        return []
    keys = [_key(title) for title in titles]
    exact = [row for row, key in enumerate(keys) if key == wanted]
    within = [row for row, key in enumerate(keys) if f" {wanted} " in f" {key} "]
    return exact or within


def _rows_meant(scores: dict[int, float], within: list[int]) -> list[int]:
    """Return the rows that TitleMatcher's scores speak for, or else `within`; likeliest first."""
    best = max(scores.values(), default=0.0)
    if best < NAMED:
        return sorted(within, key=lambda row: -scores.get(row, 0.0))
    return [row for row in _best_first(scores) if scores[row] > best - CLEAR_LEAD]


def _told_apart(library: Library, index: PaperIndex, rows: list[int]) -> str:
    """Return the titles of these papers, with their ids where two look the same."""
    titles = [index.titles[row] for row in rows]
    if len(set(map(_key, titles))) == len(titles):
        return alternatives(titles)
    papers = library.catalog.papers_by_number(index.numbers[rows].tolist())
    return " or ".join(f"“{paper.title}” ({paper.id})" for paper in papers)


def _key(title: str) -> str:
    """Return the letters and digits of a title without accents, which few people type."""
    letters = normalised("NFKD", title)
    return title_key("".join(letter for letter in letters if not unicodedata.combining(letter)))


def _title_scores(snapshot: Snapshot, name: str) -> dict[int, float]:
    titles = snapshot.index.titles
    matcher = snapshot.titles or TitleMatcher(titles, snapshot.vocabulary.rarity)
    return matcher.scores(name)


def _best_first(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda row: (-scores[row], row))


def _titles_on(library: Library, name: str) -> list[str]:
    """Return titles that are near to a name in meaning, where none is in letters."""
    if not _key(name):
        return []
    return [hit.paper.title for hit in search(library, name, OFFERED).hits]
