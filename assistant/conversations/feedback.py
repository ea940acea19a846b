"""Thumbs up and down: what visitors think of saved answers, in the file of the conversations.

A rating is kept with its question, the questions before it and the papers cited, so that it can be
judged later: it outlives its conversation, and is removed only by itself. Invariant: a rating is
of the answer that the visitor saw; another answer to the same question has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.conversations.conversation_file import ConversationGoneError
from assistant.conversations.judgement import (
    CitedTitle,
    Judgement,
    Rating,
    judged_question,
    question_kind,
)
from assistant.conversations.saved import Place
from vectorstore.whole_text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pydantic import TypeAdapter

    from assistant.conversations.saved import SavedExchange
    from assistant.conversations.store import ConversationStore

NOTE_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor said of one answer."""

    rating: Rating
    note: str


class FeedbackStore:
    """The ratings of all visitors of a library. Safe to share between threads.

    Every operation raises ConversationError where the file cannot be used.
    """

    def __init__(self, conversations: ConversationStore) -> None:
        """Keep ratings of the answers in `conversations`."""
        self._conversations = conversations
        self._file = conversations.file

    def rate(self, visitor: str, place: Place, rating: Rating, note: str = "") -> Feedback:
        """Keep what the visitor thinks of an answer, in place of what it was before.

        A longer note is cut at NOTE_CHARACTERS. Raises ConversationGoneError where the answer is
        not there any more.
        """
        saved = self._conversations.read(visitor, place.conversation).exchanges
        if place not in (each.place for each in saved):
            raise ConversationGoneError(
                "This answer is not there any more",
                hint="It may have been replaced or deleted in another window.",
            )
        kept = whole_characters(note).strip()[:NOTE_CHARACTERS]
        rated = Feedback(rating, kept)
        judgement = _judgement(saved[: place.position + 1], rated, self._conversations.now())
        text = _adapter().dump_json(judgement).decode()
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, kept_as(?), ?)",
                (place.number, visitor, text),
            )
        return rated

    def remove(self, visitor: str, place: Place) -> None:
        """Take a rating back; one that is not there needs nothing."""
        with self._file.transaction() as connection:
            connection.execute(
                "DELETE FROM feedback WHERE visitor = kept_as(?) AND exchange = ?",
                (visitor, place.number),
            )
        self._file.forget_deleted()

    def of_conversation(
        self, visitor: str, conversation: str
    ) -> tuple[tuple[Place, Feedback | None], ...]:
        """Return the places of a conversation in order, each with its rating if it has one."""
        rows = self._file.rows(
            "SELECT position, number, judgement FROM conversations"
            " JOIN exchanges ON exchanges.conversation = id"
            " LEFT JOIN feedback ON exchange = number AND feedback.visitor = conversations.visitor"
            " WHERE conversations.visitor = kept_as(?) AND id = ? ORDER BY position",
            visitor,
            conversation,
        )
        rated = dict(_readable([(number, text) for _, number, text in rows if text is not None]))
        return tuple(
            (Place(conversation, position, number), _feedback(rated.get(number)))
            for position, number, _ in rows
        )

    def count(self, visitor: str) -> int:
        """Return how many answers the visitor has rated."""
        rows = self._file.rows("SELECT count(*) FROM feedback WHERE visitor = kept_as(?)", visitor)
        return int(rows[0][0]) if rows else 0

    def judged_questions(self, visitor: str | None = None) -> Iterator[dict[str, object]]:
        """Yield the rated questions as judged questions, those rated first first.

        Of one visitor, or of all: that is for whoever runs the program, never for a visitor.
        """
        rows = self._file.rows(
            "SELECT exchange, judgement FROM feedback WHERE ? IS NULL OR visitor = kept_as(?)"
            " ORDER BY exchange",
            visitor,
            visitor,
        )
        return (judged_question(number, judgement) for number, judgement in _readable(rows))


def _judgement(
    exchanges: Sequence[SavedExchange], feedback: Feedback, given_at: datetime
) -> Judgement:
    """Return the judgement of the last of `exchanges`, which are a conversation up to it."""
    turns = tuple(each.exchange.question for each in exchanges)
    last = exchanges[-1].exchange
    answer = last.answer
    cited = answer.citations if answer else ()
    return Judgement(
        feedback.rating,
        feedback.note,
        turns,
        question_kind(answer, len(turns), feedback.rating),
        tuple(CitedTitle(each.paper.id, each.paper.title) for each in cited),
        last.within,
        tuple(chip.name for chip in last.taken_off),
        given_at,
    )


def _feedback(judgement: Judgement | None) -> Feedback | None:
    return Feedback(judgement.rating, judgement.note) if judgement else None


def _readable(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Judgement]]:
    """Yield the ratings that can be read; a damaged one says nothing any more."""
    for number, text in rows:
        try:
            yield number, _adapter().validate_json(text)
        except ValidationError:
            continue


@cache
def _adapter() -> TypeAdapter[Judgement]:
    from pydantic import TypeAdapter

    return TypeAdapter(Judgement)
