"""Model servers by script as the test of a connection meets them: whole, closed, lacking, wrong."""

from __future__ import annotations

import json
from dataclasses import replace

from fakes import Request, Script, fails, says

KEY = "sk-canary-7f3a9b2c"
HOSTILE_NAME = '<img src=x onerror=alert(1)>"&amp; ${x} {{y}}'
NAMES = ("oven-7b", "mill-1", HOSTILE_NAME)
READY = replace(says("ready"), usage=(9, 1))
READY_JSON = says('{"word": "ready"}')


def listing_of(*names: str, window: int | None = None) -> Script:
    """Return the reply that lists these models."""
    items = [{"id": name, "object": "model", "max_model_len": window} for name in names]
    return Script(body=json.dumps({"object": "list", "data": items}))


def whole(request: Request) -> Script:
    """Answer as a server that has all of `NAMES` and serves them with a large window."""
    if request.path.endswith("/models"):
        return listing_of(*NAMES, window=32_768)
    if request.body["model"] not in NAMES:
        return fails(404, f"There is no model {request.body['model']}")
    return READY_JSON if "response_format" in request.body else READY


def closed(request: Request) -> Script:
    """Refuse whoever has not the key, in words that repeat the key that was sent."""
    sent = request.headers.get("authorization", "")
    return whole(request) if sent == f"Bearer {KEY}" else fails(401, f"Wrong key: {sent}")


def wrong_address(_request: Request) -> Script:
    """Answer as a web server that knows no such page."""
    return Script(status=404, body="<h1>Not found</h1>", content_type="text/html")


def repeats_the_key(request: Request) -> Script:
    """Name a model after the key that was sent, and fail with the key in the message."""
    sent = request.headers["authorization"].removeprefix("Bearer ")
    if request.path.endswith("/models"):
        return listing_of(f"model-of-{sent}")
    return fails(400, f"Too much for {sent}")


def small_window(request: Request) -> Script:
    """Answer as `whole`, from a server with little memory."""
    return listing_of(*NAMES, window=4096) if request.path.endswith("/models") else whole(request)


def silent(request: Request) -> Script:
    """List the models and then say nothing."""
    return whole(request) if request.path.endswith("/models") else Script(silent=True)
