"""Names of authors, venues and categories in questions, as far as the collection has them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.name_phrases import find_names
from vectorstore.name_filters import NameKind
from vectorstore.name_words import has_words, is_author, is_whole, name_words

NAMES = {
    NameKind.AUTHOR: ("Alice Baker", "D. Baker", "Zoë O'Neill", "Li, Wei", "Anna van Dyk", "Date"),
    NameKind.CATEGORY: ("cs.CL", "hep-th", "Machine Learning"),
    NameKind.VENUE: ("NeurIPS 2023", "Journal of Bread Science", "Workshop on LLM Ovens"),
}


def known(kind: NameKind, name: str, *, whole: bool = True) -> bool:
    """Tell as a library of papers with these names does."""
    same = is_author if kind is NameKind.AUTHOR else is_whole if whole else has_words
    return any(same(name_words(name), name_words(each)) for each in NAMES[kind])


def cut(question: str) -> tuple[dict[str, str], str]:
    """Return the names that are found by kind, and the question without their words."""
    found = find_names(question, known)
    left = question
    for each in sorted(found, key=lambda each: -each.span.start):
        left = f"{left[: each.span.start]}{left[each.span.end :]}"
    return {each.kind.name.lower(): each.name for each in found}, " ".join(left.split())


@pytest.mark.parametrize(
    ("question", "author", "left"),
    [
        ("papers by Alice Baker", "Alice Baker", "papers"),
        ("papers by alice baker on bread", "alice baker", "papers on bread"),
        ("papers by Baker, Alice", "Baker, Alice", "papers"),
        ("papers written by A. Baker.", "A. Baker", "papers ."),
        ("papers by Wei Li from 2023", "Wei Li", "papers from 2023"),
        ("anything by Anna van Dyk?", "Anna van Dyk", "anything ?"),
        ("papers whose author is O'Neill", "O'Neill", "papers"),
        ("what did Baker et al. find about dough?", "Baker", "what did find about dough?"),
        ("dough by Alice Baker et al. (2023)", "Alice Baker", "dough (2023)"),
        ("Did Baker et al use yeast?", "Baker", "Did use yeast?"),
        ("Alice Baker's recent work", "Alice Baker", "recent work"),
        ("what has Baker published?", "Baker", "what has published?"),
        ("what did Alice Baker find on soup?", "Alice Baker", "what did find on soup?"),
        ("the work of Alice Baker", "Alice Baker", "the work"),
        ("Wei Li", "Wei Li", ""),
    ],
)
def test_authors(question: str, author: str, left: str) -> None:
    assert cut(question) == ({"author": author}, left)


@pytest.mark.parametrize(
    ("question", "venue", "left"),
    [
        ("papers published in NeurIPS", "NeurIPS", "papers"),
        ("papers at NeurIPS 2023 on soup", "NeurIPS 2023", "papers on soup"),
        ("what appeared at neurips", "", "what appeared at neurips"),
        ("published in the journal of bread science", "journal of bread science", ""),
        ("presented at Bread Science, newest first", "Bread Science", ", newest first"),
        ("NeurIPS papers about soup", "NeurIPS", "papers about soup"),
        ("published in bread science", "", "published in bread science"),
        ("LLM papers", "", "LLM papers"),
        ("papers in LLM ovens", "", "papers in LLM ovens"),
    ],
)
def test_venues(question: str, venue: str, left: str) -> None:
    assert cut(question) == ({"venue": venue} if venue else {}, left)


@pytest.mark.parametrize(
    ("question", "category", "left"),
    [
        ("papers in cs.CL about soup", "cs.CL", "papers about soup"),
        ("category cs.cl", "cs.cl", ""),
        ("the cs.CL papers.", "cs.CL", "papers."),
        ("papers in hep-th", "hep-th", "papers"),
        ("papers in the category Machine Learning", "Machine Learning", "papers"),
        ("papers in cs.CV", "", "papers in cs.CV"),
        ("gains in long-term memory", "", "gains in long-term memory"),
        ("papers on machine learning", "", "papers on machine learning"),
    ],
)
def test_categories(question: str, category: str, left: str) -> None:
    assert cut(question) == ({"category": category} if category else {}, left)


@pytest.mark.parametrize(
    "question",
    [
        "reducing latency by caching",
        "papers by Bob Smith",
        "papers by date",
        "sort papers by date",
        "what did Baker find?",  # a name of its own may be that of a method
        "Baker",
        "wei li",
        "is bread made by baker's yeast",
        "papers by hungry bakers in cs.CV",
    ],
)
def test_words_of_a_topic(question: str) -> None:
    assert cut(question) == ({}, question)


def test_all_at_once() -> None:
    assert cut("cs.CL papers by Alice Baker, published in NeurIPS 2023, on soup") == (
        {"category": "cs.CL", "author": "Alice Baker", "venue": "NeurIPS 2023"},
        "papers , , on soup",
    )


PIECES = st.sampled_from(
    [
        "papers",
        "by",
        "Alice",
        "Baker",
        "et al.",
        "in",
        "at",
        "cs.CL",
        "NeurIPS",
        "'s work",
        ",",
        "A.",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12))
def test_what_is_found_stands_there_and_is_known(pieces: Iterable[str]) -> None:
    question = " ".join(pieces)
    found = find_names(question, known)
    ends = sorted((each.span.start, each.span.end) for each in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    for each in found:
        assert each.name in question[each.span.start : each.span.end]
        assert known(each.kind, each.name, whole=False)
    assert find_names(question, lambda *_, **__: False) == ()
