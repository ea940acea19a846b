"""The embeddings endpoint, against a real server on this machine that keeps or breaks the rules."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
from embedding_server import embeds, raw_server, sends, sends_items, word_vector
from fakes import FakeModelServer, Request, Script, fails

from vectorstore.model_errors import OutsideModelError
from vectorstore.openai_embedding import EndpointSettings, OpenAIEmbedding
from vectorstore.pooled_embedding import PooledEmbedder
from vectorstore.records import Span

KEY = "sk-canary-7f3a9b2c"
ADDRESS_HINT = "Check the address; it usually ends in /v1."
MODEL_HINT = f"{ADDRESS_HINT} Check that PAPERCHAT_EMBEDDING_MODEL names a model for embeddings."
AGAIN_HINT = "Run it again, what is done is kept; if it stays so, look at the server's own log."
SLOW_HINT = "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."
HTML = "<!doctype html><html><body>Sign in</body></html>"


def settings_for(base_url: str, **changes: Any) -> EndpointSettings:
    settings = EndpointSettings("tiny", base_url, api_key=KEY, timeout_s=5.0, retries=0)
    return replace(settings, **changes)


def embedder_for(server: FakeModelServer, **changes: Any) -> PooledEmbedder:
    return PooledEmbedder(OpenAIEmbedding(settings_for(server.base_url, **changes)))


def failure_at(base_url: str, **changes: Any) -> OutsideModelError:
    embedder = PooledEmbedder(OpenAIEmbedding(settings_for(base_url, **changes)))
    with pytest.raises(OutsideModelError) as caught:
        embedder.embed_question("Who?")
    return caught.value


def unused_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_sends_what_is_configured_and_reads_the_vectors() -> None:
    with FakeModelServer(embeds) as server:
        vectors = embedder_for(server).embed_question("Paged caches?")
    first, probe = server.requests
    assert first.path == "/v1/embeddings"
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.body == {"input": ["Paged caches?"], "model": "tiny", "encoding_format": "float"}
    assert probe.body["input"] == ["dimension"]
    expected = np.array(word_vector("paged caches"))
    np.testing.assert_allclose(vectors.pooled, expected / np.linalg.norm(expected), atol=1e-6)
    assert (vectors.words, vectors.tokens.shape) == (("paged", "caches"), (0, 0))


def test_making_it_makes_no_connection() -> None:
    with FakeModelServer(embeds) as server:
        embedder = embedder_for(server)
        assert embedder.name == "openai:tiny"
        assert server.requests == []
        assert (embedder.dimension, embedder.dimension) == (16, 16)
        assert len(server.requests) == 1


def test_many_texts_go_in_batches_and_none_twice() -> None:
    texts = [f"text {number}" for number in range(7)]
    with FakeModelServer(embeds) as server:
        embedder = embedder_for(server, batch_texts=3)
        embedder.embed_texts([*texts, "text 0"], [[Span(0, 6)]] * 8)
    inputs = [request.body["input"] for request in server.requests]
    assert inputs == [texts[:3], texts[3:6], texts[6:], ["dimension"]]


def test_vectors_are_told_apart_by_their_index() -> None:
    def backwards(request: Request) -> Script:
        items = [
            {"index": index, "embedding": word_vector(text)}
            for index, text in enumerate(request.body["input"])
        ]
        return sends_items(items[::-1])

    texts, spans = ["one", "two", "three"], [[Span(0, 5)]] * 3
    with FakeModelServer(backwards) as server, FakeModelServer(embeds) as plain:
        found = embedder_for(server).embed_texts(texts, spans)
        expected = embedder_for(plain).embed_texts(texts, spans)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.spans, other.spans)


def test_sends_no_key_of_the_environment_to_a_server_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    with FakeModelServer(embeds) as server:
        assert embedder_for(server, api_key="").dimension == 16
    assert server.requests[0].headers["authorization"] == "Bearer none"
    assert KEY not in str(server.requests[0].headers)


def test_asks_no_proxy_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with FakeModelServer(embeds) as server:
        assert embedder_for(server).dimension == 16


def test_a_proxy_of_an_unknown_kind_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://me:secret@127.0.0.1:9")
    assert str(failure_at("http://embeddings.invalid/v1")) == (
        "The proxy of this environment cannot be used (environment). "
        "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or unset them."
    )


def test_follows_no_redirect() -> None:
    with FakeModelServer(embeds) as elsewhere:
        away = fails(307, Location=f"{elsewhere.base_url}/embeddings")
        with FakeModelServer(away) as server:
            error = failure_at(server.base_url)
            problem = f"The embedding server at {server.base_url} did not accept the request"
    assert error.problem == f"{problem} and answered with status 307"
    assert elsewhere.requests == []


BAD = "did not answer in the way of an embedding model"


@pytest.mark.parametrize(
    ("script", "problem", "hint"),
    [
        pytest.param(
            fails(401, f"Incorrect API key provided: {KEY}"),
            "did not accept the API key",
            "Check that OPENAI_API_KEY belongs to this server.",
            id="wrong key",
        ),
        pytest.param(
            fails(404, "The model `tiny` does not exist"),
            "does not know the model tiny, or the address is wrong",
            "The server says: “The model `tiny` does not exist”",
            id="unknown model",
        ),
        pytest.param(
            Script(status=404, body="Not Found", content_type="text/plain"),
            "does not know the model tiny, or the address is wrong",
            ADDRESS_HINT,
            id="wrong path",
        ),
        pytest.param(
            fails(429),
            "refused more requests for now",
            "Run it again in a minute, what is done is kept;"
            " a hosted service may want its quota raised.",
            id="over the limit",
        ),
        pytest.param(
            fails(400, f"too many tokens\nfor {KEY}" + "." * 300),
            "did not accept the request and answered with status 400",
            "The server says: “too many tokens for (key)" + "." * 175 + "…”",
            id="too long for the model",
        ),
        pytest.param(
            fails(500),
            "failed with status 500",
            "The server says: “It went wrong.”",
            id="internal error",
        ),
        pytest.param(
            Script(status=502, body=HTML, content_type="text/html"),
            "failed with status 502",
            AGAIN_HINT,
            id="bad gateway",
        ),
        pytest.param(Script(body=HTML, content_type="text/html"), BAD, MODEL_HINT, id="web page"),
        pytest.param(Script(body="[1, 2"), BAD, MODEL_HINT, id="half of a JSON text"),
        pytest.param(Script(body="[" * 100_000), BAD, MODEL_HINT, id="deep JSON"),
        pytest.param(Script(body="null"), BAD, MODEL_HINT, id="null"),
        pytest.param(Script(body='{"choices": []}'), BAD, MODEL_HINT, id="another protocol"),
        pytest.param(sends_items(["vector"]), BAD, MODEL_HINT, id="no items"),
        pytest.param(sends_items([{"embedding": [1.0]}]), BAD, MODEL_HINT, id="no index"),
        pytest.param(
            sends_items([{"index": 1, "embedding": [1.0]}]), BAD, MODEL_HINT, id="wrong index"
        ),
        pytest.param(
            sends_items([{"index": [0], "embedding": [1.0]}]), BAD, MODEL_HINT, id="odd index"
        ),
        pytest.param(sends_items([{"index": 0}]), BAD, MODEL_HINT, id="no vector"),
        pytest.param(sends(["AACAPwAAAEA="]), BAD, MODEL_HINT, id="base64"),
        pytest.param(sends([["1.0", "2.0"]]), BAD, MODEL_HINT, id="words for numbers"),
        pytest.param(sends([[1.0, None]]), BAD, MODEL_HINT, id="null in a vector"),
        pytest.param(sends([[True, False]]), BAD, MODEL_HINT, id="truth values"),
        pytest.param(sends([]), "sent 0 of 1 vectors", AGAIN_HINT, id="too few vectors"),
        pytest.param(
            sends([[1.0], [1.0]]), "sent 2 of 1 vectors", AGAIN_HINT, id="too many vectors"
        ),
    ],
)
def test_says_what_went_wrong(script: Script, problem: str, hint: str) -> None:
    with FakeModelServer(script) as server:
        error = failure_at(server.base_url)
        shown = f"The embedding server at {server.base_url}"
    assert (error.problem, error.hint) == (f"{shown} {problem}", hint)
    assert len(server.requests) == 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400])
def test_refuses_numbers_that_are_none(number: float) -> None:
    with FakeModelServer(sends([[1.0, number]])) as server:
        error = failure_at(server.base_url)
    assert str(error) == (
        "The embedding model openai:tiny gave vectors with numbers that are not finite"
        f" ({server.base_url}). Check that it is a model for embeddings, or choose another."
    )


def test_refuses_vectors_that_change_their_length() -> None:
    with FakeModelServer(sends([[1.0, 2.0]]), sends([[1.0, 2.0, 3.0]])) as server:
        embedder = embedder_for(server)
        assert embedder.dimension == 2
        with pytest.raises(OutsideModelError, match="gave vectors of 3 numbers, after some of 2"):
            embedder.embed_question("Who?")


def answers(*parts: bytes, pause_s: float = 0.0) -> Callable[[socket.socket, Event], None]:
    def write(connection: socket.socket, stopping: Event) -> None:
        for part in parts:
            connection.sendall(part)
            if stopping.wait(pause_s):
                return

    return write


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LONG = HEAD + b"Content-Length: 1000000000000\r\n\r\n"
COMPRESSED = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize(
    ("write", "problem", "hint"),
    [
        pytest.param(
            answers(HEAD + b'Content-Length: 100\r\n\r\n{"data": ['),
            "broke off in the middle of its reply",
            AGAIN_HINT,
            id="cut off",
        ),
        pytest.param(answers(), "closed the connection without a reply", AGAIN_HINT, id="no reply"),
        pytest.param(
            answers(b"SSH-2.0-OpenSSH\r\n"),
            "closed the connection without a reply",
            AGAIN_HINT,
            id="another protocol",
        ),
        pytest.param(
            answers(COMPRESSED), "broke off in the middle of its reply", AGAIN_HINT, id="bad gzip"
        ),
        pytest.param(
            answers(LONG, *[b" " * 1_000_000] * 70), "did not end its reply", AGAIN_HINT, id="long"
        ),
        pytest.param(
            answers(LONG, *[b" "] * 100, pause_s=0.1),
            "did not end its reply within 1 s",
            SLOW_HINT,
            id="a byte now and then",
        ),
        pytest.param(
            answers(LONG, b" ", b"", pause_s=3.0),
            "did not end its reply within 1 s",
            SLOW_HINT,
            id="silent in mid-reply",
        ),
        pytest.param(answers(b"", pause_s=3.0), "sent nothing for 1 s", SLOW_HINT, id="silent"),
    ],
)
def test_survives_a_broken_server(
    write: Callable[[socket.socket, Event], None], problem: str, hint: str
) -> None:
    with raw_server(write) as base_url:
        error = failure_at(base_url, timeout_s=1.0)
    assert error.problem == f"The embedding server at {base_url} {problem}"
    assert error.hint == hint


@pytest.mark.parametrize("user", ["", "me:secret@"])
def test_says_that_there_is_no_server(user: str) -> None:
    address = unused_address()
    error = failure_at(address.replace("://", f"://{user}"))
    assert str(error) == (
        f"The embedding server at {address} refused the connection. "
        "Start the server, or check the address."
    )


@pytest.mark.parametrize(
    "base_url", ["", "127.0.0.1/v1", "localhost:8000", "http://", "http://[::1", "ftp://x", KEY]
)
def test_refuses_what_is_no_address(base_url: str) -> None:
    with pytest.raises(OutsideModelError) as caught:
        OpenAIEmbedding(EndpointSettings("tiny", base_url))
    assert str(caught.value) == (
        "The address of the embedding server is not a web address. "
        "It looks like http://127.0.0.1:8000/v1."
    )


@pytest.mark.parametrize("first", [fails(429), fails(503)], ids=["over the limit", "overloaded"])
def test_tries_again_after_a_failure_that_passes(first: Script) -> None:
    with FakeModelServer(first, embeds) as server:
        assert embedder_for(server, retries=1).dimension == 16
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "requests"), [(503, 3), (400, 1), (401, 1), (404, 1)])
def test_tries_again_so_often_and_no_more(status: int, requests: int) -> None:
    with FakeModelServer(fails(status)) as server:
        failure_at(server.base_url, retries=2)
    assert len(server.requests) == requests


def test_gives_up_on_a_silent_server_and_says_how_often_it_asked() -> None:
    started = time.monotonic()
    with FakeModelServer(Script(silent=True)) as server:
        error = failure_at(server.base_url, timeout_s=0.3, retries=1)
    assert error.problem == (
        f"The embedding server at {server.base_url} sent nothing for 0.3 s and was asked 2 times"
    )
    assert time.monotonic() - started >= 0.6


@pytest.mark.parametrize(
    "script",
    [
        embeds,
        fails(401, f"Incorrect API key provided: {KEY}"),
        fails(400, f"Bad key {KEY}"),
        fails(500, KEY),
        Script(body=KEY),
        Script(body=json.dumps({"error": KEY})),
    ],
)
def test_the_key_shows_nowhere(script: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeModelServer(script) as server:
        settings = settings_for(server.base_url)
        embedder = OpenAIEmbedding(settings)
        shown = [repr(settings), str(settings), repr(embedder), embedder.name, embedder.where]
        try:
            PooledEmbedder(embedder).embed_question("Who?")
        except OutsideModelError as error:
            shown += [str(error), repr(error), error.problem, error.where, error.hint]
            shown += traceback.format_exception(error)
    assert KEY not in "\n".join([*shown, caplog.text])


def test_writes_nothing_to_the_environment() -> None:
    before = dict(os.environ)
    with FakeModelServer(embeds) as server:
        assert embedder_for(server).dimension == 16
    assert dict(os.environ) == before
