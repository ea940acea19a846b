"""A page's name and its events are its visitor's, and one visitor has only so many pages."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.types import Message, Receive, Scope, Send

from ui.server.session_owners import LONGEST_NAME, SENT_NAMES, SessionOwners
from ui.server.visitors import COOKIE, program_of

JOIN, STREAM, BEAT = "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/heartbeat/"
CALL, CANCEL = "/gradio_api/call/ask", "/gradio_api/cancel"
ANN, BEN = "a" * 43, "b" * 43


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
    } | ({SENT_NAMES: {"session_hash": session}} if is_question and session else {})


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


def begins(body: object) -> SessionOwners:
    """Return a guard before an application that gives this as what was begun."""

    async def begun(scope: Scope, _receive: Receive, send: Send) -> None:
        told = json.dumps(body).encode() if scope["method"] == "POST" else b""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": told})

    return SessionOwners(begun)


def about(event: str, visitor: str = "", address: str = "192.0.2.1") -> tuple[Scope, ...]:
    """Return the requests by which one hears of an event, or ends it."""
    heard = [
        request(path, visitor=visitor, address=address) | {"method": "GET"}
        for path in (f"{CALL}/{event}", f"{CALL}/{event}/", f"/gradio_api/call/v2/ask/{event}")
    ]
    cancel = request(CANCEL, visitor=visitor, address=address)
    names = {"session_hash": f"of {visitor or address}", "event_id": event}
    return (*heard, cancel | {SENT_NAMES: names})


@pytest.mark.parametrize("path", [JOIN, f"{JOIN}/", CALL, "/gradio_api/call/v2/ask"])
def test_an_event_is_of_the_visitor_who_began_it(path: str) -> None:
    guard = begins({"event_id": "e1"})
    assert answered(
        guard,
        request(path, "x1", ANN),
        *about("e1", ANN),
        *about("e1", BEN),
        *about("e1"),
        *about("e2", ANN),
    ) == [200, 200, 200, 200, 200, *[404] * 12]


def test_an_event_of_a_program_is_had_from_its_address_alone() -> None:
    guard = begins({"event_id": "e1"})
    assert answered(
        guard,
        request(CALL),
        *about("e1"),
        *about("e1", address="192.0.2.2"),
        # Gradio takes the event's id for the page's name then.
        request(BEAT, "e1", BEN),
        request(STREAM, "e1", BEN),
        request(STREAM, "e1"),
    ) == [200, *[200] * 4, *[404] * 4, 404, 404, 200]


@pytest.mark.parametrize(
    "body", [{}, {"event_id": None}, {"event_id": ["e1"]}, [], "e1", {"event_id": "e1" * 200}]
)
def test_what_begins_no_event_gives_nobody_one(body: object) -> None:
    assert answered(begins(body), request(JOIN, "x1", ANN), *about("e1", ANN)) == [200, *[404] * 4]


def test_nobody_is_taken_for_a_program_by_what_the_cookie_says() -> None:
    guard = SessionOwners(inside)
    address = "192.0.2.1"
    pretended = request(STREAM, "x1", program_of((address, 9)), "192.0.2.2")
    assert answered(guard, request(JOIN, "x1", address=address), pretended) == [200, 404]


@pytest.mark.parametrize("first", [JOIN, BEAT])
@pytest.mark.parametrize("path", [JOIN, BEAT, STREAM, f"{STREAM}/"])
def test_a_session_is_of_the_visitor_who_came_with_it(first: str, path: str) -> None:
    assert answered(
        SessionOwners(inside),
        request(first, "x1", ANN),
        request(path, "x1", ANN),
        request(path, "x1", BEN),
        request(path, "x1"),
        request(path, "x1", ANN),
    ) == [200, 200, 404, 404, 200]


def test_nothing_waits_in_a_session_that_nobody_began() -> None:
    guard = SessionOwners(inside)
    assert answered(guard, request(STREAM, "x1", ANN), request(STREAM, "", ANN)) == [404, 404]
    assert answered(guard, request(JOIN, "x1", BEN)) == [200]


@pytest.mark.parametrize(
    "query", [b"", b"session_hash", b"&" * 9_000, b"a=1&" * 9_000, b"session_hash=%ff%00", b"\xff"]
)
def test_a_query_that_names_none_is_refused(query: bytes) -> None:
    scope = request(STREAM, visitor=ANN) | {"query_string": query}
    assert answered(SessionOwners(inside), scope) == [404]


def test_of_two_names_the_one_that_gradio_takes_counts() -> None:
    guard = SessionOwners(inside)
    both = request(STREAM, visitor=BEN) | {"query_string": b"session_hash=b1&session_hash=a1"}
    assert answered(guard, request(JOIN, "a1", ANN), request(JOIN, "b1", BEN), both) == [
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


def test_a_name_that_is_too_long_is_not_kept() -> None:
    guard = SessionOwners(inside)
    longest = "x" * LONGEST_NAME
    named = (request(BEAT, name, ANN) for name in (longest, f"{longest}x"))
    assert answered(guard, *named) == [200, 404]
    assert list(guard._owners) == [longest]


def test_sessions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.session_owners.MOST_NAMES", 3)
    guard = SessionOwners(inside)
    answered(guard, *(request(JOIN, f"x{n}", ANN) for n in range(9)))
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
        await status(guard, request(JOIN, "x1", ANN))
        waiting = [
            asyncio.create_task(status(guard, request(path, "x1", ANN))) for path in (STREAM, BEAT)
        ]
        await asyncio.sleep(0)
        refused = await status(guard, request(STREAM, "x1", ANN))
        over.set()
        return [refused, *await asyncio.gather(*waiting), len(guard._streams)]

    assert asyncio.run(opened()) == [429, 200, 200, 0]
