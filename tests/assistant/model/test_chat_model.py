from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
import traceback
from dataclasses import replace

import pytest
from fakes import FakeModelServer, Script, fails, says

from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings, Message

KEY = "sk-canary-7f3a9b2c"
MESSAGES = (Message("system", "Be brief."), Message("user", "Who?"))


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load llama-index once, so that no test's clock runs while it does."""
    with FakeModelServer(says("Hello")) as server:
        list(ChatModel(settings_for(server, timeout_s=60.0)).stream(MESSAGES, threading.Event()))


def settings_for(server: FakeModelServer, **changes: object) -> ChatModelSettings:
    settings = ChatModelSettings("tiny", server.base_url, api_key=KEY, timeout_s=5.0, retries=0)
    return replace(settings, **changes)


def failure(*scripts: Script, **changes: object) -> tuple[ModelError, str, list[str]]:
    """Return the error, the server's address, and the chunks that came before."""
    chunks: list[str] = []
    with FakeModelServer(*scripts) as server:
        stream = ChatModel(settings_for(server, **changes)).stream(MESSAGES, threading.Event())
        with pytest.raises(ModelError) as caught:
            chunks.extend(stream)
    return caught.value, server.base_url, chunks


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name == "chat-model"}


def test_streams_the_reply_and_sends_what_is_configured() -> None:
    with FakeModelServer(says("Hel", "lo", " there")) as server:
        model = ChatModel(settings_for(server))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Hel", "lo", " there"]

    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Who?"},
        ],
        "model": "tiny",
        "max_tokens": 2048,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.1,
    }
    assert not threads()


def test_sends_no_temperature_where_none_is_set() -> None:
    with FakeModelServer(says("Hello")) as server:
        model = ChatModel(settings_for(server, temperature=None))
        list(model.stream(MESSAGES, threading.Event()))
    assert "temperature" not in server.requests[0].body


def test_sends_no_key_of_the_environment_to_a_server_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    with FakeModelServer(says("Hello")) as server:
        list(ChatModel(settings_for(server, api_key="")).stream(MESSAGES, threading.Event()))
    assert server.requests[0].headers["authorization"] == "Bearer none"
    assert KEY not in str(server.requests[0].headers)


def test_asks_no_proxy_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with FakeModelServer(says("Hello")) as server:
        model = ChatModel(settings_for(server))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Hello"]


def test_leaves_out_thoughts_that_the_server_sends_apart() -> None:
    with FakeModelServer(Script(("Yes",), thoughts=("Hmm. ", "Well."))) as server:
        model = ChatModel(settings_for(server))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Yes"]


TOOL_CALL = {
    "index": 0,
    "id": "1",
    "type": "function",
    "function": {"name": "search", "arguments": "{}"},
}


def streamed(*deltas: dict[str, object], finish_reason: str | None = "stop") -> Script:
    """Stream these deltas, whatever is in them, and the end of a reply."""
    chunks = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    chunks.append({"index": 0, "delta": {}, "finish_reason": finish_reason})
    events = [f"data: {json.dumps({'choices': [chunk]})}\n\n" for chunk in chunks]
    return Script(body="".join(events), content_type="text/event-stream")


ADDRESS_HINT = "Check the address; it usually ends in /v1."
AGAIN_HINT = "Ask again; if it stays so, look at the server's own log."
OTHER_HINT = "Ask again, or choose another model."
HTML = "<!doctype html><html><body>Sign in</body></html>"


