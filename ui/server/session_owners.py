"""Keeps what Gradio sends to a page to the visitor whose page it is.

Gradio knows a page by a name that its script made up, and what goes on for it by ids of events; it
sends all that the page waits for to whoever asks by either, and ends an event for whoever names it.
Owns whose each is: a page's name the first visitor's who comes with it, an event's id the one's to
whom it was given; and how many streams one visitor may have open.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ui.server.small_page import send_refusal
from ui.server.visitors import sender_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

JOIN_PATH = "/gradio_api/queue/join"
STREAM_PATH = "/gradio_api/queue/data"
HEARTBEAT = "/gradio_api/heartbeat/"
CALL = "/gradio_api/call/"
SENT_NAMES = "paperchat.names"  # what a request's body names, as `RequestBodies` has read it
MOST_NAMES = 20_000  # of pages, of which `page_app` keeps a twentieth, and of events
LONGEST_NAME = 128  # characters
MOST_STREAMS = 200  # of one visitor: a page has two at most, and programs of one address are one
_LONGEST_BEGUN = 200  # bytes of a response that has nothing but an event's id


class SessionOwners:
    """ASGI middleware that refuses a page's name, and its events', to everybody but its visitor."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visitor = sender_of(scope)
        session, event = _session(scope), _event(scope)
        if session is not None and not _is_stream(scope) and len(session) <= LONGEST_NAME:
            self._claim(session, visitor)
        names = [name for name in (session, event) if name is not None]
        if any(self._owners.get(name) != visitor for name in names):
            hint = "Load the page again."
            await send_refusal(send, HTTPStatus.NOT_FOUND, "There is no such session", hint)
        elif names and scope["method"] == "GET":
            await self._stream(visitor, scope, receive, send)
        elif _begins_event(scope):
            await self.app(scope, receive, self._noting(send, visitor))
        else:
            await self.app(scope, receive, send)

    def _claim(self, name: str, visitor: str) -> None:
        """Have a name be the visitor's, unless it is somebody's already."""
        self._owners.setdefault(name, visitor)
        self._owners.move_to_end(name)
        if len(self._owners) > MOST_NAMES:
            self._owners.popitem(last=False)

    async def _stream(self, visitor: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self._streams[visitor] >= MOST_STREAMS:
            hint = "Close some of the pages."
            status = HTTPStatus.TOO_MANY_REQUESTS
            await send_refusal(send, status, "Too many pages are open", hint)
            return
        self._streams[visitor] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._streams[visitor] -= 1
            if not self._streams[visitor]:
                del self._streams[visitor]

    def _noting(self, send: Send, visitor: str) -> Send:
        """Return a `send` that notes whose the event is that a response gives the id of."""

        async def send_noted(message: Message) -> None:
            event = _begun(message.get("body", b""))
            if event is not None:
                self._claim(event, visitor)
            await send(message)

        return send_noted


def _session(scope: Scope) -> str | None:
    """Return the page's name that a request comes with, None where it needs none."""
    if _is_stream(scope):
        named: list[tuple[str, str]] = parse_qsl(
            scope["query_string"].decode("latin-1"), keep_blank_values=True
        )
        return dict(named).get("session_hash", "")
    if scope["path"].startswith(HEARTBEAT):
        return str(scope["path"]).removeprefix(HEARTBEAT)
    return _sent(scope, "session_hash")


def _event(scope: Scope) -> str | None:
    """Return the id of the event that a request is about, None where it is about none."""
    if scope["method"] == "GET" and scope["path"].startswith(CALL):
        return str(scope["path"]).rstrip("/").rpartition("/")[2]
    return _sent(scope, "event_id")


def _sent(scope: Scope, name: str) -> str | None:
    names: dict[str, str | None] = scope.get(SENT_NAMES, {})
    return names.get(name)


def _is_stream(scope: Scope) -> bool:
    return str(scope["path"]).rstrip("/") == STREAM_PATH


def _begins_event(scope: Scope) -> bool:
    return str(scope["path"]).startswith((JOIN_PATH, CALL))


def _begun(body: bytes) -> str | None:
    """Return the id of the event that a response says was begun, None where it says no such."""
    if len(body) > _LONGEST_BEGUN:
        return None
    try:
        told = json.loads(body)
    except ValueError:
        return None
    event = told.get("event_id") if isinstance(told, dict) else None
    return event if isinstance(event, str) else None
