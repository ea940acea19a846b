"""Which earlier answer is spoken of, and which papers it showed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from turns import LISTING, found_nothing, looked_at, paper, talked, turn

from assistant.answer import Intent, Named, Plan, Turn
from assistant.planning.shown_papers import (
    all_shown,
    cited_papers,
    earlier_hits,
    held_to_one,
    in_focus,
    last_few,
    latest_list,
    latest_set,
    latest_with,
    numbered_papers,
    paper_shown,
    searched,
    subject_turn,
)
from vectorstore.filters import Filters

LIST = turn("abc", borderline="de", ranked="abcdefg")
NARROWED = turn("ab", replace(LISTING, context="ovens", filters=Filters(scope=tuple("abcdefg"))))
ONE, ANOTHER = looked_at("b"), looked_at("c", Intent.TITLE)
NEW_AND_NOT_FOUND = found_nothing(Plan("soup", Intent.LIST, "soup"), "xyz")
FOLLOW_UP_NOT_FOUND = found_nothing(replace(LISTING, context="ovens"), "xyz")


def test_papers_of_an_answer() -> None:
    assert cited_papers(LIST.answer) == tuple("abc")
    assert all_shown(LIST.answer) == tuple("abcde")
    nothing = NEW_AND_NOT_FOUND.answer
    assert (cited_papers(nothing), all_shown(nothing)) == ((), ())
    assert numbered_papers(nothing) == tuple("xyz")


@pytest.mark.parametrize(
    ("history", "newest_first"),
    [
        ((), []),
        ((talked(),), []),
        ((LIST, talked(), ONE), [ONE, LIST]),
        ((LIST, FOLLOW_UP_NOT_FOUND), [LIST]),
        ((LIST, NEW_AND_NOT_FOUND), [NEW_AND_NOT_FOUND, LIST]),
        ((FOLLOW_UP_NOT_FOUND,), [FOLLOW_UP_NOT_FOUND]),
    ],
)
def test_turns_to_go_on_from(history: tuple[Turn, ...], newest_first: list[Turn]) -> None:
    assert searched(history) == newest_first


@pytest.mark.parametrize(
    ("history", "subject"),
    [
        ((), None),
        ((LIST, ONE, ANOTHER), LIST),
        ((ONE,), ONE),
        ((LIST, NEW_AND_NOT_FOUND), NEW_AND_NOT_FOUND),
        ((LIST, FOLLOW_UP_NOT_FOUND, talked()), LIST),
    ],
)
def test_a_look_at_one_paper_is_no_new_topic(
    history: tuple[Turn, ...], subject: Turn | None
) -> None:
    assert subject_turn(history) == subject


@pytest.mark.parametrize(
    ("history", "focus"),
    [
        ((), ()),
        ((LIST,), ()),
        ((LIST, ONE), ("b",)),
        ((LIST, turn("d", LISTING)), ("d",)),
        ((turn("ab", Plan("why?", Intent.FACT, "why?")),), ("a",)),
        ((turn("ab", Plan("why?", Intent.FACT, filters=Filters(scope=("a", "b")))),), ()),
    ],
)
def test_the_paper_in_focus(history: tuple[Turn, ...], focus: tuple[str, ...]) -> None:
    assert in_focus(history) == focus


@pytest.mark.parametrize(
    ("history", "count", "papers"),
    [
        ((LIST,), 3, "abc"),
        ((LIST,), 2, "ab"),
        ((LIST,), 4, ""),
        ((LIST, ONE, ANOTHER), 2, "bc"),
        ((LIST, ONE), 2, ""),
        ((), 2, ""),
    ],
)
def test_papers_that_were_last_spoken_of(
    history: tuple[Turn, ...], count: int, papers: str
) -> None:
    assert last_few(history, count) == tuple(papers)


def test_sets_are_looked_for_further_back() -> None:
    history = (LIST, NARROWED, ONE)
    assert latest_set(history) == NARROWED
    assert latest_set(history, whole=True) == LIST
    assert latest_set((NARROWED,), whole=True) == NARROWED
    assert latest_set((ONE,)) is None
    assert [latest_with(history, least) for least in (1, 2, 3, 4)] == [ONE, NARROWED, LIST, None]
    assert latest_with((LIST, NEW_AND_NOT_FOUND), 3) == NEW_AND_NOT_FOUND


def test_a_list_goes_before_what_a_fact_rests_on() -> None:
    fact = turn("xy", Plan("how hot?", Intent.FACT, "how hot?"))
    assert latest_list((LIST, NARROWED, fact)) == NARROWED
    assert latest_list((LIST, NARROWED, fact), whole=True) == LIST
    assert latest_list((fact, ONE)) == fact
    assert latest_list((ONE,)) is None


@pytest.mark.parametrize(
    ("plan", "held"),
    [
        (ONE.answer.plan, True),
        (Plan("how hot is b?", Intent.FACT, named=(Named("b", ("b",)),)), True),
        (Plan("the paper that is hot", Intent.TITLE), True),
        (Plan("how hot?", Intent.FACT), False),
        (NARROWED.answer.plan, False),
    ],
)
def test_a_question_on_one_paper(plan: Plan, *, held: bool) -> None:
    assert held_to_one(turn("b", plan).answer) is held


def test_the_same_question_is_not_narrowed_by_its_own_answer() -> None:
    history = (LIST, NARROWED)
    assert earlier_hits(history, NARROWED.answer.plan) == LIST.answer.ranking


def test_a_scope_has_the_ranking_it_is_from() -> None:
    history = (LIST, NARROWED, talked())
    within = replace(LISTING, filters=Filters(scope=("a", "g")))
    assert earlier_hits(history, within) == LIST.answer.ranking
    assert earlier_hits(history, replace(within, filters=Filters(scope=("b",)))) == (
        NARROWED.answer.ranking
    )
    assert earlier_hits(history, LISTING) == ()
    assert earlier_hits(history, replace(within, filters=Filters(scope=("z",)))) == ()


def test_papers_of_earlier_answers() -> None:
    assert paper_shown((LIST, ONE), "g") == paper("g")
    assert paper_shown((LIST,), "z") is None
