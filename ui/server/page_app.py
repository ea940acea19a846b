"""The web application of the page: Gradio, mounted with scripts and styles of our own.

Owns what Gradio is told to leave out; what stands before the page is in `front`. `page_server`
imports it where the page is served, since Gradio takes seconds to import.
"""

from __future__ import annotations

import fastapi
import gradio as gr
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from ui.page.scripts import ASSETS
from ui.server.early_theme import EarlyTheme
from ui.server.front import front
from ui.server.gradio_errors import log_gradio_errors
from ui.server.gradio_queue import pass_everything_on
from ui.server.lines import Lines, make_lines
from ui.server.page_paths import ASSETS_PATH
from ui.server.plotly_script import add_plotly
from ui.server.program_calls import ProgramCalls, endpoints_of
from ui.server.turning_away import TurnsAway
from ui.server.web_server import WebServer, web_server

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")
MOST_PAGES = 1_000  # for each Gradio keeps 40 kB, which ours never needs again


def page_server(
    page: gr.Blocks, host: str, port: int, password: str | None = None, lines: Lines | None = None
) -> WebServer:
    """Return the web server for the page, to be run on a socket that is bound to `host`.

    Not Blocks.launch(): that fetches from its own address, which fails behind a proxy.
    """
    return web_server(front(page_app(page, host, port, lines), host, port, password))


def page_app(page: gr.Blocks, host: str, port: int, lines: Lines | None = None) -> fastapi.FastAPI:
    """Return the page as a web application, to stand behind `front`.

    Programs are turned away where there is no room in `lines`, in which its questions wait.
    """
    lines = lines or make_lines()
    app = fastapi.FastAPI(
        middleware=[
            Middleware(EarlyTheme),
            Middleware(TurnsAway, lines=lines),
            Middleware(ProgramCalls, endpoints=endpoints_of(page)),
        ],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    pass_everything_on(page, lines.capacity)
    page.state_session_capacity = MOST_PAGES
    log_gradio_errors()
    add_plotly(app, f"{ASSETS_PATH}/plotly.min.js")
    app.mount(ASSETS_PATH, StaticFiles(directory=ASSETS))  # ahead of Gradio, which takes all others
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
        max_file_size=0,  # files come by the page's own calls, not by Gradio's
        theme=page_theme(),
        css_paths=sorted(ASSETS.glob("*.css")),
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
