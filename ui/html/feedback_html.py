"""The thumbs below an answer, and the note to one that was pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.conversations.feedback import NOTE_CHARACTERS
from assistant.conversations.judgement import Rating
from ui.html.plain_text import escaped

if TYPE_CHECKING:
    from assistant.conversations.feedback import Feedback

FEEDBACK_TEMPLATE = '<p class="unseen feedback-said" role="status"></p>'
_LABELS = {Rating.UP: "This answer was useful", Rating.DOWN: "This answer was not useful"}
_ASKED = {Rating.UP: "What was good about it?", Rating.DOWN: "What was wrong, or is missing?"}
# A thumb up, drawn in a square of 24; the one down is the same, turned.
_THUMB = (
    "M7 11v9H4v-9zM7 11l4-8a2 2 0 0 1 2.5 2.3L13 9h5.6a2 2 0 0 1 2 2.4l-1.4 7a2 2 0 0 1-2 1.6H7"
)


def feedback_html(feedback: Feedback | None) -> str:
    """Return the thumbs, pressed as `feedback` says, and its note folded away."""
    thumbs = "".join(_thumb(rating, feedback) for rating in Rating)
    return (
        '<span class="feedback" role="group" aria-label="Rate this answer">'
        f"{thumbs}</span>{_note(feedback) if feedback else ''}"
    )


def _thumb(rating: Rating, feedback: Feedback | None) -> str:
    pressed = "true" if feedback and feedback.rating is rating else "false"
    turned = ' class="feedback-turned"' if rating is Rating.DOWN else ""
    return (
        f'<button type="button" class="button quiet feedback-thumb" data-rate="{rating}"'
        f' aria-pressed="{pressed}" aria-label="{_LABELS[rating]}" title="{_LABELS[rating]}">'
        f'<svg{turned} viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">'
        f'<path d="{_THUMB}"/></svg></button>'
    )


def _note(feedback: Feedback) -> str:
    summary = "Your note" if feedback.note else "Add a note"
    return (
        f'<details class="feedback-note"><summary>{summary}</summary>'
        f'<form data-rating="{feedback.rating}"><textarea class="field" name="note" rows="3"'
        f' aria-label="{_ASKED[feedback.rating]}" placeholder="{_ASKED[feedback.rating]}"'
        f' maxlength="{NOTE_CHARACTERS}">\n{escaped(feedback.note)}</textarea>'
        "<p>Kept on this machine with the question and the papers cited, also when the"
        " conversation is deleted. Press the thumb again to take it back.</p>"
        '<button type="submit" class="button">Save note</button></form></details>'
    )
