"""Saved conversations, each with the visitor whose it is.

Owns where an exchange goes. Invariants: no visitor reads or changes what is another's; a place that
is taken is never written again but by who saw what it holds: whoever else writes there (another
tab, or an earlier question asked anew) gets a conversation of its own, with the exchanges before.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversations.conversation_file import (
    ConversationError,
    ConversationFile,
    ConversationGoneError,
)
from assistant.conversations.exchange_record import StoredExchange, pack_exchange
from assistant.conversations.saved import (
    ConversationSummary,
    Place,
    SavedConversation,
    SavedExchange,
    saved_exchange,
    saved_time,
)
from assistant.conversations.search_words import (
    conversation_title,
    exchange_words,
    folded,
    searched_words,
)
from vectorstore.whole_text import whole_characters

if TYPE_CHECKING:
    import sqlite3

PAGE = 50  # conversations that are listed at once
_ID_BYTES = 16

_EXCHANGES = (
    "SELECT exchanges.number, position, saved_at, question, record FROM exchanges"
    " JOIN conversations ON conversations.id = conversation"
    " WHERE visitor = kept_as(?) AND conversation = ?"
)


class ConversationStore:
    """The conversations of all visitors of a library. Safe to share between threads.

    Every operation raises ConversationError where the file cannot be used, and
    ConversationGoneError where the visitor has no such conversation.
    """

    def __init__(self, file: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Keep conversations in `file`, which is made when one is first saved."""
        self.file = ConversationFile(file)
        self.now = now

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def save(
        self, visitor: str, exchange: StoredExchange, conversation: str = "", position: int = 0
    ) -> Place:
        """Keep an exchange as number `position` of a conversation, and return where it is now.

        Without `conversation`, or where it was deleted meanwhile, that is a new one, titled by the
        question. Where the position is taken, it is a new one with the exchanges before it.
        Raises ExchangeRecordError where the exchange is too long, ConversationError where the
        visitor is "", nobody in particular.
        """
        if not visitor:
            raise _nobody()
        record = pack_exchange(exchange)
        with self.file.transaction() as connection:
            count = _count(connection, visitor, conversation)
            if count is None or position == 0 < count:
                target, position = self._begin(connection, visitor, exchange.question), 0
            elif position < count:
                target = self._branch(connection, visitor, conversation, position)
            else:
                target, position = conversation, count
            number = self._insert(connection, (target, position), exchange, record)
        return Place(target, position, number)

    def replace(self, visitor: str, exchange: StoredExchange, place: Place) -> Place:
        """Keep an exchange in place of the last one, which was asked again.

        Where that is not the last one any more, or not the one of `place`, it is kept as `save`
        does it.
        """
        record = pack_exchange(exchange)
        with self.file.transaction() as connection:
            last = connection.execute(
                f"{_EXCHANGES} ORDER BY position DESC LIMIT 1", (visitor, place.conversation)
            ).fetchone()
            if replaced := last is not None and last[:2] == (place.number, place.position):
                connection.execute("DELETE FROM exchanges WHERE number = ?", (place.number,))
                at = (place.conversation, place.position)
                number = self._insert(connection, at, exchange, record)
        if not replaced:
            return self.save(visitor, exchange, place.conversation, place.position)
        self.file.forget_deleted()
        return Place(place.conversation, place.position, number)

    def summaries(
        self, visitor: str, words: str = "", before: int | None = None, limit: int = PAGE
    ) -> tuple[ConversationSummary, ...]:
        """Return the visitor's conversations, the one changed last first.

        With `words`, only those that have all of them, in the title, a question or an answer.
        `before` is the `change` of the last one of the page before.
        """
        rows = self.file.rows(
            "SELECT id, title, changed_at,"
            " (SELECT count(*) FROM exchanges WHERE conversation = conversations.id), change"
            " FROM conversations WHERE visitor = kept_as(?) AND (? IS NULL OR change < ?)"
            " AND NOT EXISTS (SELECT 1 FROM json_each(?) AS word"
            " WHERE NOT instr(title_words, word.value) AND NOT EXISTS (SELECT 1 FROM exchanges"
            " WHERE conversation = conversations.id AND instr(words, word.value)))"
            " ORDER BY change DESC LIMIT ?",
            visitor,
            before,
            before,
            json.dumps(searched_words(words)),
            limit,
        )
        return tuple(
            ConversationSummary(key, title, saved_time(changed_at), questions, change)
            for key, title, changed_at, questions, change in rows
        )

    def read(self, visitor: str, conversation: str) -> SavedConversation:
        """Return a conversation; an exchange that is damaged is one that failed."""
        titles = self.file.rows(
            "SELECT title FROM conversations WHERE visitor = kept_as(?) AND id = ?",
            visitor,
            conversation,
        )
        if not titles:
            raise _gone(conversation)
        rows = self.file.rows(f"{_EXCHANGES} ORDER BY position", visitor, conversation)
        return SavedConversation(
            conversation, titles[0][0], tuple(saved_exchange(conversation, row) for row in rows)
        )

    def read_exchange(self, visitor: str, conversation: str, position: int) -> SavedExchange:
        """Return one exchange of a conversation, as `read` does."""
        rows = self.file.rows(f"{_EXCHANGES} AND position = ?", visitor, conversation, position)
        if not rows:
            raise _gone(conversation)
        return saved_exchange(conversation, rows[0])

    def places(self, visitor: str, conversation: str, first: int, end: int) -> tuple[Place, ...]:
        """Return where the exchanges from position `first` to before `end` are, in order; nothing
        is read of them.
        """
        rows = self.file.rows(
            "SELECT conversation, position, exchanges.number FROM exchanges"
            " JOIN conversations ON conversations.id = conversation"
            " WHERE visitor = kept_as(?) AND conversation = ? AND position >= ? AND position < ?"
            " ORDER BY position",
            *(visitor, conversation, first, end),
        )
        return tuple(Place(*row) for row in rows)

    def rename(self, visitor: str, conversation: str, title: str) -> str:
        """Give a conversation another title, cut as titles are, and return it."""
        kept = conversation_title(title)
        with self.file.transaction() as connection:
            changed = connection.execute(
                "UPDATE conversations SET title = ?, title_words = ?"
                " WHERE visitor = kept_as(?) AND id = ?",
                (kept, folded(kept), visitor, conversation),
            )
            if not changed.rowcount:
                raise _gone(conversation)
        return kept

    def delete(self, visitor: str, conversation: str) -> None:
        """Delete a conversation for good; what the visitor thought of its answers stays."""
        with self.file.transaction() as connection:
            deleted = connection.execute(
                "DELETE FROM conversations WHERE visitor = kept_as(?) AND id = ?",
                (visitor, conversation),
            )
            if not deleted.rowcount:
                raise _gone(conversation)
        self.file.forget_deleted()

    def _begin(self, connection: sqlite3.Connection, visitor: str, title: str) -> str:
        key, kept = secrets.token_urlsafe(_ID_BYTES), conversation_title(title)
        connection.execute(
            "INSERT INTO conversations VALUES (?, kept_as(?), ?, ?, ?, 0)",
            (key, visitor, kept, folded(kept), self.now().isoformat()),
        )
        return key

    def _branch(
        self, connection: sqlite3.Connection, visitor: str, conversation: str, count: int
    ) -> str:
        """Begin a conversation with the first `count` exchanges of another."""
        [(title,)] = connection.execute(
            "SELECT title FROM conversations WHERE id = ?", (conversation,)
        )
        branch = self._begin(connection, visitor, title)
        connection.execute(
            "INSERT INTO exchanges (conversation, position, saved_at, question, words, record)"
            " SELECT ?, position, saved_at, question, words, record FROM exchanges"
            " WHERE conversation = ? AND position < ? ORDER BY position",
            (branch, conversation, count),
        )
        return branch

    def _insert(
        self,
        connection: sqlite3.Connection,
        at: tuple[str, int],
        exchange: StoredExchange,
        record: bytes,
    ) -> int:
        saved_at = self.now().isoformat()
        [(number,)] = connection.execute(
            "INSERT INTO exchanges (conversation, position, saved_at, question, words, record)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
            (*at, saved_at, whole_characters(exchange.question), exchange_words(exchange), record),
        ).fetchall()
        connection.execute(
            "UPDATE conversations SET changed_at = ?,"
            " change = (SELECT max(change) + 1 FROM conversations) WHERE id = ?",
            (saved_at, at[0]),
        )
        return int(number)


def _count(connection: sqlite3.Connection, visitor: str, conversation: str) -> int | None:
    """Return how many exchanges the conversation has, None where the visitor has none such."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM exchanges WHERE conversation = conversations.id)"
        " FROM conversations WHERE visitor = kept_as(?) AND id = ?",
        (visitor, conversation),
    ).fetchone()
    return None if row is None else int(row[0])


def _gone(conversation: str) -> ConversationGoneError:
    return ConversationGoneError(
        "There is no such conversation, or no more",
        where=conversation[:_ID_BYTES],
        hint="It may have been deleted in another window.",
    )


def _nobody() -> ConversationError:
    return ConversationError(
        "Conversations cannot be kept: it is not known whose they are",
        hint="Let the browser keep cookies of this page.",
    )
