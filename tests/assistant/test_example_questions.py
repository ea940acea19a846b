"""First questions drawn from a collection, each of which it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from kitchen import LEVAIN, PAPERS, RYE

from assistant.answer import Answer, Intent, Outcome
from assistant.answering import Assistant
from assistant.example_questions import example_questions
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Paper

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]


def test_the_shipped_collection_has_four_of_different_kinds(shipped_library: Library) -> None:
    questions = example_questions(shipped_library)
    answers = [Assistant(shipped_library).ask(question) for question in questions]
    assert [(answer.plan.intent, answer.outcome) for answer in answers] == [
        (intent, Outcome.ANSWERED)
        for intent in (Intent.LIST, Intent.COMPARE, Intent.SUMMARY, Intent.COUNT)
    ]
    assert min(len(answer.citations) for answer in answers) > 1
    assert answers[-1].plan.filters.by_date


@pytest.mark.parametrize(
    ("papers", "questions"),
    [
        ((), ()),
        ((LEVAIN,), ()),
        (PAPERS, ("Which papers cover sourdough fermentation?",)),
        (
            (
                LEVAIN,
                RYE,
                Paper("a", "Ladle: Clear Onion Soup", "We present Ladle, for onion soup."),
                Paper("b", "Spoon: Clear Onion Soup", "We present Spoon, for onion soup."),
            ),
            ("Which papers cover sourdough fermentation?", "Compare Ladle and Spoon"),
        ),
    ],
)
def test_they_are_of_the_papers_that_are_there(
    make_library: MakeLibrary,
    embedder: Embedder,
    papers: Sequence[Paper],
    questions: tuple[str, ...],
) -> None:
    assert example_questions(make_library(papers, embedder)) == questions


def test_papers_that_leave_meanwhile(
    make_library: MakeLibrary, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(
        [replace(paper, published=date(2024, 1, 1)) for paper in PAPERS], embedder
    )
    ask = Assistant.ask

    def ask_in_vain(assistant: Assistant, _question: str) -> Answer:
        library.remove([paper.id for paper in PAPERS[1:]])
        return ask(assistant, "Which papers cover the moons of Jupiter?")

    monkeypatch.setattr(Assistant, "ask", ask_in_vain)
    assert example_questions(library) == ()
