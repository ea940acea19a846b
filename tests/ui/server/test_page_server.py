"""Where the page is served, and what its headers let a browser do."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from threading import Event

import pytest
from starlette.types import Send

from ui.server import page_server
from ui.server.content_policy import (
    OTHER_HEADERS,
    POLICY_HEADER,
    ContentPolicy,
    policy,
    script_hash,
)
from ui.server.page_server import (
    Door,
    PageServerError,
    is_loopback,
    listen,
    open_in_browser,
    page_address,
)


def test_a_taken_port_is_said_with_a_hint() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageServerError) as caught:
            listen("127.0.0.1", port)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "The port is taken",
        f"127.0.0.1:{port}",
        "Stop the program that uses it, or choose another port with --port.",
    )


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PageServerError, match=r"Cannot listen: .* \(192\.0\.2\.1:0\)"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("bound", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860/"),
        ("0.0.0.0", "http://127.0.0.1:7860/"),  # noqa: S104
        ("::1", "http://[::1]:7860/"),
        ("::", "http://[::1]:7860/"),
    ],
)
def test_the_address_is_one_that_opens_here(bound: str, address: str) -> None:
    class Listener(socket.socket):
        def getsockname(self) -> tuple[str, int]:
            return bound, 7860

    with Listener() as listener:
        assert page_address(listener) == address


def test_a_machine_without_a_browser_opens_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(page_server.webbrowser, "get", no_browser)
    assert not open_in_browser("http://127.0.0.1:7860/")


def test_a_browser_for_terminals_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        page_server.webbrowser, "get", lambda: webbrowser.GenericBrowser("no-such-browser")
    )
    assert not open_in_browser("http://127.0.0.1:7860/")


def test_a_browser_is_opened_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, let_go = Event(), Event()

    class Slow(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            assert (url, new, autoraise) == ("http://127.0.0.1:7860/", 0, True)
            opened.set()
            return let_go.wait(20)

    monkeypatch.setattr(page_server.webbrowser, "get", Slow)
    assert open_in_browser("http://127.0.0.1:7860/")
    assert opened.wait(5)
    let_go.set()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("door", "shared"),
    [
        (Door(), False),
        (Door("localhost"), False),
        (Door(password="rye"), True),  # noqa: S106
        (Door("192.0.2.1"), True),
    ],
    ids=["this machine", "its name", "by a password", "an address of others"],
)
def test_who_is_to_come_in(door: Door, shared: bool) -> None:
    assert door.shared is shared


def test_a_door_shows_no_password() -> None:
    assert "rye" not in repr(Door(password="rye"))  # noqa: S106


def test_the_page_gets_a_policy_for_its_own_scripts() -> None:
    body = b'<script src="a.js"></script><script type="module">let a = 1;</script>'

    async def app(scope: dict[str, object], _receive: None, send: Send) -> None:
        assert scope["headers"] == [(b"host", b"localhost")]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": body[:40], "more_body": True})
        await send({"type": "http.response.body", "body": body[40:]})

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"accept-encoding", b"br")]
    scope = {"type": "http", "path": "/", "headers": headers}
    asyncio.run(ContentPolicy(app)(scope, None, send))
    assert sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"a", b"b"),
                (b"content-security-policy", policy([b"let a = 1;"]).encode()),
                (b"cache-control", b"no-store"),
                *OTHER_HEADERS,
            ],
        },
        {"type": "http.response.body", "body": body},
    ]


def test_a_page_that_brings_its_own_policy_is_sent_as_it_comes() -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(POLICY_HEADER, b"own")]}
    parts = [
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.body", "body": b"b"},
    ]

    async def app(_scope: object, _receive: None, send: Send) -> None:
        await send(start)
        for part in parts:
            await send(part)

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(ContentPolicy(app)({"type": "http", "path": "/", "headers": []}, None, send))
    headers = [(POLICY_HEADER, b"own"), (b"cache-control", b"no-store"), *OTHER_HEADERS]
    assert sent == [start | {"headers": headers}, *parts]


def test_the_policy_names_this_server_alone() -> None:
    # The hash is the one of the example in the Content Security Policy specification.
    assert script_hash(b"alert('Hello, world.');") == (
        "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
    )
    assert policy([b"alert('Hello, world.');"]) == (
        "default-src 'none'; "
        "script-src 'self' 'unsafe-eval' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
