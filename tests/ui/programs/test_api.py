"""The API as a program has it: Gradio's own client, a real server, a small library."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from threading import Event
from types import SimpleNamespace

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from recipes import KITCHEN
from running import running

from assistant.answer import Answer, Asking, Turn
from assistant.answering import Assistant
from ingest.indexing import index_pending
from ui.answer_json import answer_object, hit_object, search_notes_object, stats_object
from ui.programs.api import add_api
from ui.server.lines import Lines
from ui.server.page_app import page_server
from ui.server.visitors import program_of
from ui.server.waiting_line import WaitingLine
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder

QUESTION = "How long does sourdough bread take to rise?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: OnnxEmbedder) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("kitchen"), embedder) as library:
        library.add(KITCHEN)
        index_pending(library)
        yield library


@pytest.fixture(scope="module")
def has_model() -> Event:
    return Event()


@pytest.fixture(scope="module")
def lines(has_model: Event) -> Lines:
    """Return lines before one place each, by whose clock everything takes a second."""
    one, other = (WaitingLine(1, 2, clock=count().__next__) for _ in range(2))
    return Lines(one, other, has_model.is_set)


@pytest.fixture(scope="module")
def choice(library: Library) -> Choice:
    return Choice(Assistant(library))


@pytest.fixture(scope="module")
def desk(library: Library, choice: Choice, lines: Lines) -> SimpleNamespace:
    return SimpleNamespace(library=library, choice=choice, lines=lines, shared=False)


@pytest.fixture(scope="module")
def address(desk: SimpleNamespace, lines: Lines) -> Iterator[str]:
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as page:
        add_api(desk)
    with running(lambda host, port: page_server(page, host, port, lines=lines)) as address:
        yield address


class Choice:
    """An assistant that breaks where the question is to break it."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = self
        self.asked: list[str] = []
        self._real = assistant

    def answer(self, asking: Asking) -> Iterator[Answer]:
        self.asked.append(asking.question)
        if asking.question == "break":
            raise ZeroDivisionError("secret detail")
        return self._real.answer(asking)


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        client = Client(address, verbose=False, analytics_enabled=False)
        yield client
        client.close()


def timeless(turn: dict[str, object]) -> dict[str, object]:
    return turn | {"seconds": 0}


def test_an_answer_is_the_object_that_ask_prints(client: Client, library: Library) -> None:
    told = client.predict(question=QUESTION, api_name="/ask")
    expected = answer_object(Assistant(library).ask(QUESTION))
    assert timeless(told) == timeless(expected)
    assert told["citations"][0]["paper_id"] == "levain"


def test_a_follow_up_is_asked_with_the_questions_before_it(
    client: Client, library: Library
) -> None:
    assistant = Assistant(library)
    first = Turn(QUESTION, assistant.ask(QUESTION))
    expected = answer_object(assistant.ask("Who wrote it?", [first]))
    told = client.predict("Who wrote it?", [QUESTION], api_name="/ask")
    assert timeless(told) == timeless(expected)


def test_an_answer_can_be_limited_to_papers(client: Client) -> None:
    told = client.predict("What is good?", within=["broth"], api_name="/ask")
    assert told["plan"]["filters"]["scope"] == ["broth"]
    assert {citation["paper_id"] for citation in told["citations"]} <= {"broth"}


def test_hits_are_the_objects_that_search_prints(client: Client, library: Library) -> None:
    result = Assistant(library).search("sourdoug bread", 2, Filters())
    assert client.predict("sourdoug bread", limit=2, api_name="/search") == {
        "hits": [hit_object(hit) for hit in result.hits],
        "notes": search_notes_object(result),
    }


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"published_from": "2025"}, ["broth"]),
        ({"published_to": "2024-03"}, ["levain"]),
        ({"published_from": "2024-03-09", "published_to": "2024-03-09"}, ["levain"]),
        ({"organization": "kitchen"}, ["broth"]),
        ({"min_authors": 4}, ["broth"]),
        ({"max_authors": 3}, ["levain"]),
        ({"source": "nowhere.txt"}, []),
        ({"author": "A. Baker"}, []),
        ({"category": "cs.CL"}, []),
        ({"venue": "bread"}, []),
        ({"order": "newest", "organization": "i"}, ["broth", "levain"]),
    ],
)
def test_a_search_can_be_limited(
    client: Client, limits: dict[str, object], found: list[str]
) -> None:
    told = client.predict("bread and soup that keeps", **limits, api_name="/search")
    assert sorted(hit["paper_id"] for hit in told["hits"]) == sorted(found)


