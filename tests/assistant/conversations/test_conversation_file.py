"""The file of conversations: whose they are is kept by digests, in files of version 1 too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kept import exchange

from assistant.conversations.conversation_file import CONVERSATIONS_FILE, SCHEMA, kept_as
from assistant.conversations.exchange_record import pack_exchange
from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.judgement import Rating
from assistant.conversations.store import ConversationStore

ANN, BEN = "ann-9f2c-of-the-cookie", "ben-77d0-of-the-cookie"
QUESTION = "How much salt?"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / CONVERSATIONS_FILE


@pytest.fixture
def store(file: Path) -> Iterator[ConversationStore]:
    with closing(ConversationStore(file)) as store:
        yield store


def write_version_1(file: Path) -> None:
    """Write a conversation of Ann's and a rating as version 1 kept them."""
    now = "2026-11-21T12:00:00+00:00"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(f"PRAGMA journal_mode = WAL; {SCHEMA}; PRAGMA user_version = 1;")
        connection.execute(
            "INSERT INTO conversations VALUES ('talk', ?, ?, ?, ?, 1)",
            (ANN, QUESTION, QUESTION.lower(), now),
        )
        connection.execute(
            "INSERT INTO exchanges VALUES (1, 'talk', 0, ?, ?, ?, ?)",
            (now, QUESTION, QUESTION.lower(), pack_exchange(exchange(QUESTION))),
        )
        connection.execute("INSERT INTO feedback VALUES (1, ?, '{}')", (ANN,))


def all_bytes(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def test_the_ids_of_visitors_are_nowhere_on_the_disk(store: ConversationStore, file: Path) -> None:
    place = store.save(ANN, exchange(QUESTION))
    FeedbackStore(store).rate(ANN, place, Rating.UP)
    assert ANN.encode() not in all_bytes(file)
    assert kept_as(ANN).encode() in all_bytes(file)


def test_a_file_of_version_1_is_brought_up_to_date(store: ConversationStore, file: Path) -> None:
    write_version_1(file)
    assert ANN.encode() in all_bytes(file)
    [summary] = store.summaries(ANN)
    assert (summary.id, summary.title) == ("talk", QUESTION)
    assert store.read(ANN, "talk").exchanges[0].exchange == exchange(QUESTION)
    assert store.summaries(BEN) == ()
    assert FeedbackStore(store).count(ANN) == 1
    assert ANN.encode() not in all_bytes(file)


def test_a_migration_that_fails_changes_nothing(store: ConversationStore, file: Path) -> None:
    write_version_1(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TRIGGER burnt BEFORE UPDATE ON feedback BEGIN SELECT raise(ABORT, 'burnt'); END"
        )
        connection.commit()
        before = list(connection.iterdump())
        with pytest.raises(Exception, match="burnt"):
            store.summaries(ANN)
        assert list(connection.iterdump()) == before
