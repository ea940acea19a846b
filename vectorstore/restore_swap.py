"""A restored library put in place of the one before, by renaming alone.

A restore unpacks into a folder of the library's own, which is worth nothing until it is renamed as
complete. From then on what was there is moved out, then what was restored is moved in; each step is
a folder of another name, so that whoever is killed leaves the next process to go on. Invariants:
nothing of the library before is deleted; no command sees a part of each.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vectorstore.database_copy import sync_names
from vectorstore.errors import LibraryBusyError, LibraryError
from vectorstore.lock import LibraryLock

UNPACKING = "restore.unpacking"
NEW = "new"  # the folder in it of what is to be put in place

_MOVING_OUT = "restore.moving-out"
_MOVING_IN = "restore.moving-in"
_FORMER = "former"
_ASIDE = "replaced-"
# What a library's folder has that belongs to its papers or its conversations.
_OF_A_LIBRARY = (
    "catalog.*",
    "conversations.sqlite3*",
    "chroma",
    "chroma.damaged",
    "search.index",
    "map.json",
    "fetched",
)

logger = logging.getLogger(__name__)


def library_files(home: Path) -> list[Path]:
    """Return what is in the folder of a library, but for its settings, its lock and its logs."""
    return sorted(place for pattern in _OF_A_LIBRARY for place in home.glob(pattern))


def commit(home: Path) -> Path | None:
    """Put what was unpacked in place, and return where the library before is, if there was one.

    Whoever calls this holds the library's lock. Raises LibraryError where it cannot be finished
    now; the next command that opens the library does.
    """
    with _reported(home):
        sync_names(home / UNPACKING / NEW)
        (home / UNPACKING).rename(home / _MOVING_OUT)
        sync_names(home)
        return _finish(home)


def put_in_place(home: Path) -> None:
    """Finish a restore that was cut short; what was not unpacked to its end is deleted.

    Whoever calls this holds the library's lock.
    """
    with _reported(home):
        if _is_under_way(home) and (aside := _finish(home)):
            logger.warning("A restore was finished; the library before is kept at %s", aside)
        if (home / UNPACKING).exists():
            shutil.rmtree(home / UNPACKING)


def finish_restore(home: Path) -> None:
    """Finish a restore that was cut short when it was putting the library in place.

    Raises LibraryBusyError where it goes on in another process.
    """
    if not _is_under_way(home):
        return
    try:
        lock = LibraryLock(home)
    except LibraryBusyError:
        if _is_under_way(home):
            raise
        return  # it has just been finished
    try:
        put_in_place(home)
    finally:
        lock.release()


def _is_under_way(home: Path) -> bool:
    return any((home / name).is_dir() for name in (_MOVING_OUT, _MOVING_IN))


def _finish(home: Path) -> Path | None:
    moving_out, moving_in = home / _MOVING_OUT, home / _MOVING_IN
    if moving_out.is_dir():
        former = moving_out / _FORMER
        former.mkdir(exist_ok=True)
        for place in library_files(home):
            place.rename(former / place.name)
        moving_out.rename(moving_in)
    if (moving_in / NEW).is_dir():
        for place in (moving_in / NEW).iterdir():
            place.rename(home / place.name)
        sync_names(home)
        (moving_in / NEW).rmdir()
    aside = _set_aside(home, moving_in / _FORMER)
    moving_in.rmdir()
    return aside


def _set_aside(home: Path, former: Path) -> Path | None:
    """Give the library before a name of its own, and return it; None where there was none."""
    if not former.is_dir():
        return None
    if not any(former.iterdir()):
        former.rmdir()
        return None
    name = f"{_ASIDE}{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    taken = len(list(home.glob(f"{name}*")))
    return former.rename(home / (f"{name}-{taken + 1}" if taken else name))


@contextmanager
def _reported(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"A restored library cannot be put in place: {error.strerror or error}",
            where=str(home),
            hint="Make the folder and all in it writable; the next command goes on with it."
            " Nothing is lost.",
        ) from error
