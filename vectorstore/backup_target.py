"""Where a backup may be written, how it gets its name, and what is said where it cannot be.

Invariant: a file that is there is written over by `force` alone, also one that came meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore.backup_format import BackupError
from vectorstore.database_copy import sync_names


def target_of(home: Path, file: Path, *, force: bool) -> Path:
    """Return where the file is to be, behind all links, if it may be there."""
    with reported(file):
        target = file.resolve()
        if target.is_relative_to(home.resolve()):
            raise BackupError(
                "A backup in the library's own folder would be lost with it",
                where=str(file),
                hint="Name a file in another folder, best on another disk.",
            )
        if not target.parent.is_dir():
            raise _cannot(file, "its folder does not exist")
        if file.exists() and not stat.S_ISREG(file.stat().st_mode):
            raise BackupError(
                "There is something of that name that is no file, and it was left as it is",
                where=str(file),
                hint="Name another file; --force writes over files alone.",
            )
        if target.exists() and not force:
            raise _exists(file)
    return target


def put(part: Path, target: Path, *, force: bool) -> None:
    """Give the part its name; without `force`, no file that came meanwhile loses it."""
    try:
        if force:
            part.replace(target)
        else:
            os.link(part, target)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError:
        if force or target.exists():
            raise
        part.rename(target)  # a disk that knows no links
    sync_names(target.parent)


@contextmanager
def reported(file: Path) -> Iterator[None]:
    """Turn the failure of a disk or of a database into BackupError."""
    try:
        yield
    # RuntimeError is that of links in a ring, until Python 3.13.
    except (OSError, RuntimeError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _cannot(file, reason) from error


def _cannot(file: Path, reason: str) -> BackupError:
    return BackupError(
        f"The backup cannot be made: {reason}",
        where=str(file),
        hint="It needs a folder that you can write to, with room for twice the library's databases."
        " If the library itself cannot be read, run `paperchat doctor`.",
    )


def _exists(file: Path) -> BackupError:
    return BackupError(
        "There is something of that name already, and it was left as it is",
        where=str(file),
        hint="Name another file, or add --force to write over this one.",
    )
