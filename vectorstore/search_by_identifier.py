"""A search for an arXiv id or a DOI alone: it finds the paper that has it."""

from __future__ import annotations

from dataclasses import replace

from vectorstore.browse import browse
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.references import numbers_identified
from vectorstore.search import SearchResult
from vectorstore.search_by_author import put_first


def with_papers_identified(
    library: Library, query: str, limit: int, filters: Filters | None, found: SearchResult
) -> SearchResult:
    """Return what a search found, behind the papers whose arXiv id or DOI `query` is."""
    numbers = numbers_identified(library.catalog.file, query)
    ids = [paper.id for paper in library.catalog.papers_by_number(sorted(numbers))]
    filters = filters or Filters()
    scope = tuple(paper_id for paper_id in ids if not filters.scope or paper_id in filters.scope)
    if not scope:
        return found
    return put_first(browse(library, limit, replace(filters, scope=scope)), found, limit)
