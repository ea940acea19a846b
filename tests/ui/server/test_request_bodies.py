"""What a request may bring: how much, how fast, of what kind, how deeply nested."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from ui.server.request_bodies import UPLOADS_PATH, BodyLimits, RequestBodies

LIMITS = BodyLimits(
    upload_bytes=2_000, other_bytes=1_000, held_bytes=3_000, seconds=0.05, depth=3, items=50
)
JSON = "application/json; charset=utf-8"
JOIN = "/gradio_api/queue/join"


class Inside:
    """An application that keeps what it gets, and answers once it may."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        assert not message.get("more_body", False)
        self.bodies.append(message["body"])
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})


def request(length: int | str | None, path: str = JOIN, kind: str = JSON, **more: str) -> Scope:
    """Return a request that says it has so many bytes."""
    headers = {"content-type": kind, **{name.replace("_", "-"): more[name] for name in more}}
    if length is not None:
        headers["content-length"] = str(length)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "headers": pairs}


async def answered(
    guard: RequestBodies, scope: Scope, *parts: bytes, pause_s: float = 0.0
) -> tuple[int, str]:
    """Return the status, and what was said, of a request that sends its body in parts."""
    waiting = list(parts)
    sent: list[Message] = []

    async def receive() -> Message:
        if not waiting:
            return {"type": "http.disconnect"}
        await asyncio.sleep(pause_s)
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return sent[0]["status"], text if text == "inside" else json.loads(text)["problem"]


def told(
    scope: Scope, *parts: bytes, limits: BodyLimits = LIMITS, pause_s: float = 0.0
) -> tuple[int, str, list[bytes]]:
    """Return what `answered` does of a guard of its own, and what got through."""

    async def whole() -> tuple[int, str, list[bytes]]:
        inside = Inside()
        guard = RequestBodies(inside, limits)
        status, said = await answered(guard, scope, *parts, pause_s=pause_s)
        assert guard._held == 0
        return status, said, inside.bodies

    return asyncio.run(whole())


def test_what_the_page_sends_goes_on_in_one_piece() -> None:
    body = json.dumps({"data": [{"question": "Röggelchen?"}], "session_hash": "x1y2"}).encode()
    scope = request(len(body))
    assert told(scope, body[:9], body[9:20], body[20:]) == (200, "inside", [body])


def test_a_request_without_a_body_goes_on() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    assert told(scope, b"") == (200, "inside", [b""])


def test_what_is_no_request_goes_on() -> None:
    seen: list[Scope] = []

    async def inside(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    asyncio.run(RequestBodies(inside)({"type": "lifespan"}, None, None))
    assert seen == [{"type": "lifespan"}]


def nested(depth: int) -> bytes:
    return b'{"data": ' + b"[" * depth + b"]" * depth + b"}"


REFUSED: dict[str, tuple[int, str, Scope, bytes]] = {
    "an unknown length": (
        411,
        "The request does not say how long it is",
        request(None, transfer_encoding="chunked"),
        b"{}",
    ),
    "two lengths": (
        411,
        "The request does not say how long it is",
        request(2, transfer_encoding="gzip, chunked"),
        b"{}",
    ),
    "a long question": (413, "The request is too large", request(1_001), b""),
    "a long upload": (413, "The request is too large", request(2_001, UPLOADS_PATH), b""),
    "a length that is none": (413, "The request is too large", request("-1"), b""),
    "a length in other digits": (413, "The request is too large", request("१"), b""),
    "an endless length": (413, "The request is too large", request("9" * 5_000), b""),
    "more than was said": (413, "The request is too large", request(2), b'{"a": 1}'),
    "a form": (415, "The request is not JSON", request(9, kind="multipart/form-data"), b"x"),
    "a text": (415, "The request is not JSON", request(2, kind="text/plain"), b"{}"),
    "no kind": (415, "The request is not JSON", request(2, kind=""), b"{}"),
    "no JSON": (400, "The request is not a JSON object", request(1), b"{"),
    "a list": (400, "The request is not a JSON object", request(2), b"[]"),
    "a long number": (400, "The request is not a JSON object", request(900), b"1" * 900),
    "bytes that are no text": (400, "The request is not a JSON object", request(2), b"\xff{"),
    "lists in lists": (400, "The request is nested too deeply", request(99), nested(4)),
    "many lists": (400, "The request has too many parts", request(99), b"[" + b"[]," * 30 + b"]"),
    "many names": (400, "The request has too many parts", request(999), b'{"":1,' * 51),
    "a long session": (
        400,
        "The request's session_hash is none that the page sends",
        request(400),
        json.dumps({"session_hash": "x" * 129}).encode(),
    ),
    "a session that is none": (
        400,
        "The request's session_hash is none that the page sends",
        request(400),
        b'{"session_hash": ["x"]}',
    ),
    "a request that breaks off": (400, "The request broke off", request(9), b""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_before_anything_is_done_with_it(name: str) -> None:
    status, problem, scope, body = REFUSED[name]
    parts = (body,) if body else ()
    assert told(scope, *parts) == (status, problem, [])


def test_nesting_far_beyond_what_python_follows_is_refused() -> None:
    body = nested(100_000)
    limits = replace(BodyLimits(), items=1_000_000)
    assert told(request(len(body)), body, limits=limits)[:2] == (
        400,
        "The request is not a JSON object",
    )


def test_as_many_levels_as_are_allowed() -> None:
    body = nested(3)
    assert told(request(len(body)), body) == (200, "inside", [body])


def test_a_request_that_comes_byte_by_byte_is_given_up() -> None:
    parts = [bytes([byte]) for byte in b'{"data": []}']
    limits = replace(LIMITS, bytes_per_s=10_000)
    assert told(request(12), *parts, limits=limits, pause_s=0.01) == (
        408,
        "The request did not come to its end in time",
        [],
    )


def test_a_long_request_has_more_time() -> None:
    body = json.dumps({"data": "x" * 900}).encode()
    limits = replace(LIMITS, seconds=0.0, bytes_per_s=100)
    parts = [body[at : at + 300] for at in range(0, len(body), 300)]
    assert told(request(len(body)), *parts, limits=limits, pause_s=0.01)[:2] == (200, "inside")


def test_what_all_requests_hold_together_has_a_limit() -> None:
    async def many() -> None:
        inside = Inside()
        inside.may_answer.clear()
        guard = RequestBodies(inside, LIMITS)
        body = json.dumps({"data": "x" * 980}).encode()
        scope = request(len(body), UPLOADS_PATH)
        first = [asyncio.create_task(answered(guard, scope, body)) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert await answered(guard, scope, body) == (503, "Too much is being sent at once")
        inside.may_answer.set()
        assert await asyncio.gather(*first) == [(200, "inside")] * 3
        assert await answered(guard, scope, body) == (200, "inside")

    asyncio.run(many())


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.binary(max_size=400) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_sent_is_an_object_or_refused(body: bytes) -> None:
    status, _, bodies = told(request(len(body)), body, limits=BodyLimits())
    assert status in {200, 400}
    assert bodies == ([body] if status == 200 else [])
    assert not body or status == 400 or isinstance(json.loads(body), dict)
