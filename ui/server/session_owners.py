"""Keeps what Gradio sends to a page to the visitor whose page it is.

Gradio knows a page by a name that its script made up, and sends all that the page waits for to
whoever asks by that name. Owns whose name each is: the first visitor's who comes with it; and how
many streams one visitor may have open.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ui.server.cookies import sent_cookie
from ui.server.small_page import send_refusal
from ui.server.visitors import COOKIE, program_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

STREAM_PATH = "/gradio_api/queue/data"
HEARTBEAT = "/gradio_api/heartbeat/"
SENT_SESSION = "paperchat.session"  # what a request's body names, as `RequestBodies` has read it
MOST_SESSIONS = 10_000  # pages, as Gradio keeps them
MOST_STREAMS = 200  # of one visitor: a page has two at most, and programs of one address are one


class SessionOwners:
    """ASGI middleware that refuses a page's name to everybody but its visitor."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        session = _session(scope)
        if session is None:
            await self.app(scope, receive, send)
            return
        visitor = sent_cookie(scope, COOKIE) or program_of(scope.get("client"))
        if not self._is_own(session, visitor, is_new=scope["path"].rstrip("/") != STREAM_PATH):
            hint = "Load the page again."
            await send_refusal(send, HTTPStatus.NOT_FOUND, "There is no such session", hint)
        elif scope["method"] == "GET":
            await self._stream(visitor, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_own(self, session: str, visitor: str, *, is_new: bool) -> bool:
        """Tell whether a session is the visitor's; one that `is_new` may be of nobody yet."""
        owner = self._owners.setdefault(session, visitor) if is_new else self._owners.get(session)
        if owner is not None:
            self._owners.move_to_end(session)
        if len(self._owners) > MOST_SESSIONS:
            self._owners.popitem(last=False)
        return owner == visitor

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


def _session(scope: Scope) -> str | None:
    """Return the name that a request comes with, None where it needs none."""
    if scope["type"] != "http":
        return None
    if scope["path"].rstrip("/") == STREAM_PATH:
        named: list[tuple[str, str]] = parse_qsl(
            scope["query_string"].decode("latin-1"), keep_blank_values=True
        )
        return dict(named).get("session_hash", "")
    if scope["path"].startswith(HEARTBEAT):
        return str(scope["path"]).removeprefix(HEARTBEAT)
    sent: str | None = scope.get(SENT_SESSION)
    return sent
