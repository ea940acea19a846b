"""The password before the page: what comes in, what does not, and how slow guessing is."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from browsing import PHONE, needs_browser, picture
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect
from running import running
from small_site import small_page
from starlette.types import Receive, Scope, Send

from ui.server.guesses import (
    FORGOTTEN_AFTER_S,
    LONGEST_DELAY_S,
    LONGEST_LINE,
    MOST_FAILURES,
    Guesses,
    TooManyTriesError,
    network_of,
)
from ui.server.login import Login, own_path, sent_password
from ui.server.page_app import page_server
from ui.server.sessions import MOST_SESSIONS, SESSION_S, Sessions

PASSWORD = "sourdough & rye: 12 Löffel"  # noqa: S105 - a made-up one
HTML = {"accept": "text/html"}
PATHS = (
    "",
    "config",
    "theme.css",
    "page-assets/page.css",
    "assets/x.js",
    "static/img/logo.svg",
    "gradio_api/info",
    "gradio_api/openapi.json",
    "gradio_api/queue/data?session_hash=x",
    "gradio_api/heartbeat/x",
    "gradio_api/upload_progress?upload_id=x",
    "gradio_api/file=/etc/hostname",
    "monitoring",
    "mcp",
    "nowhere",
    "login/../config",
)
POSTS = (
    "gradio_api/queue/join",
    "gradio_api/component_server",
    "gradio_api/upload",
    "gradio_api/call/who",
    "gradio_api/run/who",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    def guarded(host: str, port: int) -> object:
        return page_server(small_page(), host, port, PASSWORD)

    with running(guarded) as address:
        yield address


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"authorization": f"Basic {encoded}"}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_read_without_the_password(address: str, path: str) -> None:
    program = httpx.get(address + path)
    assert (program.status_code, program.json(), program.headers["www-authenticate"]) == (
        401,
        {
            "problem": "This needs the password",
            "hint": "Send it by HTTP Basic with any user name, or as `Authorization: Bearer`.",
        },
        'Bearer realm="paperchat"',
    )
    person = httpx.get(address + path, headers=HTML)
    assert person.status_code == 303
    assert person.headers["location"].startswith("/login")


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_sent_without_the_password(address: str, path: str) -> None:
    assert httpx.post(address + path, json={"data": []}).status_code == 401
    assert httpx.request("OPTIONS", address + path).status_code == 401


def test_a_proxy_may_pass_on_any_name(address: str) -> None:
    headers = basic(PASSWORD) | {"host": "papers.example", "origin": "https://papers.example"}
    assert httpx.get(f"{address}config", headers=headers).status_code == 200
    assert httpx.get(f"{address}config", headers={"host": "papers.example"}).status_code == 401


def test_a_browser_logs_in_goes_where_it_wanted_and_logs_out(address: str) -> None:
    with httpx.Client(base_url=address, headers=HTML) as browser:
        assert browser.get("/config?page=x").headers["location"] == "/login?next=/config%3Fpage%3Dx"
        form = {"password": PASSWORD, "next": "/config?page=x"}
        entered = browser.post("/login", data=form)
        assert (entered.status_code, entered.headers["location"]) == (303, "/config?page=x")
        assert re.fullmatch(
            r"paperchat_session_\d+=[\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict",
            entered.headers["set-cookie"],
        )
        assert browser.get("/config").status_code == 200
        assert browser.get("/login?next=/config").headers["location"] == "/config"
        token = dict(browser.cookies)
        left = browser.post("/logout")
        assert (left.status_code, left.headers["location"]) == (303, "/login")
        assert dict(browser.cookies) == {}
        assert browser.get("/", cookies=token).status_code == 303


def test_a_link_to_log_out_only_asks(address: str) -> None:
    with httpx.Client(base_url=address, headers=HTML) as browser:
        assert browser.get("/logout").headers["location"] == "/login"
        browser.post("/login", data={"password": PASSWORD})
        asked = browser.get("/logout")
        assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
        assert (
            '<form method="post" action="/logout">'
            "<p>This browser will need the password again.</p>"
            "<button autofocus>Log out</button></form>"
        ) in asked.text
        elsewhere = {"origin": "https://evil.example"}
        assert browser.post("/logout", headers=elsewhere).status_code == 403
        assert browser.get("/config").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        basic(PASSWORD),
        basic(PASSWORD, user=""),
        {"authorization": f"bearer {PASSWORD}".encode()},
    ],
)
def test_programs_send_the_password_with_each_request(
    address: str, headers: dict[str, str]
) -> None:
    assert httpx.get(f"{address}config", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "password"),
    [
        ("", None),
        ("Basic", ""),
        ("Basic !!", None),
        ("Basic c29sbw==", ""),
        ("Basic OnJ5ZQ==", "rye"),
        ("basic  YTpiOmM=", "b:c"),
        ("Basic w7bDtg==é", None),
        ("Bearer", ""),
        ("BEARER rye ", "rye"),
        ("Bearer \xc3\xb6", "ö"),
        ("Bearer \xff", "\ufffd"),
        ("Digest rye", None),
    ],
)
def test_the_password_is_read_from_its_header(authorization: str, password: str | None) -> None:
    assert sent_password(authorization) == password


@given(st.binary().map(lambda sent: sent.decode("latin-1")))
def test_any_header_can_be_read(header: str) -> None:
    for authorization in (header, f"Basic {header}", f"Bearer {header}"):
        assert isinstance(sent_password(authorization), str | None)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/", "/"),
        ("/config?page=x&y=%20", "/config?page=x&y=%20"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: a=b", "/"),
        ('/"><script>', "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_to_this_server_only(asked: str, path: str) -> None:
    assert own_path(asked) == path


def answered(login: Login, method: str, path: str, **sent: object) -> httpx.Response:
    """Return what one request gets of a guard before an application that says "inside"."""
    return asyncio.run(_answered(login, method, path, **sent))


async def _answered(login: Login, method: str, path: str, **sent: object) -> httpx.Response:
    transport = httpx.ASGITransport(login)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.request(method, path, **sent)


async def inside(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def guard(first_delay_s: float = 0.0) -> Login:
    return Login(inside, PASSWORD, 7860, Guesses(first_delay_s))


@pytest.mark.parametrize(
    "wrong", ["", "sourdough", PASSWORD + " ", PASSWORD.upper(), PASSWORD * 2, "\x00", "ö" * 9000]
)
def test_a_wrong_password_gets_in_nowhere(wrong: str) -> None:
    login = guard()
    form = answered(login, "POST", "/login", data={"password": wrong}, headers=HTML)
    assert (form.status_code, "set-cookie" in form.headers) == (401, False)
    assert '<p class="problem" role="alert">That is not the password. Try again.</p>' in form.text
    assert "aria-invalid" in form.text
    assert answered(login, "GET", "/", headers=basic(wrong)).status_code == 401
    assert answered(login, "GET", "/", headers=basic(PASSWORD)).text == "inside"


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "a" * 43, '"', "%00"],
)
def test_a_made_up_session_is_none(cookie: str) -> None:
    headers = {"cookie": f"paperchat_session_7860={cookie}"}
    assert answered(guard(), "GET", "/", headers=headers).status_code == 401


def test_a_session_of_another_port_is_none() -> None:
    login = guard()
    entered = answered(login, "POST", "/login", data={"password": PASSWORD})
    token = entered.headers["set-cookie"].partition(";")[0].partition("=")[2]
    for port, status in ((7860, 200), (7861, 401)):
        headers = {"cookie": f"paperchat_session_{port}={token}"}
        assert answered(login, "GET", "/", headers=headers).status_code == status


@pytest.mark.parametrize("body", [b"", b"=", b"&" * 99, b"password=" + b"x" * 99_999, b"\xff" * 9])
def test_a_form_that_is_none_is_a_wrong_password(body: bytes) -> None:
    assert answered(guard(), "POST", "/login", content=body).status_code == 401


def test_a_web_socket_is_closed() -> None:
    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    asyncio.run(guard()({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_guard_shows_no_password() -> None:
    login = guard()
    assert PASSWORD not in repr(vars(login))
    assert PASSWORD.encode() not in repr(vars(login)).encode()


def test_sessions_end_and_are_not_kept_without_end() -> None:
    sessions = Sessions()
    first = sessions.begin()
    assert sessions.has(first)
    for _ in range(MOST_SESSIONS):
        last = sessions.begin()
    assert (sessions.has(first), sessions.has(last)) == (False, True)
    sessions.end(last)
    sessions.end("never begun")
    assert not sessions.has(last)


def test_a_session_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    token = sessions.begin()
    now = time.monotonic()
    monkeypatch.setattr("ui.server.sessions.time.monotonic", lambda: now + SESSION_S - 9)
    assert sessions.has(token)
    monkeypatch.setattr("ui.server.sessions.time.monotonic", lambda: now + SESSION_S + 9)
    assert not sessions.has(token)


def test_guesses_at_once_take_as_long_as_one_after_another() -> None:
    async def guessed() -> float:
        guesses, began = Guesses(first_delay_s=0.02), time.monotonic()
        told = await asyncio.gather(*(guesses.told("192.0.2.1", right=n == 4) for n in range(5)))
        assert told == [False] * 4 + [True]
        return time.monotonic() - began

    assert asyncio.run(guessed()) >= 0.02 * (1 + 2 + 4 + 8)


def test_nobody_waits_for_another_address_and_the_loop_goes_on() -> None:
    async def guessed() -> float:
        guesses = Guesses(first_delay_s=60)
        await guesses.told("192.0.2.1", right=False)
        waiting = asyncio.create_task(guesses.told("192.0.2.1", right=True))
        began = time.monotonic()
        assert await guesses.told("192.0.2.2", right=True)
        waiting.cancel()
        return time.monotonic() - began

    assert asyncio.run(guessed()) < 1


def test_a_line_has_an_end() -> None:
    async def guessed() -> None:
        guesses = Guesses(first_delay_s=60)
        await guesses.told("192.0.2.1", right=False)
        line = [
            asyncio.create_task(guesses.told("192.0.2.1", right=True)) for _ in range(LONGEST_LINE)
        ]
        await asyncio.sleep(0)
        with pytest.raises(TooManyTriesError):
            await guesses.told("192.0.2.1", right=True)
        for task in line:
            task.cancel()

    asyncio.run(guessed())


def test_who_has_left_holds_no_place() -> None:
    guesses = Guesses(first_delay_s=8)
    login = Login(inside, PASSWORD, 7860, guesses)
    sent: list[object] = []

    async def leaves(password: str) -> None:
        headers = [(name.encode(), value.encode()) for name, value in basic(password).items()]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
        scope |= {"query_string": b"", "client": ("127.0.0.1", 1)}  # as the transport has it
        coming = [{"type": "http.disconnect"}, {"type": "http.request", "body": b""}]

        async def receive() -> object:
            return coming.pop()

        async def send(message: object) -> None:
            sent.append(message)

        await login(scope, receive, send)

    async def guessed() -> httpx.Response:
        assert not await guesses.told("127.0.0.1", right=False)
        await asyncio.gather(*(leaves("rye") for _ in range(LONGEST_LINE)))
        [line] = guesses._lines.values()
        assert (line.waiting, line.failures) == (0, 1)  # what was given up is no failure
        line.closed_until = 0.0
        return await _answered(login, "GET", "/", headers=basic(PASSWORD))

    assert asyncio.run(asyncio.wait_for(guessed(), 60)).text == "inside"
    assert sent == []


def test_too_many_tries_are_refused_without_a_look_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.guesses.LONGEST_LINE", 0)
    refused = answered(guard(), "GET", "/", headers=basic(PASSWORD))
    assert (refused.status_code, refused.json()) == (
        429,
        {"problem": "There were too many tries", "hint": "Wait a minute, then try again."},
    )


def test_addresses_are_forgotten_but_not_those_of_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.guesses.MANY_ADDRESSES", 10)

    async def guessed() -> list[str]:
        guesses = Guesses(first_delay_s=0)
        await guesses.told("192.0.2.200", right=True)
        for n in range(100):
            await guesses.told(f"192.0.2.{n}", right=False)
        return list(guesses._lines)

    assert asyncio.run(guessed()) == ["192.0.2.200", *(f"192.0.2.{n}" for n in range(91, 100))]


def test_guesses_from_many_addresses_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("ui.server.guesses.time.monotonic", lambda: now)
    monkeypatch.setattr("ui.server.guesses.MOST_FAILURES", 20)

    async def guessed() -> None:
        nonlocal now
        guesses = Guesses(first_delay_s=0)
        assert await guesses.told("192.0.2.200", right=True)
        for n in range(20):
            assert not await guesses.told(f"192.0.2.{n}", right=False)
        for address in ("192.0.2.99", "192.0.2.0", "2001:db8::1"):
            with pytest.raises(TooManyTriesError):
                await guesses.told(address, right=True)
        assert await guesses.told("192.0.2.200", right=True)
        now += 901
        assert await guesses.told("192.0.2.99", right=True)

    asyncio.run(guessed())


def test_one_address_alone_locks_nobody_out() -> None:
    tries = FORGOTTEN_AFTER_S / LONGEST_DELAY_S + 10  # the first come sooner after each other
    assert tries < MOST_FAILURES


def test_a_right_password_does_not_speed_up_the_wrong_ones() -> None:
    async def guessed() -> float:
        guesses, began = Guesses(first_delay_s=0.02), time.monotonic()
        for right in (False, True, False, True, False, True):
            await guesses.told("192.0.2.1", right=right)
        return time.monotonic() - began

    assert asyncio.run(guessed()) >= 0.02 * (1 + 2 + 4)


def test_failures_of_long_ago_count_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("ui.server.guesses.time.monotonic", lambda: now)

    async def guessed() -> list[float]:
        nonlocal now
        guesses, waits = Guesses(first_delay_s=8), []
        for later in (0, 10, 1_000):
            now += later
            await guesses.told("192.0.2.1", right=False)
            waits.append(guesses._lines["192.0.2.1"].closed_until - now)
            assert guesses._lines["192.0.2.1"].failures == (2 if later == 10 else 1)
        return waits

    assert asyncio.run(guessed()) == [8, 8, 8]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_one_person_is_one_line(address: str, network: str) -> None:
    assert network_of(address) == network


def test_gradios_client_comes_in_by_header_and_by_auth(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    for how in ({"headers": basic(PASSWORD)}, {"auth": ("anyone", PASSWORD)}):
        client = Client(address, verbose=False, analytics_enabled=False, **how)
        assert len(client.predict(api_name="/who")) == 43
        client.close()


def test_gradios_client_is_told_that_there_is_a_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    with pytest.raises(AuthenticationError, match="credentials were not provided"):
        Client(address, verbose=False, analytics_enabled=False)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, color_scheme="dark")
    yield context.new_page()
    context.close()


@needs_browser
def test_a_person_logs_in_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    box = page.get_by_label("Password")
    expect(box).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    picture(page, "login")
    box.fill("rye")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That is not the password. Try again.")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_value("")
    picture(page, "login-wrong")
    box.fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(address)
    assert "window.gradio_config" in page.content()
    context.close()


@needs_browser
def test_the_page_works_behind_the_password(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    picture(page, "login-dark")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#ask").click()
    expect(page.locator("#by-event textarea")).to_have_value(re.compile(".{43}"))
    page.locator("#by-call button").click()
    expect(page.locator("#by-call output")).to_have_text(re.compile(".{43}"))
    assert complaints == []
    page.goto(f"{address}logout")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_focused()
    page.goto(address)
    expect(page.get_by_label("Password")).to_be_focused()


@needs_browser
def test_a_link_on_another_site_leads_to_the_page_without_another_login(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#ask")).to_be_visible()
    page.route("http://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("http://elsewhere.example/")
    page.evaluate("address => { location.href = address; }", address)
    expect(page.locator("#ask")).to_be_visible()
