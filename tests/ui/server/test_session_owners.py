"""A page's name is its visitor's, and one visitor has only so many pages."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from ui.server.session_owners import SENT_SESSION, SessionOwners
from ui.server.visitors import COOKIE

JOIN, STREAM, BEAT = "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/heartbeat/"


def request(path: str, session: str = "", visitor: str = "", address: str = "192.0.2.1") -> Scope:
    """Return a request of a page: a beat or a stream where the path is theirs, else a question."""
    is_question = not path.startswith((STREAM, BEAT))
    return {
        "type": "http",
        "method": "POST" if is_question else "GET",
        "path": f"{BEAT}{session}" if path == BEAT else path,
        "query_string": f"session_hash={session}".encode() if path.startswith(STREAM) else b"",
        "headers": [(b"cookie", f"{COOKIE}={visitor}".encode())] if visitor else [],
        "client": (address, 9),
    } | ({SENT_SESSION: session} if is_question and session else {})


def answered(guard: SessionOwners, *requests: Scope) -> list[int]:
    """Return the statuses of requests, one after another."""

    async def each() -> list[int]:
        return [await status(guard, scope) for scope in requests]

    return asyncio.run(each())


async def status(guard: SessionOwners, scope: Scope) -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, None, send)
    return int(sent[0]["status"])


async def inside(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("first", [JOIN, BEAT])
@pytest.mark.parametrize("path", [JOIN, BEAT, STREAM, f"{STREAM}/"])
def test_a_session_is_of_the_visitor_who_came_with_it(first: str, path: str) -> None:
    assert answered(
        SessionOwners(inside),
        request(first, "x1", "ann"),
        request(path, "x1", "ann"),
        request(path, "x1", "ben"),
        request(path, "x1"),
        request(path, "x1", "ann"),
    ) == [200, 200, 404, 404, 200]


def test_nothing_waits_in_a_session_that_nobody_began() -> None:
    guard = SessionOwners(inside)
    assert answered(guard, request(STREAM, "x1", "ann"), request(STREAM, "", "ann")) == [404, 404]
    assert answered(guard, request(JOIN, "x1", "ben")) == [200]


@pytest.mark.parametrize(
    "query", [b"", b"session_hash", b"&" * 9_000, b"a=1&" * 9_000, b"session_hash=%ff%00", b"\xff"]
)
def test_a_query_that_names_none_is_refused(query: bytes) -> None:
    scope = request(STREAM, visitor="ann") | {"query_string": query}
    assert answered(SessionOwners(inside), scope) == [404]


def test_of_two_names_the_one_that_gradio_takes_counts() -> None:
    guard = SessionOwners(inside)
    both = request(STREAM, visitor="ben") | {"query_string": b"session_hash=b1&session_hash=a1"}
    assert answered(guard, request(JOIN, "a1", "ann"), request(JOIN, "b1", "ben"), both) == [
        200,
        200,
        404,
    ]


def test_programs_without_a_cookie_are_told_apart_by_address() -> None:
    assert answered(
        SessionOwners(inside),
        request(JOIN, "x1"),
        request(STREAM, "x1"),
        request(STREAM, "x1", address="192.0.2.2"),
    ) == [200, 200, 404]


def test_what_names_no_session_goes_on() -> None:
    assert answered(SessionOwners(inside), request("/config"), request(JOIN)) == [200, 200]


def test_sessions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.session_owners.MOST_SESSIONS", 3)
    guard = SessionOwners(inside)
    answered(guard, *(request(JOIN, f"x{n}", "ann") for n in range(9)))
    assert list(guard._owners) == ["x6", "x7", "x8"]


def test_one_visitor_has_only_so_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.session_owners.MOST_STREAMS", 2)

    async def opened() -> list[int]:
        over = asyncio.Event()

        async def stream(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] == "GET":
                await over.wait()
            await inside(scope, receive, send)

        guard = SessionOwners(stream)
        await status(guard, request(JOIN, "x1", "ann"))
        waiting = [
            asyncio.create_task(status(guard, request(path, "x1", "ann")))
            for path in (STREAM, BEAT)
        ]
        await asyncio.sleep(0)
        refused = await status(guard, request(STREAM, "x1", "ann"))
        over.set()
        return [refused, *await asyncio.gather(*waiting), len(guard._streams)]

    assert asyncio.run(opened()) == [429, 200, 200, 0]
