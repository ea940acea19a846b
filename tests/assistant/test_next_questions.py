"""What to ask next: read as it is meant, and answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from kitchen import LEVAIN, PAPERS

from assistant.answer import Outcome, Turn
from assistant.answering import Assistant
from assistant.next_questions import next_questions
from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.library import Library, open_library

TODAY = date(2026, 1, 2)


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("kitchen"), embedder) as opened:
        opened.add(PAPERS)
        index_pending(opened)
        yield opened


def asked(library: Library, *questions: str) -> tuple[Turn, ...]:
    """Return the turns of a conversation."""
    history: tuple[Turn, ...] = ()
    for question in questions:
        answer = Assistant(library, today=lambda: TODAY).ask(question, history)
        history = (*history, Turn(question, answer))
    return history


@pytest.mark.parametrize(
    ("questions", "suggested"),
    [
        (
            ["Which papers cover sourdough fermentation?"],
            ("Compare the first two", "Which of those are from 2025?", "Summarise those"),
        ),
        (
            ["Which papers are from 2024?"],
            ("Compare the first two", "Summarise those"),
        ),
        (
            ["How much faster do loaves with Levain rise?"],
            (
                "What problem does Levain solve?",
                "What does Levain propose?",
                "Which papers cover sourdough fermentation?",
            ),
        ),
        (
            ["Compare Levain and Crumb"],
            ("Which papers cover sourdough fermentation?",),
        ),
        (["What is violin making?"], ("Which papers cover sourdough fermentation?",)),
        (["Hello"], ()),
        (["papers from 1999"], ()),
    ],
)
def test_what_may_follow(
    library: Library, questions: Sequence[str], suggested: tuple[str, ...]
) -> None:
    assert next_questions(asked(library, *questions), library, TODAY) == suggested


def test_nothing_follows_what_is_not_there(library: Library) -> None:
    assert next_questions((), library, TODAY) == ()
    [turn] = asked(library, "How much faster do loaves with Levain rise?")
    growing = replace(turn, answer=replace(turn.answer, complete=False))
    assert next_questions([growing], library, TODAY) == ()


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.NOT_STATED])
def test_after_an_answer_that_cites_nothing_there_is_what_is_near(
    library: Library, outcome: Outcome
) -> None:
    [turn] = asked(library, "How much faster do loaves with Levain rise?")
    bare = replace(turn, answer=replace(turn.answer, citations=(), outcome=outcome))
    suggested = ("Which papers cover sourdough fermentation?", "What is Levain about?")
    assert next_questions([bare], library, TODAY) == suggested


def test_what_was_asked_is_not_suggested_again(library: Library) -> None:
    first = asked(library, "How much faster do loaves with Levain rise?")
    [question, *_] = next_questions(first, library, TODAY)
    again = asked(library, first[0].question, question)
    assert question not in next_questions(again, library, TODAY)
    assert again[-1].answer.citations[0].paper == LEVAIN


ASKED = (
    "Which papers cover federated learning?",
    "papers on speculative decoding",
    "What does Llumnix do about tail latencies?",
    "what battery life does Llumnix reach?",
    "Compare Llumnix and DistServe",
    "Summarise the work on graph neural networks",
    "how many papers came out in October 2025",
    "the paper on Llumnix",
    "what does comet do?",
    "How can stale updates be coped with?",
    "newest papers on LLM serving",
    "Is there anything on sourdough bread?",
    "Which papers cover violin making?",
    "papers on quantisation from 2024",
    "which papers generate code for GPUs?",
)


@pytest.mark.parametrize("question", ASKED)
def test_each_is_answered_by_the_shipped_collection(
    shipped_library: Library, question: str
) -> None:
    history = asked(shipped_library, question)
    suggested = next_questions(history, shipped_library, TODAY)
    assert 0 < len(suggested) <= 3
    assistant = Assistant(shipped_library, today=lambda: TODAY)
    outcomes = {each: assistant.ask(each, history).outcome for each in suggested}
    assert outcomes == dict.fromkeys(suggested, Outcome.ANSWERED)
    assert next_questions(history, shipped_library, TODAY) == suggested
