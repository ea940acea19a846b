"""What holds for every extractive answer: all of it is said once, is borne out, and is a page."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_answers import assert_verified

from assistant.answer import Answer, Intent, Outcome, Verdict
from assistant.answering import Assistant
from ui.export.answer_markdown import answer_markdown
from vectorstore.library import Library

QUERIES = Path(__file__).parents[2] / "training" / "data" / "queries.jsonl"
WORDS = {Intent.FACT: 250, Intent.TITLE: 250, Intent.COMPARE: 500}
QUESTIONS = 8  # of each kind, and as many in each form
FORMS = ("Summarise what is known on: {}", "Compare {} and {}", "the paper {}", "papers on {}")


def sample() -> list[str]:
    """Return questions of all kinds that the training data have, and of the forms besides."""
    asked: dict[str, list[str]] = {}
    titles: list[str] = []
    for line in QUERIES.read_text("utf-8").splitlines():
        query = json.loads(line)
        asked.setdefault(query["type"], []).append(query["query"])
        titles.append(query["title"])
    choose = random.Random(20)
    typed = [text for texts in asked.values() for text in choose.sample(texts, QUESTIONS)]
    names = [title.split(":")[0] for title in sorted(set(titles))]
    made = [
        form.format(*choose.sample(asked["topic"] if "on" in form else names, form.count("{}")))
        for form in FORMS
        for _ in range(QUESTIONS)
    ]
    return [*typed, *made]


SAMPLE = sample()


def assert_said_once(answer: Answer) -> None:
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    texts = Counter(claim.text for claim in claims if claim.citations and claim.text)
    assert [text for text, times in texts.items() if times > 1] == []


def most_words(answer: Answer) -> int:
    short = answer.outcome is not Outcome.ANSWERED
    return 250 if short else WORDS.get(answer.plan.intent, 900)


def test_the_sample_has_every_kind_of_question(shipped_library: Library) -> None:
    intents = {Assistant(shipped_library).ask(question).plan.intent for question in SAMPLE}
    assert intents >= {Intent.LIST, Intent.FACT, Intent.SUMMARY, Intent.COMPARE, Intent.TITLE}


@pytest.mark.parametrize("question", SAMPLE)
def test_an_answer_is_as_long_as_its_kind_is_read(shipped_library: Library, question: str) -> None:
    answer = Assistant(shipped_library).ask(question)
    assert len(answer_markdown(answer).split()) <= most_words(answer)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(SAMPLE),
    st.sampled_from(["{}", "Summarise: {}", "How many papers are on {}", "Compare Llumnix and {}"]),
)
def test_nothing_is_said_twice_and_all_of_it_is_borne_out(
    shipped_library: Library, question: str, form: str
) -> None:
    answer = Assistant(shipped_library).ask(form.format(question))
    assert_verified(answer)
    assert_said_once(answer)
    claims = [claim for block in answer.blocks for claim in block.all_claims()]
    assert {claim.verdict for claim in claims} == {Verdict.SUPPORTED}
    assert answer.unsupported_share == 0.0
