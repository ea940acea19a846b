"""What is read of saved conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.conversations.exchange_record import (
    Ending,
    ExchangeRecordError,
    StoredExchange,
    unpack_exchange,
)

_UNKNOWN = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exchange is kept: `position` counts from 0.

    `number` is another one as soon as another exchange takes the place.
    """

    conversation: str
    position: int
    number: int


@dataclass(frozen=True, slots=True)
class SavedExchange:
    """An exchange, its place, and when it was saved, in UTC."""

    place: Place
    saved_at: datetime
    exchange: StoredExchange


@dataclass(frozen=True, slots=True)
class SavedConversation:
    """A conversation with its exchanges in order."""

    id: str
    title: str
    exchanges: tuple[SavedExchange, ...]


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as a list has it.

    `changed_at` is in UTC and only to be shown; `change` is what the list is ordered by.
    """

    id: str
    title: str
    changed_at: datetime
    questions: int
    change: int


def saved_exchange(conversation: str, row: Sequence[Any]) -> SavedExchange:
    """Return the exchange of a row: number, position, time, question and record.

    In place of one that is damaged stands one that failed, with its question.
    """
    number, position, saved_at, question, record = row
    try:
        exchange = unpack_exchange(record)
    except ExchangeRecordError as damage:
        exchange = StoredExchange(question, Ending.FAILED, problem=damage.problem, hint=damage.hint)
    return SavedExchange(Place(conversation, position, number), saved_time(saved_at), exchange)


def saved_time(text: str) -> datetime:
    """Return the time that was written down; the beginning of 1970 where none can be read."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return _UNKNOWN
