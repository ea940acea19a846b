"""Questions that go back to an earlier topic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turns import LISTING, looked_at, talked, turn

from assistant.answer import Intent, Plan
from assistant.planning.taken_up_again import TakenUp, taken_up_again
from vectorstore.filters import Filters

OVENS = turn("abc")
SOUP = turn("xyz", Plan("papers on hot soups", Intent.LIST, "hot soups"))
HOT = turn("xy", Plan("hot", Intent.LIST, "hot", context="soup", filters=Filters(scope=("x", "y"))))
SALT = turn("ab", Plan("how salty is sea water?", Intent.FACT, "how salty is sea water?"))
HISTORY = (OVENS, SALT, talked(), SOUP, HOT, looked_at("x"))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("back to ovens: which ones use gas?", TakenUp("which ones use gas?", (OVENS,))),
        (
            "ok, going back to oven, how many are from 2024",
            TakenUp("how many are from 2024", (OVENS,)),
        ),
        ("about ovens again: newest first, gas", TakenUp("newest first, gas", (OVENS,))),
        ("return to soup. any on salt?", TakenUp("any on salt?", (SOUP,))),
        ("back to ovens", TakenUp("papers on ovens", ())),
        ("back to bread: which ones use rye?", TakenUp("bread: which ones use rye?", ())),
        ("back to sea water: is it blue?", TakenUp("sea water: is it blue?", ())),
        ("back to bread again", TakenUp("bread", ())),
    ],
)
def test_an_earlier_topic_is_taken_up(question: str, expected: TakenUp) -> None:
    assert taken_up_again(question, HISTORY) == expected


@pytest.mark.parametrize(
    "question",
    [
        "go back",
        "back to the first question",
        "back to the second one: how hot is it?",
        "back to those papers",
        "back to back kernels",
        "which ones use gas?",
        "",
    ],
)
def test_other_questions_go_on(question: str) -> None:
    assert taken_up_again(question, HISTORY) is None


def test_nothing_is_taken_up_before_the_first_search() -> None:
    assert taken_up_again("back to ovens: which ones use gas?", (talked(),)) is None


def test_a_narrowed_list_will_do_where_there_is_no_whole_one() -> None:
    narrowed = turn("ab", replace(LISTING, filters=Filters(scope=("a", "b"))))
    found = taken_up_again("back to ovens: the cheap ones", (narrowed, SOUP))
    assert found == TakenUp("the cheap ones", (narrowed,))


@given(st.text(max_size=200))
def test_any_text_goes_back_or_not(text: str) -> None:
    found = taken_up_again(f"back to {text}", HISTORY)
    assert found is None or set(found.history) <= set(HISTORY)
