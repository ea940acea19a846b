"""A whole conversation as one document in Markdown: each question, its answer and its sources.

The sources are numbered for each answer, as its markers are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answer import Answer, Block, BlockKind, Claim, Intent, Outcome, Plan
from assistant.conversations.exchange_record import Ending
from assistant.conversations.search_words import folded
from ui.export.answer_markdown import answer_markdown
from ui.export.export_markdown import answer_markdown_document
from ui.export.export_sources import plain_line

if TYPE_CHECKING:
    from assistant.conversations.exchange_record import StoredExchange
    from assistant.conversations.saved import SavedConversation

# Whatever else begins with "#" is escaped by then.
_HEADING = re.compile("^(#+ )", re.MULTILINE)
_WORD = re.compile("[a-z0-9]+")


def conversation_markdown(conversation: SavedConversation) -> str:
    """Return the document; what has no answer is told as the page tells it."""
    title = plain_line(answer_markdown(_said("", conversation.title)))
    parts = (_exchange(saved.exchange) for saved in conversation.exchanges)
    return "\n".join((f"# {title}\n", *parts))


def conversation_file_name(title: str) -> str:
    """Return a name for the document's file, from the letters and digits of the title."""
    return f"{'-'.join(_WORD.findall(folded(title))) or 'conversation'}.md"


def _exchange(exchange: StoredExchange) -> str:
    """Return question, answer and sources, a level below where they stand alone."""
    answer = exchange.answer or _said(exchange.question)
    document = _HEADING.sub(r"#\1", answer_markdown_document(answer))
    return "\n".join((document, *_notes(exchange)))


def _notes(exchange: StoredExchange) -> Iterator[str]:
    """Yield how it ended where that was no answer, or half of one."""
    if exchange.ending is Ending.STOPPED:
        yield "*Stopped.*\n"
    for text in (exchange.problem, exchange.hint):
        if text:
            yield f"*{plain_line(answer_markdown(_said('', text)))}*\n"


def _said(question: str, *texts: str) -> Answer:
    """Return an answer that says these words and no more, to be escaped as answers are."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Claim(text),)) for text in texts)
    plan = Plan(question, Intent.OUT_OF_SCOPE)
    return Answer(plan, Outcome.NOT_FOUND, blocks, (), (), mode="")
