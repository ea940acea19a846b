"""Shows questions that can be asked with a click."""

from __future__ import annotations

from collections.abc import Iterable

from ui.html.plain_text import escaped, text_html


def suggestions_html(questions: Iterable[str]) -> str:
    """Return the items of a list, each a button that asks its question."""
    return "".join(
        f'<li><button type="button" class="suggestion" data-ask="{escaped(question)}">'
        f"{text_html(question)}</button></li>"
        for question in questions
    )
