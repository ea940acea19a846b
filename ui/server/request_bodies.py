"""Takes in what a request brings, whole and within limits, before anything is done with it.

Owns how large, how slow and how deeply nested it may be, and how much is held of all requests at
once. Invariant: what goes on is a JSON object, as the page and programs send it; of a form Gradio
would make files.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from ui.page.upload_state import MEGABYTE, UploadLimits, megabytes
from ui.server.cookies import header_of
from ui.server.session_owners import LONGEST_NAME, SENT_NAMES
from ui.server.small_page import send_refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOADS_PATH = "/gradio_api/component_server"
_JSON = "application/json"
_CLOSE = (b"connection", b"close")  # what is still to come of it is not waited for
_DIGITS = 16
# The browser's name for its page, which Gradio keeps for each, and what else it looks up.
_NAMES = ("session_hash", "event_id", "fn_name")


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What a request may bring."""

    # A call of the page's may bring a file, as text and so a third longer.
    upload_bytes: int = 2 * UploadLimits().file_bytes + 64 * 1024
    # A question and, at most, the ids of all papers; one that is far too long is still told so.
    other_bytes: int = 12 * MEGABYTE
    # Of all requests that are being read or worked on.
    held_bytes: int = 300 * MEGABYTE
    # For any, and so much more for each byte: a file of 20 MB on a line of 50 kB a second.
    seconds: float = 20.0
    bytes_per_s: int = 20_000
    # Gradio's own have four levels.
    depth: int = 20
    # As Python objects they take twenty times the memory; the ids of all papers are a fourth of it.
    items: int = 400_000


class BodyRefused(Exception):  # noqa: N818 - as a request is; it is none of the server's errors
    """A request brings what is not taken: `status` and `problem` say so, `hint` what is."""

    def __init__(self, status: HTTPStatus, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.status, self.problem, self.hint = status, problem, hint


class RequestBodies:
    """ASGI middleware that reads what is sent, and passes it on in one piece."""

    def __init__(self, app: ASGIApp, limits: BodyLimits | None = None) -> None:
        self.app = app
        self.limits = limits or BodyLimits()
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            length = self._length(scope)
            if not length:
                await self.app(scope, receive, send)
                return
            self._held += length
            try:
                body = await self._body(scope, receive, length)
                names = _checked(body, self.limits)
                await self.app({**scope, SENT_NAMES: names}, again(body, receive), send)
            finally:
                self._held -= length
        except BodyRefused as refused:
            await send_refusal(send, refused.status, refused.problem, refused.hint, (_CLOSE,))

    def _length(self, scope: Scope) -> int:
        """Return how long the body is, which has to be said. Raises BodyRefused."""
        if any(name == b"transfer-encoding" for name, _ in scope["headers"]):
            raise BodyRefused(HTTPStatus.LENGTH_REQUIRED, "The request does not say how long it is")
        said = header_of(scope, b"content-length") or "0"
        most = self._most_bytes(scope)
        is_number = said.isascii() and said.isdigit() and len(said) < _DIGITS
        if not is_number or int(said) > most:
            hint = f"It may have {megabytes(most)} at most."
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large", hint)
        if self._held + int(said) > self.limits.held_bytes:
            raise BodyRefused(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too much is being sent at once",
                "Try again in a minute.",
            )
        return int(said)

    def _most_bytes(self, scope: Scope) -> int:
        is_upload = scope["path"].rstrip("/") == UPLOADS_PATH
        return self.limits.upload_bytes if is_upload else self.limits.other_bytes

    async def _body(self, scope: Scope, receive: Receive, length: int) -> bytes:
        """Return the body. Raises BodyRefused."""
        if header_of(scope, b"content-type").partition(";")[0].strip().lower() != _JSON:
            raise BodyRefused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "The request is not JSON",
                f"Send it as {_JSON}.",
            )
        seconds = self.limits.seconds + length / self.limits.bytes_per_s
        return await read_body(receive, length, seconds)


async def read_body(receive: Receive, most_bytes: int, seconds: float) -> bytes:
    """Return a request's body. Raises BodyRefused where it takes longer, or is longer."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BodyRefused(HTTPStatus.BAD_REQUEST, "The request broke off")
                body += message.get("body", b"")
                if len(body) > most_bytes:
                    raise BodyRefused(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"
                    )
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise BodyRefused(
            HTTPStatus.REQUEST_TIMEOUT, "The request did not come to its end in time"
        ) from error


def _checked(body: bytes, limits: BodyLimits) -> dict[str, str | None]:
    """Return what the body names, None for what it does not.

    Raises BodyRefused unless it is an object as the page sends one.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > limits.items:
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "The request has too many parts")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "The request is not a JSON object")
    if not _is_flat(sent, limits.depth):
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "The request is nested too deeply")
    names = {name: sent.get(name) for name in _NAMES}
    for name, value in names.items():
        if value is not None and not (isinstance(value, str) and len(value) <= LONGEST_NAME):
            raise BodyRefused(
                HTTPStatus.BAD_REQUEST, f"The request's {name} is none that the page sends"
            )
    return names


def _is_flat(sent: object, depth: int) -> bool:
    """Tell whether lists and objects are nested within each other `depth` times at most."""
    level: list[object] = [sent]
    for _ in range(depth + 1):
        lists = [each for each in level if isinstance(each, list)]
        lists += [list(each.values()) for each in level if isinstance(each, dict)]
        if not lists:
            return True
        level = [item for each in lists for item in each]
    return not any(isinstance(each, list | dict) for each in level)


def again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, and from then on what else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
