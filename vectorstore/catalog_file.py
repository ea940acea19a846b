"""The SQLite file of a catalog: one connection, shared by threads, and its errors reported once.

Knows no statement of the catalog's own. Invariant: a transaction is done whole or not at all, and
no other thread reads halfway through it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from vectorstore.errors import LibraryError


class CatalogFile:
    """An open file. Every method raises LibraryError where SQLite fails."""

    def __init__(self, path: Path, schema: str) -> None:
        """Open the file; an empty one, or one that was not there, gets the tables of `schema`."""
        self.path = path
        self._guard = RLock()
        with self._reported_errors():
            self._connection = sqlite3.connect(path, check_same_thread=False)
        try:
            with self._reported_errors():
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                if not self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                    self._connection.executescript(f"BEGIN; {schema} COMMIT;")
        except LibraryError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Return all rows of a query."""
        with self._guard, self._reported_errors():
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write what the block does, or nothing of it if it raises."""
        with self._guard, self._reported_errors(), self._connection:
            yield self._connection

    def run_script(self, script: str) -> None:
        """Run statements that make tables, all or none."""
        with self._guard, self._reported_errors():
            try:
                self._connection.executescript(f"BEGIN IMMEDIATE; {script} COMMIT;")
            except sqlite3.Error:
                self._connection.rollback()
                raise

    @contextmanager
    def _reported_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(
                f"The catalog cannot be used: {error}",
                where=str(self.path),
                hint="Check the disk and the folder's permissions, or set PAPERCHAT_HOME to another"
                " folder and ingest again.",
            ) from error
