"""What of Gradio can be reached: what the page and programs use, and no more.

Gradio also takes files in, serves files by their paths, fetches addresses, keeps components as
links, and has an editor; none of that is let through. Invariants: whatever a later Gradio adds is
not reachable until it is named here; no path that could lead out of a folder, on any system, comes
to where files are looked up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ui.server.small_page import send_refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ASSETS_PATH = "/page-assets"  # Gradio has files of its own below /assets
_PATHS = frozenset(
    """
    / /config /theme.css /manifest.json /favicon.ico /robots.txt
    /gradio_api/app_id /gradio_api/cancel /gradio_api/component_server /gradio_api/info
    /gradio_api/openapi.json /gradio_api/queue/data /gradio_api/queue/join /gradio_api/reset
    /gradio_api/startup-events /gradio_api/theme.css
    """.split()
)
_BELOW = (
    f"{ASSETS_PATH}/",
    "/assets/",
    "/static/",
    "/svelte/",
    "/gradio_api/api/",
    "/gradio_api/call/",
    "/gradio_api/heartbeat/",
    "/gradio_api/run/",
)
# Names between single slashes, none of which begins with a dot: what is left of a path once it was
# decoded has no percent sign, no backslash, no colon and no control character.
_PLAIN = re.compile(r"(?:/[\w@+-][\w@+.-]*)*/?", re.ASCII)


class PagePaths:
    """ASGI middleware that answers for whatever else there would be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http":  # a web socket; the page has none
            await send({"type": "websocket.close", "code": 1008})
        elif not is_open(scope["path"]):
            await send_refusal(send, 404, "There is nothing at this address", "Open the page at /.")
        else:
            await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Tell whether the page or programs use this path."""
    is_named = (path.rstrip("/") or "/") in _PATHS or path.startswith(_BELOW)
    return is_named and _PLAIN.fullmatch(path) is not None
