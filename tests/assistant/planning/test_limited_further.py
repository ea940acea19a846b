"""Follow-ups that only limit or order what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turns import LISTING, TOPIC, looked_at, turn

from assistant.answer import Intent, Plan, Turn
from assistant.planning.limited_further import limited_further, merged
from vectorstore.filters import Filters, Order
from vectorstore.name_filters import NameKind

TODAY = date(2026, 11, 21)
IN_2024 = Filters(published_from=date(2024, 1, 1), published_to=date(2024, 12, 31))
SINCE_2023 = Filters(published_from=date(2023, 1, 1))
LIST = turn("abc", borderline="d", ranked="abcdef")
LIMITED = turn("abc", replace(LISTING, filters=replace(IN_2024, organization="apple")))


def known(kind: NameKind, name: str, *, whole: bool = True) -> bool:
    return whole and (kind, name) == (NameKind.AUTHOR, "Alice Baker")


def limited(question: str, *history: Turn) -> Plan | None:
    return limited_further(question, history, TODAY, ("apple", "google"), known)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("2024", IN_2024),
        ("same but for 2024", IN_2024),
        ("no, I meant 2024", IN_2024),
        ("make it 2024 instead, please", IN_2024),
        ("and since 2023?", SINCE_2023),
        ("newest first", Filters(order=Order.NEWEST)),
        ("and the oldest?", Filters(order=Order.OLDEST)),
        ("show newest 3", Filters(order=Order.NEWEST)),
        ("by more than 10 authors", Filters(min_authors=11)),
        ("ok and from Google", Filters(organization="google")),
        ("what about Apple?", Filters(organization="apple")),
        ("what about Alice Baker?", Filters(author="Alice Baker")),
    ],
)
def test_the_topic_stays(question: str, filters: Filters) -> None:
    expected = Plan(question, Intent.LIST, TOPIC, f"{question} (on: {TOPIC})", TOPIC, filters)
    assert limited(question, LIST) == expected
    assert limited(question, LIST, looked_at("b")) == expected


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("which of those are from Apple?", {"organization": "apple"}),
        ("only 2024", {"published_from": date(2024, 1, 1), "published_to": date(2024, 12, 31)}),
        ("are there any from Google", {"organization": "google"}),
        ("only those by Alice Baker", {"author": "Alice Baker"}),
        ("which of them is the most recent", {"order": Order.NEWEST}),
        ("older ones", {"order": Order.OLDEST}),
    ],
)
def test_what_was_shown_is_limited(question: str, filters: dict[str, Any]) -> None:
    plan = limited(question, LIST)
    assert plan is not None
    assert (plan.intent, plan.topic, plan.context) == (Intent.LIST, TOPIC, TOPIC)
    assert plan.filters == Filters(scope=tuple("abc"), **filters)


def test_a_list_is_limited_rather_than_what_a_fact_rests_on() -> None:
    fact = turn("xy", Plan("how hot?", Intent.FACT, "how hot?"))
    for history, papers in (((LIST, fact), "abc"), ((fact,), "xy")):
        plan = limited("which of them are from 2024?", *history)
        assert plan is not None
        assert plan.scope == tuple(papers)


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("2023", (date(2023, 1, 1), date(2023, 12, 31))),
        ("and before that?", (None, date(2023, 12, 31))),
        ("after that", (date(2025, 1, 1), None)),
        ("newer ones", (date(2025, 1, 1), None)),
        ("oldest first", (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_new_range_takes_the_place_of_the_old(
    question: str, dates: tuple[date | None, date | None]
) -> None:
    plan = limited(question, LIMITED)
    assert plan is not None
    assert (plan.filters.published_from, plan.filters.published_to) == dates
    assert plan.filters.organization == "apple"


@pytest.mark.parametrize(
    "question",
    [
        "papers on soup from 2024",
        "show me everything from Apple",
        "which papers are from Google?",
        "what has Apple published?",
        "and on gas?",
        "why?",
        "",
    ],
)
def test_what_stands_alone_or_has_no_filter(question: str) -> None:
    assert limited(question, LIST) is None


def test_nothing_is_limited_before_the_first_search() -> None:
    assert limited("only 2024") is None


@pytest.mark.parametrize(
    ("earlier", "question", "intent"),
    [
        (Intent.SUMMARY, "same but for 2024", Intent.SUMMARY),
        (Intent.SUMMARY, "newest first", Intent.LIST),
        (Intent.SUMMARY, "only 2024", Intent.LIST),
        (Intent.COMPARE, "same but for 2024", Intent.COMPARE),
        (Intent.FACT, "same but for 2024", Intent.LIST),
        (Intent.COUNT, "which is the newest?", Intent.LIST),
        (Intent.LIST, "how many in 2024?", Intent.COUNT),
        (Intent.LIST, "how many of those are from 2024?", Intent.COUNT),
    ],
)
def test_the_kind_of_answer(earlier: Intent, question: str, intent: Intent) -> None:
    plan = limited(question, turn("abc", replace(LISTING, intent=earlier)))
    assert plan is not None
    assert plan.intent is intent


def test_filters_of_both_questions() -> None:
    assert merged(IN_2024, Filters()) == IN_2024
    assert merged(IN_2024, SINCE_2023) == SINCE_2023
    assert merged(SINCE_2023, Filters(order=Order.NEWEST)) == replace(
        SINCE_2023, order=Order.NEWEST
    )
    assert merged(Filters(min_authors=1, max_authors=1), Filters(min_authors=3)) == Filters(
        min_authors=3
    )


@given(st.text(max_size=200))
def test_any_text_limits_or_not(question: str) -> None:
    plan = limited(question, LIST)
    assert plan is None or (plan.question == question and plan.topic == TOPIC)
