"""The API as a program has it: Gradio's own client, a real server, a small library."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from ui.server.page_app import page_server
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
def address(library: Library) -> Iterator[str]:
    import gradio as gr

    with gr.Blocks(analytics_enabled=False) as page:
        add_api(SimpleNamespace(library=library, choice=Choice(Assistant(library))))
    with running(lambda host, port: page_server(page, host, port)) as address:
        yield address


class Choice:
    """An assistant that breaks where the question is to break it."""

    locked = False

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = self
        self._real = assistant

    def answer(self, asking: Asking) -> Iterator[Answer]:
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
        ("/ask", {"question": 7}, "question has to be a text. Of 10,000 letters at most."),
        ("/ask", {"question": "x" * 10_001}, "question has to be a text. Of 10,000 letters"),
        ("/ask", {"question": "x" * 9_999}, "The question has 9,999 characters; at most "),
        ("/ask", {"question": "x", "history": "y"}, "history has to be a list of texts. Of 20 at"),
        ("/ask", {"question": "x", "history": ["y"] * 21}, "history has to be a list of texts."),
        ("/ask", {"question": "x", "within": [1]}, "within has to be a list of texts. Of 100,000"),
        ("/search", {"query": " "}, "The question is empty."),
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


def test_a_failure_that_nobody_foresaw_tells_nothing_of_the_inside(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict("break", api_name="/ask")
    assert str(caught.value) == "Something went wrong inside paperchat; the log has the details."
    assert "secret detail" in caplog.text
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
