"""The page while it is being made: a web application that becomes another one.

Owns what a browser is shown until then: what is being loaded, as it happens, and then the real
page, or why there will be none. The response stays open meanwhile and grows, so that nothing is
asked for again and again and no script is needed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ui.html.plain_text import escaped
from ui.server.small_page import (
    HTML,
    beginning,
    from_a_person,
    problem_html,
    send_refusal,
    send_start,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

RETRY_AFTER_S = 2
LOOK_S = 0.05
END = "</main></body></html>"
GO_ON = '<meta http-equiv="refresh" content="0">'


class PageInMaking:
    """Answers for the page until it is there, and passes all requests on to it from then on."""

    def __init__(self) -> None:
        self.told = 0  # browsers that were shown how it ended
        self.watching = 0  # browsers that wait for that
        self.stage = "Starting"  # what is being loaded now
        self._failure = ""
        self._page: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, by the page itself where it is there."""
        if self._page is not None:
            await self._page(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET" and from_a_person(scope):
            await self._keep_telling(receive, send)
        else:
            retry = (b"retry-after", str(RETRY_AFTER_S).encode("ascii"))
            hint = "Ask again in a few seconds."
            await send_refusal(send, 503, "paperchat is still loading", hint, (retry,))

    @property
    def is_page(self) -> bool:
        """Tell whether requests are passed on to the page."""
        return self._page is not None

    def become(self, page: ASGIApp) -> None:
        """Pass requests on to `page`, and let the browsers that wait go there."""
        self._page = page

    def fail(self, problem: str, hint: str) -> None:
        """Show why there will be no page."""
        self._failure = problem_html(problem, hint)

    async def _keep_telling(self, receive: Receive, send: Send) -> None:
        """Send a page that grows with each stage, to the last one or until the browser leaves."""
        left = asyncio.create_task(_left(receive))
        self.watching += 1
        try:
            # Not 503: to a browser that is an error of its own.
            await send_start(send, 200, HTML)
            await _send_part(send, beginning("paperchat") + '<div role="status">')
            shown = ""
            while not (left.done() or self._page or self._failure):
                if shown != self.stage:
                    shown = self.stage
                    await _send_part(send, _stage_html(f"{shown}…"))
                await asyncio.sleep(LOOK_S)
            if not left.done():
                await _send_part(send, self._ending(), more=False)
                self.told += 1
        finally:
            left.cancel()
            self.watching -= 1

    def _ending(self) -> str:
        if self._failure:
            return f"{_stage_html('paperchat could not start.')}</div>{self._failure}{END}"
        return f"</div>{GO_ON}{END}"


def _stage_html(text: str) -> str:
    return f'<p class="stage quiet">{escaped(text)}</p>'


async def _send_part(send: Send, text: str, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": text.encode("utf-8"), "more_body": more})


async def _left(receive: Receive) -> None:
    """Return once the browser has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
