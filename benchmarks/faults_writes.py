"""Every write of this process to a library's folder counted, and one of them made to fail.

Owns where writes are seen: transactions of SQLite as they begin and end, calls that change Chroma's
files, and whatever Python does to files of the folder. Between two of them the disk stays as it is,
so that a kill before each is one in every state that the disk is in between two writes.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

_WRITING = frozenset("wax+")
_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_IN_COLLECTION = ("upsert", "delete")
_IN_CLIENT = ("get_or_create_collection", "delete_collection")


class Fault(StrEnum):
    """What is done at a write; all but a kill go on failing at every later one."""

    NONE = "none"
    KILL = "killed"
    FULL = "disk full"
    READ_ONLY = "read-only disk"
    DENIED = "no permission"


_ERRNO = {Fault.FULL: errno.ENOSPC, Fault.READ_ONLY: errno.EROFS, Fault.DENIED: errno.EACCES}
_OF_SQLITE = {
    Fault.FULL: (sqlite3.SQLITE_FULL, "database or disk is full"),
    Fault.READ_ONLY: (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
    Fault.DENIED: (sqlite3.SQLITE_CANTOPEN, "unable to open database file"),
}
Failing = Callable[[Fault], None]


class Writes:
    """Counts writes to `home`, notes each in `log`, and has number `at` and later ones fail."""

    def __init__(self, home: Path, log: Path, fault: Fault, at: int) -> None:
        """Count from here on; 1 is the first write."""
        self.fault = fault
        self._home = f"{home.resolve()}{os.sep}"
        self._at = at
        self._count = 0
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def before(self, name: str, fail: Failing) -> None:
        """Count a write that is about to be done; `fail` raises, or has it fail."""
        self._count += 1
        os.write(self._log, f"{name}\n".encode())
        if self.fault is Fault.NONE or self._count < self._at:
            return
        if self.fault is Fault.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        fail(self.fault)

    def name_of(self, path: object, folder: object = -1) -> str | None:
        """Return the name of a file in the home, None of any other; `folder` is open, or -1."""
        if not isinstance(path, str | bytes | os.PathLike):
            return None
        at = f"/proc/self/fd/{folder}" if isinstance(folder, int) and folder >= 0 else ""
        file = Path(at and Path(at).readlink(), os.fsdecode(path)).absolute()
        inside = f"{file}{os.sep}".startswith(self._home)
        return f"{file}{os.sep}"[len(self._home) : -1] or "." if inside else None


def watch(home: Path, log: Path, fault: Fault = Fault.NONE, at: int = 0) -> None:
    """Have this process count its writes to `home` from here on, and fail; it cannot be undone."""
    writes = Writes(home, log, fault, at)
    _watch_sqlite(writes)
    _watch_chroma(writes)
    _watch_opening(writes)
    sys.addaudithook(lambda event, arguments: _audit(writes, event, arguments))


def _watch_sqlite(writes: Writes) -> None:
    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            # A kill before a transaction is one after the last; a disk may fail here first.
            if writes.fault is not Fault.KILL and sql.startswith(("BEGIN", "PRAGMA journal_mode")):
                writes.before(f"SQLite: {sql}", _fail_sqlite)
            return super().execute(sql, *parameters)

        def executescript(self, script: str) -> sqlite3.Cursor:
            writes.before(f"SQLite: {' '.join(script.split())[:60]}", _fail_sqlite)
            return super().executescript(script)

        def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
            try:
                if kind is None:
                    writes.before("SQLite: commit", _fail_sqlite)
            except sqlite3.Error:
                self.rollback()
                raise
            return super().__exit__(kind, error, trace)

    really = sqlite3.connect

    def connected(database: Any, *arguments: Any, **named: Any) -> sqlite3.Connection:
        if database == ":memory:":  # no disk is written to
            return really(database, *arguments, **named)
        return really(database, *arguments, **named, factory=Watched)

    sqlite3.connect = connected  # type: ignore[assignment]


def _fail_sqlite(fault: Fault) -> None:
    code, words = _OF_SQLITE[fault]
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    raise error


def _watch_chroma(writes: Writes) -> None:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

    for kind, names in ((Collection, _IN_COLLECTION), (Client, _IN_CLIENT)):
        for name in names:
            setattr(kind, name, _watched(writes, name, getattr(kind, name)))


def _watched(writes: Writes, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        writes.before(f"Chroma: {name}", _fail_chroma)
        return method(*arguments, **named)

    return call


def _fail_chroma(fault: Fault) -> None:
    from chromadb.errors import InternalError

    code, words = _OF_SQLITE[fault]
    raise InternalError(f"Query error: Database error: error returned: (code: {code}) {words}")


def _watch_opening(writes: Writes) -> None:
    """Count files that Python opens to write to: before that, and while nothing is in them."""
    really = io.open

    def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        name = writes.name_of(file) if _WRITING & set(mode) else None
        if name is None:
            return really(file, mode, *arguments, **named)
        writes.before(f"open {name}", _fail_file)
        stream = really(file, mode, *arguments, **named)
        writes.before(f"write {name}", lambda _fault: _to_full_device(stream))
        return stream

    io.open = builtins.open = opened  # type: ignore[assignment]


def _to_full_device(stream: Any) -> None:
    """Have all that is written to the file fail as it does where there is no room."""
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, stream.fileno())
    os.close(full)


def _audit(writes: Writes, event: str, arguments: tuple[Any, ...]) -> None:
    name: str | None = None
    if event == "open" and arguments[1] is None and arguments[2] & _FLAGS:  # os.open
        name = writes.name_of(arguments[0])
    elif event in ("os.remove", "os.rmdir") and _exists(arguments[0], arguments[1]):
        name = writes.name_of(arguments[0], arguments[1])
    elif (event == "os.mkdir" and not Path(arguments[0]).exists()) or event == "os.rename":
        name = writes.name_of(arguments[0], arguments[2])
    if name is not None:
        writes.before(f"{event} {name}", _fail_file)


def _exists(path: Any, folder: int) -> bool:
    try:
        os.stat(path, dir_fd=folder if folder >= 0 else None, follow_symlinks=False)
    except OSError:
        return False
    return True


def _fail_file(fault: Fault) -> None:
    raise OSError(_ERRNO[fault], os.strerror(_ERRNO[fault]))
