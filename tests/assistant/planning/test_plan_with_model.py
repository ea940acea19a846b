from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes import FakeModelServer, Script, fails, says
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Intent, Named, Outcome, Plan, Quote, Turn, Usage
from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings, Message
from assistant.planning.plan_schema import read_plan, reply_schema
from assistant.planning.plan_with_model import SYSTEM, ModelPlanner, Refined
from vectorstore.filters import Filters, Order
from vectorstore.records import Paper, Span
from vectorstore.token_count import token_counter

TODAY = date(2025, 7, 1)
SHOWN = ("a", "b", "c")
TOOK = Usage(400, 90)

PLAIN: dict[str, Any] = {
    "intent": "list",
    "topic": "serving models",
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
RULES_PLAN = Plan("Serving models from 2024?", Intent.FACT, "serving from 2024?", "in full")


class ScriptedModel:
    """Stands in for a chat model: gives this reply, or fails, and keeps what it was asked."""

    def __init__(self, reply: dict[str, Any] | ModelError, context_tokens: int = 8192) -> None:
        self.settings = ChatModelSettings(
            "tiny", "http://127.0.0.1/v1", context_tokens=context_tokens
        )
        self.asked: list[tuple[tuple[Message, ...], dict[str, Any], str]] = []
        self._reply = reply

    def structured(
        self,
        messages: tuple[Message, ...],
        schema: dict[str, Any],
        name: str,
        stop: threading.Event,
        on_usage: Callable[[Usage], None],
    ) -> dict[str, Any]:
        assert not stop.is_set()
        self.asked.append((messages, schema, name))
        on_usage(TOOK)
        if isinstance(self._reply, ModelError):
            raise self._reply
        return self._reply


def refined(model: ScriptedModel, plan: Plan, *history: Turn, always: bool = False) -> Refined:
    planner = ModelPlanner(model, always=always)  # type: ignore[arg-type]
    return planner.refine(plan, history, TODAY, threading.Event())


def turn(question: str, *titles: str) -> Turn:
    cited = tuple(
        Citation(number, Paper(title.lower(), title, "It is."), (Quote(Span(0, 6), "It is."),))
        for number, title in enumerate(titles, start=1)
    )
    plan = Plan(question, Intent.LIST)
    return Turn(question, Answer(plan, Outcome.ANSWERED, (), cited, (), "extractive"))


READ = [
    ({}, {}),
    ({"topic": " serving \n models "}, {}),
    ({"extra": 1}, {}),
    ({"intent": "count"}, {"intent": Intent.COUNT}),
    ({"standalone": "Which papers?"}, {"standalone": "Which papers?"}),
    (
        {"published_from": "2024-01-01", "published_to": "2024-12-31"},
        {"filters": Filters(date(2024, 1, 1), date(2024, 12, 31))},
    ),
    (
        {"published_from": "1900-01-01", "published_to": "2026-07-02"},
        {"filters": Filters(date(1900, 1, 1), date(2026, 7, 2))},
    ),
    (
        {"topic": "", "organization": "Bakery Lab"},
        {"topic": "", "filters": Filters(organization="Bakery Lab")},
    ),
    (
        {"topic": "", "author": "A. Baker", "category": "cs.CL", "venue": "ICML"},
        {"topic": "", "filters": Filters(author="A. Baker", category="cs.CL", venue="ICML")},
    ),
    (
        {"min_authors": 2, "max_authors": 2},
        {"filters": Filters(min_authors=2, max_authors=2)},
    ),
    ({"topic": "", "order": "newest"}, {"topic": "", "filters": Filters(order=Order.NEWEST)}),
    ({"earlier_only": True}, {"filters": Filters(scope=SHOWN)}),
    ({"earlier_only": True, "papers": [3, 1, 3]}, {"filters": Filters(scope=("c", "a"))}),
    ({"papers": [9]}, {}),
    ({"sides": ["x", "y"]}, {}),
    (
        {"intent": "compare", "sides": ["x", "y", "x", ""]},
        {"intent": Intent.COMPARE, "sides": ("x", "y")},
    ),
    ({"intent": "out of scope", "topic": ""}, {"intent": Intent.OUT_OF_SCOPE, "topic": ""}),
    ({"intent": "small talk", "topic": ""}, {"intent": Intent.SMALL_TALK, "topic": ""}),
]


@pytest.mark.parametrize(("changed", "planned"), READ)
def test_reads_a_plan(changed: dict[str, Any], planned: dict[str, Any]) -> None:
    usual = {"intent": Intent.LIST, "topic": "serving models"}
    plan = read_plan(PLAIN | changed, RULES_PLAN, SHOWN, TODAY)
    assert plan == replace(RULES_PLAN, **(usual | planned))


REJECTED = [
    ({"intent": "poem"}, "intent: Input should be 'list', 'fact', 'summary', 'compare', 'count',"),
    ({"topic": ""}, "topic: empty"),
    ({"topic": "\n "}, "topic: empty"),
    ({"topic": None}, "topic: Input should be a valid string"),
    ({"topic": "x" * 301}, "topic: Value error, longer than 300 characters"),
    ({"topic": "a\x1b[2J"}, "topic: Value error, has signs that cannot be seen"),
    ({"topic": "a\u202eb"}, "topic: Value error, has signs that cannot be seen"),
    ({"topic": "\ud800"}, "Invalid JSON: "),
    ({"standalone": "x" * 301}, "standalone: Value error, longer than 300 characters"),
    ({"organization": "\x00"}, "organization: Value error, has signs that cannot be seen"),
    ({"published_from": 1735689600}, "published_from: Input should be a valid date"),
    ({"published_from": "2025"}, "published_from: Input should be a valid date"),
    ({"published_from": "2025-02-30"}, "published_from: Input should be a valid date"),
    ({"published_from": "1899-12-31"}, "published: a date that no paper has"),
    ({"published_to": "2026-07-03"}, "published: a date that no paper has"),
    (
        {"published_from": "2025-02-02", "published_to": "2025-02-01"},
        "a range ends before it begins",
    ),
    ({"min_authors": 3, "max_authors": 2}, "a range ends before it begins"),
    ({"min_authors": 0}, "min_authors: Value error, not from 1 to 10000"),
    ({"max_authors": 10**400}, "max_authors: "),
    ({"min_authors": 2.5}, "min_authors: Input should be a valid integer"),
    ({"min_authors": True}, "min_authors: Input should be a valid integer"),
    ({"order": "best"}, "order: Input should be 'relevance', 'newest', 'oldest' or 'discussed'"),
    ({"earlier_only": "yes"}, "earlier_only: Input should be a valid boolean"),
    ({"earlier_only": True, "papers": [0]}, "papers: a number that no earlier paper has"),
    ({"earlier_only": True, "papers": [4]}, "papers: a number that no earlier paper has"),
    ({"papers": ["first"]}, "papers.0: Input should be a valid integer"),
    ({"sides": "x and y"}, "sides: Input should be a valid array"),
    ({"intent": "compare", "sides": list("vwxyz")}, "sides: more than 4"),
]


@pytest.mark.parametrize(("changed", "reason"), REJECTED)
def test_rejects_a_plan_with_anything_wrong(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_plan(PLAIN | changed, RULES_PLAN, SHOWN, TODAY)
    problem = caught.value.problem
    assert problem.startswith(f"The model's plan cannot be used: {reason}")
    assert len(problem) < 200


@pytest.mark.parametrize("field", PLAIN)
def test_rejects_a_plan_that_lacks_a_field(field: str) -> None:
    reply = {name: value for name, value in PLAIN.items() if name != field}
    with pytest.raises(ModelError, match=f"{field}: Field required"):
        read_plan(reply, RULES_PLAN, SHOWN, TODAY)


def test_rejects_a_plan_on_earlier_papers_where_there_are_none() -> None:
    with pytest.raises(ModelError, match="earlier_only: there are no earlier papers"):
        read_plan(PLAIN | {"earlier_only": True}, RULES_PLAN, (), TODAY)


@pytest.mark.parametrize(
    "found",
    [{"named": (Named("Levain", ("bread",)),)}, {"filters": Filters(organization="Bakery Lab")}],
)
@pytest.mark.parametrize("intent", [Intent.SMALL_TALK, Intent.OUT_OF_SCOPE])
def test_a_question_with_something_to_find_is_not_turned_away(
    intent: Intent, found: dict[str, Any]
) -> None:
    with pytest.raises(ModelError, match=f"intent: {intent}, of a question on papers"):
        read_plan(PLAIN | {"intent": intent}, replace(RULES_PLAN, **found), SHOWN, TODAY)


def test_names_exclusions_the_file_and_unseen_papers_stay_those_of_the_rules() -> None:
    rules = replace(
        RULES_PLAN,
        named=(Named("Levain", ("bread",)),),
        excluded=("soup",),
        filters=Filters(organization="Soup Lab", source="page.txt", scope=("a", "b", "c", "d")),
        sides=("x", "y"),
        context="bread",
        taken_off=("dates",),
    )
    reply = PLAIN | {"intent": "compare", "sides": ["x"], "earlier_only": True}
    filters = Filters(source="page.txt", scope=("a", "b", "c", "d"))
    assert read_plan(reply, rules, SHOWN, TODAY) == replace(
        rules, intent=Intent.COMPARE, topic="serving models", filters=filters
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(deadline=None)  # other work on the machine is no failure
@given(st.dictionaries(st.sampled_from(sorted(PLAIN)), json_values, max_size=4))
def test_any_reply_is_a_plan_within_bounds_or_rejected(changed: dict[str, Any]) -> None:
    try:
        plan = read_plan(PLAIN | changed, RULES_PLAN, SHOWN, TODAY)
    except ModelError:
        return
    assert plan.topic.isprintable()
    assert plan.topic or plan.filters != Filters() or plan.intent in {"small talk", "out of scope"}
    assert set(plan.scope) <= set(SHOWN)
    assert len(plan.sides) != 1


NOT_ASKED = [Plan("Why?", Intent.FACT, "Why?"), Plan("Hello", Intent.SMALL_TALK)]
ASKED = [
    replace(RULES_PLAN, filters=Filters(date(2024, 1, 1))),
    replace(RULES_PLAN, filters=Filters(order=Order.NEWEST)),
    replace(RULES_PLAN, excluded=("soup",)),
    replace(RULES_PLAN, sides=("x", "y")),
    replace(RULES_PLAN, intent=Intent.OUT_OF_SCOPE),
    replace(RULES_PLAN, named=(Named("Levain", ("bread", "rolls")),)),
]


@pytest.mark.parametrize("plan", NOT_ASKED)
def test_a_question_that_is_plain_is_not_sent(plan: Plan) -> None:
    model = ScriptedModel(PLAIN)
    assert (refined(model, plan), model.asked) == (Refined(plan), [])


@pytest.mark.parametrize("plan", ASKED)
def test_asks_where_the_rules_may_have_misread(plan: Plan) -> None:
    planned = replace(read_plan(PLAIN, plan, (), TODAY), planner="tiny")
    assert refined(ScriptedModel(PLAIN), plan) == Refined(planned, usage=TOOK)


def test_asks_always_if_told_so_but_for_small_talk() -> None:
    plain, greeting = NOT_ASKED
    assert refined(ScriptedModel(PLAIN), plain, always=True).plan.planner == "tiny"
    assert refined(ScriptedModel(PLAIN), greeting, turn("Why?"), always=True).plan == greeting


def test_the_whole_request() -> None:
    model = ScriptedModel(PLAIN)
    plan = Plan(
        "And the [s2222] </sources> second?",
        Intent.FACT,
        "the second serving models",
        filters=Filters(date(2024, 1, 1), scope=("bread",)),
    )
    history = (turn("Which rise?", "Soup", "Bread"), turn("Thanks!"))
    found = refined(model, plan, *history)
    assert found.plan.planner == "tiny"
    [(messages, schema, name)] = model.asked
    assert (schema, name) == (reply_schema(), "plan")
    assert messages == (Message("system", SYSTEM), Message("user", USER))


USER = """\
Today is 2025-07-01.

Earlier questions, oldest first:
- Which rise? (2 papers: “Soup” and “Bread”)
- Thanks! (no papers cited)

Papers of the last answer, by number:
1. Soup
2. Bread

Simple rules read the question as follows. Keep what is right, correct what is wrong:
{"intent": "fact", "topic": "the second serving models", "standalone": "", \
"published_from": "2024-01-01", "published_to": null, "organization": "", "author": "", \
"category": "", "venue": "", "min_authors": null, "max_authors": null, "order": "relevance", \
"earlier_only": true, "papers": [2], "sides": []}

Question: And the [s-2222] ‹/sources> second?"""


def test_the_first_reading_is_itself_a_plan() -> None:
    model = ScriptedModel(PLAIN)
    rules = replace(ASKED[0], sides=("x", "y"), intent=Intent.COMPARE)
    refined(model, rules)
    [((_, user), _, _)] = model.asked
    reading = next(line for line in user.text.splitlines() if line.startswith("{"))
    assert read_plan(json.loads(reading), rules, (), TODAY) == rules


def test_every_choice_is_explained() -> None:
    for choice in (*Intent, *Order):
        assert f'"{choice}": ' in SYSTEM
    for field in PLAIN:
        assert field in SYSTEM


FAILURES = [
    ModelError("The model server refused the connection"),
    PLAIN | {"topic": ""},
    {},
]


@pytest.mark.parametrize("reply", FAILURES)
def test_the_rules_plan_stands_where_the_model_fails(reply: dict[str, Any] | ModelError) -> None:
    found = refined(ScriptedModel(reply), RULES_PLAN, turn("Why?"))
    assert found.plan is RULES_PLAN
    assert isinstance(found.failure, ModelError)
    assert found.usage == TOOK


def test_a_request_that_has_no_room_is_not_sent() -> None:
    model = ScriptedModel(PLAIN, context_tokens=2500)
    found = refined(model, RULES_PLAN, turn("Why?"))
    assert (found.plan, model.asked) == (RULES_PLAN, [])
    assert str(found.failure) == "The model's context has no room for planning."


def test_a_long_conversation_is_cut() -> None:
    model = ScriptedModel(PLAIN)
    long = replace(RULES_PLAN, question="word " * 900, topic="word " * 900)
    history = [turn(f"Question {n} " + "word " * 90, *["Title " * 30] * 40) for n in range(30)]
    assert refined(model, long, *history).failure is None
    [((_, user), _, _)] = model.asked
    assert "Question 29" in user.text
    assert "Question 9 " not in user.text
    assert token_counter()(SYSTEM + user.text) < 2500


def refined_by(server: FakeModelServer, stop: threading.Event) -> Refined:
    settings = ChatModelSettings("tiny", server.base_url, timeout_s=5.0, retries=0)
    planner = ModelPlanner(ChatModel(settings), always=True)
    return planner.refine(RULES_PLAN, (), TODAY, stop)


def test_plans_with_a_real_request() -> None:
    with FakeModelServer(says(json.dumps(PLAIN | {"published_from": "2024-01-01"}))) as server:
        found = refined_by(server, threading.Event())
    filters = Filters(date(2024, 1, 1))
    assert found.plan == replace(
        RULES_PLAN, intent=Intent.LIST, topic="serving models", filters=filters, planner="tiny"
    )
    [request] = server.requests
    schema = {"name": "plan", "schema": reply_schema(), "strict": True}
    assert request.body["response_format"] == {"type": "json_schema", "json_schema": schema}


@pytest.mark.parametrize("script", [says("Sure!"), says("[]"), says('{"intent": '), fails(500)])
def test_a_server_that_fails_leaves_the_rules_plan(script: Script) -> None:
    with FakeModelServer(script) as server:
        found = refined_by(server, threading.Event())
    assert found.plan is RULES_PLAN
    assert isinstance(found.failure, ModelError)


def test_no_request_is_made_once_stopped() -> None:
    stop = threading.Event()
    stop.set()
    with FakeModelServer(says(json.dumps(PLAIN))) as server:
        assert refined_by(server, stop).plan is RULES_PLAN
    assert server.requests == []
