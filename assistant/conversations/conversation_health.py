"""Whether the file of conversations can be used, told without changing it.

Owns what is looked at; what is said of a file that cannot be used is in `conversation_file`.
Invariant: nothing is made, mended or brought up to date.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.conversations.conversation_file import refuse_version, unusable
from vectorstore.catalog_file import connect_to_read
from vectorstore.database_facts import damage, rows_of, version_of

_READ_AT_ONCE = 1_000_000_000  # bytes: some seconds
_TABLES = ("conversations", "exchanges", "feedback")


def conversation_count(file: Path) -> int | None:
    """Return how many conversations are kept in the file, None where it was not begun yet.

    Raises ConversationError where it cannot be used, and OSError where it cannot be looked at.
    """
    if os.path.lexists(file) and not file.is_file():
        raise unusable(file, "it is a folder, a device or a link that leads nowhere, and no file")
    if not file.exists() or not (size := file.stat().st_size):
        return None
    try:
        with closing(connect_to_read(file)) as connection:
            if not (version := version_of(connection)):
                return None  # whoever made it died before its tables were there
            refuse_version(version, file)
            if size <= _READ_AT_ONCE and (found := damage(connection)):
                raise unusable(file, found)
            return rows_of(connection, _TABLES)["conversations"]
    except sqlite3.Error as error:
        raise unusable(file, str(error)) from error
