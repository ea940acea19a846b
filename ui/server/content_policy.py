"""Keeps the page to itself: the browser is told to load and to contact nothing but this server.

Owns the response headers. Gradio's page names outside hosts and carries scripts of its own inside
the page; the policy refuses the hosts and lets through exactly those scripts, by their hashes.
Invariant: every response has the headers, a refusal and a file as well; only the page may run
anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)

POLICY_HEADER = b"content-security-policy"
# Of what is no page: opened by itself, an image or a JSON text does nothing.
NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
OTHER_HEADERS = (
    # A paper's own site need not learn where the reader came from. This one may: to "no-referrer"
    # a browser would not say either that a form is of this site.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # No page of another site shares a window with this one, or embeds what is here.
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_KEPT = ("/assets/", "/page-assets/", "/static/", "/svelte/")  # the same for everybody
_NOT_KEPT = (b"cache-control", b"no-store")


class ContentPolicy:
    """ASGI middleware that puts the policy on every response that brings none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == "/":
            await self.app(_uncompressed(scope), receive, _PageSender(send))
        else:
            is_kept = scope["path"].startswith(_KEPT)
            await self.app(scope, receive, _with_headers(send, NO_PAGE, is_kept=is_kept))


def policy(inline_scripts: Iterable[bytes]) -> str:
    """Return the Content-Security-Policy that allows this server and the given inline scripts.

    'unsafe-eval' is what gr.HTML needs to fill in its template, and inline styles are what Gradio's
    components are laid out with. Neither lets markup that slipped through run a script.
    """
    hashes = " ".join(f"'{script_hash(script)}'" for script in inline_scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def script_hash(script: bytes) -> str:
    """Return a script's hash as a policy's source names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script).digest()).decode("ascii")


def _uncompressed(scope: Scope) -> Scope:
    """Return the request without its wish for compression, since scripts are hashed as text."""
    headers = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
    return {**scope, "headers": headers}


def _with_headers(send: Send, policy_text: str, *, is_kept: bool = False) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ())]
            if not _has(message, POLICY_HEADER):
                headers.append((POLICY_HEADER, policy_text.encode("ascii")))
            if not is_kept and not _has(message, _NOT_KEPT[0]):
                headers.append(_NOT_KEPT)
            message = {**message, "headers": [*headers, *OTHER_HEADERS]}
        await send(message)

    return send_with_headers


def _has(start: Message, header: bytes) -> bool:
    return any(name.lower() == header for name, _ in start.get("headers", ()))


class _PageSender:
    """Holds the page back until it is whole, since its headers depend on its scripts.

    A page that brings its own policy is sent as it comes.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            if _has(message, POLICY_HEADER):
                await _with_headers(self._send, "")(message)
            return
        if _has(self._start, POLICY_HEADER):
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        send = _with_headers(self._send, policy(_INLINE_SCRIPT.findall(self._body)))
        await send(self._start)
        await send({"type": "http.response.body", "body": self._body})
