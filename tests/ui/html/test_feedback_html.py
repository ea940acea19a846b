"""The thumbs below an answer, in HTML."""

from __future__ import annotations

import re

import pytest

from assistant.conversations.feedback import Feedback
from assistant.conversations.judgement import Rating
from ui.html.feedback_html import feedback_html


@pytest.mark.parametrize(
    ("feedback", "pressed"),
    [
        (None, [("up", "false"), ("down", "false")]),
        (Feedback(Rating.UP, ""), [("up", "true"), ("down", "false")]),
        (Feedback(Rating.DOWN, ""), [("up", "false"), ("down", "true")]),
    ],
)
def test_the_thumb_of_the_rating_is_pressed(
    feedback: Feedback | None, pressed: list[tuple[str, str]]
) -> None:
    html = feedback_html(feedback)
    assert re.findall(r'data-rate="(\w+)" aria-pressed="(\w+)"', html) == pressed
    assert ("<form" in html) is (feedback is not None)


def test_a_note_stands_as_it_was_written() -> None:
    note = '</textarea><script>"&amp;'
    html = feedback_html(Feedback(Rating.DOWN, note))
    assert html.endswith(
        '<details class="feedback-note"><summary>Your note</summary><form data-rating="down">'
        '<textarea class="field" name="note" rows="3"'
        ' aria-label="What was wrong, or is missing?"'
        ' placeholder="What was wrong, or is missing?" maxlength="2000">\n'
        "&lt;/textarea&gt;&lt;script&gt;&quot;&amp;amp;</textarea>"
        "<p>Kept on this machine with the question and the papers cited, also when the"
        " conversation is deleted. Press the thumb again to take it back.</p>"
        '<button type="submit" class="button">Save note</button></form></details>'
    )


def test_without_a_note_one_can_be_added() -> None:
    html = feedback_html(Feedback(Rating.UP, ""))
    assert "<summary>Add a note</summary>" in html
    assert 'aria-label="What was good about it?"' in html
