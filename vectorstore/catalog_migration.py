"""Catalogs of earlier schemas brought up to the one of this paperchat, in one transaction each.

Owns the schema's version, and the copy of a catalog that is kept from before. Invariants: what an
earlier paperchat stored of a paper stays as it is; a migration that fails, or is killed, leaves the
catalog as it was.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import (
    ADD_COLUMNS,
    LEXICAL_INDEXES,
    LEXICAL_TABLES,
    READINGS,
    REBUILD_INDEXES,
    abstract_key,
)
from vectorstore.database_copy import copy_database
from vectorstore.errors import LibraryMismatchError
from vectorstore.records import title_identifier

SCHEMA_VERSION = "3"

logger = logging.getLogger(__name__)

# Version 1 had a paper's vectors beside its text, and they were made by a model that no later
# paperchat has: all papers are indexed again, by any.
_FROM_1 = """
ALTER TABLE papers DROP COLUMN sentences;
ALTER TABLE papers DROP COLUMN vectors;
UPDATE papers SET state = 'pending';
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES papers (number),
    whole BLOB NOT NULL,
    sentences TEXT NOT NULL,
    sentence_vectors BLOB NOT NULL,
    token_vectors BLOB NOT NULL,
    token_dimension INTEGER NOT NULL
);
CREATE TABLE abbreviations (
    number INTEGER NOT NULL REFERENCES papers (number),
    short TEXT NOT NULL,
    long TEXT NOT NULL
);
CREATE INDEX abbreviations_by_paper ON abbreviations (number);
DELETE FROM about WHERE key IN ('embedding_model', 'dimension', 'distance');
"""

_FROM_2 = "".join(
    [
        *(f"DROP TABLE IF EXISTS {counts};" for counts in ("stem_counts", "form_counts")),
        *(
            f"DROP TRIGGER IF EXISTS {table}_{event};"
            for table in LEXICAL_TABLES
            for event in ("insert", "update", "delete")
        ),
        *(f"DROP TABLE IF EXISTS {table};" for table in LEXICAL_TABLES),
        "CREATE TABLE IF NOT EXISTS leaving (id TEXT PRIMARY KEY);",
        ADD_COLUMNS,
        READINGS,
        "UPDATE papers SET abstract_key = abstract_key(abstract);",
        "INSERT INTO identifiers SELECT title_identifier(title), number FROM papers;",
        LEXICAL_INDEXES,
        REBUILD_INDEXES,
        "UPDATE about SET value = '3' WHERE key = 'schema_version';",
    ]
)
_FUNCTIONS: dict[str, Callable[[str], str | bytes]] = {
    "abstract_key": abstract_key,
    "title_identifier": title_identifier,
}


def migrate(file: CatalogFile, version: str) -> None:
    """Bring a catalog of schema `version` up to date, and keep a copy of it as it was.

    One of an unknown version is left alone. Raises LibraryMismatchError where it is a later one.
    """
    refuse_later(version, file.path.parent)
    if not can_migrate(version):
        return
    kept = _keep_copy(file.path, version)
    try:
        file.run_script((_FROM_1 if version == "1" else "") + _FROM_2, _FUNCTIONS)
    except BaseException:
        if kept is not None:
            kept.unlink(missing_ok=True)
        raise


def can_migrate(version: str) -> bool:
    """Tell whether a catalog of this version is brought up to date when it is opened."""
    return version in {"1", "2"}


def kept_facts(about: Mapping[str, str]) -> dict[str, str]:
    """Return what a catalog records of itself that a migration keeps."""
    if about.get("schema_version") == "1":
        return {}
    return {fact: value for fact, value in about.items() if fact != "schema_version"}


def refuse_later(version: str, home: Path) -> None:
    """Raise LibraryMismatchError where a later paperchat wrote the library in `home`."""
    if version.isascii() and version.isdecimal() and float(version) > float(SCHEMA_VERSION):
        raise LibraryMismatchError(
            f"A later paperchat wrote this library, with schema version {version[:20]}, and this"
            f" one reads versions up to {SCHEMA_VERSION}",
            where=str(home),
            hint="Update paperchat, or set PAPERCHAT_HOME to another folder. Nothing was changed.",
        )


def copy_of_schema(catalog: Path, version: str) -> Path:
    """Return where a copy of a catalog of this version is kept."""
    return catalog.with_name(f"{catalog.stem}.schema-{version}{catalog.suffix}")


def _keep_copy(catalog: Path, version: str) -> Path | None:
    """Copy the catalog, if the disk has room for that and for the migration, and say so."""
    target = copy_of_schema(catalog, version)
    part = target.with_suffix(".part")
    begun = f"This library has schema version {version}, and is brought up to {SCHEMA_VERSION}"
    try:
        if shutil.disk_usage(catalog.parent).free < 2 * catalog.stat().st_size:
            logger.warning("%s, without a copy: the disk has no room for one", begun)
            return None
        part.unlink(missing_ok=True)
        copy_database(catalog, part)
        part.replace(target)
        logger.warning("%s; a copy of the catalog as it was is kept at %s", begun, target)
        return target
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        logger.warning("%s, without a copy, which failed: %s", begun, error)
        return None
