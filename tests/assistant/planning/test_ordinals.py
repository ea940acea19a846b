"""Papers by their places in an earlier answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turns import LISTING, found_nothing, looked_at, turn

from assistant.answer import Turn
from assistant.planning.ordinals import read_places, without_places

LIST = turn("abcdefghijkl")
HISTORY = (LIST,)


@pytest.mark.parametrize(
    ("question", "papers", "rest"),
    [
        ("the second one", "b", ""),
        ("tell me about the third paper", "c", "tell me about"),
        ("what does the first say", "a", "what does say"),
        ("how many authors does the 10th one have?", "j", "how many authors does have?"),
        ("the first and the third", "ac", "and"),
        ("paper 2", "b", ""),
        ("#3 please", "c", "please"),
        ("[4]", "d", ""),
        ("more about number 12", "l", "more about"),
        ("can you compare 1 and 3?", "ac", "can you compare and ?"),
        ("2 vs 5", "be", "vs"),
        ("the first two", "ab", ""),
        ("only the top 3 papers", "abc", "only"),
        ("the last two", "kl", ""),
        ("how do the first two compare", "ab", "how do compare"),
        ("the last one", "l", ""),
        ("both of them", "ab", ""),
        ("which of these two is newer?", "ab", "which of is newer?"),
        ("the latter", "b", ""),
        ("who wrote the former?", "a", "who wrote ?"),
    ],
)
def test_places_in_a_list(question: str, papers: str, rest: str) -> None:
    places = read_places(question, HISTORY)
    assert places is not None
    assert (places.papers, places.turn) == (tuple(papers), LIST)
    assert " ".join(without_places(question).split()) == rest


@pytest.mark.parametrize(
    "question",
    [
        "the thirteenth one",
        "paper 13",
        "#0",
        "which was published first?",
        "the first to use steam",
        "top 3 bakeries in town",
        "compare 4 bit and 8 bit",
        "in 2 steps",
        "newest first",
        "",
    ],
)
def test_no_places(question: str) -> None:
    assert read_places(question, HISTORY) is None


ONE, ANOTHER = looked_at("b"), looked_at("c")
CLOSEST = found_nothing(LISTING, "xyz")


@pytest.mark.parametrize(
    ("question", "history", "papers"),
    [
        ("the first one", (LIST, ONE), "a"),
        ("and the third?", (LIST, ONE, ANOTHER), "c"),
        ("[1]", (LIST, ONE), "b"),
        ("these two", (LIST, ONE, ANOTHER), "bc"),
        ("the latter", (LIST, ONE, ANOTHER), "c"),
        ("the other one", (turn("ab"), ONE), "a"),
        ("the second one", (LIST, CLOSEST), "y"),
        ("the first one", (ONE,), "b"),
    ],
)
def test_which_answer_is_counted_in(question: str, history: tuple[Turn, ...], papers: str) -> None:
    places = read_places(question, history)
    assert places is not None
    assert places.papers == tuple(papers)


def test_nothing_is_counted_before_the_first_answer() -> None:
    assert read_places("the second one", ()) is None


@given(st.text(max_size=100), st.integers(-5, 10**20))
def test_any_text_and_number(text: str, number: int) -> None:
    for question in (text, f"paper {number} {text}", f"{number} and [{number}]"):
        places = read_places(question, HISTORY)
        assert places is None or set(places.papers) <= set("abcdefghijkl")
        without_places(question)
