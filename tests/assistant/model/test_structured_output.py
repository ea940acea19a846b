"""JSON by schema: what is asked, what is made of the reply, and how a bad one ends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from fakes import FakeModelServer, Request, Script, fails, says
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Usage
from assistant.errors import ModelError
from assistant.model.chat_model import ChatModel, ChatModelSettings, Message
from assistant.model.json_reply import json_object
from assistant.model.refused_options import Option

MESSAGES = (Message("system", "Plan."), Message("user", "Who?"))
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"word": {"type": "string"}}}
READY = '{"word": "ready"}'
IN_WORDS = (
    "Plan.\n\nReply with one JSON object and nothing else. It must fit this JSON schema:\n"
    '{"type": "object", "properties": {"word": {"type": "string"}}}'
)
BY_SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "plan", "schema": SCHEMA, "strict": True},
}


def model_for(server: FakeModelServer, **changes: object) -> ChatModel:
    limits = ChatModelSettings("tiny", server.base_url, timeout_s=15.0, retries=0)
    return ChatModel(replace(limits, **changes))


def ask(model: ChatModel, stop: Event | None = None) -> dict[str, Any]:
    return model.structured(MESSAGES, SCHEMA, "plan", stop or Event())


def test_asks_by_schema_within_limits_of_its_own() -> None:
    told: list[Usage] = []
    with FakeModelServer(Script((READY[:5], READY[5:]), usage=(9, 4))) as server:
        found = model_for(server).structured(MESSAGES, SCHEMA, "plan", Event(), told.append)
    assert found == {"word": "ready"}
    assert told == [Usage(9, 4)]
    [request] = server.requests
    assert request.body == {
        "messages": [{"role": "system", "content": "Plan."}, {"role": "user", "content": "Who?"}],
        "model": "tiny",
        "max_tokens": 1000,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.1,
        "response_format": BY_SCHEMA,
    }


@pytest.mark.parametrize(
    ("taken", "error", "formats", "refused"),
    [
        (
            "json_object",
            fails(400, "'response_format' of type 'json_schema' is not supported"),
            [BY_SCHEMA, {"type": "json_object"}],
            {Option.JSON_SCHEMA},
        ),
        (
            "",
            fails(400, "Unknown name response_format"),
            [BY_SCHEMA, {"type": "json_object"}, None],
            {Option.JSON_SCHEMA, Option.JSON_OBJECT},
        ),
        (
            "",
            Script(status=422, body="{}"),
            [BY_SCHEMA, {"type": "json_object"}, None],
            {Option.JSON_SCHEMA, Option.JSON_OBJECT},
        ),
        (
            "json_object",
            fails(500, "failed to parse grammar"),
            [BY_SCHEMA, {"type": "json_object"}],
            {Option.JSON_SCHEMA},
        ),
    ],
)
def test_asks_in_words_where_a_server_takes_no_schema(
    taken: str, error: Script, formats: list[object], refused: set[Option]
) -> None:
    def answer(request: Request) -> Script:
        asked = request.body.get("response_format", {"type": ""})["type"]
        return says(READY) if asked == taken else error

    with FakeModelServer(answer) as server:
        model = model_for(server)
        assert ask(model) == {"word": "ready"}
        assert [request.body.get("response_format") for request in server.requests] == formats
        assert server.requests[-1].body["messages"][0]["content"] == IN_WORDS
        assert model.refused == refused
        # Remembered: one more request, and a reply in prose is not asked for as JSON.
        assert ask(model) == {"word": "ready"}
        assert len(server.requests) == len(formats) + 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (READY, {"word": "ready"}),
        (f"```json\n{READY}\n```", {"word": "ready"}),
        (f"Here it is: {READY} - as you asked.", {"word": "ready"}),
        (f'<think>Or {{"word": 1}}?</think>\n{READY}', {"word": "ready"}),
        (f"So I write {{this}}.</think>{READY}", {"word": "ready"}),
        (f"<thinking>a</think>b</thinking>{READY}", {"word": "ready"}),
        ("{}", {}),
        ('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}),
        ("", None),
        ("ready", None),
        ("[1, 2]", None),
        ('"{"', None),
        ("} {", None),
        ('{"word": ', None),
        ('{"word": NaN}', None),
        ('{"number": ' + "9" * 5_000 + "}", None),
        ('{"a": ' * 20_000 + "1" + "}" * 20_000, None),
        (f"<think>Shall I say {READY}?", None),
        (f"{READY} or {READY}", None),
    ],
)
def test_finds_the_object_in_a_reply(text: str, found: dict[str, Any] | None) -> None:
    if found is None:
        with pytest.raises(ValueError):  # noqa: PT011 - any is one
            json_object(text)
    else:
        assert json_object(text) == found


@given(st.text())
def test_finds_an_object_or_raises_value_error(text: str) -> None:
    try:
        assert isinstance(json_object(text), dict)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (says("ready"), "The model tiny did not reply in the form that it was asked for"),
        (says("word " * 9_000), "The model tiny did not end its reply"),
        (
            says("word " * 7_000, finish_reason="length"),
            "The model tiny was cut off at its limit of 1000 tokens",
        ),
        (says(" "), "The model tiny gave an empty reply"),
        (
            says("", finish_reason="tool_calls"),
            "The model tiny asked for a tool, and was offered none",
        ),
        (
            Script(body="<html>Sign in</html>", content_type="text/html"),
            "The model server at URL did not answer in the way of a chat model",
        ),
        (
            says('{"word"', ending="cut"),
            "The model server at URL broke off in the middle of its reply",
        ),
        (fails(503), "The model server at URL failed with status 503"),
    ],
)
def test_says_what_went_wrong(script: Script, problem: str) -> None:
    with FakeModelServer(script) as server, pytest.raises(ModelError) as caught:
        ask(model_for(server))
    assert caught.value.problem == problem.replace("URL", server.base_url)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (Script(silent=True), "0.5 s"),
        (says('{"word"', ending="stall"), "0.5 s"),
        # Never silent for long, and never done: the limit is for the whole reply.
        (Script(("word ",) * 1_000, chunk_delay_s=0.1), "did not end its reply within 0.5 s"),
    ],
)
def test_gives_up_in_time(script: Script, problem: str) -> None:
    with FakeModelServer(script) as server:
        started = time.monotonic()
        with pytest.raises(ModelError, match=problem):
            ask(model_for(server, timeout_s=0.5))
        assert time.monotonic() - started < 10
        assert server.client_left.wait(10)


@pytest.mark.parametrize("script", [Script(silent=True), says("{", ending="stall")])
def test_stops_when_told_to_and_hangs_up(script: Script) -> None:
    stop = Event()
    with FakeModelServer(script) as server:
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(ModelError, match="The model tiny was stopped"):
            ask(model_for(server), stop)
        assert time.monotonic() - started < 10
        assert server.client_left.wait(10)


def test_waits_no_longer_than_for_a_plan() -> None:
    with FakeModelServer(says(READY)) as server:
        slow = model_for(server, timeout_s=600.0, reply_tokens=300)
        assert ask(slow) == {"word": "ready"}
    assert server.requests[0].body["max_tokens"] == 300
    # The openai client tells the server how long it waits for a reply.
    assert server.requests[0].headers["x-stainless-read-timeout"] == "20.0"


def events() -> str:
    texts = [READY[:4], READY[4:9], READY[9:]]
    chunks: list[dict[str, Any]] = [
        {"index": 0, "delta": {"content": text}, "finish_reason": None} for text in texts
    ]
    chunks.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    return "".join(f"data: {json.dumps({'choices': [chunk]})}\n\n" for chunk in chunks)


STREAM = events()


@settings(max_examples=40)
@given(st.integers(0, len(STREAM)), st.sampled_from([str, lambda part: part + "\n\n"]))
def test_a_stream_cut_anywhere_is_whole_or_an_error(cut: int, end: Callable[[str], str]) -> None:
    body = end(STREAM[:cut])
    with FakeModelServer(Script(body=body, content_type="text/event-stream")) as server:
        model = model_for(server)
        if body.startswith(STREAM.rstrip() + "\n\n"):
            assert ask(model) == {"word": "ready"}
        else:
            with pytest.raises(ModelError):
                ask(model)
