"""`make_backup`: a library's folder as one file, while the library may be in use.

In it are the catalog, with all papers, their readings and vectors; the conversations and what was
thought of answers; and the pages that feeds sent. Left out is what is made of the catalog again
(Chroma's folder, `search.index`, the map, copies of earlier catalogs), notes of fetches that were
not finished, the settings that were chosen on the page, and every secret: keys and passwords are
only in the environment, sessions only in memory.

Invariant: a file of that name is whole, or not there, or still what it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from vectorstore.backup_copying import OnProgress, Tally, pieces_of, write_pieces
from vectorstore.backup_format import (
    CATALOG,
    FETCHED,
    MANIFEST,
    MOST_PARTS,
    BackupError,
    Database,
    Manifest,
    Part,
    may_be_fetched,
    write_manifest,
)
from vectorstore.backup_target import put, reported, target_of
from vectorstore.catalog_file import connect_to_read
from vectorstore.database_copy import OnBytes, copy_database
from vectorstore.database_facts import damage, rows_of, version_of
from vectorstore.library_state import read_state

_LEVEL = 1  # of compression: three times as fast as the usual one, and a tenth larger


@dataclass(frozen=True, slots=True)
class _Source:
    """What there is to back up."""

    home: Path
    databases: tuple[Database, ...]
    pages: tuple[Path, ...]
    embedding_model: str

    @property
    def size(self) -> int:
        """Return how many bytes are to be handled; those of a database are copied and packed."""
        databases = sum((self.home / one.name).stat().st_size for one in self.databases)
        return 2 * databases + sum(page.stat().st_size for page in self.pages if page.exists())


def make_backup(
    home: Path,
    file: Path,
    databases: Sequence[Database],
    *,
    force: bool = False,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Manifest:
    """Write a backup of the library in `home` to `file`, in place of an older file by `force`.

    Others may read and write the library meanwhile; of what they write it has all up to one moment,
    which is one for each database. While it is made, copies of the databases lie beside `file`.
    Raises BackupError, and LibraryMismatchError for a library of a later paperchat.
    """
    target = target_of(home, file, force=force)
    if (state := read_state(home)) is None:
        raise BackupError("There is no library to back up", where=str(home))
    with reported(file):
        there = tuple(one for one in databases if _has_tables(home / one.name))
        source = _Source(home, there, tuple(_fetched(home)), state.facts.get("embedding_model", ""))
        tally = Tally(source.size, on_progress)
        with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            part = Path(folder) / "backup"
            part.touch(mode=0o600)  # conversations are in it
            manifest = _write(source, part, tally.add)
            put(part, target, force=force)
    return manifest


def _write(source: _Source, file: Path, on_bytes: OnBytes) -> Manifest:
    """Write the archive, for good, by way of copies of the databases beside it."""
    with file.open("r+b") as stream:
        with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            parts = [
                _pack_database(
                    archive, source.home / database.name, file.parent, database, on_bytes
                )
                for database in source.databases
            ]
            for page in source.pages:
                with suppress(FileNotFoundError):  # a fetch that ended took it away
                    parts.append(_pack(archive, _name(source.home, page), page, on_bytes))
            made_at = datetime.now(UTC).isoformat(timespec="seconds")
            made_by = version("paperchat")
            manifest = Manifest(made_at, made_by, source.embedding_model, tuple(parts))
            archive.writestr(MANIFEST, write_manifest(manifest))
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _pack_database(
    archive: ZipFile, file: Path, folder: Path, database: Database, on_bytes: OnBytes
) -> Part:
    copy = folder / database.name
    copy_database(file, copy, on_bytes)
    try:
        with closing(connect_to_read(copy)) as connection:
            if found := damage(connection):
                raise _damaged(file, found)
            schema, rows = version_of(connection), rows_of(connection, database.tables)
    except sqlite3.Error as error:
        raise _damaged(file, str(error)) from error
    packed = _pack(archive, database.name, copy, on_bytes)
    copy.unlink()
    return replace(packed, version=schema, rows=rows)


def _damaged(file: Path, found: str) -> BackupError:
    return BackupError(
        f"{file.name} is damaged, and nothing was backed up: {found}",
        where=str(file),
        hint="Run `paperchat doctor`, which says what can be done.",
    )


def _pack(archive: ZipFile, name: str, file: Path, on_bytes: OnBytes) -> Part:
    with file.open("rb") as read, archive.open(name, "w", force_zip64=True) as packed:
        size, digest = write_pieces(pieces_of(read), packed, on_bytes)
    return Part(name, size, digest)


def _has_tables(file: Path) -> bool:
    """Tell whether there is a database with anything in it."""
    if not file.exists():
        return False
    with closing(connect_to_read(file)) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())


def _fetched(home: Path) -> Iterator[Path]:
    """Yield the pages that were fetched, in the order of their names."""
    found = 0
    for folder, folders, files in os.walk(home / FETCHED):
        folders.sort()
        for file in (Path(folder) / name for name in sorted(files)):
            if may_be_fetched(_name(home, file)) and file.is_file() and not file.is_symlink():
                found += 1
                yield file
        if found > MOST_PARTS - len((CATALOG, MANIFEST, FETCHED)):
            raise BackupError(
                f"There are over {MOST_PARTS:,} fetched pages, too many for a backup",
                where=str(home / FETCHED),
                hint="Move those away whose papers are in the library.",
            )


def _name(home: Path, file: Path) -> str:
    return file.relative_to(home).as_posix()
