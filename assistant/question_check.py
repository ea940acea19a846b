"""What a question must be before anything is done with it, and what there must be to ask."""

from __future__ import annotations

from assistant.errors import AssistantError, QuestionError
from assistant.settings import AssistantSettings
from vectorstore.library import Library
from vectorstore.tidying.characters import without_unseen


def checked_question(question: str, library: Library, settings: AssistantSettings) -> str:
    """Return the question without surrounding white space and characters that nobody sees.

    Raises QuestionError if it is empty or too long, AssistantError if the library has no papers.
    """
    limit = settings.question_characters
    text = without_unseen(question).strip()
    if not text:
        raise QuestionError("The question is empty", hint="Type what you want to know.")
    if len(text) > limit:
        raise too_long(len(text), limit)
    if not library.catalog.paper_count():
        raise AssistantError(
            "There are no papers to answer from yet",
            where=str(library.home),
            hint="Run `paperchat ingest PATH` with your listing pages first.",
        )
    return text


def too_long(characters: int, limit: int) -> QuestionError:
    """Return the error of a question that has more characters than can be used."""
    return QuestionError(
        f"The question has {characters:,} characters; at most {limit:,} can be used",
        hint="Ask a shorter one.",
    )
