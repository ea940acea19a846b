"""The sentences of an extractive answer's own, whole."""

from __future__ import annotations

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import Intent, Plan
from assistant.draft import Count, Task
from assistant.remarks import introduction, nothing_covers, nothing_found

LIST = Plan("q", Intent.LIST)
SCOPED = Plan("q", Intent.LIST, scope=("bread",))
ONE = (source(BREAD),)
TWO = (source(BREAD), source(SOUP))


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
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
        (Task(Plan("q", Intent.SUMMARY), TWO), "What 2 papers in this collection report:"),
        (Task(Plan("q", Intent.SUMMARY), ONE), "What 1 paper in this collection reports:"),
        (Task(Plan("q", Intent.FACT), TWO), "The abstracts say:"),
    ],
)
def test_introductions(task: Task, sentence: str) -> None:
    assert introduction(task) == sentence


@pytest.mark.parametrize(
    ("plan", "uncovered", "sentence"),
    [
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
    ],
)
def test_what_is_said_where_nothing_answers(
    plan: Plan, uncovered: tuple[str, ...], sentence: str
) -> None:
    assert nothing_found(Task(plan, ONE, uncovered=uncovered)) == sentence


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (LIST, "Nothing here covers “a” or “b”."),
        (SCOPED, "None of those papers covers “a” or “b”."),
    ],
)
def test_what_an_answer_leaves_open(plan: Plan, sentence: str) -> None:
    assert nothing_covers(Task(plan, ONE, uncovered=("a", "b"))) == sentence
