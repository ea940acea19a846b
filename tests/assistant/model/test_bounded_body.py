"""Bodies that are too long to be a reply, or packed: given up, with little of them in memory."""

from __future__ import annotations

import json
import tracemalloc
from threading import Event

import pytest
from fakes import FakeModelServer, Script, says

from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings, Message

EVENTS = "text/event-stream"
MEGABYTE = 1_000_000
MESSAGES = (Message("user", "Who?"),)
NO_MODEL = "did not answer in the way of a chat model"
PACKED = (("Content-Encoding", "gzip"),)


def chunk(text: str, finish_reason: str | None = None) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}
    return f"data: {json.dumps({'choices': [choice]})}\n\n"


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load llama-index once, so that its modules are not counted as a reply's memory."""
    with FakeModelServer(says("Hello")) as server:
        list(ChatModel(ChatModelSettings("tiny", server.base_url)).stream(MESSAGES, Event()))


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (Script(body=f"data: {'x' * 30 * MEGABYTE}", content_type=EVENTS), NO_MODEL),
        (Script(body="data: x\n" * 4 * MEGABYTE, content_type=EVENTS), NO_MODEL),
        (Script(body=chunk("Hi") + "x" * 30 * MEGABYTE, content_type=EVENTS), NO_MODEL),
        (Script(body=json.dumps({"x": "x" * 30 * MEGABYTE})), NO_MODEL),
        (Script(status=500, body="x\n\n" * 10 * MEGABYTE, content_type=EVENTS), NO_MODEL),
        (Script(body="packed", content_type=EVENTS, headers=PACKED), NO_MODEL),
        (Script(status=500, body="packed", headers=PACKED), NO_MODEL),
    ],
    ids=["a line", "an event", "a later event", "JSON", "an error", "packed", "a packed error"],
)
def test_a_body_that_can_be_no_reply(script: Script, problem: str) -> None:
    with FakeModelServer(script) as server:
        model = ChatModel(ChatModelSettings("tiny", server.base_url, retries=0))
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            with pytest.raises(ModelError) as caught:
                list(model.stream(MESSAGES, Event()))
            used = tracemalloc.get_traced_memory()[1] - before - len(script.body)
        finally:
            tracemalloc.stop()
    assert caught.value.problem == f"The model server at {server.base_url} {problem}"
    assert used < 25 * MEGABYTE
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_many_events_are_no_long_one() -> None:
    body = "".join(chunk("bread" * 100) for _ in range(700)) + ": wait\n\n" * MEGABYTE
    body += chunk("", "stop")
    with FakeModelServer(Script(body=body, content_type=EVENTS)) as server:
        model = ChatModel(ChatModelSettings("tiny", server.base_url, retries=0))
        assert "".join(model.stream(MESSAGES, Event())) == "bread" * 70_000
