"""Questions from beginning to end, on the shipped pages, with and without a model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from embedders import WordEmbedder
from fakes import FakeModelServer, Request, Script, fails, says
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Block, BlockKind, Claim, Intent, Outcome, Turn
from assistant.answering import Assistant
from assistant.chat_model import ChatModel, ChatModelSettings
from assistant.compose_with_model import ModelComposer
from assistant.errors import AssistantError, QuestionError
from assistant.sentence_ids import SENTENCE_ID
from assistant.settings import AssistantSettings
from vectorstore.embedding import Embedder
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.records import Paper

QUESTION = "Which papers cover LLM serving?"
OFF_TOPIC = "How long does sourdough bread take to rise at high altitude?"


def with_model(library: Library, base_url: str, timeout_s: float = 60) -> Assistant:
    """Return an assistant whose model is served at `base_url` and gets one try."""
    model = ChatModelSettings("tiny", base_url, timeout_s=timeout_s, retries=0)
    return Assistant(library, ModelComposer(ChatModel(model)))


def assert_verified(answer: Answer) -> None:
    """Insist on what every complete answer promises."""
    assert answer.complete
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for block in answer.blocks for claim in block.claims for n in claim.citations} == set(
        numbers
    )
    for citation in answer.citations:
        assert citation.quotes
        for quote in citation.quotes:
            assert citation.paper.abstract[quote.span.start : quote.span.end] == quote.text


def test_a_listing(shipped_library: Library) -> None:
    answer = Assistant(shipped_library).ask(QUESTION)
    assert_verified(answer)
    assert (answer.outcome, answer.mode, answer.notice) == (Outcome.ANSWERED, "extractive", "")
    assert answer.plan.intent is Intent.LIST
    items = [block for block in answer.blocks if block.kind is BlockKind.ITEM]
    assert [block.lead for block in items] == [c.paper.title for c in answer.citations]
    assert len(items) > 5
    titles = " ".join(citation.paper.title for citation in answer.citations[:5])
    assert "Serving" in titles
    assert len(answer.ranking) == 50


def test_a_listing_has_a_borderline_that_nothing_cites(shipped_library: Library) -> None:
    answer = Assistant(shipped_library).ask(QUESTION)
    settings = AssistantSettings()
    line, lowest = settings.list_relevance, settings.borderline_relevance
    in_band = [hit for hit in answer.ranking if lowest <= hit.relevance < line]
    assert answer.borderline == tuple(in_band[: settings.borderline_papers])
    assert answer.borderline
    matching = len(answer.citations)
    assert answer.ranking[matching].relevance < line
    assert answer.blocks[0].claims[0].text == (
        f"{matching} papers in this collection match ({len(in_band)} more are borderline):"
    )


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("What does Llumnix do about tail latencies?", Intent.FACT),
        ("Summarise what is said of LLM serving", Intent.SUMMARY),
    ],
)
def test_only_lists_have_a_borderline(
    shipped_library: Library, question: str, intent: Intent
) -> None:
    answer = Assistant(shipped_library).ask(question)
    assert (answer.plan.intent, answer.borderline) == (intent, ())


PARTLY = "Which papers deal with federated learning in porcelain kilns?"


def test_an_answer_ends_with_what_nothing_covers(shipped_library: Library) -> None:
    anything = AssistantSettings(answerability_floor=0.0, list_relevance=0.0)
    answer = Assistant(shipped_library, settings=anything).ask(PARTLY)
    assert_verified(answer)
    assert answer.blocks[-1] == Block(
        BlockKind.PARAGRAPH, (Claim("Nothing here covers “porcelain kilns”."),)
    )


def test_a_refusal_names_what_nothing_covers(shipped_library: Library) -> None:
    nothing = AssistantSettings(answerability_floor=1.1)
    answer = Assistant(shipped_library, settings=nothing).ask(PARTLY)
    assert_verified(answer)
    assert (answer.outcome, answer.borderline) == (Outcome.NOT_FOUND, ())
    assert answer.blocks[0].claims[0].text == (
        "Nothing in this collection covers “porcelain kilns”. The closest papers are:"
    )


def test_a_model_is_told_nothing_of_what_is_not_covered_and_its_list_has_a_borderline(
    shipped_library: Library,
) -> None:
    anything = AssistantSettings(
        answerability_floor=0.0, list_relevance=0.3, borderline_relevance=0.0
    )
    with FakeModelServer(cites_what_it_was_shown) as server:
        model = ChatModel(ChatModelSettings("tiny", server.base_url, retries=0))
        answer = Assistant(shipped_library, ModelComposer(model), anything).ask(PARTLY)
        [request] = server.requests
    assert_verified(answer)
    assert (answer.mode, len(answer.borderline)) == ("tiny", anything.borderline_papers)
    assert "covers" not in request.prompt
    assert "covers" not in str(answer.blocks)


def test_a_search_within_limits(shipped_library: Library) -> None:
    limits = Filters(published_from=date(2025, 1, 1), order=Order.OLDEST)
    result = Assistant(shipped_library).search("LLM serving", 5, limits)
    dates = [hit.paper.published for hit in result.hits]
    assert dates == sorted(dates, key=str)
    assert str(dates[0]) >= "2025"
    assert result.filtered.undated == 82


def test_nothing_found_shows_the_closest_papers(shipped_library: Library) -> None:
    answer = Assistant(shipped_library).ask(OFF_TOPIC)
    assert_verified(answer)
    assert answer.outcome is Outcome.NOT_FOUND
    assert [c.paper for c in answer.citations] == [hit.paper for hit in answer.ranking[:3]]


def test_the_second_turn_knows_the_first(shipped_library: Library) -> None:
    assistant = Assistant(shipped_library)
    first = assistant.ask("papers on federated learning")
    second = assistant.ask("which of those deal with stale updates?", [Turn("q", first)])
    assert_verified(second)
    known = {hit.paper.id for hit in first.ranking}
    assert {hit.paper.id for hit in second.ranking} <= known
    assert "Staleness" in second.citations[0].paper.title


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("which of those are about cooking recipes?", "cooking recipes"),
        ("which of those study zebras?", "zebras"),
    ],
)
def test_what_none_of_those_papers_answers_is_declined(
    shipped_library: Library, question: str, topic: str
) -> None:
    assistant = Assistant(shipped_library)
    first = assistant.ask("papers on federated learning")
    second = assistant.ask(question, [Turn("papers on federated learning", first)])
    assert_verified(second)
    assert second.outcome is Outcome.NOT_FOUND
    assert second.blocks[0].claims[0].text in {
        "None of those papers seems to answer that. The closest are:",
        f"None of those papers covers “{topic}”. The closest are:",
    }


def test_a_long_conversation_still_hears_the_last_question(shipped_library: Library) -> None:
    assistant = Assistant(shipped_library)
    history: list[Turn] = []
    for question in (
        "papers on federated learning",
        "and on stale updates?",
        "and what about quantum computers?",
        "and is there anything on musical instruments?",
    ):
        history.append(Turn(question, assistant.ask(question, history)))
    assert "Musical Instrument" in history[-1].answer.citations[0].paper.title


def test_snapshots_grow_into_the_answer(shipped_library: Library) -> None:
    *snapshots, answer = Assistant(shipped_library).stream(QUESTION)
    assert not any(snapshot.complete for snapshot in snapshots)
    lengths = [len(snapshot.blocks) for snapshot in snapshots]
    assert lengths == sorted(lengths)
    assert snapshots[-1].blocks == answer.blocks


def cites_what_it_was_shown(request: Request) -> Script:
    """Reply with a claim that cites the first sentence shown, and one that cites an unknown one."""
    shown = SENTENCE_ID.search(request.prompt)
    assert shown
    return says(f"- They serve models [{shown.group()}].\n", "- They fly [s9zzz].")


def test_a_models_reply_is_verified(shipped_library: Library) -> None:
    with FakeModelServer(cites_what_it_was_shown) as server:
        answer = with_model(shipped_library, server.base_url).ask(QUESTION)
    assert_verified(answer)
    assert (answer.mode, answer.notice, answer.dropped_citations) == ("tiny", "", 1)
    assert [[(c.text, c.citations, c.supported) for c in b.claims] for b in answer.blocks] == [
        [("They serve models.", (1,), True)],
        [("They fly.", (), False)],
    ]
    assert answer.prompt_tokens > 100


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
    assert replace(answer, notice="", seconds=0, prompt_tokens=0) == replace(plain, seconds=0)


def test_a_server_that_refuses_the_connection(shipped_library: Library) -> None:
    answer = with_model(shipped_library, "http://127.0.0.1:9/v1").ask(QUESTION)
    assert_verified(answer)
    assert answer.mode == "extractive"
    assert "http://127.0.0.1:9/v1" in answer.notice


def test_the_model_is_not_asked_where_nothing_is_found(shipped_library: Library) -> None:
    with FakeModelServer(says("Bread.")) as server:
        answer = with_model(shipped_library, server.base_url).ask(OFF_TOPIC)
        assert server.requests == []
    assert (answer.outcome, answer.mode) == (Outcome.NOT_FOUND, "extractive")


def test_stop_ends_with_what_is_there(shipped_library: Library) -> None:
    stop = threading.Event()
    with FakeModelServer(says("- Serving is", ending="stall")) as server:
        model = ChatModelSettings("tiny", server.base_url, timeout_s=600)
        assistant = Assistant(shipped_library, ModelComposer(ChatModel(model)))
        snapshots = []
        for snapshot in assistant.stream(QUESTION, stop=stop):
            snapshots.append(snapshot)
            if snapshot.blocks:
                stop.set()
        assert server.client_left.wait(30)
    last = snapshots[-1]
    assert not last.complete
    assert [claim.text for block in last.blocks for claim in block.claims] == ["Serving is"]


@pytest.mark.parametrize("question", ["", " \n\t", "x" * 4_001])
def test_a_question_that_cannot_be_used(shipped_library: Library, question: str) -> None:
    with pytest.raises(QuestionError):
        Assistant(shipped_library).ask(question)


def test_an_empty_library(
    make_library: Callable[[Sequence[Paper], Embedder], Library],
) -> None:
    with pytest.raises(AssistantError, match="There are no papers to answer from yet"):
        Assistant(make_library([], WordEmbedder())).ask(QUESTION)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_question_ends_verified(shipped_library: Library, question: str) -> None:
    assert_verified(Assistant(shipped_library).ask(question))
