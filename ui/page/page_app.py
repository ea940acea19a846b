"""The web application that carries the page: Gradio, mounted with headers and styles of our own.

Owns what Gradio is told to leave out. `page_server` imports it where the page is served, since
Gradio takes seconds to import.
"""

from __future__ import annotations

import socket
from pathlib import Path

import fastapi
import gradio as gr
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui.page.content_policy import ContentPolicy

STYLES = Path(__file__).parent / "assets" / "page.css"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Brackets, since that is how a browser names an IPv6 address.
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SHUTDOWN_S = 2

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")


class PageServer(uvicorn.Server):
    """Ends the streams of open pages when it ends, which would otherwise never end themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


def page_server(page: gr.Blocks, host: str, port: int) -> PageServer:
    """Return the web server for the page, to be run on a socket that is bound to `host`.

    Not Blocks.launch(): that fetches from its own address, which fails behind a proxy.
    """
    config = uvicorn.Config(
        page_app(page, host, port),
        log_config=None,  # the log is the command line's to set up
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    return PageServer(config)


def page_app(page: gr.Blocks, host: str, port: int) -> fastapi.FastAPI:
    """Return the page as a web application, with the content policy on every response."""
    app = fastapi.FastAPI(
        middleware=_middleware(host), openapi_url=None, docs_url=None, redoc_url=None
    )
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,  # else every question is kept in the browser's storage
        show_error=False,  # a traceback is for the log
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        max_file_size=0,  # Gradio accepts uploads; the page has none
        theme=page_theme(),
        css_paths=[STYLES],
    )
    return app


def page_theme() -> gr.themes.Base:
    """Return a theme of system fonts alone, with the colours that show before the styles load."""
    theme = gr.themes.Base(
        font=[gr.themes.Font(name) for name in SANS],
        font_mono=[gr.themes.Font(name) for name in MONO],
    )
    return theme.set(
        body_background_fill="#fbfaf8",
        body_background_fill_dark="#16181b",
        body_text_color="#1f2328",
        body_text_color_dark="#e4e2de",
    )


def _middleware(host: str) -> list[Middleware]:
    layers = [Middleware(ContentPolicy)]
    if host in LOOPBACK:
        # Else a site elsewhere could point its own name at this machine and read the library.
        names = list(LOOPBACK_NAMES)
        layers.append(Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False))
    return layers
