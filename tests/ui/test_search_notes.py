"""What is said of a search as a whole."""

from __future__ import annotations

import pytest
from answers import HIT, SEARCH

from ui.search_notes import search_notes
from vectorstore.filters import FilterReport
from vectorstore.search import SearchResult


@pytest.mark.parametrize(
    ("result", "notes"),
    [
        (SearchResult((HIT,), filtered=FilterReport(1)), []),
        (
            SEARCH,
            [
                "Searched for “salt” instead of “slat”.",
                "Nothing here covers “gene therapy”.",
                "3 papers were left out for having no date.",
            ],
        ),
        (
            SearchResult((), filtered=FilterReport(0, undated=1)),
            ["1 paper was left out for having no date.", "No paper is within these limits."],
        ),
        (
            SearchResult((), filtered=FilterReport(7)),
            ["No paper within these limits is relevant enough to be listed in this order."],
        ),
    ],
)
def test_notes(result: SearchResult, notes: list[str]) -> None:
    assert list(search_notes(result)) == notes
