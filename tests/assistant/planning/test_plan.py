"""How questions are understood, alone and in conversations, on the shipped pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from turns import LISTING, found_nothing, looked_at, talked, turn

from assistant.answer import LISTS, UNSEARCHED, Answer, Citation, Intent, Outcome, Plan, Quote, Turn
from assistant.find_papers import find_papers
from assistant.planning.plan import make_plan
from assistant.planning.plan_intent import named_ids
from assistant.planning.shown_papers import earlier_hits, searched
from assistant.select import select_borderline, select_hits
from assistant.settings import AssistantSettings
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.records import Span

TODAY = date(2026, 11, 21)
SETTINGS = AssistantSettings()
LIST, FACT, SUMMARY = Intent.LIST, Intent.FACT, Intent.SUMMARY
COMPARE, COUNT, TITLE = Intent.COMPARE, Intent.COUNT, Intent.TITLE
SMALL_TALK, OUT_OF_SCOPE = Intent.SMALL_TALK, Intent.OUT_OF_SCOPE


def answered(library: Library, question: str, history: list[Turn]) -> Turn:
    """Return the question with the papers that an answer to it would show."""
    plan = make_plan(question, history, TODAY, library)
    empty = Answer(plan, Outcome.ANSWERED, (), (), (), "extractive", complete=True)
    if plan.intent in UNSEARCHED:
        return Turn(question, empty)
    found = find_papers(library, plan, SETTINGS, earlier_hits(history, plan))
    hits = select_hits(plan, found, SETTINGS)
    outcome = Outcome.ANSWERED if hits else Outcome.NOT_FOUND
    shown = hits or found.ranking[: SETTINGS.closest_papers]
    citations = tuple(
        Citation(number, hit.paper, (Quote(Span(0, 5), hit.paper.abstract[:5]),))
        for number, hit in enumerate(shown, 1)
    )
    listed = bool(hits) and plan.intent in LISTS and found.line is None
    borderline = select_borderline(found.ranking, SETTINGS) if listed else ()
    answer = replace(empty, outcome=outcome, citations=citations, ranking=found.ranking)
    return Turn(question, replace(answer, borderline=borderline))


def names(library: Library, ids: tuple[str, ...]) -> list[str]:
    """Return what the titles of papers begin with, up to a colon."""
    papers = library.catalog.papers(ids)
    return [papers[paper_id].title.split(":")[0] for paper_id in ids]


@pytest.mark.parametrize(
    ("question", "intent", "topic"),
    [
        ("Which papers cover federated learning?", LIST, "="),
        ("hi, what papers do you have on robotics?", LIST, "what papers do you have on robotics?"),
        ("why is attention slow?", FACT, "="),
        ("how do I cook pasta", FACT, "="),
        ("overview of federated learning", SUMMARY, "="),
        ("compare papers on architecture search", SUMMARY, "="),
        ("how many papers mention FPGAs?", COUNT, "="),
        ("how many papers are there?", COUNT, ""),
        ("list all papers", LIST, ""),
        ("the paper that trains 175B on one 4090", TITLE, "="),
        ("int8 vs fp8", LIST, "="),
        ("what is it?", SMALL_TALK, ""),
        ("the", SMALL_TALK, ""),
        ("thanks!", SMALL_TALK, ""),
        ("write me a poem", OUT_OF_SCOPE, ""),
    ],
)
def test_a_question_alone(
    shipped_library: Library, question: str, intent: Intent, topic: str
) -> None:
    plan = make_plan(question, (), TODAY, shipped_library)
    asked = question if topic == "=" else topic
    assert plan == Plan(question, intent, asked, "" if intent in UNSEARCHED else question)


def test_words_typed_in_a_hurry_are_spelled_out(shipped_library: Library) -> None:
    plan = make_plan("wat papers abt gpus pls", (), TODAY, shipped_library)
    spelled_out = "what papers about gpus please"
    assert plan == Plan("wat papers abt gpus pls", LIST, spelled_out, spelled_out)


@pytest.mark.parametrize(
    ("question", "intent", "topic", "filters"),
    [
        ("papers from Apple", LIST, "", Filters(organization="apple")),
        ("newest papers on agents", LIST, "agents", Filters(order=Order.NEWEST)),
        ("how many single-author papers are there?", COUNT, "", Filters(None, None, "", 1, 1)),
        (
            "summarise the 2025 work on MoE",
            SUMMARY,
            "summarise the work on MoE",
            Filters(date(2025, 1, 1), date(2025, 12, 31)),
        ),
        (
            "Papers on serving please, from 2024 and with newest first.",
            LIST,
            "serving please",
            Filters(date(2024, 1, 1), date(2024, 12, 31), order=Order.NEWEST),
        ),
        ("what's in page-3.txt", LIST, "", Filters(source="page-3.txt")),
        ("what's new", LIST, "", Filters(order=Order.NEWEST)),
    ],
)
def test_limits(
    shipped_library: Library, question: str, intent: Intent, topic: str, filters: Filters
) -> None:
    plan = make_plan(question, (), TODAY, shipped_library)
    assert plan == Plan(question, intent, topic, question, filters=filters)


@pytest.mark.parametrize(
    ("question", "intent", "named"),
    [
        ("do you have the GPTQ paper?", TITLE, ["GPTQ"]),
        ("when was DistServe published?", TITLE, ["DistServe"]),
        ("summarize DistServe in two sentences", TITLE, ["DistServe"]),
        ("what does Nexus say about energy?", FACT, ["Nexus"]),
        ("how many experts does Hecto have?", FACT, ["Hecto"]),
        ("Galvatron vs. Pipette", COMPARE, ["Galvatron", "Pipette"]),
        ("DistServe or semi-PD, which is better?", COMPARE, ["DistServe", "semi-PD"]),
        ("difference DistServe Nexus", COMPARE, ["DistServe", "Nexus"]),
    ],
)
def test_papers_that_are_named(
    shipped_library: Library, question: str, intent: Intent, named: list[str]
) -> None:
    plan = make_plan(question, (), TODAY, shipped_library)
    assert plan.intent is intent
    assert names(shipped_library, named_ids(plan.named)) == named


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("compare mixture of experts and dense models", ("mixture of experts", "dense models")),
        ("How does FastPathology compare in memory with Java-based viewers?", ()),
        ("How does a 1B Llama compare with GPT-4.1 on shopping queries?", ()),
        ("ArchGym versus plain search: which wins?", ("ArchGym", "plain search")),
        ("archgym versus plain search", ()),
        ("plain search versus random forests", ()),
    ],
)
def test_sides(shipped_library: Library, question: str, sides: tuple[str, ...]) -> None:
    plan = make_plan(question, (), TODAY, shipped_library)
    assert plan.sides == sides
    assert (plan.intent is COMPARE) is bool(sides)


@pytest.mark.parametrize(
    ("question", "intent", "papers"),
    [
        ("compare the two Dracodes papers", COMPARE, 2),
        ("compare both papers from Dracodes", COMPARE, 2),
        ("compare the two Google papers", LIST, 0),
    ],
)
def test_few_papers_of_an_organization_are_compared(
    shipped_library: Library, question: str, intent: Intent, papers: int
) -> None:
    plan = make_plan(question, (), TODAY, shipped_library)
    topic = question if papers else ""
    assert (plan.intent, plan.topic, plan.standalone) == (intent, topic, question)
    assert len(named_ids(plan.named)) == papers
    assert plan.filters == Filters(organization="dracodes" if papers else "google")


def test_others_like_a_paper(shipped_library: Library) -> None:
    plan = make_plan("papers like GPTQ", (), TODAY, shipped_library)
    assert names(shipped_library, plan.excluded) == ["GPTQ"]
    assert plan.topic.startswith("GPTQ: Accurate Post-Training Quantization")
    assert (plan.intent, plan.named) == (LIST, ())


# Conversations: each question with its intent, its topic where it is told, and the names of the
# papers that it is about, if those are few.
SERVING = "Which papers serve mixture of experts models?"
CONVERSATIONS = (
    (
        (SERVING, LIST, SERVING, None),
        ("which of those came from Apple?", LIST, SERVING, None),
        ("and on CPU?", LIST, f"on CPU? {SERVING}", None),
        ("how many are there?", COUNT, f"on CPU? {SERVING}", None),
        ("newest first", LIST, f"on CPU? {SERVING}", None),
        ("thanks!", SMALL_TALK, "", None),
        (
            "papers on neural architecture search",
            LIST,
            "neural architecture search",
            None,
        ),
        ("back to mixture of experts: newest first", LIST, SERVING, None),
        ("how many was that?", COUNT, SERVING, None),
        ("start over: papers on pruning", LIST, "pruning", None),
    ),
    (
        ("what does Nexus say about prefill?", FACT, None, ["Nexus"]),
        ("and DistServe?", FACT, "DistServe? what does say about prefill?", ["DistServe"]),
        ("how do they differ?", COMPARE, None, ["Nexus", "DistServe"]),
        ("which of these two is newer?", COMPARE, None, ["Nexus", "DistServe"]),
        ("are you sure?", COMPARE, None, ["Nexus", "DistServe"]),
        ("add semi-PD", COMPARE, None, ["Nexus", "DistServe", "semi-PD"]),
        ("drop Nexus", COMPARE, None, ["DistServe", "semi-PD"]),
        ("and on latency?", COMPARE, None, ["DistServe", "semi-PD"]),
        ("who wrote the latter", TITLE, None, ["semi-PD"]),
    ),
    (
        ("papers on speculative decoding", LIST, "speculative decoding", None),
        ("the Dovetail one", TITLE, "Dovetail", None),
        ("what speedup does it report?", FACT, "what speedup does it report?", ["Dovetail"]),
        ("and on phones?", FACT, "on phones? what speedup does it report?", ["Dovetail"]),
        ("Compare it with Llumnix", COMPARE, None, ["Dovetail", "Llumnix"]),
        ("go back to the first question", LIST, "speculative decoding", None),
    ),
    (
        ("federated learning papers since 2023", LIST, "federated learning papers", None),
        ("no, I meant 2022", LIST, "federated learning papers", None),
        ("what about apple?", LIST, "federated learning papers", None),
        ("drop the date filter", LIST, "federated learning papers", None),
        ("what about robotics?", LIST, "robotics?", None),
        ("show me everything from AI at Meta", LIST, "", None),
        ("hmm not really what I wanted", SMALL_TALK, "", None),
    ),
    (
        ("how does DistServe disaggregate prefill?", FACT, None, ["DistServe"]),
        ("how much faster is it than vLLM", FACT, None, ["DistServe"]),
        ("does it use LoRA?", FACT, None, ["DistServe"]),
        ("what are the limitations", FACT, None, ["DistServe"]),
        ("similar papers", LIST, None, None),
        ("what does the second one say?", TITLE, None, None),
        ("Which papers cover optimizers?", LIST, "Which papers cover optimizers?", None),
    ),
)


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversations(
    shipped_library: Library,
    conversation: tuple[tuple[str, Intent, str | None, list[str] | None], ...],
) -> None:
    history: list[Turn] = []
    for question, intent, topic, papers in conversation:
        history.append(answered(shipped_library, question, history))
        plan = history[-1].answer.plan
        assert (plan.question, plan.intent) == (question, intent), question
        assert topic is None or plan.topic == topic, question
        about = named_ids(plan.named) or plan.scope
        assert papers is None or names(shipped_library, about) == papers, question


def test_a_narrower_question_is_put_to_all_that_was_ranked(shipped_library: Library) -> None:
    history = [answered(shipped_library, SERVING, [])]
    ranked = tuple(hit.paper.id for hit in history[0].answer.ranking)
    plan = make_plan("which of those run on one GPU?", history, TODAY, shipped_library)
    assert plan == Plan(
        "which of those run on one GPU?",
        LIST,
        "which run on one GPU?",
        f"which of those run on one GPU? (on: {SERVING})",
        SERVING,
        Filters(scope=ranked),
    )


def test_a_condition_after_a_narrowed_list_is_put_to_all_papers(shipped_library: Library) -> None:
    history: list[Turn] = []
    for question in (SERVING, "which of those run on one GPU?"):
        history.append(answered(shipped_library, question, history))
    plan = make_plan("and on phones?", history, TODAY, shipped_library)
    assert (plan.topic, plan.scope) == (f"on phones? {SERVING}", ())


def test_a_question_on_one_paper_can_be_read_alone(shipped_library: Library) -> None:
    history = [answered(shipped_library, "tell me about Dovetail", [])]
    plan = make_plan("does it run on a phone?", history, TODAY, shipped_library)
    title = history[0].answer.citations[0].paper.title
    assert plan.standalone == f"does it run on a phone? (of: {title})"
    assert plan.context == ""


LISTED = turn("abc", borderline="d", ranked="abcdef")
HISTORIES = (
    (),
    (talked(),),
    (LISTED,),
    (LISTED, looked_at("b")),
    (LISTED, looked_at("b"), looked_at("c", TITLE), talked()),
    (turn("ab", Plan("compare a and b", COMPARE, "compare a and b")),),
    (LISTED, found_nothing(replace(LISTING, context="ovens"), "xyz")),
    (found_nothing(LISTING),),
    (turn("", Plan("papers from 2024", LIST, filters=Filters(date(2024, 1, 1)))),),
)
PIECES = st.sampled_from(
    "and those it the second which of compare GPTQ 2024 only from Apple newest first both # 3 [2]"
    " not except more back papers on how many they ones is ? what about instead in one"
    " sentence".split()
)
QUESTIONS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=10).map(" ".join))


@pytest.mark.parametrize("history", HISTORIES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS)
def test_any_question_after_any_turns(
    shipped_library: Library, history: tuple[Turn, ...], question: str
) -> None:
    plan = make_plan(question, history, TODAY, shipped_library)
    ranked = {hit.paper.id for each in history for hit in each.answer.ranking}
    assert plan.question == question
    assert set(plan.scope) <= ranked
    assert searched(history) or not plan.context


def test_long_and_hostile_questions_take_no_time(shipped_library: Library) -> None:
    for piece in (
        "how do ",
        "the one ",
        "and the ",
        "not the ",
        "from apple ",
        "1 and ",
        "a-",
        "?",
    ):
        question = (piece * 4_000)[:4_000]
        assert make_plan(question, (LISTED,), TODAY, shipped_library).question == question
