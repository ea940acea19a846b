"""`restore`: a backup made a library again, in a folder that has none or whose own is moved aside.

Passages and `search.index` are not in a backup: whoever opens the library next makes them again.
The home is another one than that of the backup: with a library on a Chroma server, where that
one may have gone on writing, it writes nothing before it took over what is there.

Invariant: until all of a backup is unpacked and was found to be what its manifest says, nothing is
changed but a folder of that name; from then on nothing but names is (`restore_swap`).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from vectorstore.backup_copying import OnProgress, Tally
from vectorstore.backup_format import BackupError, Database, Manifest, Part, no_backup
from vectorstore.backup_reading import OpenedBackup
from vectorstore.catalog import CATALOG_FILE
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.catalog_rows import SCHEMA
from vectorstore.database_copy import sync_names
from vectorstore.database_facts import damage, rows_of, version_of
from vectorstore.lock import HOLDER_FILE, LOCK_FILE, LibraryLock
from vectorstore.restore_swap import NEW, UNPACKING, commit, library_files, put_in_place

ROOM_BESIDES = 10_000_000  # bytes that are not a library's alone


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the library before is, None where there was none."""

    manifest: Manifest
    moved_aside: Path | None


def restore(
    home: Path,
    file: Path,
    databases: Sequence[Database],
    *,
    replace: bool = False,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Restored:
    """Make the library that `file` is a backup of in `home`, which is made where it is not there.

    With `replace`, a library that is there is moved to a folder in `home` of its own. Raises
    BackupError where that is not asked for, or where the backup or the disk will not do, and
    LibraryBusyError where a process has the library open.
    """
    with OpenedBackup(file, databases) as backup, _locked(home):
        if library_files(home) and not replace:
            raise BackupError(
                "There is a library already",
                where=str(home),
                hint="Set PAPERCHAT_HOME to another folder, or add --replace, which moves this one"
                " aside.",
            )
        _check_room(home, backup.manifest.size)
        try:
            _unpack(backup, home / UNPACKING / NEW, databases, on_progress)
        except BaseException:
            shutil.rmtree(home / UNPACKING, ignore_errors=True)
            raise
        return Restored(backup.manifest, commit(home))


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the library's lock; a folder that was made for that is gone where the block fails."""
    was_there = home.exists()
    with _reported(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock = LibraryLock(home)
        try:
            put_in_place(home)
            yield
        finally:
            lock.release()
    except BaseException:
        if not was_there:
            _take_away(home)
        raise


def _take_away(home: Path) -> None:
    for name in (LOCK_FILE, HOLDER_FILE):
        (home / name).unlink(missing_ok=True)
    if not any(home.iterdir()):
        home.rmdir()


def _check_room(home: Path, size: int) -> None:
    with _reported(home):
        free = shutil.disk_usage(home).free
    if free < size + ROOM_BESIDES:
        raise BackupError(
            f"The disk has no room for this backup: it needs {size / 1e9:,.1f} GB,"
            f" and {free / 1e9:,.1f} GB are free",
            where=str(home),
            hint="Free some space, or set PAPERCHAT_HOME to a folder on another disk. Nothing was"
            " changed.",
        )


def _unpack(
    backup: OpenedBackup, folder: Path, databases: Sequence[Database], on_progress: OnProgress
) -> None:
    tally = Tally(backup.manifest.size, on_progress)
    by_name = {database.name: database for database in databases}
    with _reported(folder.parent.parent):
        folder.mkdir(parents=True)
        for part in backup.manifest.parts:
            target = folder / part.name
            target.parent.mkdir(parents=True, exist_ok=True)
            backup.unpack(part, target, tally.add)
            if part.name in by_name:
                _settle(target, part, by_name[part.name], backup.file)
        for place in folder.rglob("*"):
            if place.is_dir():
                sync_names(place)


def _settle(file: Path, part: Part, database: Database, backup: Path) -> None:
    """Check that an unpacked database is what the manifest says, and leave no program in it."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            if found := damage(connection):
                raise no_backup(backup, f"{part.name} is damaged: {found}")
            connection.execute("BEGIN")
            _drop_programs(connection)  # first: a view may be called as a table is, and never end
            rows = {table: part.rows.get(table) for table in database.tables}
            told = version_of(connection), rows_of(connection, database.tables)
            if told != (part.version, rows):
                raise no_backup(backup, f"{part.name} is not what its manifest says")
            if part.name == CATALOG_FILE:
                _make_own(connection)
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
        }:
            raise OSError(str(error)) from error
        raise no_backup(backup, f"{part.name} is damaged: {error}") from error


def _drop_programs(connection: sqlite3.Connection) -> None:
    """Drop triggers and views: whoever made the archive may have put others in."""
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    ).fetchall():
        quoted = str(name).replace('"', '""')
        connection.execute(f'DROP {kind} "{quoted}"')


def _make_own(connection: sqlite3.Connection) -> None:
    """Give a catalog its own triggers and views again, and an id of its own.

    Those of an earlier schema come with its migration; those that note changes, for a server or for
    `search.index`, when they are needed.
    """
    if version_of(connection) == int(SCHEMA_VERSION):
        with closing(sqlite3.connect(":memory:")) as model:
            model.executescript(SCHEMA)
            programs = model.execute(
                "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY rowid"
            ).fetchall()
        for (statement,) in programs:
            connection.execute(statement)
    connection.execute("UPDATE about SET value = ? WHERE key = 'home'", (uuid4().hex,))
    connection.execute(
        "INSERT OR IGNORE INTO about SELECT 'home', ? FROM about WHERE key = 'library'",
        (uuid4().hex,),
    )


@contextmanager
def _reported(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"The library cannot be restored: {error.strerror or error}",
            where=str(home),
            hint="It needs a folder that you can write to, with room for what is in the backup."
            " Nothing was changed.",
        ) from error
