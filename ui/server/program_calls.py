"""Calls of programs, made whole before Gradio takes them.

Owns what may be left out of a call, and how is told what cannot be called. Left to itself Gradio
fails over each argument that is not sent, whatever its default, and says nothing of why. The page
and Gradio's own client come by another way, with all of them. Invariant: what goes on is a call of
an endpoint that there is, with all its arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ui.server.request_bodies import BodyLimits, BodyRefused, again, read_body
from ui.server.small_page import send_refusal

if TYPE_CHECKING:
    import gradio as gr
    from starlette.types import ASGIApp, Receive, Scope, Send

_CALL = re.compile(r"/gradio_api/(call/v2|call|run|api)/([^/]+)/?")
_BY_NAME = "call/v2"  # takes an object of the arguments; the others a list of them


@dataclass(frozen=True, slots=True)
class Argument:
    """What an endpoint takes; without a default it has to be sent."""

    name: str
    has_default: bool
    default: object = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a program can call, and its arguments in their order."""

    arguments: tuple[Argument, ...]

    @property
    def usage(self) -> str:
        """Return how it is called."""
        optional = [argument.name for argument in self.arguments if argument.has_default]
        rest = f"; {optional[0]} and what follows may be left out" if optional else ""
        return f'Send {{"data": [{self._names}]}}{rest}.'

    @property
    def _names(self) -> str:
        return ", ".join(argument.name for argument in self.arguments)

    def complete(self, sent: dict[str, object]) -> dict[str, object]:
        """Return the arguments by name, with defaults for those that were not sent.

        Raises BodyRefused where one is missing, or is none of this endpoint's.
        """
        names = {argument.name for argument in self.arguments}
        if not sent.keys() <= names:
            hint = f"Its arguments are {self._names}." if names else "It takes none."
            raise _refused("The endpoint has no such argument", hint)
        for argument in self.arguments:
            if argument.name not in sent and not argument.has_default:
                raise _refused(f"{argument.name} is missing", self.usage)
        return {each.name: sent.get(each.name, each.default) for each in self.arguments}


def endpoints_of(page: gr.Blocks) -> dict[str, Endpoint]:
    """Return what programs can call of a page, by name."""
    described = page.get_api_info()["named_endpoints"]
    return {name.removeprefix("/"): _endpoint(each) for name, each in described.items()}


def _endpoint(described: Any) -> Endpoint:
    return Endpoint(
        tuple(
            Argument(
                each["parameter_name"], each["parameter_has_default"], each["parameter_default"]
            )
            for each in described["parameters"]
        )
    )


class ProgramCalls:
    """ASGI middleware that completes a call, or refuses it."""

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, Endpoint]) -> None:
        self.app = app
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        is_call = scope["type"] == "http" and scope["method"] == "POST"
        called = _CALL.fullmatch(scope["path"]) if is_call else None
        if called is None:
            await self.app(scope, receive, send)
            return
        try:
            body = await self._completed(called[1] == _BY_NAME, called[2], receive)
        except BodyRefused as refused:
            await send_refusal(send, refused.status, refused.problem, refused.hint)
        else:
            await self.app(scope, again(body, receive), send)

    async def _completed(self, by_name: bool, name: str, receive: Receive) -> bytes:
        """Return the body of a call that has all its arguments. Raises BodyRefused."""
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            there = ", ".join(f"/{each}" for each in self._endpoints)
            hint = f"The endpoints are {there}."
            raise BodyRefused(HTTPStatus.NOT_FOUND, "There is no such endpoint", hint)
        limits = BodyLimits()
        sent = _object(await read_body(receive, limits.other_bytes, limits.seconds))
        if by_name:
            return json.dumps(endpoint.complete(sent)).encode()
        arguments = _by_name(endpoint, sent.get("data"))
        whole = {"data": list(endpoint.complete(arguments).values())}
        return json.dumps(whole | {"session_hash": sent.get("session_hash")}).encode()


def _object(body: bytes) -> dict[str, object]:
    """Return the object that the body is, an empty one where it is none."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _by_name(endpoint: Endpoint, data: object) -> dict[str, object]:
    """Return a call's list of arguments by their names; what is too many says nothing."""
    if not isinstance(data, list):
        raise _refused("The call has no list of arguments", endpoint.usage)
    names = (argument.name for argument in endpoint.arguments)
    return dict(zip(names, data, strict=False))


def _refused(problem: str, hint: str) -> BodyRefused:
    return BodyRefused(HTTPStatus.BAD_REQUEST, problem, hint)
