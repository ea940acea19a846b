"""Papers that say nearly the same, folded into one, so that a flood of copies takes one place.

Owns when two abstracts are near copies, and how far a search looks for other papers behind them.
Copies are told by their texts alone; vectors only spare comparing texts that are nothing alike.
Invariant: where no hit is a near copy of another, the result is that of `search` or `browse`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from vectorstore.browse import browse
from vectorstore.candidates import CandidateSettings
from vectorstore.embedding import Matrix
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Hit, Paper
from vectorstore.search import SearchResult, SearchSettings, search

# Share of the pairs of neighbouring words that either text has: with one word in eight of both
# rewritten, copies still reach it. Of two abstracts in the shipped pages none reaches 0.1.
SAME_PAIRS = 0.4
LEAST_PAIRS = 24  # of shorter texts, a sentence that all papers have is too much
LEAST_WORDS = 8  # of texts that are the same: "No abstract available." is nobody's copy
SAME_MEANING = 0.8  # cosine of whole abstracts; of copies it is above 0.9
NAMED = 0.9  # title score of a title that is typed; its topic alone has less
MOST_LOOKED_AT = 1_280  # papers behind which others are looked for, at some 50 us each
_WIDER = 8  # times as many candidates of a large library

Pairs = frozenset[tuple[str, str]]
Look = Callable[[int, bool], SearchResult]  # for so many papers, and among more or not


def search_distinct(
    library: Library,
    question: str,
    limit: int,
    filters: Filters | None = None,
    settings: SearchSettings | None = None,
) -> SearchResult:
    """Return what `search` does, near copies folded into one hit and others in their places.

    The copy that the question names stands for the others, or else the one added first; where an
    order is asked for, the first in that order. A scope is nobody's flood: its papers were chosen,
    and all are kept. Raises as `search` does.
    """
    filters, settings = filters or Filters(), settings or SearchSettings()

    def look(most: int, further: bool) -> SearchResult:
        chosen = _looking_further(settings) if further else settings
        return search(library, question, most, filters, chosen)

    named = NAMED if filters.order is Order.RELEVANCE else None
    return _distinct(library, limit, filters, look, named)


def browse_distinct(library: Library, limit: int, filters: Filters) -> SearchResult:
    """Return what `browse` does, near copies folded into the first of them."""

    def look(most: int, _further: bool) -> SearchResult:
        return browse(library, most, filters)

    return _distinct(library, limit, filters, look, None)


def without_copies(library: Library, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits less those that are near copies of one before."""
    with library.reading() as snapshot:
        groups = copy_groups(snapshot.index, [hit.paper for hit in hits])
    return tuple(hits[first] for first, *_ in groups)


def copy_groups(index: PaperIndex, papers: Sequence[Paper]) -> tuple[tuple[int, ...], ...]:
    """Return the places of papers that are near copies of one another, in groups, first come first.

    A paper without copies is a group of its own.
    """
    vectors = _vectors(index, papers)
    leading = np.empty_like(vectors)  # those of the first paper of each group
    pairs: dict[int, Pairs] = {}
    groups: list[list[int]] = []
    for at, vector in enumerate(vectors):
        near = np.flatnonzero(leading[: len(groups)] @ vector >= SAME_MEANING)
        alike = (groups[each] for each in near if _are_copies(papers, groups[each][0], at, pairs))
        if group := next(alike, None):
            group.append(at)
        else:
            leading[len(groups)] = vector
            groups.append([at])
    return tuple(map(tuple, groups))


def _distinct(
    library: Library, limit: int, filters: Filters, look: Look, named: float | None
) -> SearchResult:
    with library.reading() as snapshot:
        found = look(limit, False)
        papers = [hit.paper for hit in found.hits]
        if filters.scope or len(copy_groups(snapshot.index, papers)) == len(papers):
            return found
        all_found = look(max(limit, MOST_LOOKED_AT), True)
        papers = [hit.paper for hit in all_found.hits]
        groups = copy_groups(snapshot.index, papers)
        ages = snapshot.index.rows_by_id([paper.id for paper in papers])
    grouped = ([all_found.hits[at] for at in group] for group in groups[:limit])
    hits = tuple(_folded(group, ages, named) for group in grouped)
    folded = len(papers) - len(groups)
    return replace(all_found, hits=hits, folded=folded, looked_at=len(papers))


def _folded(hits: Sequence[Hit], ages: dict[str, int], named: float | None) -> Hit:
    """Return the hit that stands for copies, best first, as relevant as the best."""
    best, *others = hits
    if not others:
        return best
    shown = best
    if named is not None and best.parts.title < named:
        shown = min(hits, key=lambda hit: ages.get(hit.paper.id, len(ages)))
    copies = tuple(hit.paper.id for hit in hits if hit is not shown)
    return replace(shown, relevance=best.relevance, copies=copies)


def _looking_further(settings: SearchSettings) -> SearchSettings:
    known = settings.candidates
    wider: CandidateSettings = replace(
        known,
        nearest=known.nearest * _WIDER,
        word_matches=known.word_matches * _WIDER,
        scored=known.scored * _WIDER,
    )
    return replace(settings, candidates=wider)


def _vectors(index: PaperIndex, papers: Sequence[Paper]) -> Matrix:
    """Return the vectors of whole abstracts, of length 1; zeros for a paper that left."""
    rows = index.rows_by_id([paper.id for paper in papers])
    there = [at for at, paper in enumerate(papers) if paper.id in rows]
    found = index.units(np.array([rows[papers[at].id] for at in there], np.int64))
    vectors = np.zeros((len(papers), found.shape[1]), np.float32)
    vectors[there] = found
    return vectors


def _are_copies(papers: Sequence[Paper], one: int, other: int, pairs: dict[int, Pairs]) -> bool:
    for at in (one, other):
        if at not in pairs:
            pairs[at] = word_pairs(_text(papers[at]))
    return are_near_copies(_text(papers[one]), _text(papers[other]), pairs[one], pairs[other])


def are_near_copies(one: str, other: str, pairs: Pairs, others: Pairs) -> bool:
    """Tell whether two texts, with their pairs of words, say nearly the same."""
    if min(len(pairs), len(others)) < LEAST_PAIRS:
        return one == other and len(one.split()) >= LEAST_WORDS
    shared = len(pairs & others)
    return shared >= SAME_PAIRS * (len(pairs) + len(others) - shared)


def word_pairs(text: str) -> Pairs:
    """Return all words with the next, or signs in a text that is mostly Chinese or Japanese."""
    words = text.lower().split()
    signs = [] if text.isascii() else [sign for sign in text if sign > "\u2e80"]
    if 2 * len(signs) > len(text):
        words = signs
    return frozenset(pairwise(words))


def _text(paper: Paper) -> str:
    return paper.plain_abstract or paper.abstract
