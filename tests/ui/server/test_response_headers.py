"""The headers of every kind of response: of the page, of files, of refusals, of what went wrong."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from running import running
from small_site import small_page
from starlette.types import Receive, Scope, Send

from ui.server.content_policy import NO_PAGE, OTHER_HEADERS
from ui.server.front import front
from ui.server.loading_page import PageInMaking
from ui.server.page_app import page_server
from ui.server.small_page import POLICY
from ui.server.web_server import web_server

PASSWORD = "sourdough & rye"  # noqa: S105 - a made-up one
PERSON = {"accept": "text/html"}
SMALL = POLICY.decode("ascii")


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """Give the addresses of a page: open to all, behind a password, loading, and broken."""

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    with (
        running(lambda host, port: page_server(small_page(), host, port)) as open_to_all,
        running(lambda host, port: page_server(small_page(), host, port, PASSWORD)) as guarded,
        running(lambda host, port: web_server(front(PageInMaking(), host, port))) as loading,
        running(lambda host, port: web_server(front(broken, host, port))) as wrong,
    ):
        yield {"open": open_to_all, "guarded": guarded, "loading": loading, "broken": wrong}


# Of each kind: where, the request, its status, its policy, and how long it may be kept.
KINDS: dict[str, tuple[str, httpx.Request, int, str, str | None]] = {
    "a file": ("open", httpx.Request("GET", "http://x/page-assets/page.css"), 200, NO_PAGE, None),
    "Gradio's file": (
        "open",
        httpx.Request("GET", "http://x/static/img/logo.svg"),
        200,
        NO_PAGE,
        None,
    ),
    "no file": ("open", httpx.Request("GET", "http://x/static/no.svg"), 404, NO_PAGE, None),
    "JSON": ("open", httpx.Request("GET", "http://x/config"), 200, NO_PAGE, "no-store"),
    "nobody's stream": (
        "open",
        httpx.Request("GET", "http://x/gradio_api/queue/data?session_hash=none"),
        404,
        SMALL,
        "no-store",
    ),
    "nothing there": ("open", httpx.Request("GET", "http://x/nowhere"), 404, SMALL, "no-store"),
    "another method": ("open", httpx.Request("PUT", "http://x/config"), 405, NO_PAGE, "no-store"),
    "an error of Gradio's": (
        "open",
        httpx.Request("POST", "http://x/gradio_api/component_server", json={"data": 1}),
        400,
        NO_PAGE,
        "no-store",
    ),
    "a body that is refused": (
        "open",
        httpx.Request("POST", "http://x/gradio_api/queue/join", content=b"x"),
        415,
        SMALL,
        "no-store",
    ),
    "another site's": (
        "open",
        httpx.Request("GET", "http://x/config", headers={"origin": "http://evil.example"}),
        403,
        SMALL,
        "no-store",
    ),
    "another name": (
        "open",
        httpx.Request("GET", "http://x/", headers={"host": "evil.example"}),
        400,
        "",
        "no-store",
    ),
    "the login": ("guarded", httpx.Request("GET", "http://x/login"), 200, SMALL, "no-store"),
    "the way there": (
        "guarded",
        httpx.Request("GET", "http://x/", headers=PERSON),
        303,
        SMALL,
        "no-store",
    ),
    "no password": ("guarded", httpx.Request("GET", "http://x/config"), 401, SMALL, "no-store"),
    "a wrong one": (
        "guarded",
        httpx.Request("POST", "http://x/login", data={"password": "rye"}, headers=PERSON),
        401,
        SMALL,
        "no-store",
    ),
    "still loading": ("loading", httpx.Request("GET", "http://x/config"), 503, SMALL, "no-store"),
}


def sent(address: str, request: httpx.Request) -> httpx.Response:
    """Return what the request gets that is sent to an address instead of its own."""
    headers = {name: value for name, value in request.headers.items() if value != "x"}
    url = address.rstrip("/") + request.url.raw_path.decode("ascii")
    content = request.read() or None
    return httpx.request(request.method, url, headers=headers, content=content)


@pytest.mark.parametrize("kind", KINDS)
def test_every_response_has_the_headers(addresses: dict[str, str], kind: str) -> None:
    where, request, status, policy, kept = KINDS[kind]
    response = sent(addresses[where], request)
    assert response.status_code == status
    if kind == "another name":
        assert response.headers["content-security-policy"].startswith("default-src 'none'; ")
    else:
        assert response.headers["content-security-policy"] == policy
    assert response.headers.get("cache-control") == kept
    for name, value in OTHER_HEADERS:
        assert response.headers.get_list(name.decode()) == [value.decode()]
    assert "server" not in response.headers


def test_the_page_itself(addresses: dict[str, str]) -> None:
    page = httpx.get(addresses["open"], headers=PERSON)
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in page.headers["content-security-policy"].split(";")
    )
    scripts = policy.pop("script-src").split()
    assert scripts[:2] == ["'self'", "'unsafe-eval'"]
    assert all(source.startswith("'sha256-") for source in scripts[2:])
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["cache-control"] == "no-store"
    for name, value in OTHER_HEADERS:
        assert page.headers.get_list(name.decode()) == [value.decode()]


def test_what_nobody_foresaw_tells_nothing(addresses: dict[str, str]) -> None:
    answer = httpx.get(addresses["broken"])
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


@pytest.mark.parametrize(
    "allowed", ["access-control-allow-origin", "access-control-allow-credentials"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_no_other_site_is_let_in(addresses: dict[str, str], kind: str, allowed: str) -> None:
    where, request, *_ = KINDS[kind]
    assert allowed not in sent(addresses[where], request).headers
