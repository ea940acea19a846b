"""The catalog's tables, and papers as rows of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from vectorstore.catalog_file import DAMAGE_HINT
from vectorstore.errors import LibraryError
from vectorstore.records import DatePrecision, Paper, Source, title_key

ABSTRACT_KEY_BYTES = 8
AMONG = "IN (SELECT value FROM json_each(?))"  # with what `to_json` makes of a list

ABOUT_AND_PAPERS = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE papers (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    published TEXT,
    author_count INTEGER,
    authors TEXT NOT NULL,
    organization TEXT,
    comment_count INTEGER,
    url TEXT,
    sources TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'indexed')),
    passage_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX papers_by_state ON papers (state);
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY REFERENCES papers (number),
    whole BLOB NOT NULL, -- first, so that reading all of them skips the pages of the rest
    sentences TEXT NOT NULL,
    sentence_vectors BLOB NOT NULL,
    token_vectors BLOB NOT NULL,
    token_dimension INTEGER NOT NULL
);
CREATE TABLE abbreviations (
    number INTEGER NOT NULL REFERENCES papers (number),
    short TEXT NOT NULL,
    long TEXT NOT NULL
);
CREATE INDEX abbreviations_by_paper ON abbreviations (number);
CREATE TABLE leaving (id TEXT PRIMARY KEY); -- ids that left and may have passages in Chroma
"""

# What version 3 of the schema added to papers: what search reads where title or abstract hold
# markup, what is derived from the text, and identifiers.
_ADDED_COLUMNS = {
    "plain_title": "TEXT",
    "plain_abstract": "TEXT",
    "abstract_key": "BLOB",
    "arxiv_id": "TEXT",
    "doi": "TEXT",
    "venue": "TEXT",
    "categories": "TEXT NOT NULL DEFAULT '[]'",
    "language": "TEXT",
    "suspicious": "TEXT NOT NULL DEFAULT '[]'",
    "date_precision": "TEXT NOT NULL DEFAULT 'day'",
}
ADD_COLUMNS = "".join(
    f"ALTER TABLE papers ADD COLUMN {name} {kind};\n" for name, kind in _ADDED_COLUMNS.items()
)

READINGS = """
CREATE INDEX papers_by_abstract ON papers (abstract_key);
CREATE TABLE identifiers ( -- what papers are known by, such as "doi:10.1000/182"
    key TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES papers (number),
    PRIMARY KEY (key, number)
) WITHOUT ROWID;
CREATE INDEX identifiers_by_paper ON identifiers (number);
CREATE TABLE files (
    file INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    fingerprint TEXT, -- of the content, once it was read
    whole_run INTEGER -- the last run of ingest that read it to its end
);
CREATE TABLE readings ( -- what each place says of a paper
    reading INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES papers (number),
    file INTEGER NOT NULL REFERENCES files (file),
    line INTEGER NOT NULL,
    digest BLOB NOT NULL, -- of what it says
    said TEXT NOT NULL, -- JSON
    changed_run INTEGER NOT NULL, -- the run of ingest that found it saying this
    seen_run INTEGER NOT NULL -- the last one that saw it
);
CREATE INDEX readings_by_paper ON readings (number);
CREATE INDEX readings_by_file ON readings (file, seen_run);
"""


def _lexical_index(table: str, columns: dict[str, str], options: str) -> str:
    """Return an index over expressions of columns of `papers` and what keeps it in step.

    `columns` has the expression of each column, with "row." before each of the paper's.
    """
    names = ", ".join(columns)
    source = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    old, new = (", ".join(columns.values()).replace("row.", f"{row}.") for row in ("old", "new"))
    put = f"INSERT INTO {table} (rowid, {names}) VALUES (new.number, {new});"
    drop = f"INSERT INTO {table} ({table}, rowid, {names}) VALUES ('delete', old.number, {old});"
    return f"""
CREATE VIEW {table}_content AS SELECT number, {source.replace("row.", "")} FROM papers;
CREATE VIRTUAL TABLE {table} USING fts5 (
    {names}, content = '{table}_content', content_rowid = 'number', {options}
);
CREATE TRIGGER {table}_insert AFTER INSERT ON papers BEGIN {put} END;
CREATE TRIGGER {table}_update AFTER UPDATE ON papers WHEN ({old}) IS NOT ({new})
BEGIN {drop} {put} END;
CREATE TRIGGER {table}_delete AFTER DELETE ON papers BEGIN {drop} END;
"""