@pytest.mark.parametrize(
    ("script", "problem", "hint", "chunks"),
    [
        pytest.param(
            fails(401, f"Incorrect API key provided: {KEY}"),
            "The model server at URL did not accept the API key",
            "Check that the key belongs to this server.",
            [],
            id="wrong key",
        ),
        pytest.param(
            fails(404, "The model `tiny` does not exist"),
            "The model server at URL does not know the model tiny, or the address is wrong",
            "The server says: “The model `tiny` does not exist”",
            [],
            id="unknown model",
        ),
        pytest.param(
            Script(status=404, body="Not Found", content_type="text/plain"),
            "The model server at URL does not know the model tiny, or the address is wrong",
            ADDRESS_HINT,
            [],
            id="wrong path",
        ),
        pytest.param(
            fails(429),
            "The model server at URL refused more requests for now",
            "Wait a minute and ask again; a hosted service may also want its quota raised.",
            [],
            id="over the limit",
        ),
        pytest.param(
            fails(400, f"too many tokens\nfor {KEY}" + "." * 300),
            "The model server at URL did not accept the request and answered with status 400",
            "The server says: “too many tokens for (key)" + "." * 175 + "…”",
            [],
            id="bad request",
        ),
        pytest.param(
            fails(500),
            "The model server at URL failed with status 500",
            "The server says: “It went wrong.”",
            [],
            id="internal error",
        ),
        pytest.param(
            Script(status=502, body=HTML, content_type="text/html"),
            "The model server at URL failed with status 502",
            AGAIN_HINT,
            [],
            id="bad gateway",
        ),
        pytest.param(
            fails(307, Location="http://127.0.0.1:9/v1/chat/completions"),
            "The model server at URL did not accept the request and answered with status 307",
            "The server says: “It went wrong.”",
            [],
            id="redirect",
        ),
        pytest.param(
            Script(body=HTML, content_type="text/html"),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="web page",
        ),
        pytest.param(
            Script(body='{"id": 1}'),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="no stream",
        ),
        pytest.param(
            Script(body='data: {"id": 1}\n\n', content_type="text/event-stream"),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="another protocol",
        ),
        pytest.param(
            Script(body="data: [1, 2\n\n", content_type="text/event-stream"),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="invalid JSON",
        ),
        pytest.param(
            says("Hel", "lo", ending="garbage"),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            ["Hel", "lo"],
            id="invalid JSON in mid-stream",
        ),
        pytest.param(
            says("Hel", "lo", ending="cut"),
            "The model server at URL broke off in the middle of its reply",
            AGAIN_HINT,
            ["Hel", "lo"],
            id="cut in mid-stream",
        ),
        pytest.param(
            says("Hel", "lo", ending="unfinished"),
            "The model server at URL broke off in the middle of its reply",
            AGAIN_HINT,
            ["Hel", "lo"],
            id="no finish reason",
        ),
        pytest.param(
            says("Hel", "lo", ending="error"),
            "The model server at URL failed in the middle of its reply",
            "The server says: “Out of memory.”",
            ["Hel", "lo"],
            id="error in mid-stream",
        ),
        pytest.param(
            says("Hel", "lo", finish_reason="length"),
            "The model tiny was cut off at its limit of 2048 tokens",
            "Ask for less, or about fewer papers.",
            ["Hel", "lo"],
            id="too long",
        ),
        pytest.param(
            says("Hel", "lo", finish_reason="content_filter"),
            "The model tiny withheld its reply",
            OTHER_HINT,
            ["Hel", "lo"],
            id="withheld",
        ),
        pytest.param(
            Script(thoughts=("Hmm.",), finish_reason="length"),
            "The model tiny was cut off at its limit of 2048 tokens",
            "It had written nothing but thoughts; a larger PAPERCHAT_CONTEXT_TOKENS gives room.",
            [],
            id="too long a thought",
        ),
        pytest.param(
            streamed({"content": "Let me see."}, {"tool_calls": [TOOL_CALL]}),
            "The model tiny asked for a tool, and was offered none",
            OTHER_HINT,
            ["Let me see."],
            id="tool call",
        ),
        pytest.param(
            says("Let me see.", finish_reason="tool_calls"),
            "The model tiny asked for a tool, and was offered none",
            OTHER_HINT,
            ["Let me see."],
            id="end for a tool call",
        ),
        pytest.param(
            Script(body="data: " + "[" * 100_000 + "\n\n", content_type="text/event-stream"),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="nested without end",
        ),
        pytest.param(
            streamed({"content": 5}),
            "The model server at URL did not answer in the way of a chat model",
            ADDRESS_HINT,
            [],
            id="a number for text",
        ),
        pytest.param(
            says(" ", "\n"),
            "The model tiny gave an empty reply",
            OTHER_HINT,
            [" ", "\n"],
            id="empty",
        ),
        pytest.param(
            says("x" * 250_000, "x" * 250_000),
            "The model tiny did not end its reply",
            OTHER_HINT,
            ["x" * 250_000],
            id="endless",
        ),
    ],
)
def test_says_what_went_wrong(script: Script, problem: str, hint: str, chunks: list[str]) -> None:
    error, url, before = failure(script)
    assert (error.problem, error.hint) == (problem.replace("URL", url), hint)
    assert before == chunks
    assert not threads()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("user", ["", "me:secret@"])
