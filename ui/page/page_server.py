"""Serves the page on one address until it is interrupted.

Owns the socket and the browser window; `page` owns what is shown and `page_app` how it is carried.
Invariant: an address that cannot be had is said before anything is announced or opened.
"""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING

from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    import gradio as gr

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860


class PageServerError(PaperchatError):
    """The page cannot be served."""


def serve_page(
    page: gr.Blocks,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    *,
    open_browser: bool = False,
    announce: Callable[[str], None],
) -> None:
    """Serve the page until Ctrl-C; `announce` gets its address once it can be opened.

    Port 0 takes any free one. Raises PageServerError where the address cannot be had.
    """
    from ui.page.page_app import page_server

    listener = listen(host, port)
    address = page_address(listener)
    announce(address)
    if open_browser:
        open_in_browser(address)
    try:
        page_server(page, *listener.getsockname()[:2]).run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


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


def open_in_browser(address: str) -> None:
    """Open the address in a browser window, where this machine has one."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is webbrowser.GenericBrowser:
        return  # a browser for terminals would take over the one that paperchat runs in
    browser.open(address)