_TEXT_COLUMNS = {
    "title": "coalesce(row.plain_title, row.title)",
    "abstract": "coalesce(row.plain_abstract, row.abstract)",
}
# 2, for letters with two marks, of which most Vietnamese names have one.
_NAME_OPTIONS = "tokenize = 'unicode61 remove_diacritics 2', detail = column"
_NAME_COLUMNS = {name: f"row.{name}" for name in ("authors", "organization", "venue", "categories")}
LEXICAL_INDEXES = (
    _lexical_index("words", _TEXT_COLUMNS, "tokenize = 'porter unicode61'")
    + _lexical_index("forms", _TEXT_COLUMNS, "tokenize = 'unicode61', detail = none")
    + _lexical_index("names", _NAME_COLUMNS, _NAME_OPTIONS)
    + """
CREATE VIRTUAL TABLE stem_counts USING fts5vocab (words, 'row');
CREATE VIRTUAL TABLE form_counts USING fts5vocab (forms, 'row');
"""
)
LEXICAL_TABLES = ("words", "forms", "names")
REBUILD_INDEXES = "".join(
    f"INSERT INTO {table} ({table}) VALUES ('rebuild');\n" for table in LEXICAL_TABLES
)

SCHEMA = ABOUT_AND_PAPERS + ADD_COLUMNS + READINGS + LEXICAL_INDEXES

PAPER_COLUMNS = (
    "id, title, abstract, published, author_count, authors, organization, comment_count, url,"
    " sources, arxiv_id, doi, venue, categories, language, suspicious, date_precision,"
    " plain_title, plain_abstract"
)


def to_json(value: object) -> str:
    """Return `value` as JSON, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def save_statement(*, wait: bool) -> str:
    """Return the statement that inserts a paper as pending or replaces the one with its id.

    With `wait`, the replaced one waits to be indexed again; else its state stays.
    """
    columns = [*PAPER_COLUMNS.split(", "), "abstract_key"]
    changes = [f"{column} = excluded.{column}" for column in columns[1:]]
    changes += ["state = 'pending'"] if wait else []
    return (
        f"INSERT INTO papers ({', '.join(columns)}, state)"
        f" VALUES ({', '.join('?' * len(columns))}, 'pending')"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(changes)}"
    )


def abstract_key(abstract: str) -> bytes:
    """Return what abstracts with the same letters and digits share."""
    return hashlib.sha256(title_key(abstract).encode()).digest()[:ABSTRACT_KEY_BYTES]


def paper_row(paper: Paper) -> tuple[object, ...]:
    """Return the values of `PAPER_COLUMNS` for a paper, and its abstract's key."""
    return (
        paper.id,
        paper.title,
        paper.abstract,
        paper.published.isoformat() if paper.published else None,
        paper.author_count,
        to_json(paper.authors),
        paper.organization,
        paper.comment_count,
        paper.url,
        to_json([[source.file, source.line] for source in paper.sources]),
        paper.arxiv_id,
        paper.doi,
        paper.venue,
        to_json(paper.categories),
        paper.language,
        to_json(paper.suspicious),
        paper.date_precision.value,
        paper.plain_title,
        paper.plain_abstract,
        abstract_key(paper.abstract),
    )


def paper_of_row(row: Sequence[Any]) -> Paper:
    """Return the paper whose values of `PAPER_COLUMNS` are `row`.

    Raises LibraryError where they are no paper's: a damaged disk changed one.
    """
    try:
        return _paper(row)
    except (ValueError, TypeError, LookupError) as error:
        raise LibraryError(
            f"The catalog's record of a paper is damaged: {error}",
            where=f"paper {row[0]}",
            hint=DAMAGE_HINT,
        ) from error


def _paper(row: Sequence[Any]) -> Paper:
    paper_id, title, abstract, published, author_count, authors, *rest = row
    organization, comment_count, url, sources, arxiv_id, doi, venue, categories, *derived = rest
    language, suspicious, date_precision, plain_title, plain_abstract = derived
    return Paper(
        id=paper_id,
        title=title,
        abstract=abstract,
        published=date.fromisoformat(published) if published else None,
        author_count=author_count,
        authors=_listed(authors),
        organization=organization,
        comment_count=comment_count,
        url=url,
        sources=tuple(Source(file, line) for file, line in json.loads(sources)),
        arxiv_id=arxiv_id,
        doi=doi,
        venue=venue,
        categories=_listed(categories),
        language=language,
        suspicious=_listed(suspicious),
        date_precision=DatePrecision(date_precision),
        plain_title=plain_title,
        plain_abstract=plain_abstract,
    )


def _listed(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored)) if stored != "[]" else ()
