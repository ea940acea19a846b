"""Asks for a program what a person would ask: in words, of all papers or of some.

Owns what is the same for all programs, however they come. Keeps nothing between two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer, Asking, Turn
from vectorstore.filters import Filters

if TYPE_CHECKING:
    from ui.logs.question_log import QuestionLog
    from ui.page.conversation import Answering
    from vectorstore.library import Library
    from vectorstore.search import SearchResult


def ask(
    assistant: Answering, questions: Sequence[str], within: tuple[str, ...], log: QuestionLog
) -> Answer:
    """Return the answer to the last of `questions`, which follows up on the others.

    Those are answered anew, since only with their answers is it clear what "it" and "those" are.
    With `within`, only papers with these ids are asked of. `log` is given the answer. Raises as
    `Assistant.answer` does.
    """
    history: tuple[Turn, ...] = ()
    for question in questions:
        *_, answer = assistant.answer(Asking(question, history, within=within))
        history = (*history, Turn(question, answer))
    log.answer = history[-1].answer
    return log.answer


def search(library: Library, query: str, limit: int, filters: Filters) -> SearchResult:
    """Return the papers that match best. Raises as `Assistant.search` does."""
    from assistant.answering import Assistant

    return Assistant(library).search(query, limit, filters)
