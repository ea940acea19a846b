"""The catalog's tables, and papers as rows of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from vectorstore.catalog_file import CatalogFile
from vectorstore.records import Paper, Source


def _triggers(table: str, columns: Sequence[str]) -> str:
    """Return what keeps a lexical index over some columns of `papers` in step with it."""
    names = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("new", "old"))
    put = f"INSERT INTO {table} (rowid, {names}) VALUES (new.number, {new});"
    drop = f"INSERT INTO {table} ({table}, rowid, {names}) VALUES ('delete', old.number, {old});"
    return f"""
CREATE TRIGGER {table}_insert AFTER INSERT ON papers BEGIN {put} END;
CREATE TRIGGER {table}_update AFTER UPDATE OF {names} ON papers BEGIN {drop} {put} END;
CREATE TRIGGER {table}_delete AFTER DELETE ON papers BEGIN {drop} END;
"""


SCHEMA = """
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
CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', tokenize = 'porter unicode61'
);
CREATE VIRTUAL TABLE forms USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', tokenize = 'unicode61',
    detail = none
);
CREATE VIRTUAL TABLE stem_counts USING fts5vocab (words, 'row');
CREATE VIRTUAL TABLE form_counts USING fts5vocab (forms, 'row');
""" + "".join(_triggers(table, ("title", "abstract")) for table in ("words", "forms"))

# What libraries of this schema were first written without: ids that left and may have passages in
# Chroma, and the names that go with a paper.
ADDED_TABLES = """
CREATE TABLE leaving (id TEXT PRIMARY KEY);
CREATE VIRTUAL TABLE names USING fts5 (
    authors, organization, content = 'papers', content_rowid = 'number', tokenize = 'unicode61',
    detail = none
);
""" + _triggers("names", ("authors", "organization"))


def add_missing_tables(file: CatalogFile) -> None:
    """Give a catalog that was made without them the `ADDED_TABLES`, filled."""
    if not file.rows("SELECT 1 FROM sqlite_master WHERE name = 'leaving'"):
        file.run_script(f"{ADDED_TABLES} INSERT INTO names (names) VALUES ('rebuild');")


PAPER_COLUMNS = (
    "id, title, abstract, published, author_count, authors, organization, comment_count, url,"
    " sources"
)


def to_json(value: object) -> str:
    """Return `value` as JSON, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def save_statement(*, wait: bool) -> str:
    """Return the statement that inserts a paper as pending or replaces the one with its id.

    With `wait`, the replaced one waits to be indexed again; else its state stays.
    """
    columns = PAPER_COLUMNS.split(", ")
    changes = [f"{column} = excluded.{column}" for column in columns[1:]]
    changes += ["state = 'pending'"] if wait else []
    return (
        f"INSERT INTO papers ({PAPER_COLUMNS}, state)"
        f" VALUES ({', '.join('?' * len(columns))}, 'pending')"
        f" ON CONFLICT (id) DO UPDATE SET {', '.join(changes)}"
    )


def paper_row(paper: Paper) -> tuple[object, ...]:
    """Return the values of `PAPER_COLUMNS` for a paper."""
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
    )


def paper_of_row(row: Sequence[Any]) -> Paper:
    """Return the paper whose values of `PAPER_COLUMNS` are `row`."""
    paper_id, title, abstract, published, author_count, authors, *rest = row
    organization, comment_count, url, sources = rest
    return Paper(
        id=paper_id,
        title=title,
        abstract=abstract,
        published=date.fromisoformat(published) if published else None,
        author_count=author_count,
        authors=tuple(json.loads(authors)),
        organization=organization,
        comment_count=comment_count,
        url=url,
        sources=tuple(Source(file, line) for file, line in json.loads(sources)),
    )
