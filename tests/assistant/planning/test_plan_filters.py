"""The filters in a question, and what is left of it without them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.plan_filters import (
    FoundFilters,
    names_known,
    organization_called,
    read_filters,
)
from vectorstore.filters import Filters, Order
from vectorstore.name_filters import NameKind

TODAY = date(2026, 11, 21)
ORGANIZATIONS = ("", "ai at meta", "apple", "fortytwo", "google", "patronus ai")
YEAR_2024 = {"published_from": date(2024, 1, 1), "published_to": date(2024, 12, 31)}


def known(kind: NameKind, name: str, *, whole: bool = True) -> bool:  # noqa: ARG001 - as it is called
    """Tell of the names that these tests' papers have."""
    return (kind, name) in {
        (NameKind.AUTHOR, "Alice Baker"),
        (NameKind.CATEGORY, "cs.CL"),
        (NameKind.VENUE, "NeurIPS"),
    }


def read(question: str) -> FoundFilters:
    return read_filters(question, TODAY, ORGANIZATIONS, known)


@pytest.mark.parametrize(
    ("question", "fields", "rest"),
    [
        ("papers on ovens from 2024", YEAR_2024, "papers on ovens"),
        ("papers from Apple", {"organization": "apple"}, "papers"),
        (
            "what has Google published on ovens?",
            {"organization": "google"},
            "what has published on ovens?",
        ),
        ("show me patronus ai's work", {"organization": "patronus ai"}, "show me work"),
        ("Meta's papers", {"organization": "meta"}, "papers"),
        ("anything by AI at Meta?", {"organization": "ai at meta"}, "anything?"),
        ("work done at Google on ovens", {"organization": "google"}, "work on ovens"),
        ("papers of Google", {"organization": "google"}, "papers"),
        ("newest papers on ovens", {"order": Order.NEWEST}, "papers on ovens"),
        ("ovens, newest first", {"order": Order.NEWEST}, "ovens"),
        ("papers with at least 3 authors on ovens", {"min_authors": 3}, "papers on ovens"),
        ("papers from page-3.txt", {"source": "page-3.txt"}, "papers"),
        (
            "the 2024 papers from apple with 5+ authors, oldest first",
            {**YEAR_2024, "organization": "apple", "min_authors": 5, "order": Order.OLDEST},
            "the papers",
        ),
        ("which of those came from Apple?", {"organization": "apple"}, "which of those came?"),
        ("papers by Alice Baker on ovens", {"author": "Alice Baker"}, "papers on ovens"),
        (
            "the newest cs.CL papers by Alice Baker, published at NeurIPS 2024",
            {
                **YEAR_2024,
                "author": "Alice Baker",
                "category": "cs.CL",
                "venue": "NeurIPS",
                "order": Order.NEWEST,
            },
            "papers",
        ),
        ("papers by Alice Cook in cs.CV", {}, "papers by Alice Cook in cs.CV"),
        ("detection of apple", {}, "detection of apple"),
        ("look at apple orchards", {}, "look at apple orchards"),
        ("images from apple orchards", {}, "images from apple orchards"),
        ("is it faster than apple's emulator", {}, "is it faster than apple's emulator"),
        ("how hot is an oven?", {}, "how hot is an oven?"),
    ],
)
def test_filters_and_the_rest(question: str, fields: dict[str, Any], rest: str) -> None:
    assert read(question) == FoundFilters(Filters(**fields), rest)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Apple?", "apple"),
        ("AI at Meta", "ai at meta"),
        ("apple pie", ""),
        ("NVIDIA", ""),
        ("", ""),
    ],
)
def test_a_name_and_nothing_else(text: str, called: str) -> None:
    assert organization_called(text, ORGANIZATIONS) == called


@pytest.mark.parametrize(
    ("filters", "are_known"),
    [
        (Filters(organization="nobody"), True),
        (Filters(category="cs.CL", venue="NeurIPS"), True),
        (Filters(category="cs.CL", venue="Neur"), False),
        (Filters(category="cs"), False),
    ],
)
def test_names_that_papers_have(filters: Filters, are_known: bool) -> None:
    assert names_known(filters, known) is are_known


@given(st.text(max_size=300))
def test_without_a_filter_nothing_is_cut_out(question: str) -> None:
    found = read(question)
    assert found.any or found.rest in " ".join(question.split())
