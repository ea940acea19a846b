"""What may be wrong with a catalog, and how it is mended.

Owns what can be told without Chroma. Invariant: a paper and what is read of it are never removed;
what belongs to no paper is, and what can be made of the papers again is made again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import AMONG, LEXICAL_TABLES, to_json
from vectorstore.errors import LibraryError

_OF_PAPERS = ("readings", "identifiers", "vectors", "abbreviations")
_NO_PAPER = "number NOT IN (SELECT number FROM papers)"
_BACK_AGAIN = "id IN (SELECT id FROM papers)"
# Of a paper that is indexed: no vectors, or of another length than the model's; or sentences that
# cannot be read, or are not as many as their vectors.
_LACKING = (
    "SELECT id FROM papers LEFT JOIN vectors USING (number) WHERE state = 'indexed'"
    " AND (length(whole) IS NOT coalesce("
    "(SELECT CAST(value AS INTEGER) FROM about WHERE key = 'dimension'), length(whole), 0)"
    " OR length(sentence_vectors) IS NOT"
    " length(whole) * CASE WHEN json_valid(sentences) THEN json_array_length(sentences) END"
    " OR token_dimension > 0 AND length(token_vectors) % token_dimension)"
)
# What SQLite says of an index that is damaged, or of which a table is gone; all else is of the disk
# or of who else writes.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
_PRIMARY_CODE = 0xFF
_OF_INDEX = re.compile(r"missing from index|entries in index|entry in index")


def damage(file: CatalogFile) -> str:
    """Return the first thing that SQLite finds wrong with the file, "" where it finds nothing.

    Reads all of it: a gigabyte takes some seconds.
    """
    [(found,), *_] = file.rows("PRAGMA integrity_check(1)")
    return "" if found == "ok" else str(found)


def is_of_index(complaint: str) -> bool:
    """Tell whether what is damaged is made of the tables, which are not."""
    return bool(_OF_INDEX.search(complaint))


def rebuild_indexes(file: CatalogFile) -> None:
    """Make all indexes but the lexical ones anew."""
    file.run_script("REINDEX;")


def mend_lexical(file: CatalogFile) -> tuple[str, ...]:
    """Make those lexical indexes anew that do not say what the papers do; return their names."""
    broken = unsound_lexical(file)
    for table in broken:
        file.run_script(f"INSERT INTO {table} ({table}) VALUES ('rebuild');")
    return broken


def broken_lexical(file: CatalogFile) -> tuple[str, ...]:
    """Return the names of the lexical indexes that do not say what the papers do.

    Changes nothing, but asks for the lock of a writer: where that isn't to be had, or nothing can
    be written, nothing is found.
    """
    try:
        file.rows("PRAGMA query_only = OFF")
        return unsound_lexical(file)
    except LibraryError:
        return ()


def unsound_lexical(file: CatalogFile) -> tuple[str, ...]:
    """Return what `broken_lexical` does, of a file that is open to be written."""
    with file.rehearsal():
        return tuple(table for table in LEXICAL_TABLES if not _is_sound(file, table))


def _is_sound(file: CatalogFile, table: str) -> bool:
    try:
        # Rank 1 has it compared with the papers, and not only with itself.
        file.rows(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    except LibraryError as error:
        if getattr(error.__cause__, "sqlite_errorcode", 0) & _PRIMARY_CODE in _DAMAGE:
            return False
        raise
    return True


def stray_rows(file: CatalogFile) -> int:
    """Count the rows that belong to no paper, and papers that stand among those that left."""
    counts = [f"(SELECT count(*) FROM {table} WHERE {_NO_PAPER})" for table in _OF_PAPERS]
    counts.append(f"(SELECT count(*) FROM leaving WHERE {_BACK_AGAIN})")
    [(strays,)] = file.rows(f"SELECT {' + '.join(counts)}")
    return int(strays)


def drop_stray_rows(file: CatalogFile) -> None:
    """Remove what `stray_rows` counts, and have the next sync read their files again."""
    with file.transaction() as connection:
        connection.execute(
            "UPDATE files SET fingerprint = NULL"
            f" WHERE file IN (SELECT file FROM readings WHERE {_NO_PAPER})"
        )
        for table in _OF_PAPERS:
            connection.execute(f"DELETE FROM {table} WHERE {_NO_PAPER}")
        connection.execute(f"DELETE FROM leaving WHERE {_BACK_AGAIN}")


def papers_without_vectors(file: CatalogFile) -> tuple[str, ...]:
    """Return the ids of papers that are called indexed and are not."""
    return tuple(paper_id for (paper_id,) in file.rows(_LACKING))


def index_again(file: CatalogFile, ids: Iterable[str]) -> None:
    """Have these papers wait to be indexed."""
    with file.transaction() as connection:
        connection.execute(
            f"UPDATE papers SET state = 'pending' WHERE id {AMONG}", (to_json(list(ids)),)
        )


def passage_counts(file: CatalogFile) -> dict[str, int | None]:
    """Return by id how many passages papers have, None for those that wait to be indexed."""
    return dict(
        file.rows("SELECT id, CASE state WHEN 'indexed' THEN passage_count END FROM papers")
    )
