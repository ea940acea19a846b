"""Catalogs of earlier schemas brought up to the one of this paperchat, in one transaction each.

Invariant: what an earlier paperchat stored of a paper stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import (
    ADD_COLUMNS,
    LEXICAL_INDEXES,
    LEXICAL_TABLES,
    READINGS,
    REBUILD_INDEXES,
    abstract_key,
)
from vectorstore.records import title_identifier

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
    """Bring a catalog of schema `version` up to date; one of an unknown version is left alone."""
    if version == "2":
        file.run_script(_FROM_2, _FUNCTIONS)
