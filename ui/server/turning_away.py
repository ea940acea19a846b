"""Turns programs away while the line is full, before anything is done for them.

Owns how that is told: the status, when to come back, the project's shape of an error. A browser is
told by the page, and so are those that come by Gradio's own client, which reads no such answer: the
line refuses them too.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from ui.server.small_page import send_refusal
from ui.server.visitors import program_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ui.server.lines import Lines

_ENDPOINT = re.compile(r"/gradio_api/(?:call|call/v2|run|api)/(ask|search)/?")


class TurnsAway:
    """ASGI middleware that refuses what there is no room for in `lines`."""

    def __init__(self, app: ASGIApp, lines: Lines) -> None:
        self.app = app
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        asked = scope["type"] == "http" and _ENDPOINT.fullmatch(scope["path"])
        if not asked or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        line = self._lines.answers if asked[1] == "ask" else self._lines.processor
        refusal = line.refusal(program_of(scope.get("client")))
        if refusal is None:
            await self.app(scope, receive, send)
            return
        status = HTTPStatus.TOO_MANY_REQUESTS if refusal.visitor else HTTPStatus.SERVICE_UNAVAILABLE
        retry = (b"retry-after", str(refusal.retry_after_s).encode("ascii"))
        await send_refusal(send, status, refusal.problem, refusal.hint, (retry,))
