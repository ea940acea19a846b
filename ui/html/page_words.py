"""What the page says of itself: its head, and what stands in place of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import EXTRACTIVE
from ui.html.plain_text import text_html

if TYPE_CHECKING:
    from ui.page.page import CollectionFacts


def status_html(collection: CollectionFacts) -> str:
    """Return the page's head: its name, how answers come about, and how many papers there are."""
    if collection.mode == EXTRACTIVE:
        mode = "Extractive: sentences quoted from the abstracts, no language model"
    else:
        mode = f"Model: {text_html(collection.mode)}"
    count = f"{collection.paper_count:,} paper{'' if collection.paper_count == 1 else 's'}"
    return f'<h1>paperchat</h1><p class="status">{count} · {mode}</p>'


def welcome_html(collection: CollectionFacts) -> str:
    """Return what stands in place of a conversation that has not begun."""
    if collection.paper_count == 0:
        return (
            '<div class="welcome"><p class="welcome-title">The library is empty.</p>'
            "<p>Fill it with <code>paperchat ingest PATH</code>, then start this page again.</p>"
            "</div>"
        )
    return (
        '<div class="welcome"><p class="welcome-title">Ask these papers a question.</p>'
        "<p>Every statement in an answer carries a numbered marker. It opens the paper, with the "
        "very sentence that the statement rests on.</p></div>"
    )
