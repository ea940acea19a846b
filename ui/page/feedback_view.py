"""Thumbs up and down below each answer of the ask view.

Shows nothing of its own: its script fills the slots that the answers have for it. Owns what the
script may call. Invariant: a rating goes to the very answer that the visitor saw, by its number.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.conversations.feedback import NOTE_CHARACTERS, FeedbackStore
from assistant.conversations.judgement import Rating
from assistant.conversations.saved import Place
from ui.html.feedback_html import FEEDBACK_TEMPLATE, feedback_html
from ui.page.calls import Answered, Asked, CallError, call, number, text
from ui.page.desk import Desk
from ui.page.scripts import script

if TYPE_CHECKING:
    import gradio as gr


def feedback_view(desk: Desk) -> "gr.HTML":
    """Return the view, wired."""
    import gradio as gr

    return gr.HTML(
        elem_id="feedback-view",
        html_template=FEEDBACK_TEMPLATE,
        js_on_load=script("feedback.js"),
        server_functions=[call(function, shared=desk.shared) for function in _functions(desk)],
        apply_default_css=False,
    )


def _functions(desk: Desk) -> tuple[Callable[[Asked, str], Answered], ...]:
    """Return what the script calls."""
    store = FeedbackStore(desk.conversations)

    def thumbs(asked: Asked, visitor: str) -> Answered:
        """Return the thumbs of all answers of a conversation, by the answers' numbers."""
        rated = store.of_conversation(visitor, text(asked, "conversation"))
        return {"thumbs": {str(place.number): feedback_html(given) for place, given in rated}}

    def rated(asked: Asked, visitor: str) -> Answered:
        note = text(asked, "note", NOTE_CHARACTERS)
        given = store.rate(visitor, _place(asked), _rating(text(asked, "rating")), note)
        return {"html": feedback_html(given)}

    def unrated(asked: Asked, visitor: str) -> Answered:
        store.remove(visitor, _place(asked))
        return {"html": feedback_html(None)}

    return thumbs, rated, unrated


def _place(asked: Asked) -> Place:
    return Place(text(asked, "conversation"), number(asked, "position"), number(asked, "number"))


def _rating(name: str) -> Rating:
    if name not in set(Rating):
        raise CallError("There is no such rating", hint="Load the page again.")
    return Rating(name)
