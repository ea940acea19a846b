"""What servers refuse to take, and how the tokens of a reply are counted."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from embedding_server import raw_server
from fakes import FakeModelServer, Request, Script, fails, says

from assistant.answer import Usage
from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings, Message
from assistant.model.refused_options import Option
from assistant.model.token_usage import Prices
from vectorstore.token_count import token_counter

MESSAGES = (Message("system", "Be brief."), Message("user", "Who?"))


def settings_for(base_url: str, **changes: object) -> ChatModelSettings:
    return replace(ChatModelSettings("tiny", base_url, timeout_s=20.0, retries=0), **changes)


def reply(model: ChatModel) -> str:
    return "".join(model.stream(MESSAGES, Event()))


def refusing(*names: str, error: Callable[[str], Script]) -> Callable[[Request], Script]:
    """Refuse a request for the first of these parameters that it has; answer one that has none."""

    def answer(request: Request) -> Script:
        refused = next((name for name in names if name in request.body), None)
        return error(refused) if refused else says("Hello")

    return answer


def unsupported(name: str) -> Script:
    """Refuse as OpenAI does."""
    instead = " Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
    return fails(400, f"Unsupported parameter: '{name}' is not supported with this model.{instead}")


def forbidden(name: str) -> Script:
    """Refuse as servers with a strict schema do, without a message for people."""
    kind = {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs not permitted"}
    return Script(status=422, body=json.dumps({"detail": [kind]}))


PLAIN = {"max_tokens": 2048, "stream_options": {"include_usage": True}, "temperature": 0.1}


@pytest.mark.parametrize(
    ("names", "error", "sent"),
    [
        (
            ["max_tokens", "temperature"],
            unsupported,
            {"max_completion_tokens": 2048, "stream_options": {"include_usage": True}},
        ),
        (
            ["temperature"],
            unsupported,
            {key: PLAIN[key] for key in ("max_tokens", "stream_options")},
        ),
        (["stream_options"], forbidden, {key: PLAIN[key] for key in ("max_tokens", "temperature")}),
        (["max_tokens"], forbidden, {"max_completion_tokens": 2048} | PLAIN),
        (
            ["stream_options"],
            lambda _: Script(status=400, body="Bad Request", content_type="text/plain"),
            {key: PLAIN[key] for key in ("max_tokens", "temperature")},
        ),
        (
            ["stream_options"],
            lambda _: fails(500, "Unknown field stream_options"),
            {key: PLAIN[key] for key in ("max_tokens", "temperature")},
        ),
    ],
)
def test_goes_without_what_a_server_refuses_and_remembers_it(
    names: list[str], error: Callable[[str], Script], sent: dict[str, object]
) -> None:
    sent = {key: value for key, value in sent.items() if key not in names}
    with FakeModelServer(refusing(*names, error=error)) as server:
        model = ChatModel(settings_for(server.base_url))
        assert reply(model) == "Hello"
        assert len(server.requests) == len(names) + 1
        assert reply(model) == "Hello"
    *_, last = server.requests
    assert len(server.requests) == len(names) + 2
    assert {
        key: last.body[key] for key in last.body if key not in {"messages", "model", "stream"}
    } == (sent)
    assert model.refused == {Option(name) for name in names}


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        (fails(400, "'max_tokens' is too large: 2048. The context has 1024 tokens."), 1),
        (fails(400, "This model's maximum context length is 1024 tokens."), 1),
        (fails(401, "The temperature is not supported with this key"), 1),
        # Of these, each refusal is believed once, and then none is left to blame.
        (fails(400, "max_tokens and temperature are not supported"), 3),
        (fails(400, "No."), 2),
    ],
)
def test_remembers_no_refusal_that_was_of_no_use(script: Script, requests: int) -> None:
    with FakeModelServer(script) as server:
        model = ChatModel(settings_for(server.base_url))
        with pytest.raises(ModelError):
            reply(model)
    assert len(server.requests) == requests
    assert model.refused == frozenset()


def test_threads_that_learn_at_once_forget_nothing() -> None:
    both = threading.Barrier(2)

    def answer(request: Request) -> Script:
        wanted = "stream_options" if "response_format" in request.body else "temperature"
        if len(server.requests) <= 2:
            both.wait(20)
        return unsupported(wanted) if wanted in request.body else says('{"word": "ready"}')

    with FakeModelServer(answer) as server:
        model = ChatModel(settings_for(server.base_url))
        thread = threading.Thread(target=reply, args=(model,))
        thread.start()
        assert model.structured(MESSAGES, {}, "word", Event()) == {"word": "ready"}
        thread.join(20)
    assert model.refused == {Option.USAGE, Option.TEMPERATURE}


def usages(script: Script, **changes: object) -> tuple[list[Usage], bool]:
    """Return what the reader of a stream was told, and whether the server had counted."""
    told: list[Usage] = []
    with FakeModelServer(script) as server:
        model = ChatModel(settings_for(server.base_url, **changes))
        try:
            list(model.stream(MESSAGES, Event(), told.append))
        except ModelError:
            assert script.ending != "done"
    return told, model.reports_usage


def our_count(*written: str) -> Usage:
    count = token_counter()
    return Usage(count("Be brief.") + count("Who?") + 2 * 4 + 3, count("".join(written)))


def test_tells_what_the_server_counts() -> None:
    assert usages(Script(("Hel", "lo"), usage=(12, 3))) == ([Usage(12, 3)], True)


def test_counts_where_the_server_does_not() -> None:
    assert usages(says("Hello ", "there")) == ([our_count("Hello there")], False)
    thoughtful = Script(("Yes",), thoughts=("Hmm. ",))
    assert usages(thoughtful) == ([our_count("Hmm. ", "Yes")], False)


def test_counts_what_a_broken_reply_took() -> None:
    assert usages(says("Hello", ending="cut")) == ([our_count("Hello")], False)
    assert usages(Script(status=400, body="{}", ending="cut")) == ([], False)


def test_tells_the_cost() -> None:
    [usage], _ = usages(Script(("Hello",), usage=(2_000, 500)), prices=Prices(3.0, 12.0))
    assert usage == Usage(2_000, 500, pytest.approx(0.012))
    [counted], _ = usages(says("Hello"), prices=Prices(0.0, 1_000_000.0))
    assert counted.cost == counted.reply_tokens


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [],
        "many",
        {},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": -1, "completion_tokens": 3},
        {"prompt_tokens": "12", "completion_tokens": 3},
        {"prompt_tokens": 12, "completion_tokens": None},
        {"prompt_tokens": 12.5, "completion_tokens": True},
        {"prompt_tokens": 10**30, "completion_tokens": 3},
    ],
)
def test_believes_no_count_that_is_none(usage: object) -> None:
    text = {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
    body = f"data: {json.dumps(text | {'usage': usage})}\n\n"
    script = Script(body=body, content_type="text/event-stream")
    assert usages(script) == ([our_count("Hi")], False)


FINISH = (
    b'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}\n\n'
)


@pytest.mark.parametrize("after", [b"", b": wait\n\n", b"data: {\n\n", b"data: 5\n\n"])
def test_waits_for_no_count_that_does_not_come(after: bytes) -> None:
    def write(connection: socket.socket, stopping: Event) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        connection.sendall(head + FINISH + after)
        stopping.wait(20)

    told: list[Usage] = []
    with raw_server(write) as base_url:
        model = ChatModel(settings_for(base_url, timeout_s=600.0))
        started = time.monotonic()
        assert list(model.stream(MESSAGES, Event(), told.append)) == ["Hi"]
        assert time.monotonic() - started < 10
    assert told == [our_count("Hi")]


def test_counts_what_a_stopped_reply_took() -> None:
    stop, told = Event(), list[Usage]()
    with FakeModelServer(says("Hel", "lo", ending="stall")) as server:
        stream = ChatModel(settings_for(server.base_url)).stream(MESSAGES, stop, told.append)
        assert (next(stream), next(stream)) == ("Hel", "lo")
        stop.set()
        assert list(stream) == []
    assert told == [our_count("Hello")]
