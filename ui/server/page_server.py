"""Serves the page on one address until it is interrupted.

Owns the socket and the browser window; `page` owns what is shown and `page_app` how it is carried.
Invariants: an address that cannot be had is said before anything is announced or opened; no other
machine is served without a password.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ui.server.loading import OpenPage, Tell

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860

# How long the library may take to close, and the page to notice that it is no longer wanted.
CLOSING_S = 10.0
STOPPING_S = 15.0  # a process that ends in the middle of loading a library may be aborted by it


class PageServerError(PaperchatError):
    """The page cannot be served."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the page is served, and the password that it takes to come in."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    password: str | None = field(default=None, repr=False)

    @property
    def shared(self) -> bool:
        """Tell whether others than who is at this machine are to come in."""
        # With a password they are, by a proxy on this machine perhaps.
        return self.password is not None or not is_loopback(self.host)


def serve_page(
    open_page: OpenPage,
    door: Door,
    *,
    open_browser: bool = False,
    announce: Callable[[str], None],
    tell: Tell,
) -> None:
    """Serve the page until Ctrl-C; `announce` gets its address at once, since it can be opened.

    `open_page(tell)` is a context manager that gives the page. It is entered and left in a
    thread of its own, after the server has begun to answer; until it has given the page, browsers
    are shown what it tells. `tell` hears that too, and "" once the page is there.

    Port 0 takes any free one. Raises PageServerError where the address cannot be had, or other
    machines could reach it without a password; and whatever opening the page raises, once the
    browsers that wait were told.
    """
    from ui.server.front import front
    from ui.server.loading import Loading, PageThread
    from ui.server.web_server import web_server

    check_reach(door)
    listener = listen(door.host, door.port)
    host, port = listener.getsockname()[:2]

    def tell_both(stage: str) -> None:
        loading.tell(stage)
        tell(stage)

    def end() -> None:
        server.should_exit = True

    thread = PageThread(open_page, tell_both, host, port)
    loading = Loading(thread.made, end, shared=door.shared)
    server = web_server(front(loading, host, port, door.password))
    address = page_address(listener)
    try:
        # From here on, not from when the server runs: Ctrl-C between would be raised in any import
        # or in the making of the event loop.
        with server.capture_signals():
            announce(address)
            if open_browser:
                loading.browser_expected = open_in_browser(address)
            thread.start()
            server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
        thread.close(CLOSING_S if thread.made.done() else STOPPING_S)
    if thread.failure is not None:
        raise thread.failure


def check_reach(door: Door) -> None:
    """Raise PageServerError where other machines could come in without a password."""
    if door.password is None and not is_loopback(door.host):
        raise PageServerError(
            "Other machines could reach the page, and there is no password",
            where=door.host,
            hint="Set PAPERCHAT_PASSWORD to one, or leave --host out to serve this machine only.",
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address; a name is none but `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket: from here on a browser that connects waits for the page."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        where = f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            hint = "Stop the program that uses it, or choose another port with --port."
            raise PageServerError("The port is taken", where=where, hint=hint) from error
        hint = "Choose an address of this machine and a port above 1023."
        raise PageServerError(
            f"Cannot listen: {error.strerror or error}", where=where, hint=hint
        ) from error


def page_address(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    return f"http://[{local}]:{port}/" if ":" in local else f"http://{local}:{port}/"


def open_in_browser(address: str) -> bool:
    """Open the address in a browser window, where this machine has one; tell whether it has."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:
        return False  # a browser for terminals would take over the one that paperchat runs in
    # What starts a browser may wait for it, and the page is being loaded meanwhile.
    Thread(target=browser.open, args=(address,), daemon=True).start()
    return True
