"""The saved conversations and the thumbs on a page of their own, with a stand-in for the ask view.

The stand-in says what it was told to open, and has articles as those of answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import gradio as gr
from browsing import WIDE, watched
from desks import scripted_desk
from playwright.sync_api import Browser, Page, ViewportSize, expect
from scripted_assistant import ScriptedAssistant

from assistant.answer import Answer, Block, BlockKind, Citation, Claim, Intent, Outcome, Plan, Quote
from assistant.conversations.exchange_record import StoredExchange
from assistant.conversations.saved import Place
from assistant.conversations.store import ConversationStore
from ui.page.conversations_view import conversations_view
from ui.page.desk import Desk
from ui.page.feedback_view import feedback_view
from ui.server.page_app import page_server
from ui.server.page_server import listen, page_address
from ui.server.visitors import COOKIE
from vectorstore.records import Paper, Span

ANN, BEN = "a" * 43, "b" * 43
SOUP = Paper("soup", "Salt for Soup", "Soup needs salt. 12 grams are enough.")
HOSTILE = '<img src=x onerror=alert(1)> "&amp; ${x} {{y}}'

STAND_IN = """
<p id="opened"></p>
<div id="notice" role="status"></div>
<div id="transcript"></div>
<template id="exchange"><article class="exchange last"><h2 class="question"><bdi></bdi></h2>
<div class="actions"><button type="button" class="button quiet">Copy</button>
<span class="feedback-slot"></span></div></article></template>
"""
STAND_IN_SCRIPT = """
document.addEventListener('paperchat:open-conversation', ({ detail }) => {
  element.querySelector('#opened').textContent = String(detail.id);
  paperchat.tell('conversation', { id: detail.id });
});
paperchat.place();
"""
SHOW_ANSWERS = """(places) => {
  const log = document.querySelector('#transcript');
  log.replaceChildren(...places.map((place) => {
    const article = document.querySelector('#exchange').content.firstElementChild.cloneNode(true);
    article.querySelector('bdi').textContent = place.question;
    Object.assign(article.dataset, place);
    return article;
  }));
  for (const { conversation, position } of places) {
    paperchat.tell('answer', { conversation, position, papers: [] });
  }
}"""


def exchange(question: str) -> StoredExchange:
    """Return an exchange whose answer cites one paper."""
    quote = Quote(Span(17, 37), "12 grams are enough.")
    answer = Answer(
        Plan(question, Intent.FACT, question),
        Outcome.ANSWERED,
        (Block(BlockKind.PARAGRAPH, (Claim("12 grams are enough.", (1,)),)),),
        (Citation(1, SOUP, (quote,)),),
        (),
        "extractive",
        complete=True,
    )
    return StoredExchange(question, answer=answer)


@dataclass
class SavedSite:
    """A served page, the conversations behind it, and visits to it."""

    store: ConversationStore
    address: str
    browser: Browser

    def save(self, *questions: str, visitor: str = ANN) -> list[Place]:
        """Save a conversation of these questions and return their places."""
        places = [self.store.save(visitor, exchange(questions[0]))]
        for position, question in enumerate(questions[1:], start=1):
            there = places[0].conversation
            places.append(self.store.save(visitor, exchange(question), there, position))
        return places

    @contextmanager
    def visit(
        self, visitor: str = ANN, viewport: ViewportSize = WIDE, scheme: str = "light"
    ) -> Iterator[Page]:
        """Open the page as a visitor; fail if it complains of anything, or asks another host."""
        context = self.browser.new_context(
            viewport=viewport, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
        )
        context.add_cookies([{"name": COOKIE, "value": visitor, "url": self.address}])
        complaints = watched(context, self.address)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(self.address)
        expect(page.locator(".saved-list > *").first).to_be_attached()
        yield page
        context.close()
        assert complaints == []


def show_answers(page: Page, *shown: tuple[Place, str]) -> None:
    """Have the stand-in show these answers, as the ask view does when they are complete."""
    page.evaluate(
        SHOW_ANSWERS,
        [
            {
                "conversation": place.conversation,
                "position": place.position,
                "number": place.number,
                "question": question,
            }
            for place, question in shown
        ],
    )


@contextmanager
def saved_site(browser: Browser, folder: Path) -> Iterator[SavedSite]:
    """Serve the page with conversations that are kept in `folder`."""
    with scripted_desk(ScriptedAssistant(), folder) as desk, _served(_page(desk)) as address:
        yield SavedSite(desk.conversations, address, browser)


@contextmanager
def _served(page: gr.Blocks) -> Iterator[str]:
    listener = listen("127.0.0.1", 0)
    server = page_server(page, *listener.getsockname())
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield page_address(listener)
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def _page(desk: Desk) -> gr.Blocks:
    page = gr.Blocks(title="paperchat", analytics_enabled=False, fill_width=True)
    with page, gr.Column(elem_id="page"), gr.Column(elem_id="views"):
        with gr.Column(elem_id="rail", elem_classes="view-ask"):
            conversations_view(desk)
        with gr.Column(elem_id="main"), gr.Column(elem_classes="view view-ask"):
            gr.HTML(html_template=STAND_IN, js_on_load=STAND_IN_SCRIPT, apply_default_css=False)
            feedback_view(desk)
    return page
