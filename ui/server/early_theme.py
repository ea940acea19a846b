"""Puts scripts ahead of all others: that of light and dark, so that no page flashes in the wrong
one, and what the scripts of all parts of the page use.

Gradio adds scripts of its own accord only once the page is drawn, in a race with its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.server.page_paths import ASSETS_PATH

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD = b"<head>"
_SCRIPTS = "".join(
    f'<script src="{ASSETS_PATH}/{name}"></script>' for name in ("theme.js", "shell.js")
).encode()


class EarlyTheme:
    """ASGI middleware that puts the scripts into the page; nothing else is touched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        own = scope["type"] == "http" and scope["path"] == "/"
        await self.app(scope, receive, _with_theme(send) if own else send)


def _with_theme(send: Send) -> Send:
    async def send_with_theme(message: Message) -> None:
        if message["type"] == "http.response.start":
            # It becomes longer than was announced.
            headers = [item for item in message["headers"] if item[0] != b"content-length"]
            message = {**message, "headers": headers}
        elif body := message.get("body", b""):
            message = {**message, "body": body.replace(_HEAD, _HEAD + _SCRIPTS, 1)}
        await send(message)

    return send_with_theme
