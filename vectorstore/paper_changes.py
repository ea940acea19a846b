"""Which papers changed since the search file beside the catalog was written.

Owns a log in the catalog, kept by triggers: a paper's number, in the same transaction as any change
of the paper, whatever program makes it. Only a library with a search file has one. Invariant: what
the log does not name is as the file with the recorded token has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from vectorstore.catalog_file import CatalogFile

_TOKEN = "search_file"  # noqa: S105 - the key in `about`


def _triggers() -> Iterator[str]:
    for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
        log = f"DELETE FROM changes WHERE number = {row}.number;"  # noqa: S608 - one of two rows
        log += f" INSERT INTO changes (number) VALUES ({row}.number);"  # noqa: S608 - likewise
        name = f"changes_{event.lower()}"
        yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON papers BEGIN {log} END"


# The numbers of AUTOINCREMENT rise for ever, though rows go. The other indexes are what only a
# large library needs: counts that read no paper, and the papers that explain an abbreviation.
_LOG = (
    "CREATE TABLE IF NOT EXISTS changes ("
    "generation INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL UNIQUE)",
    *_triggers(),
    "CREATE INDEX IF NOT EXISTS papers_counted"
    " ON papers (state, passage_count, published, author_count, organization)",
    "CREATE INDEX IF NOT EXISTS abbreviations_by_short ON abbreviations (short, long)",
)


def start_log(file: CatalogFile, token: str, generation: int) -> None:
    """Log changes from here on; a file with this token has all up to `generation`."""
    with file.transaction() as connection:
        for statement in _LOG:
            connection.execute(statement)
        connection.execute("DELETE FROM changes WHERE generation <= ?", (generation,))
        connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (_TOKEN, token))


def last_generation(file: CatalogFile) -> int:
    """Return the number of the last change that was logged, 0 where there is no log."""
    if not file.rows("SELECT 1 FROM sqlite_master WHERE name = 'changes'"):
        return 0
    found = file.rows("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    return int(found[0][0]) if found else 0


def changed_since(file: CatalogFile, token: str, generation: int) -> list[int] | None:
    """Return the numbers of papers that came, went or changed after `generation`, rising.

    None where the log says nothing of the file with this token: it is not the last one written.
    """
    recorded = file.rows("SELECT value FROM about WHERE key = ?", _TOKEN)
    if recorded != [(token,)] or generation > last_generation(file):
        return None
    rows = file.rows("SELECT number FROM changes WHERE generation > ? ORDER BY number", generation)
    return [number for (number,) in rows]
