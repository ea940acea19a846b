"""The list of saved conversations, in HTML."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.conversations.conversation_file import ConversationError
from assistant.conversations.saved import ConversationSummary
from ui.html.conversations_html import (
    CONVERSATIONS_TEMPLATE,
    conversations_html,
    unusable_html,
)

NOON = datetime(2026, 1, 2, 12, 30, 15, 999, UTC)


def test_a_conversation_with_all_that_can_be_done_with_it() -> None:
    html = conversations_html([ConversationSummary("c1", '<b>"Salt" & soup', NOON, 2, 7)])
    named = "“&lt;b&gt;&quot;Salt&quot; &amp; soup”"
    shown = "<bdi>&lt;b&gt;&quot;Salt&quot; &amp; soup</bdi>"
    assert html == (
        '<ul class="saved-items"><li class="saved-item" data-conversation="c1">'
        '<div class="saved-row"><button type="button" class="saved-open" data-does="open">'
        f'<span class="saved-title">{shown}</span><span class="saved-about">2 questions · '
        '<time datetime="2026-01-02T12:30:15+00:00">2026-01-02</time></span></button>'
        '<button type="button" class="button quiet saved-more" data-does="more"'
        f' aria-expanded="false" aria-label="Rename, export or delete {named}">'
        '<span aria-hidden="true">⋯</span></button></div>'
        f'<div class="saved-part" data-part="actions" role="group" aria-label="{named}" hidden>'
        '<button type="button" class="button quiet" data-does="rename">Rename</button>'
        '<button type="button" class="button quiet" data-does="keep">Export</button>'
        '<button type="button" class="button quiet" data-does="doom">Delete</button></div>'
        '<form class="saved-part" data-part="rename" autocomplete="off" hidden>'
        '<input class="field" name="title" aria-label="New title"'
        ' value="&lt;b&gt;&quot;Salt&quot; &amp; soup" maxlength="60" required>'
        '<button type="submit" class="button primary">Save</button>'
        '<button type="button" class="button quiet" data-does="cancel">Cancel</button></form>'
        '<div class="saved-part" data-part="doom" role="group"'
        f' aria-label="Delete {named}" hidden>'
        "<p>Delete this conversation for good? Ratings of its answers are kept.</p>"
        '<button type="button" class="button primary" data-does="delete">Delete</button>'
        '<button type="button" class="button quiet" data-does="cancel">Keep</button></div>'
        "</li></ul>"
    )


def test_one_question_is_one() -> None:
    html = conversations_html([ConversationSummary("c1", "Salt", NOON, 1, 7)])
    assert '<span class="saved-about">1 question · ' in html


def test_what_is_wrong_stands_in_place_of_the_list() -> None:
    error = ConversationError("No <disk>", where="/x", hint="Buy & try.")
    assert unusable_html(error) == (
        '<div class="saved-empty" role="alert"><p><bdi>No &lt;disk&gt;</bdi></p>'
        "<p><bdi>Buy &amp; try.</bdi></p></div>"
    )


def test_the_browser_takes_the_template_as_it_stands() -> None:
    assert "${" not in CONVERSATIONS_TEMPLATE
    assert "{{" not in CONVERSATIONS_TEMPLATE
