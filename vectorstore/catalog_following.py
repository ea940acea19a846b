"""A catalog that follows the one of another home, by the records that it left on a server.

Invariant: what a page of changes says is stored with its number, in one transaction, so that a run
that is killed goes on with the next page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from vectorstore.catalog import Catalog
from vectorstore.catalog_leaving import let_go, take_out
from vectorstore.catalog_readings import store_keys, store_readings
from vectorstore.catalog_rows import AMONG, to_json
from vectorstore.catalog_unsent import forget_noted, note_all, unsent_count
from vectorstore.chroma_papers import Page
from vectorstore.paper_records import PaperRecord
from vectorstore.records import Paper


def start_over(catalog: Catalog, mark: str) -> None:
    """Have everything taken anew; papers that no record confirms leave in the end."""
    with catalog.file.transaction():
        note_all(catalog.file)
        catalog.describe({"change": "0", "records": mark})


def take_page(catalog: Catalog, page: Page) -> None:
    """Bring the catalog from the change before a page to that of the page."""
    # A number that two have is that of the later: the other has left, as a later page tells.
    records = list({record.number: record for record in page.papers}.values())
    ids = [record.paper.id for record in records]
    with catalog.file.transaction() as connection:
        _leave(catalog, [*page.removed, *_displaced(catalog, records)])
        connection.executemany(
            "INSERT OR IGNORE INTO papers (number, id, title, abstract, authors, sources, state)"
            " VALUES (?, ?, '', '', '[]', '[]', 'pending')",
            [(record.number, record.paper.id) for record in records],
        )
        _store(catalog, records)
        _count_runs(connection, records)
        forget_noted(catalog.file, ids)
        catalog.describe({"change": str(page.change)})


def drop_unconfirmed(catalog: Catalog) -> None:
    """Remove the papers that are noted, of which there is no record."""
    with catalog.file.transaction():
        _leave(catalog, [paper_id for (paper_id,) in catalog.file.rows("SELECT id FROM unsent")])


def has_unconfirmed(catalog: Catalog) -> bool:
    """Tell whether papers are noted."""
    return unsent_count(catalog.file) > 0


def _leave(catalog: Catalog, ids: list[str]) -> None:
    take_out(catalog.file, ids)
    forget_noted(catalog.file, ids)
    with catalog.file.transaction() as connection:
        let_go(connection, ids)  # their passages are the writer's to remove


def _displaced(catalog: Catalog, records: Iterable[PaperRecord]) -> list[str]:
    """Return the papers that are here under another number, or have that of another."""
    wanted = {record.paper.id: record.number for record in records}
    rows = catalog.file.rows(
        f"SELECT id, number FROM papers WHERE id {AMONG} OR number {AMONG}",
        to_json(list(wanted)),
        to_json(list(wanted.values())),
    )
    return [paper_id for paper_id, number in rows if wanted.get(paper_id) != number]


def _store(catalog: Catalog, records: list[PaperRecord]) -> None:
    known = catalog.papers([record.paper.id for record in records])
    same = [r.paper for r in records if _text(known[r.paper.id]) == _text(r.paper)]
    others = [r.paper for r in records if _text(known[r.paper.id]) != _text(r.paper)]
    catalog.save(others, same)
    store_readings(catalog.file, {record.number: record.readings for record in records})
    store_keys(catalog.file, {record.number: record.keys for record in records})


def _text(paper: Paper) -> tuple[str, str]:
    return paper.title, paper.abstract


def _count_runs(connection: sqlite3.Connection, records: Iterable[PaperRecord]) -> None:
    """Have the next run of ingest be a later one than any that the readings tell of."""
    runs = (max(item.changed_run, item.seen_run) for r in records for item in r.readings)
    connection.execute(
        "INSERT INTO about VALUES ('runs', ?) ON CONFLICT (key) DO UPDATE"
        " SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
        (str(max(runs, default=0)),),
    )
