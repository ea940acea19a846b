"""No path of a request leads to a file but those of the page, whatever it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import small_page
from starlette.types import ASGIApp, Message

from ui.server.front import front
from ui.server.page_app import page_app

SECRET = "canary-of-the-file"  # noqa: S105 - a file's content
ROOTS = (
    *("/page-assets/", "/assets/", "/static/", "/svelte/", "/static/img/", "/gradio_api/call/"),
    *("/gradio_api/file=", "/gradio_api/file/", "/gradio_api/proxy=", "/gradio_api/upload"),
    *("/gradio_api/custom_component/a/client/b/", "/gradio_api/deep_link", "/gradio_api/run/", "/"),
    *(
        "/gradio_api/heartbeat/",
        "/gradio_api/stream/a/b/1/",
        "/gradio_api/",
        "/login",
        "/pwa_icon/",
    ),
)
STEPS = (
    *("..", ".", "", "...", "....", "%2e%2e", "%2E.", "%252e%252e", "%c0%ae%c0%ae", "..;", "..%00"),
    *("..\\", "..%5c", "\\", "C:", "C%3a\\", "\\\\localhost\\c$", "%00", "\0", "~", "file:", "nul"),
    *("http:", "127.0.0.1:9", "etc", "hostname", "img", "logo.svg", "page.css", "\u2025", "．．"),
)
STREAMED_S = 0.05
SEPARATORS = ("/", "//", "%2f", "%252f", "\\", "%5c", "\u2215")

_opened: list[str] = []
_watching = [False]


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching[0] and event == "open" and isinstance(arguments[0], str | bytes | Path):
        _opened.append(
            str(Path(arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]))
        )


sys.addaudithook(_audit)  # which nothing takes off again; it looks at nothing while not told to


@contextmanager
def opened() -> Iterator[list[str]]:
    """Give the list of the files that are opened in the block."""
    _opened.clear()
    _watching[0] = True
    try:
        yield _opened
    finally:
        _watching[0] = False


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return front(page_app(small_page(), "127.0.0.1", 7860), "127.0.0.1", 7860)


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("outside") / "secret.txt"
    file.write_text(SECRET)
    return file


def asked(app: ASGIApp, method: str, raw_path: str) -> tuple[int, bytes]:
    """Return the status and the body that a request gets whose path is written so."""
    sent: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    over = asyncio.Event()

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        with suppress(TimeoutError):  # a stream has no end
            await asyncio.wait_for(over.wait(), STREAMED_S)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            over.set()

    path = unquote_to_bytes(raw_path).decode("utf-8", "replace")  # as the server decodes it
    scope = {
        **{"type": "http", "method": method, "path": path, "raw_path": raw_path.encode("utf-8")},
        **{"query_string": b"", "headers": [(b"host", b"localhost")], "scheme": "http"},
        **{"http_version": "1.1", "server": ("127.0.0.1", 7860), "client": ("127.0.0.1", 9)},
        **{"root_path": "", "asgi": {"version": "3.0"}},
    }
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 10))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], body


def folders() -> tuple[Path, ...]:
    """Return the folders of files that are everybody's: Gradio's page, ours, and plotly's."""
    packages = ("gradio", "plotly", "ui.page")
    specs = [find_spec(package) for package in packages]
    return tuple(Path(str(spec.origin)).parent.resolve() for spec in specs if spec)


PUBLIC = folders()


def assert_no_way(app: ASGIApp, secret: Path, method: str, path: str) -> None:
    """Insist that no file but a public one is opened, and nothing of another one told."""
    with opened() as files:
        status, body = asked(app, method, path)
    outside = [
        file
        for file in files
        if not any(Path(file).resolve().is_relative_to(folder) for folder in PUBLIC)
    ]
    assert outside == []
    assert SECRET.encode() not in body
    assert b"import " not in body or status == 200
    # Python reads source code for a traceback, of which nothing is told.
    assert not [file for file in files if not file.endswith(".py")] or status == 200
    assert secret.read_text() == SECRET


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("root", ROOTS)
def test_a_file_elsewhere_is_not_reached(
    app: ASGIApp, secret: Path, root: str, method: str
) -> None:
    up = "../" * 12
    for step in (up, quote(up, safe=""), up.replace("/", "%2f"), up.replace("..", "%2e%2e"), "/"):
        for ending in ("", "%00", "%00.js", "?", "/"):
            assert_no_way(app, secret, method, f"{root}{step}{str(secret).lstrip('/')}{ending}")
    assert_no_way(app, secret, method, f"{root}{secret.as_uri()}")
    assert_no_way(app, secret, method, f"{root}{secret}")


@given(
    root=st.sampled_from(ROOTS),
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS) | st.text(max_size=4), st.sampled_from(SEPARATORS))
    ),
)
def test_no_path_leads_out(
    app: ASGIApp, secret: Path, root: str, steps: list[tuple[str, str]]
) -> None:
    path = root + "".join(step + separator for step, separator in steps)
    assert_no_way(app, secret, "GET", path.encode("utf-8", "replace").decode())


def test_a_file_of_the_page_is_reached(app: ASGIApp) -> None:
    with opened() as files:
        status, body = asked(app, "GET", "/page-assets/page.css")
    assert (status, Path(files[-1]).name) == (200, "page.css")
    assert b"body" in body
