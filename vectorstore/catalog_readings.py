"""What each place says of a paper: the catalog's readings, and the keys that papers are known by.

What a reading says is JSON that only `ingest` knows; a paper is made of its readings there.
Invariant: a reading belongs to a paper, and goes when the paper goes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.catalog_file import CatalogFile
from vectorstore.catalog_rows import AMONG, to_json


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What a file says of a paper at a line; `said` is JSON and `digest` its fingerprint.

    `changed_run` is the run of ingest that found it saying this, `seen_run` the last that saw it.
    """

    file: str
    line: int
    digest: bytes
    said: str
    changed_run: int
    seen_run: int


def next_run(file: CatalogFile) -> int:
    """Return the number of a new run of ingest, counted from 1."""
    with file.transaction() as connection:
        [(run,)] = connection.execute(
            "INSERT INTO about VALUES ('runs', '1')"
            " ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value"
        ).fetchall()
    return int(run)


def numbers_known_by(file: CatalogFile, keys: Iterable[str], most: int) -> set[int]:
    """Return the numbers of the papers that are known by these keys, of each key `most`."""
    rows = file.rows(
        "SELECT number FROM (SELECT number, row_number() OVER (PARTITION BY key ORDER BY number)"
        f" AS place FROM identifiers WHERE key {AMONG}) WHERE place <= ?",
        to_json(list(keys)),
        most,
    )
    return {number for (number,) in rows}


def readings_of(file: CatalogFile, numbers: Collection[int]) -> dict[int, list[StoredReading]]:
    """Return the readings of the papers with these numbers, oldest first.

    What a damaged disk made of `said` is not checked here: it does not go with `digest` then.
    """
    rows = file.rows(
        "SELECT number, name, line, digest, CAST(said AS BLOB), changed_run, seen_run FROM readings"
        f" JOIN files USING (file) WHERE number {AMONG} ORDER BY reading",
        to_json(list(numbers)),
    )
    found: dict[int, list[StoredReading]] = {}
    for number, name, line, digest, said, *runs in rows:
        reading = StoredReading(name, line, digest, said.decode("utf-8", "replace"), *runs)
        found.setdefault(number, []).append(reading)
    return found


def keys_of(file: CatalogFile, numbers: Collection[int]) -> dict[int, set[str]]:
    """Return what the papers with these numbers are known by."""
    found: dict[int, set[str]] = {}
    rows = file.rows(
        f"SELECT number, CAST(key AS BLOB) FROM identifiers WHERE number {AMONG}",
        to_json(list(numbers)),
    )
    for number, key in rows:
        found.setdefault(number, set()).add(key.decode("utf-8", "replace"))
    return found


def store_readings(file: CatalogFile, readings: Mapping[int, Sequence[StoredReading]]) -> None:
    """Put these readings in place of all that the papers with these numbers had."""
    with file.transaction() as connection:
        names = {reading.file for group in readings.values() for reading in group}
        ids = _file_ids(connection, names)
        numbers = [(number,) for number in readings]
        connection.executemany("DELETE FROM readings WHERE number = ?", numbers)
        connection.executemany(
            "INSERT INTO readings (number, file, line, digest, said, changed_run, seen_run)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    number,
                    ids[item.file],
                    item.line,
                    item.digest,
                    item.said,
                    item.changed_run,
                    item.seen_run,
                )
                for number, group in readings.items()
                for item in group
            ),
        )


def store_keys(file: CatalogFile, keys: Mapping[int, Iterable[str]]) -> None:
    """Have papers known by these keys and by no other."""
    with file.transaction() as connection:
        numbers = [(number,) for number in keys]
        connection.executemany("DELETE FROM identifiers WHERE number = ?", numbers)
        connection.executemany(
            "INSERT OR IGNORE INTO identifiers VALUES (?, ?)",
            ((key, number) for number, group in keys.items() for key in group),
        )


def mark_seen(file: CatalogFile, numbers: Iterable[int], name: str, run: int) -> None:
    """Note that a run saw all that the file `name` says of the papers with these numbers."""
    with file.transaction() as connection:
        connection.execute(
            "UPDATE readings SET seen_run = ? WHERE file = (SELECT file FROM files WHERE name = ?)"
            f" AND number {AMONG}",
            (run, name, to_json(list(numbers))),
        )


def fingerprints(file: CatalogFile) -> dict[str, str | None]:
    """Return the fingerprint of every file that was read, None where it was not read to its end."""
    return dict(file.rows("SELECT name, fingerprint FROM files"))


def store_fingerprint(file: CatalogFile, name: str, fingerprint: str) -> None:
    """Note what a file's content is, now that it was read."""
    with file.transaction() as connection:
        _file_ids(connection, [name])
        connection.execute("UPDATE files SET fingerprint = ? WHERE name = ?", (fingerprint, name))


def forget_fingerprints(file: CatalogFile, paper_ids: Iterable[str]) -> None:
    """Have the files that list these papers read again by the next sync."""
    listing = file.rows(
        "SELECT DISTINCT name FROM readings JOIN files USING (file) JOIN papers USING (number)"
        f" WHERE id {AMONG}",
        to_json(list(paper_ids)),
    )
    forget_files(file, {place for (name,) in listing for place in places_of(name)})


def forget_files(file: CatalogFile, names: Iterable[str]) -> None:
    """Have these files read again by the next sync."""
    with file.transaction() as connection:
        connection.execute(
            f"UPDATE files SET fingerprint = NULL WHERE name {AMONG}", (to_json(list(names)),)
        )


def places_of(name: str) -> Iterator[str]:
    """Yield all that a file may be in, itself first: an archive's name begins its files'."""
    yield name
    yield from (name[:at] for at, character in enumerate(name) if character == "/")


def mark_whole(file: CatalogFile, name: str, run: int, but: Iterable[str] = ()) -> None:
    """Note that a run read a file, or an archive with its files, to the end; not those of `but`."""
    with file.transaction() as connection:
        connection.execute(
            # "0" comes after "/": the range, unlike a comparison of beginnings, asks the index.
            "UPDATE files SET whole_run = ? WHERE (name = ? OR (name > ? AND name < ?))"
            f" AND NOT name {AMONG}",
            (run, name, f"{name}/", f"{name}0", to_json(list(but))),
        )


def outdated_files(file: CatalogFile) -> dict[str, int]:
    """Return the files that say less than they did, with the run that read them to the end."""
    return dict(
        file.rows(
            "SELECT DISTINCT name, whole_run FROM readings JOIN files USING (file)"
            " WHERE seen_run < whole_run"
        )
    )


def numbers_in_file(file: CatalogFile, name: str, run: int | None = None) -> list[int]:
    """Return the numbers of papers that a file lists; with `run`, those it has not seen there."""
    rows = file.rows(
        "SELECT DISTINCT number FROM readings JOIN files USING (file)"
        " WHERE name = ? AND seen_run < coalesce(?, 1 + seen_run) ORDER BY number",
        name,
        run,
    )
    return [number for (number,) in rows]


def drop_file(file: CatalogFile, name: str) -> None:
    """Forget a file that says nothing any more."""
    with file.transaction() as connection:
        connection.execute("DELETE FROM files WHERE name = ?", (name,))


def _file_ids(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    wanted = list(names)
    connection.executemany(
        "INSERT OR IGNORE INTO files (name) VALUES (?)", [(name,) for name in wanted]
    )
    rows = connection.execute(
        f"SELECT name, file FROM files WHERE name {AMONG}", (to_json(wanted),)
    )
    return dict(rows.fetchall())
