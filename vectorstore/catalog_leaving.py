"""How papers leave the catalog: which of them Chroma still has passages of.

A paper that leaves is gone from every table at once, so nothing finds, lists or counts it, and its
id stays behind until its passages are gone too. Invariant: an id that is left behind is no paper's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import AMONG, to_json


def take_out(file: CatalogFile, ids: Iterable[str]) -> int:
    """Remove these papers, leave their ids behind and return how many there were."""
    wanted = to_json(list(ids))
    with file.transaction() as connection:
        found = connection.execute(f"SELECT number, id FROM papers WHERE id {AMONG}", (wanted,))
        leaving = found.fetchall()
        numbers = to_json([number for number, _ in leaving])
        connection.executemany(
            "INSERT OR IGNORE INTO leaving VALUES (?)", [(paper_id,) for _, paper_id in leaving]
        )
        for table in ("readings", "identifiers", "vectors", "abbreviations", "papers"):
            connection.execute(f"DELETE FROM {table} WHERE number {AMONG}", (numbers,))
    return len(leaving)


def leaving_ids(file: CatalogFile) -> tuple[str, ...]:
    """Return the ids of papers that left and may still have passages in Chroma."""
    return tuple(paper_id for (paper_id,) in file.rows("SELECT id FROM leaving ORDER BY id"))


def let_go(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Forget these ids: their passages are gone, or belong to a paper that came again."""
    connection.execute(f"DELETE FROM leaving WHERE id {AMONG}", (to_json(list(ids)),))
