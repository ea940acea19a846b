"""What is asked of arXiv for what a user typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.arxiv_query import ArxivQuery, terms

BEGUN = datetime(2024, 7, 5, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bread", "all:bread"),
        ("  sourdough   crumb ", "all:sourdough AND all:crumb"),
        ('"sourdough crumb" salt', 'all:"sourdough crumb" AND all:salt'),
        ("no-knead bread", 'all:"no knead" AND all:bread'),
        ("Levain: a study", "all:Levain AND all:a AND all:study"),
        ("bread OR soup", "all:bread OR all:soup"),
        ("bread ANDNOT (rye OR spelt)", "all:bread ANDNOT (all:rye OR all:spelt)"),
        ("bread (rye OR spelt) salt", "all:bread AND (all:rye OR all:spelt) AND all:salt"),
        ("pâté 面包", "all:pâté AND all:面包"),
        ("cat:cs.CL AND  ti:bread", "cat:cs.CL AND ti:bread"),
        ('au:levain ANDNOT abs:"rye bread"', 'au:levain ANDNOT abs:"rye bread"'),
        ("", ""),
        (" :;- ", ""),
        ("AND", ""),
        ("()", ""),
        ('""', ""),
    ],
)
def test_words_become_terms(text: str, expected: str) -> None:
    assert terms(text) == expected


@given(st.text(alphabet=st.characters(exclude_characters=":")))
def test_plain_words_bring_no_syntax_of_their_own(text: str) -> None:
    phrase = re.sub(r"all:(\"\w+( \w+)*\"|\w+)", "T", terms(text))
    assert re.fullmatch(r"(T|AND|OR|ANDNOT|[() ])*", phrase)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ArxivQuery("bread"), "all:bread"),
        (
            ArxivQuery("bread OR soup", since=date(2024, 7, 1)),
            "(all:bread OR all:soup) AND submittedDate:[202407010000 TO 202407051230]",
        ),
        (
            ArxivQuery("bread", until=date(2024, 7, 1)),
            "(all:bread) AND submittedDate:[199101010000 TO 202407012359]",
        ),
        (
            ArxivQuery("ti:bread", date(2024, 7, 1), date(2024, 7, 2)),
            "(ti:bread) AND submittedDate:[202407010000 TO 202407022359]",
        ),
    ],
)
def test_a_range_of_days_is_part_of_the_search(query: ArxivQuery, expected: str) -> None:
    assert query.search(BEGUN) == expected


def test_queries_have_folders_of_their_own() -> None:
    queries = [
        ArxivQuery("bread"),
        ArxivQuery("bread", since=date(2024, 7, 1)),
        ArxivQuery("bread", until=date(2024, 7, 1)),
        ArxivQuery("ti:bread"),
        ArxivQuery("面包"),
        ArxivQuery("../bread"),
        ArxivQuery("bread and butter " * 9),
    ]
    names = [query.name for query in queries]
    assert [re.sub("[0-9a-f]{8}$", "#", name) for name in names] == [
        "bread-#",
        "bread-#",
        "bread-#",
        "ti-bread-#",
        "query-#",
        "bread-#",
        "bread-and-butter-bread-and-butter-bread-#",
    ]
    # "../bread" is the same search as "bread".
    assert [len(set(names)), names[5]] == [6, names[0]]
    assert ArxivQuery(" bread ", limit=5).name == ArxivQuery("bread").name
