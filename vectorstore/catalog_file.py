"""The SQLite file of a catalog: one connection, shared by threads, and its errors reported once.

Knows no statement of the catalog's own. Invariant: a transaction is done whole or not at all, and
no other thread reads halfway through it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from vectorstore.errors import LibraryError

PAGE_BYTES = 16_384
CACHE_KILOBYTES = 16_384  # the pages that lead to the papers, of a million of them

_HINT = (
    "Check the disk and the folder's permissions, or set PAPERCHAT_HOME to another folder and"
    " ingest again."
)
_ROOM_HINT = (
    "Check that the disk is not full, and run the command again: what was stored before is kept."
)
DAMAGE_HINT = "Run `paperchat doctor --repair`, which mends what can be mended."
LOST_HINT = (
    "The catalog is the only record of the papers and cannot be made anew: run `paperchat restore"
    " FILE --replace` with a backup, or set PAPERCHAT_HOME to another folder and ingest your files"
    " again."
)
_IN_THE_WAY_HINT = "SQLite keeps a file of that name: move away what is there, and try again."
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite adds to the name of a database
_BUSY_HINT = "Another program has the file open: close it, and run the command again."
_READ_ONLY_HINT = (
    "Make the folder and the file writable, or set PAPERCHAT_HOME to another folder and ingest"
    " again."
)
_MEMORY_HINT = "Close other programs, and run the command again: what was stored before is kept."
_HINTS = {
    sqlite3.SQLITE_BUSY: _BUSY_HINT,
    sqlite3.SQLITE_LOCKED: _BUSY_HINT,
    sqlite3.SQLITE_READONLY: _READ_ONLY_HINT,
    sqlite3.SQLITE_NOMEM: _MEMORY_HINT,
    # Our statements are right, so that what they do not find was there, or cannot be read any more.
    sqlite3.SQLITE_ERROR: DAMAGE_HINT,
    sqlite3.SQLITE_FULL: _ROOM_HINT,
    sqlite3.SQLITE_IOERR: _ROOM_HINT,
    sqlite3.SQLITE_CORRUPT: DAMAGE_HINT,
    sqlite3.SQLITE_NOTADB: DAMAGE_HINT,
}
_PRIMARY_CODE = 0xFF  # of a result code, which says more in its higher bits


class _UndoError(Exception):
    """Ends a rehearsal."""


class CatalogFile:
    """An open file. Every method raises LibraryError where SQLite fails."""

    def __init__(self, path: Path, schema: str, *, read_only: bool = False) -> None:
        """Open the file; an empty one, or one that was not there, gets the tables of `schema`.

        One that is `read_only` has to be there, and nothing is written to it or beside it where the
        folder does not allow that.
        """
        refuse_no_file(path)
        self.path = path
        self._guard = RLock()
        with self._reported_errors():
            self._connection = connect_to_read(path) if read_only else _connect(path)
        if read_only:
            return
        try:
            with self._reported_errors():
                # Of a new file only. A paper's vectors are then two reads instead of six.
                self._connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
                self._connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
                self._connection.execute("PRAGMA journal_mode = WAL")
                # Each transaction is on the disk before the next step: a power cut takes back none.
                self._connection.execute("PRAGMA synchronous = FULL")
                if self.is_empty:
                    self._connection.executescript(f"BEGIN; {schema} COMMIT;")
        except LibraryError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()

    @property
    def is_empty(self) -> bool:
        """Whether there are no tables in it yet."""
        return not self.rows("SELECT 1 FROM sqlite_master LIMIT 1")

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Return all rows of a query."""
        with self._guard, self._reported_errors():
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write what the block does, or nothing of it if it raises; within another, as its part."""
        with self._guard, self._reported_errors():
            if self._connection.in_transaction:
                yield self._connection
                return
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Have the block write as ever, and undo all of it at its end."""
        with self._guard, suppress(_UndoError), self.transaction():
            yield
            raise _UndoError

    def run_script(
        self, script: str, functions: Mapping[str, Callable[[str], str | bytes]] | None = None
    ) -> None:
        """Run statements that make tables, all or none; they may call `functions` of a text."""
        with self._guard, self._reported_errors():
            for name, function in (functions or {}).items():
                self._connection.create_function(name, 1, function, deterministic=True)
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
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
            raise LibraryError(
                f"The catalog cannot be used: {error}",
                where=str(self.path),
                hint=_HINTS.get(code, _HINT),
            ) from error


def refuse_no_file(path: Path) -> None:
    """Raise LibraryError where something else has the name of the catalog, or of a file beside it.

    SQLite cannot say which of them it is, and takes the one that it could read for empty.
    """
    target = os.path.realpath(path)  # beside which they are
    places = {path: LOST_HINT} | {Path(target + end): _IN_THE_WAY_HINT for end in _BESIDE}
    for place, hint in places.items():
        if os.path.lexists(place) and not place.is_file():
            raise LibraryError(
                f"{place.name} is a folder, a device or a link that leads nowhere, and no file",
                where=str(place),
                hint=hint,
            )


def _connect(place: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(place, check_same_thread=False, uri=isinstance(place, str))


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection to a SQLite file that is there, which others may be writing.

    Nothing is written to the file, nor beside it where the folder does not allow that.
    """
    address = path.absolute().as_uri()
    # Not "ro": SQLite makes files beside it even to read, and would not take them away again.
    connection = _connect(f"{address}?mode=rw")
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.OperationalError:
        connection.close()
        # None can be made; where nobody can write, none is needed.
        connection = _connect(f"{address}?immutable=1")
    return connection
