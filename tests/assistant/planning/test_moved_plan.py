"""The plans of questions that do something with an earlier answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from turns import LISTING, TOPIC, found_nothing, looked_at, talked, turn

from assistant.answer import Intent, Plan, Turn
from assistant.planning.moved_plan import moved_plan
from assistant.planning.moves import Move, MoveFound
from vectorstore.filters import Filters, Order

DATED = Filters(published_from=date(2024, 1, 1), organization="apple", order=Order.NEWEST)
LIST = turn("abc", replace(LISTING, filters=DATED), borderline="d", ranked="abcdef")
NARROWED = turn(
    "ab",
    Plan("on gas", Intent.LIST, "on gas", context=TOPIC, filters=Filters(scope=tuple("abcdef"))),
)
ONE = looked_at("b")
SOUP = turn("xyz", Plan("soup", Intent.SUMMARY, "soup"))


FACT = turn("xy", Plan("how hot?", Intent.FACT, "how hot?"))


def moved(move: Move, *history: Turn, which: str = "", question: str = "?") -> Plan:
    plan = moved_plan(question, MoveFound(move, which), history)
    assert plan is not None
    return plan


def within(intent: Intent, papers: str, topic: str = TOPIC, order: Order = Order.NEWEST) -> Plan:
    """Return the plan that asks nothing new of some papers of a list."""
    filters = Filters(scope=tuple(papers), order=order)
    return Plan("?", intent, topic, topic, topic, filters)


@pytest.mark.parametrize(
    ("which", "turn_meant"),
    [
        ("first", LIST),
        ("original", LIST),
        ("second", SOUP),
        ("third", ONE),
        ("fifth", ONE),
        ("previous", SOUP),
        ("", SOUP),
    ],
)
def test_an_earlier_question_is_taken_up_again(which: str, turn_meant: Turn) -> None:
    plan = turn_meant.answer.plan
    expected = replace(plan, question="?", standalone=plan.question)
    assert moved(Move.BACK, LIST, talked(), SOUP, ONE, which=which) == expected


def test_more_is_what_was_not_shown() -> None:
    more = Plan("?", Intent.LIST, TOPIC, TOPIC, filters=DATED, excluded=tuple("abc"))
    assert moved(Move.MORE, LIST) == more
    again = turn("ef", more)
    assert moved(Move.MORE, LIST, again) == replace(more, excluded=tuple("abcef"))
    assert moved(Move.MORE, LIST, ONE) == more
    nothing_left = replace(NARROWED.answer.plan, filters=Filters(scope=("a", "b")))
    assert moved(Move.MORE, LIST, turn("ab", nothing_left)).scope == ()


def test_more_of_one_paper_is_more_on_it() -> None:
    expected = within(Intent.FACT, "b", "how hot is b?", Order.RELEVANCE)
    assert moved(Move.MORE, LIST, ONE, which="more") == expected


def test_similar_papers_are_searched_for_by_title() -> None:
    expected = Plan("?", Intent.LIST, "Paper b", "? (like: Paper b)", excluded=("b",))
    assert moved(Move.SIMILAR, LIST, ONE) == expected
    assert moved(Move.SIMILAR, LIST).topic == "Paper a; Paper b; Paper c"
    assert moved(Move.SIMILAR, turn("abcde")) == moved(Move.MORE, turn("abcde"))


def test_the_others_are_those_of_the_list_before() -> None:
    assert moved(Move.OTHERS, LIST, NARROWED) == within(Intent.LIST, "c")
    assert moved(Move.OTHERS, LIST, ONE) == within(Intent.LIST, "ac")
    assert moved(Move.OTHERS, LIST) == moved(Move.MORE, LIST)


@pytest.mark.parametrize(
    ("move", "turn_before", "expected"),
    [
        (Move.SHORTER, LIST, within(Intent.SUMMARY, "abc")),
        (Move.SHORTER, ONE, within(Intent.FACT, "b", "how hot is b?", Order.RELEVANCE)),
        (Move.SIDE_BY_SIDE, LIST, within(Intent.COMPARE, "abc")),
        (Move.SIDE_BY_SIDE, turn("abcde"), within(Intent.SUMMARY, "abcde", TOPIC, Order.RELEVANCE)),
        (Move.AGAIN, LIST, within(Intent.LIST, "abc")),
        (Move.LISTED, SOUP, within(Intent.LIST, "xyz", "soup", Order.RELEVANCE)),
    ],
)
def test_the_same_papers_told_otherwise(move: Move, turn_before: Turn, expected: Plan) -> None:
    plan = turn_before.answer.plan
    assert moved(move, turn_before) == replace(expected, standalone=plan.question)


@pytest.mark.parametrize(
    ("question", "move", "intent"),
    [
        ("summarise those", Move.SHORTER, Intent.SUMMARY),
        ("compare them", Move.SIDE_BY_SIDE, Intent.COMPARE),
    ],
)
def test_those_are_the_papers_of_the_last_list(question: str, move: Move, intent: Intent) -> None:
    plan = moved(move, LIST, FACT, question=question)
    assert plan == replace(within(intent, "abc"), question=question)
    assert moved(move, FACT, question=question).scope == ("x", "y")
    assert moved(move, LIST, FACT).scope == ("x", "y")


def test_without_a_filter_the_list_is_given_again_and_no_fact() -> None:
    undated = turn("abc")
    expected = Plan("?", Intent.LIST, TOPIC, TOPIC)
    assert moved(Move.LIFT, undated, FACT, which="date") == expected
    dated_fact = turn("x", replace(FACT.answer.plan, filters=DATED))
    lifted = moved(Move.LIFT, undated, dated_fact, which="date")
    assert (lifted.intent, lifted.filters) == (Intent.FACT, replace(DATED, published_from=None))


def test_of_nothing_the_same_is_asked_again() -> None:
    nothing = found_nothing(Plan("soup", Intent.LIST, "soup"), "xyz")
    assert moved(Move.AGAIN, nothing) == Plan("?", Intent.LIST, "soup", "soup")


def test_counting_keeps_the_limits() -> None:
    expected = Plan("?", Intent.COUNT, TOPIC, TOPIC, TOPIC, DATED)
    assert moved(Move.COUNT, LIST) == expected


@pytest.mark.parametrize(
    ("kind", "filters"),
    [
        ("date", replace(DATED, published_from=None)),
        ("years", replace(DATED, published_from=None)),
        ("companies", replace(DATED, organization="")),
        ("sorting", replace(DATED, order=Order.RELEVANCE)),
        ("", Filters()),
    ],
)
def test_filters_are_taken_off(kind: str, filters: Filters) -> None:
    assert moved(Move.LIFT, LIST, which=kind) == Plan("?", Intent.LIST, TOPIC, TOPIC, "", filters)


def test_a_narrower_question_is_put_to_all_papers() -> None:
    expected = Plan("?", Intent.LIST, f"on gas {TOPIC}", "on gas", TOPIC)
    assert moved(Move.EVERYWHERE, LIST, NARROWED) == expected


def test_what_was_not_wanted_is_not_asked_again() -> None:
    assert moved(Move.REJECT, LIST) == Plan("?", Intent.SMALL_TALK)
