"""Which papers have words that begin as one has typed them so far.

Asks the lexical indexes, so that 100,000 papers are no wait. Invariant: any text is a question, and
none of it is read as SQLite's language of matches.
"""

from __future__ import annotations

from vectorstore.catalog_file import CatalogFile
from vectorstore.name_words import WORD
from vectorstore.normal_forms import normalised
from vectorstore.references import numbers_identified

MOST_WORDS = 16  # of a text, so that a whole page pasted in by mistake is no wait either


def numbers_with(file: CatalogFile, text: str) -> set[int] | None:
    """Return the numbers of the papers that have all words of `text`, None for a blank text.

    A word is found where a word of the title, the abstract, an author or the organisation begins
    with it, without case or accents. An arXiv id or a DOI finds its paper. A text without letters
    or digits is looked for as it stands.
    """
    typed = text.encode("utf-8", "ignore").decode().strip()  # half a character is none to SQLite
    if not typed:
        return None
    if identified := numbers_identified(file, typed):
        return identified
    words = dict.fromkeys(WORD.findall(normalised("NFKC", typed).lower()))
    if not words:
        return _with_literally(file, typed)
    found: set[int] | None = None
    for word in sorted(words, key=len, reverse=True)[:MOST_WORDS]:
        having = _with_beginning(file, word)
        found = having if found is None else found & having
        if not found:
            break
    return found


def _with_beginning(file: CatalogFile, word: str) -> set[int]:
    expression = f'"{word}"*'
    rows = file.rows(
        "SELECT rowid FROM forms WHERE forms MATCH ?"
        " UNION ALL SELECT rowid FROM names WHERE names MATCH ?",
        expression,
        expression,
    )
    return {number for (number,) in rows}


def _with_literally(file: CatalogFile, text: str) -> set[int]:
    rows = file.rows(
        "SELECT number FROM papers WHERE instr(title, ?) OR instr(abstract, ?)", text, text
    )
    return {number for (number,) in rows}
