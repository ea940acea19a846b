"""The stem of a word, as the lexical index has it: SQLite's own tokenizer takes it.

Not a stemmer library: none agrees with FTS5 on every word, and the usual one takes a second to
import. Owns a table in memory that holds one word at a time.
"""

from __future__ import annotations

import sqlite3
from functools import cache, lru_cache
from threading import Lock

from vectorstore.whole_text import whole_characters

# As the catalog's index of words has it.
TOKENIZER = "porter unicode61"
REMEMBERED_WORDS = 50_000

_taking_turns = Lock()


@lru_cache(maxsize=REMEMBERED_WORDS)
def stem(word: str) -> str:
    """Return the stem under which the lexical index has `word`; of several words, all stems."""
    text = whole_characters(word)
    with _taking_turns:
        table = _table()
        table.execute("INSERT INTO words(rowid, word) VALUES (1, ?)", (text,))
        # As bytes: of "耀ing" the stemmer leaves half a character, which is no text to sqlite3.
        found = table.execute('SELECT CAST(term AS BLOB) FROM stems ORDER BY "offset"').fetchall()
        table.execute("INSERT INTO words(words) VALUES ('delete-all')")
    return " ".join(term.decode("utf-8", "replace") for (term,) in found)


@cache
def _table() -> sqlite3.Connection:
    table = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    table.executescript(
        f"CREATE VIRTUAL TABLE words USING fts5(word, content = '', tokenize = '{TOKENIZER}');"
        "CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance);"
    )
    return table
