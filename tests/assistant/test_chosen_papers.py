"""Questions about papers that the user chose: none is answered from another one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from fakes import FakeModelServer, Request, Script
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kitchen import BROTH, CRUMB, LEVAIN, PAPERS, RYE, SALT
from whole_answers import assert_verified, first_words

from assistant.answer import Answer, Asking, Intent, Outcome, Turn
from assistant.answering import Assistant
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.errors import AssistantError
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.next_questions import next_questions
from assistant.planning.plan_with_model import ModelPlanner
from assistant.planning.plan_words import Chip, plan_chips
from assistant.writing.compose_with_model import ModelComposer
from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.library import Library, open_library

BAKED = (LEVAIN.id, CRUMB.id, RYE.id)
ALL = tuple(paper.id for paper in PAPERS)


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("kitchen"), embedder) as opened:
        opened.add(PAPERS)
        index_pending(opened)
        yield opened


def ask(
    library: Library, question: str, within: Sequence[str], history: Sequence[Turn] = ()
) -> Answer:
    """Return the whole answer, and insist that it is from the chosen papers alone."""
    *_, answer = Assistant(library).answer(Asking(question, tuple(history), within=tuple(within)))
    assert_within(answer, within)
    return answer


def assert_within(answer: Answer, within: Sequence[str]) -> None:
    assert_verified(answer)
    cited = {citation.paper.id for citation in answer.citations}
    shown = {hit.paper.id for hit in (*answer.ranking, *answer.borderline)}
    assert (cited | shown) <= set(within)
    assert answer.plan.chosen == tuple(dict.fromkeys(within))


def cited(answer: Answer) -> set[str]:
    return {citation.paper.id for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "intent", "outcome"),
    [
        ("What did it find?", Intent.TITLE, Outcome.ANSWERED),
        ("Summarise this", Intent.TITLE, Outcome.ANSWERED),
        ("How much faster do loaves rise?", Intent.FACT, Outcome.ANSWERED),
        ("What battery life does it reach?", Intent.FACT, Outcome.NOT_STATED),
        ("What does Broth do about boiling?", Intent.FACT, Outcome.NOT_STATED),
        ("Which papers cover onion soup?", Intent.LIST, Outcome.NOT_FOUND),
        ("Which papers cover sourdough fermentation?", Intent.LIST, Outcome.ANSWERED),
        ("How many of these are from 2025?", Intent.COUNT, Outcome.ANSWERED),
        ("How many of these are from 2024?", Intent.COUNT, Outcome.NOT_FOUND),
        ("Compare Levain and Broth", Intent.COMPARE, Outcome.ANSWERED),
    ],
)
def test_one_chosen_paper(
    library: Library, question: str, intent: Intent, outcome: Outcome
) -> None:
    answer = ask(library, question, [LEVAIN.id])
    assert (answer.plan.intent, answer.outcome) == (intent, outcome)
    assert cited(answer) <= {LEVAIN.id}
    assert plan_chips(answer.plan)[-1] == Chip("chosen", f"this paper only: {LEVAIN.title}")


def test_its_limits_are_its_own(library: Library) -> None:
    answer = ask(library, "What are its limits?", [LEVAIN.id])
    said = [claim.text for block in answer.blocks for claim in block.claims if claim.citations]
    assert "However, Levain is limited to warm kitchens." in said


@pytest.mark.parametrize(
    ("question", "intent", "papers", "begins"),
    [
        ("Summarise these", Intent.SUMMARY, ALL, "What the 5 chosen papers report:"),
        ("Compare these", Intent.SUMMARY, ALL, "What the 5 chosen papers report:"),
        ("What did they find?", Intent.SUMMARY, ALL, "What the 5 chosen papers report:"),
        ("List them", Intent.LIST, ALL, "The 5 chosen papers match:"),
        (
            "Which of these cover sourdough fermentation?",
            Intent.LIST,
            (LEVAIN.id, RYE.id),
            "2 of the 5 chosen papers match",
        ),
        (
            "how many of them are from 2024?",
            Intent.COUNT,
            (CRUMB.id, RYE.id),
            "2 of the 5 chosen papers match (2024 only, 1 paper without a date is left out):",
        ),
    ],
)
def test_several_chosen_papers(
    library: Library, question: str, intent: Intent, papers: Sequence[str], begins: str
) -> None:
    answer = ask(library, question, ALL)
    assert answer.plan.intent is intent
    assert cited(answer) == set(papers)
    assert first_words(answer).startswith(begins)
    assert Chip("chosen", "5 chosen papers") in plan_chips(answer.plan)


def test_a_few_are_compared_side_by_side(library: Library) -> None:
    answer = ask(library, "Compare these", (CRUMB.id, LEVAIN.id))
    assert answer.plan.intent is Intent.COMPARE
    assert first_words(answer) == "Levain and Crumb, side by side:"


def test_a_fact_is_looked_for_in_all_of_them(library: Library) -> None:
    answer = ask(library, "How much more moisture do loaves keep?", BAKED)
    assert (answer.plan.intent, answer.citations[0].paper) == (Intent.FACT, CRUMB)


def test_what_none_of_them_covers_is_said(library: Library) -> None:
    answer = ask(library, "Which papers cover violin making?", BAKED)
    assert answer.outcome is Outcome.NOT_FOUND
    assert first_words(answer) == "No chosen paper covers “violin making”. The closest are:"


def test_a_side_that_was_not_chosen_is_not_made_up(library: Library) -> None:
    answer = ask(library, "Compare Broth and Levain", BAKED)
    assert cited(answer) == {LEVAIN.id}
    assert first_words(answer) == "There is only one paper here to compare:"


def test_follow_ups_narrow_the_chosen_papers_down(library: Library) -> None:
    first = ask(library, "Which of these cover sourdough fermentation?", ALL)
    history = [Turn("Which of these cover sourdough fermentation?", first)]
    second = ask(library, "which of those are from 2024?", ALL, history)
    assert second.plan.narrowed
    assert cited(second) == {RYE.id}
    assert plan_chips(second.plan) == (
        Chip("dates", "2024 only"),
        Chip("scope", "among 2 papers of the earlier search"),
        Chip("chosen", "5 chosen papers"),
    )
    third = ask(library, "Summarise those", ALL, [*history, Turn("", second)])
    assert cited(third) <= {LEVAIN.id, RYE.id}


def test_small_talk_does_not_end_what_was_spoken_of(library: Library) -> None:
    first = ask(library, "Which of these cover sourdough fermentation?", ALL)
    thanks = ask(library, "thanks", ALL, [Turn("", first)])
    assert plan_chips(thanks.plan) == (Chip("chosen", "5 chosen papers"),)
    last = ask(library, "Summarise those", ALL, [Turn("", first), Turn("thanks", thanks)])
    assert cited(last) == {LEVAIN.id, RYE.id}


def test_a_new_choice_is_what_these_are(library: Library) -> None:
    before = ask(library, "Summarise these", ALL)
    answer = ask(library, "Summarise these", (BROTH.id, SALT.id), [Turn("Summarise these", before)])
    assert cited(answer) == {BROTH.id, SALT.id}


def test_without_a_choice_an_earlier_one_is_no_limit(library: Library) -> None:
    before = ask(library, "Which papers cover soup?", BAKED)
    turn = Turn("Which papers cover soup?", before)
    answer = Assistant(library).ask("newest first", [turn])
    assert (answer.plan.chosen, answer.plan.scope) == ((), ())
    assert cited(answer) >= {BROTH.id}


def test_a_choice_is_taken_off_as_a_chip(library: Library) -> None:
    asking = Asking("Which papers cover onion soup?", within=BAKED, without=("chosen",))
    *_, answer = Assistant(library).answer(asking)
    plain = Assistant(library).ask("Which papers cover onion soup?")
    assert answer.plan == replace(plain.plan, taken_off=("chosen",))
    assert answer.blocks == plain.blocks


def test_taking_a_narrower_scope_off_leaves_the_choice(library: Library) -> None:
    first = ask(library, "Which of these cover sourdough fermentation?", ALL)
    asking = Asking("which of those rise?", (Turn("", first),), ("scope",), ALL)
    *_, answer = Assistant(library).answer(asking)
    assert (answer.plan.scope, answer.plan.taken_off) == (ALL, ("scope",))


def test_papers_that_are_gone_are_left_out(library: Library) -> None:
    *_, answer = Assistant(library).answer(Asking("Summarise these", within=("gone", *BAKED)))
    assert_within(answer, BAKED)
    with pytest.raises(AssistantError) as raised:
        list(Assistant(library).answer(Asking("Summarise these", within=("gone",))))
    assert raised.value.problem == "None of the chosen papers is in the library any more"
    assert raised.value.hint == "Choose other papers, or ask about all of them."


def test_a_summary_has_each_of_many_chosen_papers(shipped_library: Library) -> None:
    ids = tuple(shipped_library.snapshot().index.row_by_id)[:60]
    for count, begins in ((30, "What the 30 chosen"), (60, "What 40 of the 60 chosen")):
        answer = ask(shipped_library, "Summarise these", ids[:count])
        assert first_words(answer).startswith(begins)
        assert len(answer.citations) == min(count, 40)


QUESTIONS = (
    "Summarise these",
    "What did they find?",
    "Compare Levain and Broth",
    "Which papers are like Levain?",
    "show more",
    "search in all papers",
    "the paper on soup",
    "newest first",
    "What is Crumb about?",
    "everything from 2024",
    "Compare bread and soup",
    "how many papers are there?",
    "and what about salt?",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(ALL), min_size=1, unique=True),
    st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3),
)
def test_no_conversation_leaves_the_chosen_papers(
    library: Library, within: list[str], questions: list[str]
) -> None:
    history: list[Turn] = []
    for question in questions:
        answer = ask(library, question, within, history)
        history.append(Turn(question, answer))


def test_what_to_ask_next_stays_within_them(library: Library) -> None:
    answer = ask(library, "Which of these cover sourdough fermentation?", ALL)
    history = [Turn("Which of these cover sourdough fermentation?", answer)]
    suggested = next_questions(history, library, date(2026, 1, 2))
    assert suggested
    for question in suggested:
        assert ask(library, question, ALL, history).outcome is Outcome.ANSWERED


PLAN: dict[str, object] = {
    "intent": "list",
    "topic": "onion soup",
    "standalone": "",
    "published_from": None,
    "published_to": None,
    "organization": "",
    "author": "",
    "category": "",
    "venue": "",
    "min_authors": None,
    "max_authors": None,
    "order": "relevance",
    "earlier_only": False,
    "papers": [],
    "sides": [],
}


def cites_the_first(request: Request) -> Script:
    """Reply with a claim that rests on the first sentence that the model was shown."""
    shown = SENTENCE_ID.search(request.body["messages"][-1]["content"])
    assert shown
    return Script((f"- They bake [{shown.group()}].",))


@pytest.mark.parametrize(
    ("plan", "papers"),
    [
        ({"topic": "sourdough fermentation"}, {LEVAIN.id, RYE.id}),
        ({"intent": "summary", "topic": "", "earlier_only": True}, {*BAKED}),
        ({"topic": "", "earlier_only": True, "papers": [2]}, {CRUMB.id}),
    ],
)
def test_a_models_plan_stays_within_them(
    library: Library, plan: dict[str, object], papers: set[str]
) -> None:
    planned = Script((json.dumps(PLAN | plan),))
    with FakeModelServer(planned, cites_the_first) as server:
        model = ChatModel(ChatModelSettings("tiny", server.base_url, retries=0))
        planner = ModelPlanner(model, always=True)
        assistant = Assistant(library, ModelComposer(model), planner=planner)
        *_, answer = assistant.answer(Asking("Which of these?", within=BAKED))
        asked, written = server.requests
    assert_within(answer, BAKED)
    assert answer.plan.planner == "tiny"
    assert "Papers of the last answer, by number:\n1. Levain" in asked.prompt
    titles = {paper.id for paper in PAPERS if paper.title in written.prompt.split("<sources>")[1]}
    assert papers <= titles <= set(BAKED)
    assert "The user asks about 3 chosen papers." in written.prompt
