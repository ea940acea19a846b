"""Cookies of the page: what a browser sent, and the header that gives it one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.types import Message, Scope, Send

SameSite = Literal["Strict", "Lax"]


def header_of(scope: Scope, name: bytes) -> str:
    """Return a header of the request, the first of that name; "" where there is none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def sent_cookie(scope: Scope, name: str) -> str:
    """Return the value of a cookie that the browser sent; "" where it sent none."""
    from starlette.requests import cookie_parser

    sent = b"; ".join(value for key, value in scope["headers"] if key == b"cookie")
    return cookie_parser(sent.decode("latin-1")).get(name, "")


def cookie_header(
    scope: Scope, name: str, value: str, max_age_s: int, same_site: SameSite = "Strict"
) -> tuple[bytes, bytes]:
    """Return the header that gives a cookie, for this server alone; an age of 0 takes it back."""
    parts = [f"{name}={value}", "Path=/", f"Max-Age={max_age_s}", "HttpOnly"]
    parts.append(f"SameSite={same_site}")
    # A proxy that carries the page by HTTPS says so; without it the cookie would never come back.
    if "https" in (scope.get("scheme"), header_of(scope, b"x-forwarded-proto")):
        parts.append("Secure")
    return b"set-cookie", "; ".join(parts).encode("ascii")


def giving(send: Send, header: tuple[bytes, bytes]) -> Send:
    """Return a `send` that adds the header to the response."""

    async def send_with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return send_with_header
