"""How many of some texts have each word, as the catalog's lexical indexes would count them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum


class Tokenizer(StrEnum):
    """What makes words of a text, in SQLite's words: stems, or words as they are inflected."""

    STEMS = "porter unicode61"
    FORMS = "unicode61"


def count_words(texts: Iterable[tuple[str, str]], tokenizer: Tokenizer) -> dict[str, int]:
    """Return for each word how many of the texts, a title and an abstract each, have it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(
            "CREATE VIRTUAL TABLE words USING fts5 (title, abstract, content = '', detail = none,"
            f" tokenize = '{tokenizer}');"
            "CREATE VIRTUAL TABLE counts USING fts5vocab (words, 'row');"
        )
        connection.executemany("INSERT INTO words (title, abstract) VALUES (?, ?)", texts)
        # As bytes: of "耀ing" the stemmer leaves half a character, which is no text to sqlite3.
        rows = connection.execute("SELECT CAST(term AS BLOB), doc FROM counts")
        return {word.decode("utf-8", "replace"): papers for word, papers in rows}
