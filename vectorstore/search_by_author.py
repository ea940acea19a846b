"""A search for an author's name alone: it finds the papers by who is called so."""

from __future__ import annotations

from dataclasses import replace

from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.name_filters import NameKind, is_known
from vectorstore.name_words import name_words
from vectorstore.near_copies import browse_distinct
from vectorstore.search import SearchResult

FEWEST_WORDS, MOST_WORDS = 2, 5  # a single name is more often a word of something else


def with_papers_by_author(
    library: Library, query: str, limit: int, filters: Filters | None, found: SearchResult
) -> SearchResult:
    """Return what a search found, behind the papers by an author whom `query` is the name of.

    Without such an author, that is what was found. At most `limit` papers.
    """
    filters, words = filters or Filters(), name_words(query)
    if filters.author or not FEWEST_WORDS <= len(words) <= MOST_WORDS:
        return found
    if not is_known(library.catalog.file, NameKind.AUTHOR, query):
        return found
    by_author = browse_distinct(library, limit, replace(filters, author=query))
    return put_first(by_author, found, limit)


def put_first(named: SearchResult, found: SearchResult, limit: int) -> SearchResult:
    """Return what was found behind the papers that were `named`, if any; at most `limit`."""
    first = {hit.paper.id for hit in named.hits}
    if not first:
        return found
    others = (hit for hit in found.hits if hit.paper.id not in first)
    hits = (*named.hits, *others)[:limit]
    return SearchResult(hits, filtered=found.filtered, coverage=named.coverage)
