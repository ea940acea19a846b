"""The saved conversations: the list, what can be done with each, and what stands in its place.

Owns the HTML as pure functions; the view's script puts it in place. Invariant: a title shows as the
text it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.conversations.search_words import SEARCHED_CHARACTERS, TITLE_CHARACTERS
from ui.html.plain_text import escaped, text_html

if TYPE_CHECKING:
    from assistant.conversations.saved import ConversationSummary
    from vectorstore.errors import PaperchatError

CONVERSATIONS_TEMPLATE = f"""
<section class="saved-conversations" aria-label="Saved conversations">
<div class="saved-top">
<button type="button" class="button saved-new" data-does="begin">New conversation</button>
<button type="button" class="button quiet saved-close" data-toggle="rail"
 aria-label="Close the saved conversations"><span aria-hidden="true">×</span></button>
</div>
<label class="unseen" for="saved-words">Search saved conversations</label>
<input type="search" id="saved-words" class="field" placeholder="Search conversations"
 maxlength="{SEARCHED_CHARACTERS}" autocomplete="off" spellcheck="false">
<p class="unseen saved-found" role="status"></p>
<div class="saved-list"></div>
<button type="button" class="button quiet saved-further" data-does="further" hidden>
Show more</button>
<p class="saved-rated" hidden><span></span>
<button type="button" class="button quiet" data-does="ratings" aria-label="Export ratings">
Export</button></p>
</section>
"""
NOTHING_SAVED = (
    '<p class="saved-empty">No conversations yet. Each is kept here, on this machine, as soon as it'
    " has an answer.</p>"
)
NOTHING_FOUND = '<p class="saved-empty">No conversation has all of these words.</p>'


def conversations_html(summaries: Sequence[ConversationSummary]) -> str:
    """Return the conversations as a list, in their order."""
    return f'<ul class="saved-items">{"".join(map(_item, summaries))}</ul>'


def unusable_html(error: PaperchatError) -> str:
    """Return what stands in place of the list where conversations cannot be read."""
    return (
        f'<div class="saved-empty" role="alert"><p>{text_html(error.problem)}</p>'
        f"<p>{text_html(error.hint)}</p></div>"
    )


def _item(summary: ConversationSummary) -> str:
    number = summary.questions
    title = f"“{escaped(summary.title)}”"
    return (
        f'<li class="saved-item" data-conversation="{escaped(summary.id)}">'
        '<div class="saved-row"><button type="button" class="saved-open" data-does="open">'
        f'<span class="saved-title">{text_html(summary.title)}</span>'
        f'<span class="saved-about">{number} question{"" if number == 1 else "s"} · '
        f'<time datetime="{summary.changed_at.isoformat(timespec="seconds")}">'
        f"{summary.changed_at:%Y-%m-%d}</time></span></button>"
        '<button type="button" class="button quiet saved-more" data-does="more"'
        f' aria-expanded="false" aria-label="Rename, export or delete {title}">'
        '<span aria-hidden="true">⋯</span></button></div>'
        f"{_actions(title)}{_rename(summary.title)}{_deletion(title)}</li>"
    )


def _actions(title: str) -> str:
    buttons = "".join(
        f'<button type="button" class="button quiet" data-does="{does}">{label}</button>'
        for does, label in (("rename", "Rename"), ("keep", "Export"), ("doom", "Delete"))
    )
    return (
        f'<div class="saved-part" data-part="actions" role="group" aria-label="{title}" hidden>'
        f"{buttons}</div>"
    )


def _rename(title: str) -> str:
    return (
        '<form class="saved-part" data-part="rename" autocomplete="off" hidden>'
        f'<input class="field" name="title" aria-label="New title" value="{escaped(title)}"'
        f' maxlength="{TITLE_CHARACTERS}" required>'
        '<button type="submit" class="button primary">Save</button>'
        '<button type="button" class="button quiet" data-does="cancel">Cancel</button></form>'
    )


def _deletion(title: str) -> str:
    return (
        f'<div class="saved-part" data-part="doom" role="group" aria-label="Delete {title}" hidden>'
        "<p>Delete this conversation for good? Ratings of its answers are kept.</p>"
        '<button type="button" class="button primary" data-does="delete">Delete</button>'
        '<button type="button" class="button quiet" data-does="cancel">Keep</button></div>'
    )