def test_stats_are_the_object_that_stats_prints(client: Client, library: Library) -> None:
    assert client.predict(api_name="/stats") == stats_object(
        library.counts(), library.embedder.name, str(library.home)
    )


@pytest.mark.parametrize(
    ("endpoint", "arguments", "said"),
    [
        ("/ask", {"question": ""}, "The question is empty. Type what you want to know."),
        ("/ask", {"question": 7}, "question has to be a text. Of 4,000 letters at most."),
        ("/ask", {"question": "x" * 10_001}, "The question has 10,001 characters; at most 4,000"),
        ("/ask", {"question": "x" * 4_001}, "The question has 4,001 characters; at most 4,000 "),
        ("/ask", {"question": "x", "history": "y"}, "history has to be a list of texts. Of 20 at"),
        ("/ask", {"question": "x", "history": ["y"] * 21}, "history has to be a list of texts."),
        ("/ask", {"question": "x", "within": [1]}, "within has to be a list of texts. Of 100,000"),
        ("/search", {"query": " "}, "The question is empty."),
        ("/search", {"query": "x" * 4_001}, "The question has 4,001 characters; at most "),
        ("/search", {"query": "x" * 10_001}, "The question has 10,001 characters; at most "),
        ("/search", {"query": "x", "limit": 0}, "limit has to be a whole number. From 1 to 1,000."),
        ("/search", {"query": "x", "limit": True}, "limit has to be a whole number."),
        ("/search", {"query": "x", "limit": "10"}, "limit has to be a whole number."),
        ("/search", {"query": "x", "min_authors": 0}, "min_authors has to be a whole number. From"),
        ("/search", {"query": "x", "published_to": "soon"}, "published_to has to be a date. Write"),
        (
            "/search",
            {"query": "x", "published_from": "2025", "published_to": "2024"},
            "A range is upside down. Give the lower end first, or leave one of them out.",
        ),
        (
            "/search",
            {"query": "x", "order": "best"},
            "There is no such order. The orders are relevance, newest, oldest, discussed.",
        ),
    ],
)
def test_what_cannot_be_used_is_told(
    client: Client, endpoint: str, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**arguments, api_name=endpoint)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("shared", [False, True])
def test_where_the_library_lies_is_told_at_this_machine_alone(
    client: Client,
    desk: SimpleNamespace,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    shared: bool,
) -> None:
    monkeypatch.setattr(desk, "shared", shared)
    place = "" if shared else f" ({library.home})"
    with pytest.raises(AppError) as caught:
        client.predict("What is good?", within=["gone"], api_name="/ask")
    assert str(caught.value) == (
        f"None of the chosen papers is in the library any more{place}."
        " Choose other papers, or ask about all of them."
    )
    assert client.predict(api_name="/stats")["home"] == ("" if shared else str(library.home))


def test_a_failure_that_nobody_foresaw_tells_nothing_of_the_inside(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "ui.question")
    with pytest.raises(AppError) as caught:
        client.predict("break", api_name="/ask")
    [failure] = [record for record in caplog.records if record.exc_info]
    found = failure.getMessage().removesuffix(": a question failed")
    assert str(caught.value) == (
        f"Something went wrong inside paperchat ({found}; see logs/paperchat.log)."
    )
    assert "secret detail" in caplog.text
    [line] = [each.getMessage() for each in caplog.records if each.name == "ui.question"]
    assert re.fullmatch(
        rf"id=\w+ by=api outcome=failed total_ms=\d+ error={found.removeprefix('error ')}", line
    )
    assert "Traceback" not in "".join(capfd.readouterr())


