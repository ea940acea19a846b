"""A visitor of the page without a browser: sends what the page's scripts send, and keeps all that
comes back.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from ui.server.visitors import COOKIE

COMPONENT_SERVER = "/gradio_api/component_server/"


class PageVisitor:
    """A browser's scripts, with the cookie of `visitor` where that is not "".

    `received` has all responses, with their headers.
    """

    def __init__(self, client: httpx.Client, session: str) -> None:
        self.client = client
        self.session = session
        self.received: list[str] = []
        client.event_hooks["response"].append(self._receive)

    def open(self) -> None:
        """Open the page, and learn what its parts are called."""
        self.client.get("/", headers={"accept": "text/html"}).raise_for_status()
        config = self.client.get("/config").raise_for_status().json()
        self.parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        [self._ask] = [
            each
            for each in config["dependencies"]
            if any(event == "ask" for _, event in each["targets"])
        ]

    def call(self, part: str, function: str, /, **asked: object) -> dict[str, Any]:
        """Return what a function of a part of the page answers."""
        sent = {
            "component_id": self.parts[part],
            "fn_name": function,
            "data": asked,
            "session_hash": self.session,
        }
        told: dict[str, Any] = self.client.post(COMPONENT_SERVER, json=sent).json()
        return told

    def ask(self, **asked: object) -> dict[str, Any]:
        """Ask, and return the last frame."""
        self.begin(**asked)
        return self.last_frame()

    def begin(self, **asked: object) -> str:
        """Ask, and return the id of the event that answers."""
        joined = self.client.post(
            "/gradio_api/queue/join",
            json={
                "data": [],
                "event_data": {"name": "a question", **asked},
                "fn_index": self._ask["id"],
                "trigger_id": self._ask["targets"][0][0],
                "session_hash": self.session,
            },
        ).raise_for_status()
        return str(joined.json()["event_id"])

    def last_frame(self) -> dict[str, Any]:
        """Wait for what was asked, and return the last frame."""
        stream = self.client.get("/gradio_api/queue/data", params={"session_hash": self.session})
        return list(_frames(stream.text))[-1]

    def _receive(self, response: httpx.Response) -> None:
        response.read()
        self.received.append(f"{response.headers!r}\n{response.text}")


@contextmanager
def visiting(address: str, visitor: str, **headers: str) -> Iterator[PageVisitor]:
    """Visit the page at the address, open it, and leave."""
    cookies = {COOKIE: visitor} if visitor else {}
    hooks: dict[str, list[Any]] = {"response": []}
    with httpx.Client(
        base_url=address, cookies=cookies, headers=headers, timeout=60, event_hooks=hooks
    ) as client:
        yield PageVisitor(client, secrets.token_hex(6))


def _frames(stream: str) -> Iterator[dict[str, Any]]:
    """Yield what was told; after the first frame Gradio sends what changed in it."""
    for line in filter(None, stream.split("\n")):
        message = json.loads(line.removeprefix("data: "))
        for value in (message.get("output") or {}).get("data") or ():
            changed = value if isinstance(value, str) else "".join(edit[2] for edit in value)
            if changed:
                yield json.loads(changed)
