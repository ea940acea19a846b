"""The SQLite file that conversations and feedback are kept in, beside a library's catalog.

Owns its tables, its connection and what it says when it cannot be used. Nothing is made before
something is written. Invariants: what is deleted is overwritten, in the file and in its journal; a
change is made as a whole or not at all, also beside other processes; whoever reads the file can
pass for no visitor, as it has digests of their ids, by the function `kept_as` of its SQL.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from assistant.errors import AssistantError

CONVERSATIONS_FILE = "conversations.sqlite3"
VERSION = 2  # version 1 had the visitors' ids themselves
BUSY_S = 5.0  # how long to wait for another process that writes

SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    visitor TEXT NOT NULL,
    title TEXT NOT NULL,
    title_words TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    change INTEGER NOT NULL -- counts up, since a clock may go back
);
CREATE INDEX conversations_by_visitor ON conversations (visitor, change);
CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice, so it tells a replaced exchange
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    saved_at TEXT NOT NULL,
    question TEXT NOT NULL,
    words TEXT NOT NULL,
    record BLOB NOT NULL, -- last, so that a search skips its pages
    UNIQUE (conversation, position)
);
CREATE TABLE feedback (
    exchange INTEGER PRIMARY KEY, -- may be gone: what was judged outlives it
    visitor TEXT NOT NULL,
    judgement TEXT NOT NULL
);
CREATE INDEX feedback_by_visitor ON feedback (visitor);
"""


logger = logging.getLogger(__name__)


class ConversationError(AssistantError):
    """Conversations cannot be kept or read."""


class ConversationGoneError(ConversationError):
    """The visitor has no such conversation or exchange, or no more."""


class ConversationFile:
    """The file; opened when it is first needed. Safe to share between threads and processes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._guard = RLock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Return the rows that a query finds: none where there is no file yet.

        Raises ConversationError where the file cannot be read.
        """
        with self._guard:
            if self._connection is None and not self._file.exists():
                return []
            try:
                return self._opened().execute(query, parameters).fetchall()
            except sqlite3.Error as error:
                raise unusable(self._file, str(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Change the file; what is read meanwhile, no one else changes.

        Raises ConversationError where the file cannot be written.
        """
        with self._guard:
            try:
                connection = self._opened()
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    yield connection
            except sqlite3.Error as error:
                raise unusable(self._file, str(error)) from error

    def forget_deleted(self) -> None:
        """Empty the journal, which may still have what was deleted.

        Another process that reads just now keeps it from being emptied; the next change empties it.
        So it is where it fails: what was deleted is gone all the same.
        """
        try:
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        except ConversationError as error:
            logger.warning("the journal of the conversations was not emptied: %s", error)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.create_function("kept_as", 1, kept_as, deterministic=True)
            if not _version(connection):
                _make_tables(connection)
            if _version(connection) == 1:
                _migrate(connection)
            refuse_version(_version(connection), self._file)
        except BaseException:
            connection.close()
            raise
        return connection


def unusable(file: Path, reason: str) -> ConversationError:
    """Return the error for a file that cannot be read or written."""
    return ConversationError(
        f"The saved conversations cannot be used: {reason}",
        where=str(file),
        hint="No papers are in that file. Check the disk and the folder's permissions; if the file"
        " is damaged, move it away: a new one is begun.",
    )


def refuse_version(version: int, file: Path) -> None:
    """Raise ConversationError where the file is of a version that no paperchat up to this wrote."""
    if version not in (1, VERSION):
        raise ConversationError(
            f"The saved conversations have version {version},"
            f" and this paperchat reads version {VERSION}",
            where=str(file),
            hint="Use the paperchat that wrote them, or move the file away: no papers are in it.",
        )


def kept_as(visitor: str | None) -> str:
    """Return what stands for a visitor in the file."""
    return hashlib.sha256((visitor or "").encode("utf-8", "surrogatepass")).hexdigest()


def _version(connection: sqlite3.Connection) -> int:
    [(version,)] = connection.execute("PRAGMA user_version")
    return int(version)


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another process was faster."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if not _version(connection):
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring a file of version 1 up to date, unless another process was faster."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if _version(connection) == 1:
            for table in ("conversations", "feedback"):
                connection.execute(f"UPDATE {table} SET visitor = kept_as(visitor)")  # noqa: S608
            connection.execute("PRAGMA user_version = 2")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the journal still has the ids
