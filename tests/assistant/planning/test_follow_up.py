"""What a question refers to in the turns before it, and when it stands alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turns import LISTING, TOPIC, looked_at, talked, turn

from assistant.answer import Intent, Plan, Turn
from assistant.planning.follow_up import Kind, Reference, read_reference
from assistant.planning.shown_papers import all_shown
from vectorstore.filters import Filters

LIST = turn("abc", borderline="d", ranked="abcdef")
ONE = looked_at("b")
COMPARED = turn("ab", Plan("compare a and b", Intent.COMPARE, "compare a and b"))


@pytest.mark.parametrize(
    ("question", "kind", "papers", "rest"),
    [
        ("which of those use steam?", Kind.ALL, "abcd", "which use steam?"),
        ("only the rye ones", Kind.ALL, "abcd", "rye"),
        ("hardware aware ones only", Kind.ALL, "abcd", "hardware aware only"),
        ("just the ones that use gas", Kind.ALL, "abcd", "use gas"),
        ("which ones use gas", Kind.ALL, "abcd", "which use gas"),
        ("any on steam?", Kind.ALL, "abcd", "on steam?"),
        ("is there one about steam", Kind.ALL, "abcd", "about steam"),
        ("are any of them about steam", Kind.ALL, "abcd", "are any about steam"),
        ("which is the fastest?", Kind.ALL, "abcd", "which is the fastest?"),
        ("the steam one", Kind.ALL, "abcd", "steam"),
        ("tell me about the one on steam", Kind.ALL, "abcd", "on steam"),
        ("what do they report?", Kind.SOME, "abc", "what do report?"),
        ("what is their price", Kind.SOME, "abc", "what is price"),
        ("the first two", Kind.SOME, "ab", ""),
        ("how fast is the second one?", Kind.ONE, "b", "how fast is ?"),
        ("does it use gas?", Kind.ALL, "abc", "does it use gas?"),
        ("what are the limitations", Kind.ALL, "abc", "what are the limitations"),
        ("and on gas?", Kind.TOPIC, "", "on gas?"),
        ("for bread", Kind.TOPIC, "", "for bread"),
        ("no, I mean for bread", Kind.TOPIC, "", "for bread"),
        ("and how hot?", Kind.TOPIC, "", "how hot?"),
    ],
)
def test_references_after_a_list(question: str, kind: Kind, papers: str, rest: str) -> None:
    found = read_reference(question, (LIST,))
    assert found is not None
    assert (found.kind, found.papers, found.rest) == (kind, tuple(papers), rest)
    assert (found.turn, found.context) == (LIST, TOPIC)


@pytest.mark.parametrize(
    ("question", "kind", "papers"),
    [
        ("does it use gas?", Kind.ONE, "b"),
        ("why is this paper important", Kind.ONE, "b"),
        ("tell me more about that", Kind.ONE, "b"),
        ("who are the authors", Kind.ONE, "b"),
        ("give me the abstract", Kind.ONE, "b"),
        ("what dataset was used?", Kind.ONE, "b"),
        ("how many loaves?", Kind.ONE, "b"),
        ("on what hardware?", Kind.ONE, "b"),
        ("and gas?", Kind.ONE, "b"),
        ("what about ovens", Kind.ONE, "b"),
        ("what do they say about gas", Kind.ONE, "b"),
        ("which of those use gas", Kind.ALL, "abcd"),
        ("the first one", Kind.ONE, "a"),
    ],
)
def test_references_after_a_look_at_one_paper(question: str, kind: Kind, papers: str) -> None:
    found = read_reference(question, (LIST, ONE))
    assert found is not None
    assert (found.kind, found.papers) == (kind, tuple(papers))


@pytest.mark.parametrize(
    "question",
    [
        "Which papers cover salt?",
        "papers on soup",
        "what is fermentation and how does it work in rye?",
        "is it possible to bake on a phone?",
        "how long does it take to train a baker?",
        "how much energy does bread baking use?",
        "so which papers deal with soup and stew in winter",
        "top 3 papers on soup",
        "which is the most energy efficient mixer for rye dough",
        "and how do people bake large loaves cheaply",
    ],
)
@pytest.mark.parametrize("history", [(LIST,), (LIST, ONE), (COMPARED,)])
def test_a_question_with_a_topic_of_its_own_stands_alone(
    question: str, history: tuple[Turn, ...]
) -> None:
    assert read_reference(question, history) is None


@pytest.mark.parametrize("history", [(), (talked(),)])
def test_nothing_is_referred_to_before_the_first_search(history: tuple[Turn, ...]) -> None:
    for question in ("which of those use gas?", "and on gas?", "it", "the second one"):
        assert read_reference(question, history) is None


@pytest.mark.parametrize(
    ("question", "instead"),
    [
        ("what about soup kitchens?", True),
        ("what about hot ovens?", False),
        ("what about in winter", False),
        ("what about soup instead of bread", False),
    ],
)
def test_what_no_paper_speaks_of_is_a_new_topic(question: str, instead: bool) -> None:
    found = read_reference(question, (LIST,))
    assert found is not None
    assert (found.kind, found.instead) == (Kind.TOPIC, instead)


GENERAL = turn("bc", Plan("how does heat spread?", Intent.FACT, "how does heat spread?"))


@pytest.mark.parametrize("question", ["and on gas?", "on ovens?", "and in winter"])
def test_a_condition_on_a_general_question_is_not_held_to_one_paper(question: str) -> None:
    found = read_reference(question, (LIST, GENERAL))
    assert found is not None
    assert (found.kind, found.turn, found.papers) == (Kind.TOPIC, GENERAL, ())


@pytest.mark.parametrize(
    "question",
    ["which papers are about it?", "any papers on this", "articles that cover that topic"],
)
def test_papers_about_a_topic_are_looked_for_among_all(question: str) -> None:
    found = read_reference(question, (LIST, GENERAL))
    assert found == Reference(Kind.TOPIC, GENERAL, "", words="it")
    held = read_reference(question, (LIST, ONE))
    assert held is None or held.kind is not Kind.TOPIC


def test_what_differs_takes_two() -> None:
    found = read_reference("how do they differ?", (LIST, looked_at("c"), ONE))
    assert found is not None
    assert (found.kind, found.papers) == (Kind.SOME, ("c", "b"))


def test_an_aspect_of_a_comparison_is_asked_of_both() -> None:
    found = read_reference("and on price?", (COMPARED,))
    assert found is not None
    assert (found.kind, found.papers, found.rest) == (Kind.SOME, ("a", "b"), "on price?")


def test_any_is_of_the_list_before_it_was_narrowed() -> None:
    narrowed = turn("ab", replace(LISTING, context=TOPIC, filters=Filters(scope=tuple("abcd"))))
    for question, expected in (("any on steam?", LIST), ("which of those use gas?", narrowed)):
        found = read_reference(question, (LIST, narrowed))
        assert found is not None
        assert found.turn == expected


@given(st.text(max_size=200))
def test_any_text_refers_to_shown_papers_or_none(question: str) -> None:
    for history in ((LIST,), (LIST, ONE), (COMPARED, LIST)):
        found = read_reference(question, history)
        assert found is None or set(found.papers) <= set(all_shown(LIST.answer))
