"""What is to be known of a search as a whole, in sentences: what was changed, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.wording import alternatives, shortened, uncovered

if TYPE_CHECKING:
    from vectorstore.question import Correction
    from vectorstore.search import SearchResult


def search_notes(result: SearchResult) -> Iterator[str]:
    """Yield a sentence for each thing that the hits alone do not show; mostly none."""
    yield from understanding_notes(result.corrections, uncovered(result.facets))
    undated = result.filtered.undated
    if undated:
        papers = "1 paper was" if undated == 1 else f"{undated:,} papers were"
        yield f"{papers} left out for having no date."
    for hit in result.hits:
        if copies := len(hit.copies):
            are = "1 near copy" if copies == 1 else f"{copies:,} near copies"
            yield f"“{shortened(hit.paper.title)}” stands for {are} of it."
    if not result.filtered.matching:
        yield "No paper is within these limits."
    elif not result.hits:
        yield "No paper within these limits is relevant enough to be listed in this order."


def understanding_notes(corrections: Iterable[Correction], missing: Sequence[str]) -> Iterator[str]:
    """Yield which words were searched for instead of others, and which part nothing covers."""
    for correction in corrections:
        yield f"Searched for “{correction.used}” instead of “{correction.typed}”."
    if missing:
        yield f"Nothing here covers {alternatives(missing)}."
