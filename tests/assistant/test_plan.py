"""How questions are understood, alone and after earlier turns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, hit

from assistant.answer import Answer, Citation, Intent, Outcome, Plan, Quote, Turn
from assistant.plan import make_plan
from vectorstore.records import Span

FIRST_QUESTION = "Which papers are about kitchens?"


def earlier_turn() -> Turn:
    """Return a turn that cited BREAD, with SOUP close behind."""
    plan = Plan(FIRST_QUESTION, Intent.LIST)
    quotes = (Quote(Span(0, 5), BREAD.abstract[:5]),)
    return Turn(
        FIRST_QUESTION,
        Answer(
            plan=plan,
            outcome=Outcome.ANSWERED,
            blocks=(),
            citations=(Citation(1, BREAD, quotes),),
            ranking=(hit(BREAD, 0.9), hit(SOUP, 0.2)),
            mode="extractive",
            complete=True,
        ),
    )


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Which papers cover bread?", Intent.LIST),
        ("papers on sourdough", Intent.LIST),
        ("any soup papers?", Intent.LIST),
        ("what have you got on baking", Intent.LIST),
        ("Is there anything here about ovens?", Intent.LIST),
        ("looking for work on cold kitchens", Intent.LIST),
        ("sourdough starter speed", Intent.LIST),
        ("How much faster does the starter rise?", Intent.FACT),
        ("what salt content is enough for forty bowls", Intent.FACT),
        ("I wonder whether bread that has been left in a cold kitchen rises", Intent.FACT),
        ("Summarise the work on bread", Intent.SUMMARY),
        ("give me an overview of soup papers", Intent.SUMMARY),
        ("compare Levain and plain yeast", Intent.SUMMARY),
        ("What do these papers say about salt?", Intent.SUMMARY),
    ],
)
def test_intent(question: str, intent: Intent) -> None:
    assert make_plan(question) == Plan(question, intent)


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("which of those use cold kitchens?", ("bread",)),
        ("only the fast ones", ("bread",)),
        ("does any of them mention salt?", ("bread",)),
        ("and in warm kitchens?", ()),
        ("how fast is it?", ()),
    ],
)
def test_follow_ups_carry_the_earlier_question(question: str, scope: tuple[str, ...]) -> None:
    plan = make_plan(question, (earlier_turn(),))
    assert (plan.question, plan.context, plan.scope) == (question, FIRST_QUESTION, scope)
    # Inside a scope every paper is on the earlier topic: only the new words tell them apart.
    assert plan.search_text == (question if scope else f"{question} {FIRST_QUESTION}")


def test_many_follow_ups_build_on_the_question_that_stood_alone() -> None:
    history = [earlier_turn()]
    for question in ("and on stoves?", "and in winter?", "and what about salt?"):
        plan = make_plan(question, history)
        assert plan.search_text == f"{question} {FIRST_QUESTION}"
        history.append(Turn(question, replace(history[-1].answer, plan=plan)))


def test_a_new_question_is_left_alone() -> None:
    question = "Which papers cover salt?"
    assert make_plan(question, (earlier_turn(),)) == Plan(question, Intent.LIST)


def test_a_reference_back_without_history_stands_alone() -> None:
    assert make_plan("only the fast ones").scope == ()


@given(st.text(max_size=300))
def test_any_text_gets_a_plan(question: str) -> None:
    assert question.strip() in make_plan(question, (earlier_turn(),)).search_text
