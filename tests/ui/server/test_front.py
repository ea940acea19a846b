"""What stands before the page: which requests come from here, what can be reached, how large."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from browsing import needs_browser
from playwright.sync_api import Browser, expect
from running import running
from small_site import small_page

from ui.page.upload_state import UploadLimits
from ui.server.origins import from_here
from ui.server.page_app import page_app, page_server
from ui.server.page_paths import is_open
from ui.server.request_bodies import BodyLimits


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(lambda host, port: page_server(small_page(), host, port)) as address:
        yield address


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({"host": "127.0.0.1:7860"}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}, True),
        ({"host": "papers.example", "origin": "https://papers.example"}, True),
        (
            {
                "host": "127.0.0.1:7860",
                "x-forwarded-host": "papers.example, 10.0.0.1",
                "origin": "https://papers.example",
            },
            True,
        ),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7861"}, False),
        ({"host": "127.0.0.1:7860", "origin": "http://localhost:7860"}, False),
        ({"host": "papers.example", "origin": "https://papers.example.evil.example"}, False),
        ({"host": "papers.example", "origin": "null"}, False),
        ({"host": "", "origin": "null"}, False),
        ({"origin": "http://"}, False),
        ({"host": "[x", "origin": "http://[x"}, False),
    ],
)
def test_a_request_of_another_site_says_so(headers: dict[str, str], here: bool) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert from_here({"headers": sent}) is here


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_another_site_is_refused(address: str, method: str) -> None:
    headers = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    for path in ("gradio_api/queue/join", "gradio_api/component_server", "config", "logout"):
        refused = httpx.request(method, address + path, headers=headers)
        assert (refused.status_code, refused.json()["problem"]) == (
            403,
            "Another site sent this request",
        )
        assert "access-control-allow-origin" not in refused.headers


def test_another_name_for_this_machine_is_refused(address: str) -> None:
    assert httpx.get(address, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/hostname",
        "gradio_api/file=http://127.0.0.1:9/",
        "gradio_api/file/etc/hostname",
        "gradio_api/proxy=http://127.0.0.1:9/",
        "gradio_api/upload",
        "gradio_api/upload_progress?upload_id=x",
        "gradio_api/deep_link?session_hash=x",
        "gradio_api/custom_component/x/client/y/z",
        "gradio_api/runs",
        "gradio_api/token",
        "gradio_api/user",
        "gradio_api/vibe-code",
        "gradio_api/dev/reload",
        "gradio_api/stream/x/y/1/playlist.m3u8",
        "gradio_api/call/../file=/etc/hostname",
        "gradio_api//file=/etc/hostname",
        "gradio_api/file%3D/etc/hostname",
        "login",
        "logout",
        "monitoring",
        "monitoring/summary",
        "pwa_icon",
        "docs",
        "openapi.json",
        "page-assets/../page_app.py",
        "page-assets/%2e%2e/page_app.py",
        "static/..%2f..%2f..%2froutes.py",
        "nowhere",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_nothing_else_of_gradio_is_reached(address: str, path: str, method: str) -> None:
    answer = httpx.request(method, address + path)
    assert answer.status_code in {403, 404, 405}
    assert b"import" not in answer.content


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        ("/assets/index-1a.js", True),
        ("/assets/../routes.py", False),
        ("/assets/..", False),
        ("/assets/.env", False),
        ("/assets//etc/hostname", False),
        ("/assets/..\\routes.py", False),
        ("/assets/C:/windows/win.ini", False),
        ("/assets/%2e%2e/routes.py", False),
        ("/assets/a\0.js", False),
        ("/assets/a\n.js", False),
        ("/gradio_api/queue/status", False),
        ("/", True),
        ("/config/", True),
        ("/gradio_api/component_server", True),
        ("/gradio_api/call/ask/1", True),
        ("/gradio_api/component_server/x", False),
        ("/gradio_api/upload", False),
        ("/gradio_api/callx", False),
        ("/gradio_api", False),
        ("", True),
    ],
)
def test_what_can_be_reached_is_named(path: str, opened: bool) -> None:
    assert is_open(path) is opened


@pytest.mark.parametrize("length", [str(BodyLimits().upload_bytes + 1), "9" * 18, str(10**9)])
def test_what_is_too_large_is_refused_before_it_is_read(address: str, length: str) -> None:
    connection = http.client.HTTPConnection(address.rstrip("/").partition("//")[2], timeout=10)
    connection.putrequest("POST", "/gradio_api/component_server")
    connection.putheader("content-length", length)
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (
        413,
        {"problem": "The request is too large", "hint": "It may have 40 MB at most."},
    )
    connection.close()


def test_a_file_fits_into_a_call(address: str) -> None:
    components = httpx.get(f"{address}config").json()["components"]
    asked = {
        "data": {"file": "x" * (UploadLimits().file_bytes * 4 // 3)},
        "component_id": next(each["id"] for each in components if each["type"] == "html"),
        "session_hash": "x",
        "fn_name": "by_call",
    }
    assert len(httpx.post(f"{address}gradio_api/component_server", json=asked).json()) == 43


def test_a_body_of_unknown_length_is_refused(address: str) -> None:
    answer = httpx.post(f"{address}gradio_api/component_server", content=iter([b"rye"]))
    assert (answer.status_code, answer.json()["problem"]) == (
        411,
        "The request does not say how long it is",
    )


def test_gradio_keeps_something_of_so_many_pages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.page_app.MOST_PAGES", 3)
    page = small_page()
    page_app(page, "127.0.0.1", 7860)
    for number in range(9):
        _ = page.state_holder[f"page {number}"]
    assert list(page.state_holder.session_data) == ["page 6", "page 7", "page 8"]


@needs_browser
def test_the_page_asks_for_nothing_that_is_not_there(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("response", lambda got: refused.append(got.url) if got.status >= 400 else None)
    page.goto(address)
    page.locator("#ask").click()
    expect(page.locator("#by-event textarea")).to_have_value(re.compile(".{43}"))
    context.close()
    assert refused == []
