"""What is known of a paper, in a line."""

from __future__ import annotations

from datetime import date

import pytest
from papers import BREAD, SOUP

from assistant.writing.paper_facts import record, unknown
from vectorstore.records import Paper

DAY = date(2024, 5, 6)
SEVEN = ("Ann", "Bob", "Cem", "Dee", "Eva", "Finn", "Gus")


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        (Paper("p", "T", ""), ""),
        (Paper("p", "T", "", published=DAY), "Published 6 May 2024"),
        (Paper("p", "T", "", author_count=1), "1 author"),
        (Paper("p", "T", "", author_count=0), "0 authors"),
        (Paper("p", "T", "", author_count=3), "3 authors"),
        (Paper("p", "T", "", author_count=2, authors=("Ann", "Bob")), "Ann, Bob"),
        (Paper("p", "T", "", authors=SEVEN[:6]), "Ann, Bob, Cem, Dee, Eva, Finn"),
        (Paper("p", "T", "", authors=SEVEN), "Ann, Bob, Cem, Dee, Eva, Finn and others"),
        (Paper("p", "T", "", organization="Bakery Lab"), "Bakery Lab"),
        (
            Paper("p", "T", "", DAY, organization="Bakery Lab", author_count=3),
            "Published 6 May 2024 · 3 authors · Bakery Lab",
        ),
    ],
)
def test_record(paper: Paper, line: str) -> None:
    assert record(paper) == line


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who wrote Levain?", "It is not known here by whom it is."),
        ("which organisation is Salt for Soup from?", ""),
        ("when was it published, and by which authors?", "It is not known here by whom it is."),
        ("what does it do?", ""),
    ],
)
def test_what_is_asked_of_the_record_and_not_known_is_said(question: str, said: str) -> None:
    assert unknown(BREAD, question) == said
    of_soup = unknown(SOUP, "when was it published, and by which organisation?")
    assert of_soup == (
        "It is not known here when it was published or which organisation it is from."
    )
