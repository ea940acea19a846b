"""What of Gradio can be reached: what the page and programs use, and no more.

Gradio also takes files in, serves files by their paths, fetches addresses, keeps components as
links, and has an editor; none of that is let through. Invariant: whatever a later Gradio adds is
not reachable until it is named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page.upload_state import UploadLimits, megabytes
from ui.server.cookies import header_of
from ui.server.small_page import send_refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# A call of the page's may bring a file, as text and so a third longer; anything else is a question
# and, at most, the ids of all papers.
MOST_BYTES = 2 * UploadLimits().file_bytes + 64 * 1024
_DIGITS = 16

ASSETS_PATH = "/page-assets"  # Gradio has files of its own below /assets
HINT = f"It may have {megabytes(MOST_BYTES)} at most."
_PATHS = frozenset(
    """
    / /config /theme.css /manifest.json /favicon.ico /robots.txt
    /gradio_api/app_id /gradio_api/cancel /gradio_api/component_server /gradio_api/info
    /gradio_api/openapi.json /gradio_api/reset /gradio_api/startup-events /gradio_api/theme.css
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
    "/gradio_api/queue/",
    "/gradio_api/run/",
)


class PagePaths:
    """ASGI middleware that answers for whatever else there would be, and for what is too large."""

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
        elif header_of(scope, b"transfer-encoding"):
            # What tells its length can be refused before it is read.
            await send_refusal(send, 411, "The request does not say how long it is", "")
        elif not _fits(scope):
            await send_refusal(send, 413, "The request is too large", HINT)
        else:
            await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Tell whether the page or programs use this path."""
    return (path.rstrip("/") or "/") in _PATHS or path.startswith(_BELOW)


def _fits(scope: Scope) -> bool:
    length = header_of(scope, b"content-length")
    if not length:
        return True
    digits = length.isascii() and length.isdigit() and len(length) < _DIGITS
    return digits and int(length) <= MOST_BYTES
