"""The page on a real server, an assistant by script behind it, and visits to both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from browsing import WIDE, visited
from playwright.sync_api import Browser, Page
from scripted_assistant import ScriptedAssistant

from ui.page.desk import Desk
from ui.server.page_app import page_server
from ui.server.page_server import listen, page_address


@dataclass
class Site:
    """A served page, the assistant behind it, and the visits to it."""

    assistant: ScriptedAssistant
    address: str
    browser: Browser

    @contextmanager
    def visit(self, *, viewport: dict[str, int] = WIDE, scheme: str = "light") -> Iterator[Page]:
        """Open the page as a new visitor; fail if it asks for another host or its policy is hit."""
        with visited(self.browser, self.address, viewport, scheme) as page:
            yield page


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve the page at the address that is yielded."""
    listener = listen("127.0.0.1", 0)
    from ui.page.page import build_page

    server = page_server(build_page(desk), *listener.getsockname())
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield page_address(listener)
    assistant = desk.choice.assistant
    if isinstance(assistant, ScriptedAssistant):
        assistant.released.set()
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()
    assert not thread.is_alive()
