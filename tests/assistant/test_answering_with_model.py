"""Questions from beginning to end on the shipped pages, in the words of a model, if it has any."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes import FakeModelServer, Request, Script, fails, says
from whole_answers import assert_verified, blocks_of, first_words, table_texts

from assistant.answer import Block, BlockKind, Claim, Intent, Outcome, Usage, Verdict
from assistant.answering import Assistant
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.model.chat_model import ChatModel, ChatModelSettings
from assistant.planning.plan_with_model import ModelPlanner
from assistant.receipts.trace import Trace
from assistant.settings import AssistantSettings
from assistant.writing.compose_with_model import ModelComposer
from vectorstore.filters import Filters, Order
from vectorstore.library import Library

QUESTION = "papers on federated learning"
OFF_TOPIC = "How long does sourdough bread take to rise at high altitude?"
BATTERY = "what battery life does Llumnix reach?"
CHOSE = "The search found 8 matching papers; of these the model chose:"


def with_model(
    library: Library,
    base_url: str,
    timeout_s: float = 60,
    *,
    settings: AssistantSettings | None = None,
    plans: bool = False,
) -> Assistant:
    """Return an assistant whose model is served at `base_url` and gets one try."""
    model = ChatModel(ChatModelSettings("tiny", base_url, timeout_s=timeout_s, retries=0))
    planner = ModelPlanner(model, always=True) if plans else None
    return Assistant(library, ModelComposer(model), settings, planner)


def first_id(request: Request) -> str:
    """Return the id of the first sentence that the model was shown."""
    shown = SENTENCE_ID.search(request.body["messages"][-1]["content"])
    assert shown
    return shown.group()


def says_with_id(text: str, usage: tuple[int, int] | None = None) -> Callable[[Request], Script]:
    """Reply with `text`, in which {id} is the id of the first sentence shown."""
    return lambda request: Script((text.format(id=first_id(request)),), usage=usage)


def test_a_models_list_is_verified_and_begins_with_the_count(shipped_library: Library) -> None:
    reply = says_with_id("- They learn in federation [{id}].\n- They fly [s9zzz].")
    with FakeModelServer(reply) as server:
        answer = with_model(shipped_library, server.base_url).ask(QUESTION)
    assert_verified(answer)
    assert (answer.mode, answer.notice, answer.dropped_citations) == ("tiny", "", 1)
    assert (answer.outcome, len(answer.borderline)) == (Outcome.ANSWERED, 1)
    assert answer.blocks[0] == Block(BlockKind.PARAGRAPH, (Claim(CHOSE),))
    said = [(c.text, c.citations, c.verdict) for b in answer.blocks[1:] for c in b.claims]
    assert said[1:] == [("They fly.", (), Verdict.UNSUPPORTED)]
    assert said[0][:2] == ("They learn in federation.", (1,))
    assert answer.usage.prompt_tokens > 100


def test_the_model_is_told_what_is_not_covered(shipped_library: Library) -> None:
    anything = AssistantSettings(
        answerability_floor=0.0, list_relevance=0.3, borderline_relevance=0.0
    )
    with FakeModelServer(says_with_id("- They learn [{id}].")) as server:
        assistant = with_model(shipped_library, server.base_url, settings=anything)
        answer = assistant.ask("Which papers deal with federated learning in porcelain kilns?")
        [request] = server.requests
    assert_verified(answer)
    assert len(answer.borderline) == anything.borderline_papers
    assert "No paper here covers “porcelain kilns”: say so in your answer." in request.prompt
    assert answer.uncovered == ("porcelain kilns",)


def test_a_table_follows_the_models_words(shipped_library: Library) -> None:
    with FakeModelServer(says_with_id("They are both systems [{id}].")) as server:
        answer = with_model(shipped_library, server.base_url).ask("Compare Llumnix and DistServe")
    assert_verified(answer)
    assert [block.kind for block in answer.blocks] == [BlockKind.PARAGRAPH, BlockKind.TABLE]
    assert first_words(answer) == "They are both systems."
    assert [row[0] for row in table_texts(answer)] == [
        "",
        "Published",
        "Problem",
        "Approach",
        "Result",
    ]
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (BATTERY, Outcome.NOT_STATED),
        ("How can federated learning cope with stale updates?", Outcome.NOT_FOUND),
    ],
)
def test_a_model_that_finds_nothing_in_the_sources(
    shipped_library: Library, question: str, outcome: Outcome
) -> None:
    with FakeModelServer(says("The abstracts do not say that.")) as server:
        answer = with_model(shipped_library, server.base_url).ask(question)
    assert_verified(answer)
    assert (answer.outcome, answer.mode) == (outcome, "tiny")
    said = Claim("The abstracts do not say that.")
    assert answer.blocks == (Block(BlockKind.PARAGRAPH, (said,)),)


AGAIN = "Ask again; if it stays so, look at the server's own log."
SLOW = "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."
SAID = "The server says: “It went wrong.”"
WRONG_KEY = "Check that the key belongs to this server."
QUOTA = "Wait a minute and ask again; a hosted service may also want its quota raised."
SILENT_S = 0.5  # how long the two that stall are waited for; the others answer at once

FAILURES: list[tuple[Script, float, str, str]] = [
    (fails(401), 60, "{server} did not accept the API key", WRONG_KEY),
    (fails(429), 60, "{server} refused more requests for now", QUOTA),
    (fails(500), 60, "{server} failed with status 500", SAID),
    (Script(ending="stall"), SILENT_S, "{server} sent nothing for 0.5 s", SLOW),
    (says("- Serving", ending="stall"), SILENT_S, "{server} sent nothing for 0.5 s", SLOW),
    (says("- Serving", ending="cut"), 60, "{server} broke off in the middle of its reply", AGAIN),
    (
        Script(body="<html>Login</html>"),
        60,
        "{server} did not answer in the way of a chat model",
        "Check the address; it usually ends in /v1.",
    ),
    (says(""), 60, "The model tiny gave an empty reply", "Ask again, or choose another model."),
]


@pytest.mark.parametrize(("script", "timeout_s", "problem", "hint"), FAILURES)
def test_a_failing_model_is_said_and_the_extractive_answer_given(
    shipped_library: Library, script: Script, timeout_s: float, problem: str, hint: str
) -> None:
    with FakeModelServer(script) as server:
        answer = with_model(shipped_library, server.base_url, timeout_s).ask(QUESTION)
    assert_verified(answer)
    named = problem.format(server=f"The model server at {server.base_url}")
    assert answer.notice == f"{named}, so this answer quotes the abstracts instead. {hint}"
    plain = Assistant(shipped_library).ask(QUESTION)
    assert replace(answer, notice="", seconds=0) == replace(plain, seconds=0)


def test_where_a_model_failed_what_is_not_stated_is_said_not_to_be(
    shipped_library: Library,
) -> None:
    with FakeModelServer(fails(500)) as server:
        answer = with_model(shipped_library, server.base_url).ask(BATTERY)
    plain = Assistant(shipped_library).ask(BATTERY)
    assert plain.outcome is Outcome.NOT_STATED
    assert replace(answer, notice="", seconds=0) == replace(plain, seconds=0)


def test_a_server_that_refuses_the_connection(shipped_library: Library) -> None:
    answer = with_model(shipped_library, "http://127.0.0.1:9/v1").ask(QUESTION)
    assert_verified(answer)
    assert answer.mode == "extractive"
    assert "http://127.0.0.1:9/v1" in answer.notice


@pytest.mark.parametrize("question", [OFF_TOPIC, "papers from 1999", "Hello!"])
def test_the_model_is_not_asked_where_there_is_nothing_to_write(
    shipped_library: Library, question: str
) -> None:
    with FakeModelServer(says("Bread.")) as server:
        answer = with_model(shipped_library, server.base_url).ask(question)
        assert server.requests == []
    plain = Assistant(shipped_library).ask(question)
    assert replace(answer, seconds=0) == replace(plain, seconds=0)


PLAN: dict[str, Any] = {
    "intent": "list",
    "topic": "federated learning",
    "standalone": "",
    "published_from": None,
    "published_to": None,
    "organization": "",
    "author": "",
    "category": "",
    "venue": "",
    "min_authors": None,
    "max_authors": None,
    "order": "newest",
    "earlier_only": False,
    "papers": [],
    "sides": [],
}


def test_what_the_plan_took_is_added_to_what_the_answer_took(shipped_library: Library) -> None:
    planned = Script((json.dumps(PLAN),), usage=(400, 90))
    written = says_with_id("- They learn [{id}].", (1000, 20))
    with FakeModelServer(planned, written) as server:
        answer = with_model(shipped_library, server.base_url, plans=True).ask(QUESTION)
        assert len(server.requests) == 2
    assert_verified(answer)
    assert (answer.plan.planner, answer.plan.topic) == ("tiny", "federated learning")
    assert answer.plan.filters == Filters(order=Order.NEWEST)
    assert answer.usage == Usage(1400, 110)


def test_what_the_plan_took_is_told_where_the_model_then_fails(shipped_library: Library) -> None:
    planned = Script((json.dumps(PLAN),), usage=(400, 90))
    with FakeModelServer(planned, fails(500)) as server:
        answer = with_model(shipped_library, server.base_url, plans=True).ask(QUESTION)
    assert (answer.mode, answer.usage) == ("extractive", Usage(400, 90))


def test_a_filter_of_the_models_plan_is_taken_off(shipped_library: Library) -> None:
    with FakeModelServer(
        Script((json.dumps(PLAN),)), says_with_id("- They learn [{id}].")
    ) as server:
        assistant = with_model(shipped_library, server.base_url, plans=True)
        *_, answer = assistant.stream(QUESTION, without=("order",))
    assert (answer.plan.filters, answer.plan.taken_off) == (Filters(), ("order",))


@pytest.mark.parametrize("planned", [fails(500), says("I cannot plan."), says('{"intent": 7}')])
def test_a_failing_planner_leaves_the_plan_of_the_rules_and_says_nothing(
    shipped_library: Library, planned: Script
) -> None:
    with FakeModelServer(planned, says_with_id("- They learn [{id}].")) as server:
        answer = with_model(shipped_library, server.base_url, plans=True).ask(QUESTION)
    assert_verified(answer)
    assert answer.plan == Assistant(shipped_library).ask(QUESTION).plan
    assert (answer.plan.intent, answer.plan.planner) == (Intent.LIST, "rules")
    assert (answer.mode, answer.notice) == ("tiny", "")


def test_a_trace_has_what_the_model_was_asked_and_said(shipped_library: Library) -> None:
    trace = Trace()
    with FakeModelServer(says_with_id("- They learn [{id}].")) as server:
        answer = with_model(shipped_library, server.base_url).ask(QUESTION, trace=trace)
        [request] = server.requests
    shown = first_id(request)
    assert trace.plan == answer.plan
    assert shown in {each.id for source in trace.sources for each in source.sentences}
    assert "\n\n".join(message.text for message in trace.messages) == request.prompt
    assert trace.reply == f"- They learn [{shown}]."


def test_stop_ends_with_what_is_there(shipped_library: Library) -> None:
    stop = threading.Event()
    with FakeModelServer(says("- Learning is", ending="stall")) as server:
        assistant = with_model(shipped_library, server.base_url, timeout_s=600)
        snapshots = []
        for snapshot in assistant.stream(QUESTION, stop=stop):
            snapshots.append(snapshot)
            if len(snapshot.blocks) > 1:  # the count comes before the model is asked
                stop.set()
        assert server.client_left.wait(30)
    last = snapshots[-1]
    assert not last.complete
    assert [claim.text for block in last.blocks for claim in block.claims] == [CHOSE, "Learning is"]


def test_stop_while_a_comparison_is_written_leaves_its_table_out(shipped_library: Library) -> None:
    stop = threading.Event()
    with FakeModelServer(says("They are", ending="stall")) as server:
        assistant = with_model(shipped_library, server.base_url, timeout_s=600)
        for snapshot in assistant.stream("Compare Llumnix and DistServe", stop=stop):
            if snapshot.blocks:
                stop.set()
        assert server.client_left.wait(30)
    assert not snapshot.complete
    assert blocks_of(snapshot, BlockKind.TABLE) == []
    assert first_words(snapshot) == "They are"
