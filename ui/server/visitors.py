"""Tells one visitor's browser from another's, by an unguessable cookie.

Invariant: whoever sends no id that could have been given counts as someone new, so no two strangers
are ever one visitor. What is kept for someone without cookies is never found again.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from ui.server.cookies import cookie_header, giving, sent_cookie

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "paperchat_visitor"
# As long as browsers keep a cookie at most; each visit begins it anew.
MAX_AGE_S = 400 * 24 * 3600
PAGE_PATH = "/"

_ID = re.compile(r"[A-Za-z0-9_-]{43}")


class Visitors:
    """ASGI middleware that gives each browser its id with the page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and scope["path"] == PAGE_PATH:
            visitor = known_or_new(sent_cookie(scope, COOKIE))
            send = giving(send, cookie_header(scope, COOKIE, visitor, MAX_AGE_S))
        await self.app(scope, receive, send)


def visitor_of(request: gr.Request) -> str:
    """Return the visitor's id, of an event's request or of a server function's; never empty.

    Without a cookie it is a new one each time.
    """
    return known_or_new(str(request.cookies.get(COOKIE, "")))


def program_of(client: tuple[str, int] | None) -> str:
    """Return what stands for a program, which sends no cookie: those of one address are one."""
    return f"program at {client[0] if client else ''}"


def sender_of(scope: Scope) -> str:
    """Return who sends a request: a visitor's id, or what stands for a program."""
    sent = sent_cookie(scope, COOKIE)
    return sent if _ID.fullmatch(sent) else program_of(scope.get("client"))


def known_or_new(sent: str) -> str:
    """Return the id that was sent, or a new one where that is none."""
    return sent if _ID.fullmatch(sent) else secrets.token_urlsafe(32)
