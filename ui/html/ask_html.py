"""The ask view around a conversation: what stands in its place, and the box to ask in."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.settings import AssistantSettings
from ui.html.suggestions_html import suggestions_html

ASK_TEMPLATE = f"""
<div id="transcript" role="log" aria-label="Conversation"></div>
<form id="composer" autocomplete="off">
<div class="chosen" hidden></div>
<div class="box">
<label class="unseen" for="question">Your question</label>
<textarea id="question" rows="1" placeholder="Ask about the papers"
 enterkeyhint="send" data-longest="{AssistantSettings().question_characters}"
 aria-describedby="composer-keys"></textarea>
<button type="submit" id="ask" class="button primary">Ask</button>
<button type="button" id="stop" class="button" hidden>Stop</button>
</div>
<p id="composer-keys" class="keys">Enter asks, Shift+Enter breaks the line, Escape stops,
 arrow up brings back the last question.</p>
</form>
<div id="quote-preview" role="tooltip" hidden></div>
<template id="asked"><article class="exchange" aria-busy="true">
<h2 class="question" tabindex="-1"><bdi></bdi></h2>
<div class="answer"><p class="working">Searching the abstracts…</p></div></article></template>
"""


def welcome_html(paper_count: int, examples: Sequence[str]) -> str:
    """Return what stands in place of a conversation that has not begun."""
    if paper_count == 0:
        return (
            '<div class="welcome"><p class="welcome-title">The library is empty.</p>'
            "<p>Add saved listing pages on this page, or run <code>paperchat ingest PATH</code>."
            '</p><p><button type="button" class="button primary" data-show="library">'
            "Add papers</button></p></div>"
        )
    return (
        '<div class="welcome"><p class="welcome-title">Ask these papers a question.</p>'
        "<p>Statements about a paper carry a numbered marker. It opens the paper at the very "
        "sentence that the statement rests on.</p>"
        f'<ul id="examples">{suggestions_html(examples)}</ul></div>'
    )
