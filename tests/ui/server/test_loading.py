"""The page while it is being made: what browsers and programs get, and how it ends."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import gradio as gr
import httpx
import pytest
from browsing import PHONE, needs_browser, picture
from playwright.sync_api import Browser, expect
from processes import paperchat
from processes import served as served_process
from small_site import small_page

from ui.server import loading, page_server
from ui.server.lines import make_lines
from ui.server.loading import MadePage
from ui.server.page_server import Door, serve_page
from ui.server.web_server import WebServer, web_server
from vectorstore.errors import LibraryError, PaperchatError
from vectorstore.library import open_library
from vectorstore.lock import LibraryLock
from vectorstore.onnx_embedding import OnnxEmbedder

FOREVER_S = 3600.0
HTML = {"accept": "text/html"}
DAMAGED = LibraryError("The <b>file</b> is damaged", where="/a/library", hint="Ingest again.")
DAMAGED_HTML = (
    '<p class="problem" role="alert">The &lt;b&gt;file&lt;/b&gt; is damaged (/a/library).'
    " Ingest again.</p>"
)


@dataclass
class Kitchen:
    """A page that is made when a test says so, and what became of it."""

    told: list[str] = field(default_factory=list)
    go_on: Event = field(default_factory=Event)
    closed: Event = field(default_factory=Event)
    fails: Exception | None = None
    addresses: list[str] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)
    servers: list[WebServer] = field(default_factory=list)

    @contextmanager
    def opened(self, tell: Callable[[str], None]) -> Iterator[gr.Blocks]:
        try:
            tell("Opening the library")
            assert self.go_on.wait(20)
            tell("Weighing the <flour>")
            time.sleep(0.3)  # long enough to be seen; the stage after it may not last so long
            if self.fails:
                raise self.fails
            yield MadePage(small_page(), make_lines())
        finally:
            self.closed.set()

    @contextmanager
    def served(
        self, password: str | None = None, *, open_browser: bool = False
    ) -> Iterator[tuple[str, Thread]]:
        """Serve the page and give its address, and the thread in which the server is run."""

        def run() -> None:
            try:
                serve_page(
                    self.opened,
                    Door(port=0, password=password),
                    open_browser=open_browser,
                    announce=self.addresses.append,
                    tell=self.told.append,
                )
            except BaseException as error:  # noqa: BLE001 - looked at by the test
                self.raised.append(error)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ui.server.web_server.web_server", self._kept)
            thread = Thread(target=run, daemon=True)
            thread.start()
            _until(lambda: bool(self.addresses))
        try:
            yield self.addresses[0], thread
        finally:
            self.go_on.set()
            self.servers[0].should_exit = True
            thread.join(timeout=20)
        assert not thread.is_alive()
        assert self.closed.is_set()

    def _kept(self, *arguments: object) -> WebServer:
        self.servers.append(web_server(*arguments))
        return self.servers[0]


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60  # a page loads in six on an idle machine
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)


def stages(page: str) -> list[str]:
    return re.findall(r'<p class="stage quiet">(.*?)</p>', page)


def parts_of(address: str) -> AbstractContextManager[httpx.Response]:
    return httpx.stream("GET", address, headers=HTML, timeout=30)


def test_the_address_is_announced_and_answers_before_anything_is_loaded() -> None:
    kitchen = Kitchen()
    with kitchen.served() as (address, _):
        refused = httpx.get(f"{address}config")
        assert (refused.status_code, refused.headers["retry-after"], refused.json()) == (
            503,
            "2",
            {"problem": "paperchat is still loading", "hint": "Ask again in a few seconds."},
        )
        assert httpx.post(f"{address}gradio_api/call/who", json={}).status_code == 503
        assert httpx.get(address).status_code == 503
        assert not kitchen.closed.is_set()
    assert kitchen.raised == []


def test_a_browser_is_told_what_is_loaded_and_then_sent_to_the_page() -> None:
    kitchen = Kitchen()
    with kitchen.served() as (address, _):
        with parts_of(address) as response:
            assert response.status_code == 200
            assert "script-src" not in response.headers["content-security-policy"]
            parts = response.iter_text()
            page = ""
            while "Opening the library" not in page:
                page += next(parts)
            kitchen.go_on.set()
            page += "".join(parts)
        seen = [stage for stage in stages(page) if stage not in ("Starting…", "Loading the page…")]
        assert seen == ["Opening the library…", "Weighing the &lt;flour&gt;…"]
        assert page.endswith('</div><meta http-equiv="refresh" content="0"></main></body></html>')
        assert "gradio_config" in httpx.get(address, headers=HTML).text
    assert kitchen.told == ["Opening the library", "Weighing the <flour>", "Loading the page", ""]


def test_no_connection_is_refused_between_the_first_page_and_the_last() -> None:
    kitchen = Kitchen()
    with kitchen.served() as (address, _):
        seen = [httpx.get(f"{address}config").status_code]
        kitchen.go_on.set()
        while seen[-1] != 200:
            seen.append(httpx.get(f"{address}config", timeout=20).status_code)
        assert set(seen) == {503, 200}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DAMAGED, DAMAGED_HTML),
        (
            ZeroDivisionError("secret detail"),
            '<p class="problem" role="alert">Something went wrong inside paperchat (error ',
        ),
    ],
)
def test_a_failure_reaches_the_browser_and_whoever_runs_the_server(
    error: Exception, said: str
) -> None:
    kitchen = Kitchen(fails=error)
    with kitchen.served() as (address, thread):
        with parts_of(address) as response:
            kitchen.go_on.set()
            page = "".join(response.iter_text())
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert _refuses(address)
    assert kitchen.raised == [error]
    assert stages(page)[-1] == "paperchat could not start."
    assert said in page
    assert "refresh" not in page


def _refuses(address: str) -> bool:
    try:
        httpx.get(address)
    except httpx.ConnectError:
        return True
    return False


def test_a_failure_without_a_browser_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BROWSER_STARTS_S", FOREVER_S)
    kitchen = Kitchen(fails=DAMAGED)
    with kitchen.served() as (_, thread):
        kitchen.go_on.set()
        thread.join(timeout=20)
        assert not thread.is_alive()
    assert kitchen.raised == [DAMAGED]


def test_a_browser_that_is_still_starting_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_server, "open_in_browser", lambda _: True)
    monkeypatch.setattr(loading, "BROWSER_STARTS_S", FOREVER_S)
    kitchen = Kitchen(fails=DAMAGED)
    with kitchen.served(open_browser=True) as (address, thread):
        kitchen.go_on.set()
        _until(kitchen.closed.is_set)
        time.sleep(0.5)
        assert DAMAGED_HTML in httpx.get(address, headers=HTML).text
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_the_server_ends_while_the_page_is_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_server, "STOPPING_S", FOREVER_S)
    kitchen = Kitchen()
    with kitchen.served() as (address, thread), parts_of(address) as response:
        kitchen.servers[0].should_exit = True
        with suppress(httpx.RemoteProtocolError):
            response.read()
        time.sleep(1)  # by now the server has ended and waits for the page to stop
        kitchen.go_on.set()
        thread.join(timeout=20)
        assert not thread.is_alive()
    assert (kitchen.raised, kitchen.told) == ([], ["Opening the library"])


def test_a_page_that_takes_too_long_to_stop_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_server, "STOPPING_S", 0.1)
    kitchen = Kitchen()
    with kitchen.served() as (_, thread):
        kitchen.servers[0].should_exit = True
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert not kitchen.closed.is_set()
        kitchen.go_on.set()
        assert kitchen.closed.wait(5)


def test_without_the_password_nothing_is_told_while_loading_either() -> None:
    kitchen = Kitchen(fails=DAMAGED)
    with kitchen.served("rye") as (address, _):
        assert httpx.get(address, headers=HTML).status_code == 303
        assert httpx.get(address).status_code == 401
        headers = HTML | {"authorization": "Bearer rye"}
        with httpx.stream("GET", address, headers=headers) as response:
            kitchen.go_on.set()
            page = "".join(response.iter_text())
    # Who has the password may be anywhere.
    assert DAMAGED_HTML.replace(" (/a/library)", "") in page
    assert "/a/library" not in page


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_the_page_comes_by_itself(browser: Browser, scheme: str) -> None:
    kitchen = Kitchen()
    complaints: list[str] = []
    with kitchen.served() as (address, _):
        context = browser.new_context(viewport=PHONE, color_scheme=scheme)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(address, wait_until="commit")
        status = page.get_by_role("status")
        expect(status.locator("p:visible")).to_have_text(["Opening the library…"])
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        picture(page, f"loading-{scheme}")
        kitchen.go_on.set()
        expect(page.locator("#ask")).to_be_visible(timeout=20_000)
        context.close()
    assert [said for said in complaints if "error" in said.lower()] == []


@needs_browser
def test_in_a_browser_a_failure_stays_on_the_page(browser: Browser) -> None:
    kitchen = Kitchen(fails=DAMAGED)
    with kitchen.served() as (address, thread):
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        page.goto(address, wait_until="commit")
        expect(page.get_by_role("status")).to_be_visible()
        kitchen.go_on.set()
        thread.join(timeout=10)
        expect(page.get_by_role("alert")).to_have_text(
            "The <b>file</b> is damaged (/a/library). Ingest again."
        )
        picture(page, "loading-failed")
        context.close()


def test_a_library_in_use_ends_the_command_as_ever(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    with open_library(tmp_path, embedder):
        pass
    lock = LibraryLock(tmp_path)
    ended = paperchat("serve", "--no-browser", "--port", "0", home=tmp_path)
    lock.release()
    assert ended.returncode == 1
    assert re.fullmatch(
        r"Error: Another process is using this library: process \d+, .*\n"
        r"Stop it first, or set PAPERCHAT_HOME to another folder\.\n",
        ended.stderr,
    )
    assert re.fullmatch(
        r"paperchat is at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n", ended.stdout
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_other_machines_are_not_served_without_a_password(host: str) -> None:
    with pytest.raises(PaperchatError) as caught:
        serve_page(
            Kitchen().opened,
            Door(host, 0),
            announce=lambda _: pytest.fail("announced"),
            tell=lambda _: None,
        )
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "Other machines could reach the page, and there is no password",
        host,
        "Set PAPERCHAT_PASSWORD to one, or leave --host out to serve this machine only.",
    )


def test_the_command_asks_for_the_password_that_is_set(
    tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    ended = paperchat("serve", "--no-browser", "--host", "0.0.0.0", home=tmp_path)  # noqa: S104
    assert (ended.returncode, ended.stdout) == (1, "")
    with open_library(tmp_path, embedder):
        pass
    with served_process(tmp_path, PAPERCHAT_PASSWORD="rye\n") as address:  # noqa: S106
        assert httpx.get(f"{address}config").status_code == 401
        right = {"authorization": "Bearer rye"}
        _until(lambda: httpx.get(f"{address}config", headers=right).status_code == 200)


def test_every_connection_is_taken_while_the_server_starts() -> None:
    kitchen = Kitchen()
    with kitchen.served() as (address, _):
        port = int(address.rstrip("/").rpartition(":")[2])
        for _ in range(20):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
