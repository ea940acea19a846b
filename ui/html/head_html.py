"""The head of the page: its name, where to go, and what the library holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import EXTRACTIVE
from ui.html.plain_text import text_html

if TYPE_CHECKING:
    from ui.page.desk import CollectionFacts

VIEWS = (("ask", "Ask"), ("library", "Library"), ("map", "Map"), ("settings", "Settings"))


def head_template() -> str:
    """Return the head without what it says of the library."""
    buttons = "".join(
        f'<button type="button" data-show="{name}">{label}</button>' for name, label in VIEWS
    )
    return (
        '<header id="head"><h1>paperchat</h1>'
        f'<nav aria-label="Views">{buttons}</nav>'
        '<p class="status"></p>'
        '<button type="button" class="button quiet" id="rail-button" data-toggle="rail" '
        'aria-expanded="false" aria-controls="rail" aria-label="Saved conversations">Saved</button>'
        "</header>"
        '<div id="notice" role="status"></div>'
    )


def status_html(collection: CollectionFacts) -> str:
    """Return how many papers there are and how answers come about."""
    if collection.mode == EXTRACTIVE:
        mode = "extractive, no language model"
    else:
        mode = f"model {text_html(collection.mode)}"
    count = f"{collection.paper_count:,} paper{'' if collection.paper_count == 1 else 's'}"
    return f"{count} · {mode}"
