"""The log's file: of bounded size, this user's alone, and shared by several processes.

Invariant: a log that cannot be written fails nothing; that is said once, on stderr.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from filelock import FileLock, Timeout

LOG_FILE = "logs/paperchat.log"  # in the library's folder
FILE_BYTES = 1_000_000
OLDER_FILES = 4
LOCK_S = 1.0  # who holds the lock for longer hangs; a line may then end up in an older file


class LogFile(RotatingFileHandler):
    """Appends records to a file, and begins a new one where it is full.

    All processes do so in turns. Nothing is made before there is something to write.
    """

    def __init__(self, file: Path, on_failure: Callable[[], None] = lambda: None) -> None:
        """Write to `file`; call `on_failure` the first time that this cannot be done."""
        super().__init__(
            file,
            maxBytes=FILE_BYTES,
            backupCount=OLDER_FILES,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self.file = file
        self._failed = False
        self._on_failure = on_failure
        self._turn = FileLock(file.with_suffix(".lock"), timeout=LOCK_S, thread_local=False)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        try:
            self._write(record)
        except Exception:  # noqa: BLE001 - told below
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's name
        """Say, the first time, that the log cannot be written."""
        error = sys.exc_info()[1]
        if not self._failed:
            self._failed = True
            self._on_failure()
            reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
            place = ascii(str(self.file))[1:-1]
            sys.stderr.write(f"WARNING: The log cannot be written: {reason} ({place})\n")

    def _write(self, record: logging.LogRecord) -> None:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with self._turn:
                self._follow()
                super().emit(record)
        except Timeout:
            logging.FileHandler.emit(self, record)  # who begins a new file needs the turn

    def _open(self) -> TextIOWrapper:
        return open(self.file, "a", encoding=self.encoding, errors=self.errors, opener=_private)

    def _follow(self) -> None:
        """Go on in the newest file, where another process began one."""
        if self.stream is None:
            return
        try:
            here, there = os.fstat(self.stream.fileno()), self.file.stat()
        except FileNotFoundError:
            same = False
        else:
            same = (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
        if not same:
            self.stream.close()
            self.stream = self._open()


def log_bytes(home: Path) -> int:
    """Return what the log's files take together."""
    file = home / LOG_FILE
    files = [file, *(file.with_name(f"{file.name}.{n}") for n in range(1, OLDER_FILES + 1))]
    return sum(each.stat().st_size for each in files if each.is_file())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
