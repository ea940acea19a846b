"""A SQLite file copied while it is in use.

Invariant: the copy is the file as it was at one moment, whoever writes it meanwhile, and no writer
waits for the copying.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from vectorstore.catalog_file import connect_to_read

PAGES_AT_ONCE = 512  # 8 MB of a catalog, some milliseconds

OnBytes = Callable[[int], None]


def copy_database(source: Path, target: Path, on_bytes: OnBytes = lambda _: None) -> None:
    """Copy a SQLite file by SQLite's online backup; `on_bytes` hears how many more were copied.

    The target is on the disk for good at the end. Raises sqlite3.Error or OSError.
    """
    with closing(connect_to_read(source)) as read, closing(sqlite3.connect(target)) as written:
        [(page_bytes,)] = read.execute("PRAGMA page_size").fetchall()
        # Begins to read once, and to the end: else the copying would start over with every change
        # that another process makes, and behind a busy one never end.
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchall()
        written.execute("PRAGMA synchronous = OFF")
        copied = 0

        def count(_status: int, remaining: int, total: int) -> None:
            nonlocal copied
            on_bytes((total - remaining - copied) * page_bytes)
            copied = total - remaining

        read.backup(written, pages=PAGES_AT_ONCE, progress=count)
    _sync(target)


def sync_names(folder: Path) -> None:
    """Have the names in a folder on the disk for good, where the file system knows how."""
    with suppress(OSError):
        _sync(folder)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
