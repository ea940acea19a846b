"""Which papers are not on a Chroma server as the catalog has them.

Triggers note each change in the transaction that makes it, so none is missed, wherever it comes
from. Where the library writes, these papers are to be sent; where it follows, they are to be
confirmed. Invariant: a paper that changes while it is sent stays noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vectorstore.catalog import Catalog
from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_readings import keys_of, readings_of
from vectorstore.catalog_rows import AMONG, PAPER_COLUMNS, to_json
from vectorstore.compact_vectors import from_int8
from vectorstore.embedding import Vector
from vectorstore.paper_records import PaperRecord

_NOTED = "ON CONFLICT (id) DO UPDATE SET version = version + 1"
_NOTE_READING = f"INSERT INTO unsent (id) SELECT id FROM papers WHERE number = {{}}.number {_NOTED}"
_CHANGES = {
    "unsent_new": ("INSERT ON papers", f"INSERT INTO unsent (id) VALUES (new.id) {_NOTED}"),
    "unsent_changed": (
        f"UPDATE OF {PAPER_COLUMNS} ON papers",
        f"INSERT INTO unsent (id) VALUES (new.id) {_NOTED}",
    ),
    "unsent_gone": ("DELETE ON papers", f"INSERT INTO unsent (id) VALUES (old.id) {_NOTED}"),
    "unsent_reading": ("INSERT ON readings", _NOTE_READING.format("new")),
    "unsent_no_reading": ("DELETE ON readings", _NOTE_READING.format("old")),
}
_TABLE = (
    "CREATE TABLE IF NOT EXISTS unsent (id TEXT PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0);"
    + "".join(
        f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} BEGIN {note}; END;"
        for name, (event, note) in _CHANGES.items()
    )
)


def note_changes(file: CatalogFile) -> None:
    """Have changes of papers noted from now on."""
    file.run_script(_TABLE)


def note_all(file: CatalogFile) -> None:
    """Note every paper as one that is not there."""
    with file.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO unsent (id) SELECT id FROM papers")


def unsent_ids(file: CatalogFile, ids: Sequence[str] | None = None) -> list[str]:
    """Return which papers, of these or of all, can be sent: they are indexed, or gone."""
    rows = file.rows(
        "SELECT id FROM unsent LEFT JOIN papers USING (id) WHERE state IS NOT 'pending'"
        f" AND (? OR id {AMONG}) ORDER BY number",
        ids is None,
        to_json(list(ids or ())),
    )
    return [paper_id for (paper_id,) in rows]


def unsent_count(file: CatalogFile) -> int:
    """Return how many papers are noted."""
    [(count,)] = file.rows("SELECT count(*) FROM unsent")
    return int(count)


def versions(file: CatalogFile, ids: Iterable[str]) -> dict[str, int]:
    """Return how often these papers were noted; others of them are not noted."""
    rows = file.rows(f"SELECT id, version FROM unsent WHERE id {AMONG}", to_json(list(ids)))
    return dict(rows)


def forget_sent(file: CatalogFile, sent: Mapping[str, int]) -> None:
    """Drop what was noted of papers that were sent in these `versions`."""
    with file.transaction() as connection:
        connection.executemany("DELETE FROM unsent WHERE id = ? AND version = ?", sent.items())


def forget_noted(file: CatalogFile, ids: Iterable[str]) -> None:
    """Drop what was noted of these papers."""
    with file.transaction() as connection:
        connection.execute(f"DELETE FROM unsent WHERE id {AMONG}", (to_json(list(ids)),))


def records_of(
    catalog: Catalog, ids: Sequence[str], dimension: int
) -> list[tuple[PaperRecord, Vector]]:
    """Return the records of these papers with the vector of each; others of them are gone."""
    papers, numbers = catalog.papers(ids), catalog.numbers_of(ids)
    readings = readings_of(catalog.file, numbers.values())
    keys = keys_of(catalog.file, numbers.values())
    vectors = {stored.number: stored.whole for stored in catalog.vectors(list(numbers.values()))}
    return [
        (
            PaperRecord(
                number,
                papers[paper_id],
                tuple(readings.get(number, ())),
                tuple(sorted(keys.get(number, ()))),
            ),
            from_int8(vectors[number], dimension)[0],
        )
        for paper_id, number in numbers.items()
        if vectors.get(number)
    ]
