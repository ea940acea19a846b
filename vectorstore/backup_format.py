"""What a backup is: a .zip of a library's databases and fetched pages, and a manifest of them.

Owns the names that may be in one, and the manifest. Invariant: no name that passes here leads out
of the folder that it is unpacked into.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from vectorstore.catalog import CATALOG_FILE
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.errors import LibraryError

FORMAT = "paperchat backup"
VERSION = 1
MANIFEST = "manifest.json"
FETCHED = "fetched"  # the folder of what feeds replied
MOST_PARTS = 100_000
LARGEST_MANIFEST = 32 << 20  # bytes: 320 a part

_DEEPEST = 8
_LONGEST_TEXT = 1_000
_PART_OF_NAME = re.compile(r"\w[\w.,+=@ -]{0,199}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BackupError(LibraryError):
    """A backup cannot be made, or not be restored."""


@dataclass(frozen=True, slots=True)
class Database:
    """A SQLite file of a library's folder, the latest version of it that this paperchat reads, and
    the tables whose rows are counted.
    """

    name: str
    latest: int
    tables: tuple[str, ...]


CATALOG = Database(CATALOG_FILE, int(SCHEMA_VERSION), ("papers",))


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a backup; of a database, its version and how many rows its tables have."""

    name: str
    size: int  # bytes
    sha256: str
    version: int | None = None
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup, when it was made (UTC, ISO 8601) and by which paperchat."""

    made_at: str
    made_by: str
    embedding_model: str
    parts: tuple[Part, ...]
    format: str = FORMAT
    version: int = VERSION

    @property
    def size(self) -> int:
        """Return how many bytes all parts have."""
        return sum(part.size for part in self.parts)

    @property
    def rows(self) -> dict[str, int]:
        """Return how many rows the counted tables have, of all databases."""
        databases = (part for part in self.parts if part.version is not None)
        return {table: count for part in databases for table, count in part.rows.items()}


@dataclass(frozen=True, slots=True)
class _Header:
    format: str
    version: int


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as it is stored."""
    return json.dumps(asdict(manifest), indent=1).encode("ascii")


def read_manifest(data: bytes, databases: Sequence[Database], file: Path) -> Manifest:
    """Return the manifest of the backup `file`, if a library can be made of it here.

    Raises BackupError where it is none, is of a later paperchat, or names what no backup has.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        header = TypeAdapter(_Header).validate_json(data)
        if header.format == FORMAT and header.version > VERSION:
            raise _of_later(file, "")
        manifest = TypeAdapter(Manifest).validate_json(data)
    except ValidationError as error:
        raise no_backup(file, "its manifest cannot be read") from error
    if (header.format, header.version) != (FORMAT, VERSION):
        raise no_backup(file, "its manifest is of something else")
    _check_parts(manifest, databases, file)
    return manifest


def _check_parts(manifest: Manifest, databases: Sequence[Database], file: Path) -> None:
    latest = {database.name: database.latest for database in databases}
    names = [part.name for part in manifest.parts]
    if CATALOG_FILE not in names or len(set(names)) != len(names) or len(names) > MOST_PARTS:
        raise no_backup(file, "its manifest does not name the parts of a library")
    told = (manifest.made_at, manifest.made_by, manifest.embedding_model)
    if any(len(text) > _LONGEST_TEXT for text in told):
        raise no_backup(file, "its manifest says more than ours do")
    for part in manifest.parts:
        if part.name not in latest and not may_be_fetched(part.name):
            raise no_backup(file, f"it holds {part.name[:100]!r}, which is no part of a library")
        if part.size < 0 or not _SHA256.fullmatch(part.sha256):
            raise no_backup(file, f"its manifest tells no size and checksum of {part.name}")
        if (part.version is None) is (part.name in latest):
            raise no_backup(file, f"its manifest tells no version of {part.name}")
        if part.version is not None and part.version > latest[part.name]:
            raise _of_later(file, f", which has version {part.version:,} of {part.name}")


def may_be_fetched(name: str) -> bool:
    """Tell whether the name can be one of a fetched page in a backup."""
    first, *parts = name.split("/")
    fits = all(_PART_OF_NAME.fullmatch(part) for part in parts)
    return first == FETCHED and 0 < len(parts) <= _DEEPEST and fits


def no_backup(file: Path, reason: str) -> BackupError:
    """Return the error for a file that is no backup, or is none any more."""
    return BackupError(
        f"This is no backup that can be restored: {reason}",
        where=str(file),
        hint="Name a file that `paperchat backup` wrote, or an earlier copy of it. Nothing was"
        " changed.",
    )


def _of_later(file: Path, what: str) -> BackupError:
    return BackupError(
        f"This backup was made by a later paperchat{what}",
        where=str(file),
        hint="Update paperchat, and restore it then. Nothing was changed.",
    )