def test_the_endpoints_are_described(client: Client) -> None:
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert {
        name: [parameter["parameter_name"] for parameter in endpoint["parameters"]]
        for name, endpoint in endpoints.items()
    } == {
        "/ask": ["question", "history", "within"],
        "/search": [
            "query",
            "limit",
            "published_from",
            "published_to",
            "organization",
            "min_authors",
            "max_authors",
            "source",
            "order",
            "author",
            "category",
            "venue",
        ],
        "/stats": [],
    }
    assert all(endpoint["description"] for endpoint in endpoints.values())


def test_a_program_without_gradio_asks_by_two_requests(address: str) -> None:
    asked = httpx.post(f"{address}gradio_api/call/stats", json={"data": []}).json()
    told = httpx.get(f"{address}gradio_api/call/stats/{asked['event_id']}").text
    event, data = told.strip().split("\n")
    assert event == "event: complete"
    assert json.loads(data.removeprefix("data: "))[0]["papers"] == len(KITCHEN)


def posted(address: str, path: str, sent: object) -> httpx.Response:
    return httpx.post(f"{address}gradio_api/{path}", json=sent)


def told_by(address: str, path: str, sent: object) -> object:
    """Return what comes of a call, whole or as an error."""
    event = posted(address, path, sent).json()["event_id"]
    told = httpx.get(f"{address}gradio_api/{path.rstrip('/')}/{event}").text
    return json.loads(told.strip().split("\n")[1].removeprefix("data: "))


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("call/search", {"data": ["bread"]}),
        ("call/search/", {"data": ["bread", 10, ""]}),
        ("call/v2/search", {"query": "bread"}),
        ("call/v2/search", {"limit": 10, "query": "bread"}),
    ],
)
def test_what_has_a_default_may_be_left_out(
    address: str, client: Client, path: str, sent: object
) -> None:
    whole = client.predict("bread", api_name="/search")
    assert len(whole["hits"]) == len(KITCHEN)
    assert told_by(address, path, sent) == [whole]


@pytest.mark.parametrize("way", ["run", "api"])
def test_an_answer_comes_at_once_where_it_is_wanted_so(address: str, way: str) -> None:
    told = posted(address, f"{way}/ask", {"data": [QUESTION]}).json()["data"]
    assert [turn["question"] for turn in told] == [QUESTION]


ENDPOINTS = {
    "problem": "There is no such endpoint",
    "hint": "The endpoints are /ask, /search, /stats.",
}
ASK = 'Send {"data": [question, history, within]}; history and what follows may be left out.'
UNLISTED = {"problem": "The call has no list of arguments", "hint": ASK}
MISSING = {"problem": "question is missing", "hint": ASK}


@pytest.mark.parametrize(
    ("path", "sent", "status", "told"),
    [
        ("call/predict", {"data": []}, 404, ENDPOINTS),
        ("run/predict", {"data": []}, 404, ENDPOINTS),
        ("call/v2/predict", {}, 404, ENDPOINTS),
        ("call/ask", {"data": []}, 400, MISSING),
        ("call/ask", {"data": "bread"}, 400, UNLISTED),
        ("call/ask", {"data": {"question": "bread"}}, 400, UNLISTED),
        ("call/ask", {"question": "bread"}, 400, UNLISTED),
        ("run/ask", {"fn_index": 99, "data": [], "session_hash": "x"}, 400, MISSING),
        ("call/v2/ask", {}, 400, MISSING),
        (
            "call/v2/ask",
            {"question": "bread", "data": []},
            400,
            {
                "problem": "The endpoint has no such argument",
                "hint": "Its arguments are question, history, within.",
            },
        ),
        (
            "call/v2/stats",
            {"data": []},
            400,
            {"problem": "The endpoint has no such argument", "hint": "It takes none."},
        ),
        (
            "call/stats",
            {},
            400,
            {"problem": "The call has no list of arguments", "hint": 'Send {"data": []}.'},
        ),
    ],
)
def test_a_call_that_is_none_is_told_before_anything_is_done(  # noqa: PLR0913, PLR0917 - a table
    address: str,
    caplog: pytest.LogCaptureFixture,
    path: str,
    sent: object,
    status: int,
    told: dict[str, str],
) -> None:
    answer = posted(address, path, sent)
    assert (answer.status_code, answer.json()) == (status, told)
    assert caplog.records == []


