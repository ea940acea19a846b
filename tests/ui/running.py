"""A web server of the page on a free port, in a thread of the test's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from ui.server.page_server import listen, page_address

if TYPE_CHECKING:
    from ui.server.web_server import WebServer


@contextmanager
def running(make_server: Callable[[str, int], WebServer]) -> Iterator[str]:
    """Run the server that is made for an address of this machine, and give the address."""
    listener = listen("127.0.0.1", 0)
    server = make_server(*listener.getsockname())
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield page_address(listener)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
    assert not thread.is_alive()