def test_says_that_there_is_no_server(user: str) -> None:
    port = unused_port()
    settings = ChatModelSettings("tiny", f"http://{user}127.0.0.1:{port}/v1", retries=0)
    with pytest.raises(ModelError) as caught:
        list(ChatModel(settings).stream(MESSAGES, threading.Event()))
    server = f"The model server at http://127.0.0.1:{port}/v1"
    assert caught.value.problem == f"{server} refused the connection"
    assert caught.value.hint == "Start the server, or check the address."


@pytest.mark.parametrize(
    "base_url", ["", "127.0.0.1/v1", "localhost:8000", "http://", "http://[::1", "ftp://x", KEY]
)
def test_refuses_what_is_no_address(base_url: str) -> None:
    with pytest.raises(ModelError) as caught:
        ChatModel(ChatModelSettings("tiny", base_url))
    assert str(caught.value) == (
        "The address of the model server is not a web address. "
        "It looks like http://127.0.0.1:8000/v1."
    )


def test_says_that_a_model_is_not_for_chat() -> None:
    settings = ChatModelSettings("gpt-5.2-pro", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelError) as caught:
        list(ChatModel(settings).stream(MESSAGES, threading.Event()))
    assert caught.value.problem == (
        "The model server at http://127.0.0.1:9/v1 did not answer in the way of a chat model"
    )


@pytest.mark.parametrize(
    "script",
    [Script(silent=True), Script(ending="stall"), says("Hel", "lo", ending="stall")],
    ids=["no status line", "no chunk", "mid-stream"],
)
def test_gives_up_on_a_silent_server(script: Script) -> None:
    started = time.monotonic()
    error, url, chunks = failure(script, timeout_s=0.4)
    assert error.problem == f"The model server at {url} sent nothing for 0.4 s"
    assert chunks == list(script.chunks)
    assert time.monotonic() - started >= 0.4
    assert not threads()


@pytest.mark.parametrize("delay_s", [0.1, 0.01])
@pytest.mark.parametrize(
    "script",
    [Script(("",) * 200), Script(("Hel", *[" "] * 200)), Script(thoughts=("Hm", *[""] * 200))],
    ids=["no word", "no further word", "no further thought"],
)
def test_gives_up_on_a_server_that_sends_no_words(script: Script, delay_s: float) -> None:
    started = time.monotonic()
    # All of it takes at least two seconds, and would be an answer.
    error, url, _ = failure(replace(script, chunk_delay_s=delay_s), timeout_s=0.5)
    assert error.problem == f"The model server at {url} sent nothing for 0.5 s"
    assert time.monotonic() - started >= 0.5
    assert not threads()


def test_waits_as_long_as_thoughts_arrive() -> None:
    slow = Script(("Yes",), thoughts=("a", "", "b", "", "c"), chunk_delay_s=0.4)
    with FakeModelServer(slow) as server:
        model = ChatModel(settings_for(server, timeout_s=1.9))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Yes"]


def test_time_of_the_reader_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    read_s = 0.0
    monkeypatch.setattr("assistant.model.chat_model.monotonic", lambda: time.monotonic() + read_s)
    with FakeModelServer(Script(("a", " ", "b"))) as server:
        reply = ChatModel(settings_for(server)).stream(MESSAGES, threading.Event())
        chunks = []
        for chunk in reply:
            chunks.append(chunk)
            read_s += 60  # longer than the model may be silent
    assert chunks == ["a", " ", "b"]


