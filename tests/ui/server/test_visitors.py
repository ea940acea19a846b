"""Whose request it is: one browser always the same visitor, and no two strangers ever one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from browsing import needs_browser
from playwright.sync_api import Browser, BrowserContext, expect
from running import running
from small_site import small_page

from ui.server.page_app import page_server
from ui.server.visitors import COOKIE, MAX_AGE_S, known_or_new, visitor_of

VISITOR = "v" * 43


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(lambda host, port: page_server(small_page(), host, port)) as address:
        yield address


def test_the_page_gives_its_visitor_an_id_that_no_script_and_no_other_site_gets(
    address: str,
) -> None:
    given = httpx.get(address).headers["set-cookie"]
    match = re.fullmatch(
        rf"{COOKIE}=([\w-]{{43}}); Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Strict", given
    )
    assert match
    assert httpx.get(address).headers["set-cookie"] != given


def test_each_visit_lengthens_the_same_id(address: str) -> None:
    again = httpx.get(address, headers={"cookie": f"other=1; {COOKIE}={VISITOR}"})
    assert again.headers["set-cookie"].startswith(f"{COOKIE}={VISITOR}; ")


def test_behind_https_the_cookie_is_for_https(address: str) -> None:
    response = httpx.get(address, headers={"x-forwarded-proto": "https"})
    assert response.headers["set-cookie"].endswith("; SameSite=Strict; Secure")


def test_nothing_but_the_page_gives_ids(address: str) -> None:
    assert "set-cookie" not in httpx.get(f"{address}config").headers


@pytest.mark.parametrize("sent", ["", "a", "a" * 42, "a" * 44, "é" * 43, "a" * 42 + ";", "0" * 99])
def test_what_was_never_given_is_no_visitor(sent: str) -> None:
    first, second = known_or_new(sent), known_or_new(sent)
    assert sent not in {first, second}
    assert first != second
    assert known_or_new(first) == first


def test_two_strangers_without_cookies_are_two_visitors() -> None:
    request = SimpleNamespace(cookies={})
    assert len({visitor_of(request) for _ in range(100)}) == 100


@needs_browser
def test_events_and_calls_of_a_browser_are_of_one_visitor(browser: Browser, address: str) -> None:
    first, second = (_told(browser.new_context(), address) for _ in range(2))
    assert first[0] == first[1]
    assert second[0] == second[1]
    assert first[0] != second[0]


@needs_browser
def test_a_link_on_another_site_does_not_make_a_visitor_a_stranger(
    browser: Browser, address: str
) -> None:
    context = browser.new_context()
    by_event, _ = _told(context, address)
    page = context.new_page()
    page.route("http://elsewhere.example/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("http://elsewhere.example/")
    page.evaluate("address => { location.href = address; }", address)
    page.locator("#ask").click()
    expect(page.locator("#by-event textarea")).to_have_value(by_event)
    context.close()


def _told(context: BrowserContext, address: str) -> tuple[str, str]:
    """Return who a visitor is to an event and to a call."""
    page = context.new_page()
    page.goto(address)
    page.locator("#ask").click()
    by_event = page.locator("#by-event textarea")
    expect(by_event).to_have_value(re.compile(".{43}"))
    page.locator("#by-call button").click()
    by_call = page.locator("#by-call output")
    expect(by_call).to_have_text(re.compile(".{43}"))
    return by_event.input_value(), by_call.text_content() or ""
