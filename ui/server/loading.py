"""Makes the page in a thread of its own while the server already answers.

Owns that thread, which opens what the page needs, keeps it open and closes it, and the application
that shows how far it is. Invariant: the page is served only while what it needs is open; a failure
reaches the browsers that wait as well as whoever runs the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from ui.logs.unexpected import unexpected
from ui.server.loading_page import PageInMaking
from ui.told_errors import told
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    import fastapi
    import gradio as gr
    from starlette.types import Receive, Scope, Send

    from ui.server.lines import Lines

Tell = Callable[[str], None]

LOADING_PAGE = "Loading the page"
# A browser that was just opened may take this long to ask for the page that will not come.
BROWSER_STARTS_S = 5.0
# One that already waits is told at once; this is for one that does not read.
TOLD_WITHIN_S = 2.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class MadePage:
    """The page, and the lines that its questions and those of programs wait in."""

    blocks: gr.Blocks
    lines: Lines


# Opens what the page needs for as long as the block lasts, and tells what it is loading.
OpenPage = Callable[[Tell], AbstractContextManager[MadePage]]


class _StoppedError(Exception):
    """The server ended while the page was being made."""


class PageThread(Thread):
    """Opens the page for a server on `host` and `port`, and closes it after `close`."""

    def __init__(self, open_page: OpenPage, tell: Tell, host: str, port: int) -> None:
        super().__init__(name="page", daemon=True)
        self.made: Future[fastapi.FastAPI] = Future()
        self.failure: BaseException | None = None
        self._open_page, self._tell, self._host, self._port = open_page, tell, host, port
        self._over = Event()

    def run(self) -> None:
        """Open, hand over, wait for the end, close."""
        try:
            with self._open_page(self._told) as page:
                self._told(LOADING_PAGE)
                from ui.server.page_app import page_app

                app = page_app(page.blocks, self._host, self._port, page.lines)
                self._told("")
                self.made.set_result(app)
                self._over.wait()
        except _StoppedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again where the server is run
            self.failure = error
            if not self.made.done():
                self.made.set_exception(error)

    def close(self, wait_s: float) -> None:
        """End, at the next stage if the page is still being made; wait so long at most."""
        self._over.set()
        if self.is_alive():
            self.join(wait_s)

    def _told(self, stage: str) -> None:
        if self._over.is_set():
            raise _StoppedError
        self._tell(stage)


class Loading:
    """The application that stands for the page from the start."""

    def __init__(
        self, made: Future[fastapi.FastAPI], end: Callable[[], None], *, shared: bool = False
    ) -> None:
        """Become what is `made`; where that fails, say so and call `end`.

        On a page that is `shared` no place is named.
        """
        self.browser_expected = False
        self._made, self._end, self._shared = made, end, shared
        self._shown = PageInMaking()
        self._over = asyncio.Event()

    def tell(self, stage: str) -> None:
        """Show what is being loaded now; may be called from any thread."""
        self._shown.stage = stage or self._shown.stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or the server's start and end."""
        if scope["type"] != "lifespan":
            await self._shown(scope, receive, send)
            return
        await receive()
        page = asyncio.create_task(self._page())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._over.set()
        if not self._shown.is_page:
            page.cancel()
        await asyncio.wait({page})
        await send({"type": "lifespan.shutdown.complete"})

    async def _page(self) -> None:
        """Wait for the page and keep it going, as its own application's start and end want it."""
        try:
            app = await asyncio.shield(asyncio.wrap_future(self._made))
        except Exception as error:  # noqa: BLE001 - raised again where the server is run
            await self._fail(error)
            return
        async with app.router.lifespan_context(app):
            self._shown.become(app)
            await self._over.wait()

    async def _fail(self, error: Exception) -> None:
        if isinstance(error, PaperchatError):
            self._shown.fail(*told(error, shared=self._shared))
        else:
            self._shown.fail(unexpected(error, "the page could not be made"), "")
        wait_s = BROWSER_STARTS_S if self.browser_expected else 0.0
        await _until(lambda: self._shown.told > 0, wait_s)
        await _until(lambda: self._shown.watching == 0, TOLD_WITHIN_S)
        self._end()


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds, so long at most."""
    clock = asyncio.get_running_loop().time
    ends = clock() + seconds
    while not holds() and clock() < ends:
        await asyncio.sleep(LOOK_S)