def test_a_call_without_a_body_is_told(address: str) -> None:
    answer = httpx.post(f"{address}{CALL}")
    assert (answer.status_code, answer.json()) == (400, UNLISTED)


def test_half_a_character_becomes_a_question_mark(address: str) -> None:
    sent = json.dumps({"data": ["How long does it \ud800 rise?", [], []]})
    kind = {"content-type": "application/json"}
    asked = httpx.post(f"{address}{CALL}", content=sent, headers=kind).json()
    told = httpx.get(f"{address}{CALL}/{asked['event_id']}").text
    event, data = told.strip().split("\n")
    assert event == "event: complete"
    answer = json.loads(data.removeprefix("data: "))[0]
    assert answer["question"] == "How long does it ? rise?"


CALL = "gradio_api/call/ask"
FULL = {
    "problem": "Too many questions of all visitors are waiting already (2)",
    "hint": "Ask again in about 2 s.",
}
OWN = {
    "problem": "Too many questions of yours are waiting already (1)",
    "hint": "Ask again in about 1 s.",
}
SELF = program_of(("127.0.0.1", 0))


@pytest.mark.parametrize(
    ("waiting", "refused"),
    [(("ann", "ben", "carl"), (503, "2", FULL)), (("ann", SELF), (429, "1", OWN))],
)
def test_a_full_line_is_told_with_when_to_come_back(
    address: str,
    client: Client,
    lines: Lines,
    waiting: tuple[str, ...],
    refused: tuple[int, str, dict[str, str]],
) -> None:
    with ExitStack() as stack:
        for visitor in waiting:
            stack.enter_context(lines.processor.join(visitor))
        answer = httpx.post(f"{address}{CALL}", json={"data": [QUESTION, [], []]})
        assert (answer.status_code, answer.headers["retry-after"], answer.json()) == refused
        with pytest.raises(AppError) as error:
            client.predict(QUESTION, api_name="/ask")
        assert str(error.value) == "{problem}. {hint}".format(**refused[2])
        assert client.predict(api_name="/stats")["papers"] == len(KITCHEN)
    assert client.predict(QUESTION, api_name="/ask")["question"] == QUESTION


def test_a_question_waits_for_its_turn(client: Client, lines: Lines) -> None:
    with lines.processor.join("ann"):
        asked = client.submit(QUESTION, api_name="/ask")
        assert client.predict(api_name="/stats")["papers"] == len(KITCHEN)
        assert not asked.done()
    assert asked.result()["question"] == QUESTION


def test_searches_do_not_wait_for_a_chat_model(
    client: Client, lines: Lines, has_model: Event
) -> None:
    has_model.set()
    with lines.model.join("ann"):
        asked = client.submit(QUESTION, api_name="/ask")
        found = client.predict("bread", limit=1, api_name="/search")
        assert [hit["paper_id"] for hit in found["hits"]] == ["levain"]
        assert not asked.done()
    assert asked.result()["question"] == QUESTION
    has_model.clear()


def test_nothing_is_done_for_who_has_left(
    address: str, choice: Choice, client: Client, lines: Lines
) -> None:
    with lines.processor.join("ann") as ann:
        event = httpx.post(f"{address}{CALL}", json={"data": ["bread", [], []]}).json()["event_id"]
        with httpx.stream("GET", f"{address}{CALL}/{event}") as stream:
            assert stream.status_code == 200
        client.predict(api_name="/stats")  # by then the server knows
        before = len(choice.asked)
        ann.leave()
        client.predict(QUESTION, api_name="/ask")  # in its turn, which is the next
    assert choice.asked[before:] == [QUESTION]
