"""Keeps other sites from using the page in the name of whoever visits both.

Owns what is done with a request that another site caused. One that says it comes from another site
is refused; a link from there is followed, by way of a page that comes again by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui.server.cookies import cookie_header, header_of, sent_cookie
from ui.server.small_page import from_a_person, send_page, send_refusal, whole

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ARRIVED_COOKIE = "paperchat_arrived"
ARRIVED_S = 10


class SameOrigin:
    """ASGI middleware that refuses what the page of another site sends here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and not from_here(scope):
            hint = "Open the page by its own address; a proxy has to pass the Host header on."
            await send_refusal(send, 403, "Another site sent this request", hint)
        else:
            await self.app(scope, receive, send)


class Arrivals:
    """ASGI middleware for visitors who follow a link on another site.

    Browsers withhold SameSite=Strict cookies from such a request, so they would count as new and
    lose what they had. The answer comes again by itself, which is a request of this site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or have the browser come again."""
        if scope["type"] == "http" and _comes_from_elsewhere(scope):
            # Should a browser count that as the other site's too, it is let through as it is.
            marked = cookie_header(scope, ARRIVED_COOKIE, "1", ARRIVED_S, "Lax")
            head = '<meta http-equiv="refresh" content="0">'
            await send_page(send, 200, whole("paperchat", "", head), (marked,))
        else:
            await self.app(scope, receive, send)


def from_here(scope: Scope) -> bool:
    """Tell whether a request says of no other site that it comes from there."""
    origin = header_of(scope, b"origin")
    if not origin:
        return True
    hosts = (header_of(scope, b"host"), _first(header_of(scope, b"x-forwarded-host")))
    try:
        return urlsplit(origin).netloc in {host for host in hosts if host}
    except ValueError:  # it is no address
        return False


def _comes_from_elsewhere(scope: Scope) -> bool:
    return (
        scope["method"] == "GET"
        and from_a_person(scope)
        and header_of(scope, b"sec-fetch-site") == "cross-site"
        and header_of(scope, b"sec-fetch-mode") == "navigate"
        and not sent_cookie(scope, ARRIVED_COOKIE)
    )


def _first(values: str) -> str:
    return values.partition(",")[0].strip()
