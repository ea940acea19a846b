"""The saved conversations beside the ask view: list, search, open, rename, export, delete.

Owns what its script may call; the conversations are the store's, their looks those of `ui.html`.
"""

# Without `from __future__ import annotations`: Gradio reads the handlers' annotations as classes.
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.search_words import SEARCHED_CHARACTERS
from assistant.conversations.store import PAGE
from ui.export.conversation_markdown import conversation_file_name, conversation_markdown
from ui.html.conversations_html import (
    CONVERSATIONS_TEMPLATE,
    NOTHING_FOUND,
    NOTHING_SAVED,
    conversations_html,
    unusable_html,
)
from ui.page.calls import Answered, Asked, call, number, text
from ui.page.desk import Desk
from ui.page.scripts import script
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    import gradio as gr

TITLE_LIMIT = 5_000  # characters that may be sent; the store cuts what is too long for a title


def conversations_view(desk: Desk) -> "gr.HTML":
    """Return the view, wired."""
    import gradio as gr

    return gr.HTML(
        elem_id="conversations-view",
        html_template=CONVERSATIONS_TEMPLATE,
        js_on_load=script("conversations.js"),
        server_functions=[call(function, shared=desk.shared) for function in _functions(desk)],
        apply_default_css=False,
    )


def _functions(desk: Desk) -> tuple[Callable[[Asked, str], Answered], ...]:
    """Return what the script calls."""
    store = desk.conversations
    feedback = FeedbackStore(store)

    def listed(asked: Asked, visitor: str) -> Answered:
        """Return a page of the list; where it cannot be read, what is wrong stands in its place."""
        words, before = text(asked, "words", SEARCHED_CHARACTERS), number(asked, "before", 0)
        try:
            summaries = store.summaries(visitor, words, before or None)
            rated = feedback.count(visitor)
        except PaperchatError as error:
            return {"html": unusable_html(error), "count": 0, "next": 0, "rated": 0}
        nothing = NOTHING_FOUND if words.strip() else NOTHING_SAVED
        return {
            "html": conversations_html(summaries) if summaries or before else nothing,
            "count": len(summaries),
            "next": summaries[-1].change if len(summaries) == PAGE else 0,
            "rated": rated,
        }

    def renamed(asked: Asked, visitor: str) -> Answered:
        title = text(asked, "title", TITLE_LIMIT)
        return {"title": store.rename(visitor, text(asked, "conversation"), title)}

    def deleted(asked: Asked, visitor: str) -> Answered:
        store.delete(visitor, text(asked, "conversation"))
        return {}

    def exported(asked: Asked, visitor: str) -> Answered:
        saved = store.read(visitor, text(asked, "conversation"))
        return {
            "name": conversation_file_name(saved.title),
            "text": conversation_markdown(saved),
            "type": "text/markdown",
        }

    def ratings(_asked: Asked, visitor: str) -> Answered:
        """Return this visitor's ratings alone, as judged questions."""
        lines = (f"{json.dumps(each)}\n" for each in feedback.judged_questions(visitor))
        return {"name": "ratings.jsonl", "text": "".join(lines), "type": "application/jsonl"}

    return listed, renamed, deleted, exported, ratings
