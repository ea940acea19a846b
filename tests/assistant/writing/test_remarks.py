"""The sentences of an extractive answer's own, whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import Intent, Named, Plan
from assistant.draft import Count, Task
from assistant.writing.remarks import (
    GREETING,
    NO_TOPIC,
    OUT_OF_SCOPE,
    THANKS,
    introduction,
    not_stated,
    nothing_covers,
    nothing_found,
    small_talk,
)
from vectorstore.filters import Filters, Order

LIST = Plan("q", Intent.LIST, "q")
SUMMARY = Plan("q", Intent.SUMMARY)
COMPARE = Plan("q", Intent.COMPARE)
SCOPED = Plan("q", Intent.LIST, filters=Filters(scope=("bread",)))
DATED = Plan("q", Intent.COUNT, filters=Filters(date(2025, 1, 1), date(2025, 12, 31)))
OF_ONE = replace(SCOPED, chosen=("bread",), chosen_title="Levain")
OF_THREE = replace(LIST, filters=Filters(scope=("a", "b", "c")), chosen=("a", "b", "c"))
ONE = (source(BREAD),)
TWO = (source(BREAD), source(SOUP))

INTRODUCTIONS = [
    (Task(LIST, TWO), "2 papers in this collection match:"),
    (Task(LIST, ONE), "1 paper in this collection matches:"),
    (
        Task(LIST, TWO, matching=Count(2), borderline=Count(5)),
        "2 papers in this collection match (5 more are borderline):",
    ),
    (
        Task(LIST, ONE, matching=Count(1), borderline=Count(1)),
        "1 paper in this collection matches (1 more is borderline):",
    ),
    (
        Task(LIST, TWO, matching=Count(2), borderline=Count(0)),
        "2 papers in this collection match:",
    ),
    (
        Task(LIST, TWO, matching=Count(2), borderline=Count(48, at_least=True)),
        "2 papers in this collection match (at least 48 more are borderline):",
    ),
    (
        Task(LIST, TWO, matching=Count(45), borderline=Count(5, at_least=True)),
        "45 papers in this collection match (at least 5 more are borderline); the best 2 are:",
    ),
    (
        Task(LIST, TWO, matching=Count(50, at_least=True), borderline=Count(0)),
        "At least 50 papers in this collection match; the best 2 are:",
    ),
    (Task(SCOPED, ONE), "1 of those papers matches:"),
    (
        Task(SCOPED, TWO, matching=Count(2), borderline=Count(3)),
        "2 of those papers match (3 more are borderline):",
    ),
    (
        Task(DATED, TWO, matching=Count(2), borderline=Count(0)),
        "2 papers in this collection match (2025 only):",
    ),
    (
        Task(DATED, TWO, undated=1),
        "2 papers in this collection match (2025 only, 1 paper without a date is left out):",
    ),
    (
        Task(DATED, TWO, matching=Count(9), borderline=Count(1), undated=2),
        "9 papers in this collection match (2025 only, 2 papers without a date are left out; 1 more"
        " is borderline); the first 2 are:",
    ),
    (
        Task(
            Plan("q", Intent.LIST, filters=Filters(scope=("a",), order=Order.NEWEST)),
            TWO,
            undated=3,
        ),
        "2 of those papers match (newest first, 3 papers without a date are left out):",
    ),
    (Task(OF_THREE, TWO), "2 of the 3 chosen papers match:"),
    (Task(OF_THREE, TWO, matching=Count(1)), "1 of the 3 chosen papers matches:"),
    (Task(OF_THREE, TWO, matching=Count(3)), "The 3 chosen papers match; the best 2 are:"),
    (Task(OF_ONE, ONE), "The chosen paper matches:"),
    (Task(replace(OF_ONE, intent=Intent.SUMMARY), ONE), "What the chosen paper reports:"),
    (Task(SUMMARY, TWO), "What 2 papers in this collection report:"),
    (Task(SUMMARY, ONE), "What 1 paper in this collection reports:"),
    (
        Task(Plan("q", Intent.SUMMARY, filters=Filters(organization="Bakery Lab")), TWO),
        "What 2 papers in this collection report (from Bakery Lab):",
    ),
    (Task(Plan("q", Intent.TITLE), ONE), "This is the paper:"),
    (Task(Plan("q", Intent.TITLE), TWO), "These are the papers:"),
    (Task(COMPARE, TWO), "Levain and Salt for Soup, side by side:"),
    (Task(COMPARE, (*TWO, *TWO)), "Levain, Salt for Soup, Levain and Salt for Soup, side by side:"),
    (
        Task(Plan("q", Intent.COMPARE, named=(Named("Levain", ("bread", "soup")),)), TWO),
        "2 papers here go by the name “Levain”:",
    ),
    (
        Task(Plan("q", Intent.COMPARE, named=(Named("Levain", ("bread", "other")),)), TWO),
        "Levain and Salt for Soup, side by side:",
    ),
]


@pytest.mark.parametrize(("task", "sentence"), INTRODUCTIONS)
def test_introductions(task: Task, sentence: str) -> None:
    assert introduction(task) == sentence


def test_a_comparison_of_one_paper_says_that_it_has_no_other() -> None:
    assert introduction(Task(COMPARE, ONE)) == "There is only one paper here to compare:"


NOTHING: list[tuple[Plan, tuple[str, ...], str]] = [
    (LIST, (), "Nothing in this collection seems to answer that. The closest papers are:"),
    (SCOPED, (), "None of those papers seems to answer that. The closest are:"),
    (
        LIST,
        ("gene therapy",),
        "Nothing in this collection covers “gene therapy”. The closest papers are:",
    ),
    (
        SCOPED,
        ("gene therapy", "mice"),
        "None of those papers covers “gene therapy” or “mice”. The closest are:",
    ),
    (OF_THREE, ("mice",), "No chosen paper covers “mice”. The closest are:"),
    (OF_ONE, (), "No chosen paper seems to answer that. What comes closest:"),
    (
        DATED,
        (),
        "Nothing in this collection seems to answer that (2025 only). The closest papers are:",
    ),
]


@pytest.mark.parametrize(("plan", "uncovered", "sentence"), NOTHING)
def test_what_is_said_where_nothing_answers(
    plan: Plan, uncovered: tuple[str, ...], sentence: str
) -> None:
    assert nothing_found(Task(plan, ONE, uncovered=uncovered)) == sentence


def test_what_is_said_where_nothing_is_within_the_limits() -> None:
    assert nothing_found(Task(DATED, (), undated=82)) == (
        "No paper in this collection is within these limits (2025 only, 82 papers without a date"
        " are left out)."
    )


def test_what_is_said_where_none_of_those_papers_is_within_the_limits() -> None:
    filters = Filters(date(2025, 1, 1), date(2025, 12, 31), scope=("a", "b"))
    plan = Plan("q", Intent.LIST, filters=filters)
    assert nothing_found(Task(plan, ())) == (
        "None of those papers is within these limits (2025 only)."
    )


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        (
            Task(LIST, ONE),
            "The abstract of “Levain: Bread in a Hurry” does not say that. What comes closest:",
        ),
        (
            Task(LIST, ONE, uncovered=("cost", "weight")),
            "The abstract of “Levain: Bread in a Hurry” does not say anything about “cost” or"
            " “weight”. What comes closest:",
        ),
        (Task(LIST, TWO), "The abstracts of these papers do not say that. What comes closest:"),
    ],
)
def test_what_is_said_where_the_papers_do_not_tell(task: Task, sentence: str) -> None:
    assert not_stated(task) == sentence


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (LIST, "Nothing here covers “a” or “b”."),
        (SCOPED, "None of those papers covers “a” or “b”."),
    ],
)
def test_what_an_answer_leaves_open(plan: Plan, sentence: str) -> None:
    assert nothing_covers(Task(plan, ONE, uncovered=("a", "b"))) == sentence


@pytest.mark.parametrize(
    ("question", "intent", "sentence"),
    [
        ("Hello!", Intent.SMALL_TALK, GREETING),
        ("What can you do?", Intent.SMALL_TALK, GREETING),
        ("Thanks a lot", Intent.SMALL_TALK, THANKS),
        ("ok, thank you", Intent.SMALL_TALK, THANKS),
        ("Great", Intent.SMALL_TALK, THANKS),
        ("What is it?", Intent.SMALL_TALK, NO_TOPIC),
        ("Write me a poem about soup", Intent.OUT_OF_SCOPE, OUT_OF_SCOPE),
    ],
)
def test_what_is_said_where_no_paper_was_asked_for(
    question: str, intent: Intent, sentence: str
) -> None:
    assert small_talk(Plan(question, intent)) == sentence
