"""One process at a time: the lock on a library's folder.

Chroma's embedded store is not safe for two processes, so whoever opens it holds this lock. Owns the
lock file and the note beside it that says who holds it; the operating system frees the lock when a
process dies, however it dies.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import LibraryBusyError, LibraryError

LOCK_FILE = "library.lock"
HOLDER_FILE = "library.lock.holder"


class LibraryLock:
    """Holds a library's folder for this process until `release`."""

    def __init__(self, home: Path) -> None:
        """Take the lock at once.

        Raises LibraryBusyError if another process has it, LibraryError if the folder cannot be
        written to, or has something else by the name of one of the files.
        """
        for name in (LOCK_FILE, HOLDER_FILE):
            _refuse_no_file(home / name)
        self._holder_file = home / HOLDER_FILE
        # Not thread-local: the thread that closes a library need not be the one that opened it.
        self._lock = FileLock(home / LOCK_FILE, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
            command = " ".join(["paperchat", *sys.argv[1:2]])
            self._holder_file.write_text(f"process {os.getpid()}, {command}", "utf-8")
        except Timeout as error:
            raise LibraryBusyError(
                f"Another process is using this library: {self._holder()}",
                where=str(home),
                hint="Stop it first, or set PAPERCHAT_HOME to another folder.",
            ) from error
        except OSError as error:
            self._lock.release()
            raise LibraryError(
                f"The library's folder cannot be written to: {error.strerror or error}",
                where=str(home),
                hint="Make it writable, or set PAPERCHAT_HOME to another folder.",
            ) from error

    def release(self) -> None:
        """Give the lock back."""
        with suppress(OSError):  # where nothing can be written any more, the note stays
            self._holder_file.unlink(missing_ok=True)
        self._lock.release()

    def _holder(self) -> str:
        try:
            return self._holder_file.read_text("utf-8")[:200]
        except (OSError, UnicodeDecodeError):
            return "its process left no name"


def _refuse_no_file(place: Path) -> None:
    """Raise LibraryError where a folder, a device, a pipe or a link is in the place of a file.

    What a link leads to would be written over, and a pipe waited for.
    """
    if os.path.lexists(place) and (place.is_symlink() or not place.is_file()):
        raise LibraryError(
            f"{place.name} is no file, and paperchat keeps one of that name in a library",
            where=str(place),
            hint="Move away what is there, and try again: nothing of the library is in it.",
        )
