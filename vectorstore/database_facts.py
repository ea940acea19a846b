"""What a SQLite file says of itself, whichever of a library's databases it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_MOST_DIGITS = 9


def damage(connection: sqlite3.Connection) -> str:
    """Return the first thing wrong with its tables, "" where nothing is; reads all of them."""
    [(found,), *_] = connection.execute("PRAGMA quick_check(1)").fetchall()
    return "" if found == "ok" else str(found)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of its schema, -1 where it says nothing that could be one.

    A catalog records it among its facts, other files in their header.
    """
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchall():
        rows = connection.execute("SELECT value FROM about WHERE key = 'schema_version'").fetchall()
        said = str(rows[0][0]) if rows else ""
        return (
            int(said) if said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS else -1
        )
    [(version,)] = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


def rows_of(connection: sqlite3.Connection, tables: Sequence[str]) -> dict[str, int]:
    """Return how many rows each of these tables has."""
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        for table in tables
    }
