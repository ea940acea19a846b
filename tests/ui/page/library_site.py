"""The library view on a page of its own, a library behind it, and visits to both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import gradio as gr
from browsing import WIDE, watched
from embedders import WordEmbedder
from playwright.sync_api import Browser, Page, ViewportSize, expect

from ingest.indexing import index_pending
from ui.page.desk import Desk
from ui.page.library_view import library_view
from ui.server.page_app import page_server
from ui.server.page_server import listen, page_address
from vectorstore.library import Library, open_library
from vectorstore.records import Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.conversations.store import ConversationStore
    from ui.page.desk import Choice
    from vectorstore.embedding import Embedder

# Says what the other parts of the page are told.
STAND_IN = '<p id="told"></p><div id="notice" role="status"></div>'
STAND_IN_SCRIPT = """
const told = element.querySelector('#told');
const note = (text) => { told.textContent += `${text};`; };
document.addEventListener('paperchat:open-paper', ({ detail }) => note(`open ${detail.paper}`));
document.addEventListener('paperchat:library', () => note('library'));
document.addEventListener('paperchat:choose', ({ detail }) => {
  note(`choose ${detail.within.join(' ')} as ${detail.label}`);
});
paperchat.place();
"""


@dataclass
class LibrarySite:
    """A served page, the library behind it, and visits to it."""

    library: Library
    address: str
    browser: Browser

    @contextmanager
    def visit(
        self, viewport: ViewportSize = WIDE, scheme: str = "light", **options: object
    ) -> Iterator[Page]:
        """Open the view as a new visitor; fail if the page complains or asks another host."""
        context = self.browser.new_context(
            viewport=viewport,
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            **options,
        )
        complaints = watched(context, self.address)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{self.address}#library")
        expect(page.locator(".library")).to_have_attribute("aria-busy", "false")
        yield page
        context.close()
        assert complaints == []


@contextmanager
def library_site(
    browser: Browser,
    folder: Path,
    papers: Sequence[Paper] = (),
    embedder: Embedder | None = None,
) -> Iterator[LibrarySite]:
    """Serve the view of the library in `folder`, to which `papers` are added."""
    with open_library(folder, embedder or WordEmbedder()) as library:
        if papers:
            library.add(papers)
            index_pending(library)
        with served_view(library) as address:
            yield LibrarySite(library, address, browser)


@contextmanager
def served_view(library: Library) -> Iterator[str]:
    """Serve the view at the address that is yielded."""
    # It looks at nothing else of the desk.
    choice = cast("Choice", SimpleNamespace(locked=False))
    desk = Desk(library, cast("ConversationStore", None), choice)
    listener = listen("127.0.0.1", 0)
    server = page_server(_page(desk), *listener.getsockname())
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield page_address(listener)
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def _page(desk: Desk) -> gr.Blocks:
    page = gr.Blocks(title="paperchat", analytics_enabled=False, fill_width=True)
    with page, gr.Column(elem_id="page"), gr.Column(elem_id="views"), gr.Column(elem_id="main"):
        with gr.Column(elem_classes="view view-library"):
            library_view(desk)
        gr.HTML(html_template=STAND_IN, js_on_load=STAND_IN_SCRIPT, apply_default_css=False)
    return page