def test_waits_as_long_as_something_arrives() -> None:
    slow = Script(("a", "b", "c", "d"), chunk_delay_s=0.5)
    with FakeModelServer(slow) as server:
        model = ChatModel(settings_for(server, timeout_s=1.9))
        assert list(model.stream(MESSAGES, threading.Event())) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "script",
    [Script(silent=True), Script(ending="stall"), says("Hel", "lo", ending="stall")],
    ids=["no status line", "no chunk", "mid-stream"],
)
def test_stops_when_told_to_and_hangs_up(script: Script) -> None:
    stop = threading.Event()
    with FakeModelServer(script) as server:
        # Far longer than the test may take: only `stop` can end this.
        stream = ChatModel(settings_for(server, timeout_s=600)).stream(MESSAGES, stop)
        chunks = [next(stream) for _ in script.chunks]
        threading.Timer(0.2, stop.set).start()
        assert [*chunks, *stream] == list(script.chunks)
        assert server.client_left.wait(30)
    assert not threads()


def test_asks_nobody_once_stopped() -> None:
    stop = threading.Event()
    stop.set()
    with FakeModelServer(says("Hello")) as server:
        assert list(ChatModel(settings_for(server)).stream(MESSAGES, stop)) == []
    assert server.requests == []


def test_stops_while_connecting() -> None:
    stop = threading.Event()
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # A queue of one that is taken: the kernel leaves further connections unanswered.
        with socket.create_connection(full.getsockname()):
            url = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
            threading.Timer(0.3, stop.set).start()
            # Far longer than the test may take: only `stop` can end this.
            model = ChatModel(ChatModelSettings("tiny", url, timeout_s=600.0))
            assert list(model.stream(MESSAGES, stop)) == []
    assert not threads()


def test_hangs_up_when_the_reader_goes_away() -> None:
    with FakeModelServer(says("Hel", "lo", ending="stall")) as server:
        stream = ChatModel(settings_for(server)).stream(MESSAGES, threading.Event())
        assert next(stream) == "Hel"
        stream.close()  # type: ignore[attr-defined]
        assert server.client_left.wait(1)
    assert not threads()


def test_does_not_wait_for_the_end_of_a_finished_reply() -> None:
    finish = (
        'data: {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}\n\n'
        'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    )
    with FakeModelServer(Script(body=finish, content_type="text/event-stream")) as server:
        model = ChatModel(settings_for(server))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Hi"]


@pytest.mark.parametrize("first", [fails(429), fails(503)], ids=["over the limit", "overloaded"])
def test_tries_again_once_before_the_first_word(first: Script) -> None:
    with FakeModelServer(first, says("Hello")) as server:
        model = ChatModel(settings_for(server, retries=1))
        assert list(model.stream(MESSAGES, threading.Event())) == ["Hello"]
    assert len(server.requests) == 2


def test_does_not_try_again_after_the_first_word() -> None:
    with FakeModelServer(says("Hel", ending="cut"), says("Hello")) as server:
        model = ChatModel(settings_for(server, retries=1))
        with pytest.raises(ModelError):
            list(model.stream(MESSAGES, threading.Event()))
    assert len(server.requests) == 1


def test_answers_two_at_once() -> None:
    with FakeModelServer(says("Hel", "lo")) as server:
        model = ChatModel(settings_for(server))
        first = model.stream(MESSAGES, threading.Event())
        second = model.stream(MESSAGES, threading.Event())
        pairs = list(zip(first, second, strict=True))
    assert pairs == [("Hel", "Hel"), ("lo", "lo")]


@pytest.mark.parametrize(
    "script",
    [
        says("Hello"),
        fails(401, f"Incorrect API key provided: {KEY}"),
        fails(400, f"Bad key {KEY}"),
        fails(500, KEY),
        Script(body=f"data: {KEY}\n\n", content_type="text/event-stream"),
    ],
)
def test_the_key_shows_nowhere(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeModelServer(script) as server:
        settings = settings_for(server)
        shown = [repr(settings), str(settings)]
        try:
            list(ChatModel(settings).stream(MESSAGES, threading.Event()))
        except ModelError as error:
            shown += [str(error), repr(error), error.problem, error.where, error.hint]
            shown += traceback.format_exception(error)
    assert KEY not in "\n".join([*shown, caplog.text])


def test_writes_nothing_to_the_environment() -> None:
    before = dict(os.environ)
    with FakeModelServer(says("Hello")) as server:
        list(ChatModel(settings_for(server)).stream(MESSAGES, threading.Event()))
    assert dict(os.environ) == before
