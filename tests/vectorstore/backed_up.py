"""A library's folder without Chroma, to be backed up, and what is to be found of it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from vectorstore.backup_format import CATALOG, Database
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.records import Paper

TALKS_FILE = "conversations.sqlite3"
TALKS = Database(TALKS_FILE, 2, ("conversations",))
DATABASES = (CATALOG, TALKS)
FACTS = {"schema_version": SCHEMA_VERSION, "embedding_model": "words"}

BREAD = Paper("bread", "Levain Bread", "Dough rests. Bread rises.", authors=("Alice Baker",))
SOUP = Paper("soup", "Levain in Soup", "Broth simmers.")
TEA = Paper("tea", "Tea", "Leaves steep.")


def write_home(
    home: Path,
    papers: Sequence[Paper] = (BREAD, SOUP),
    talks: Sequence[str] = ("How much salt?",),
    /,
    **facts: str,
) -> Path:
    """Write a catalog of these papers, conversations of these titles and a fetched page."""
    home.mkdir(parents=True, exist_ok=True)
    with closing(Catalog(home / CATALOG_FILE)) as catalog:
        catalog.describe(FACTS | facts)
        catalog.save(papers)
    with closing(sqlite3.connect(home / TALKS_FILE)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA user_version = 2;"
            " CREATE TABLE conversations (id INTEGER PRIMARY KEY, title TEXT NOT NULL)"
        )
        connection.executemany(
            "INSERT INTO conversations (title) VALUES (?)", [(title,) for title in talks]
        )
        connection.commit()
    page = home / "fetched" / "arxiv" / "bread" / "0000000.atom"
    page.parent.mkdir(parents=True)
    page.write_text("<feed/>", "utf-8")
    return home


def papers_in(home: Path) -> dict[str, Paper]:
    """Return the papers of the catalog in a folder."""
    with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
        return catalog.papers()


def talks_in(home: Path) -> list[str]:
    """Return the titles of the conversations in a folder."""
    with closing(sqlite3.connect(home / TALKS_FILE)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM conversations")]


def files_in(folder: Path) -> dict[str, bytes]:
    """Return all that is in a folder, but for the lock of a library."""
    return {
        str(place.relative_to(folder)): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file() and not place.name.startswith("library.lock")
    }


def tables(file: Path) -> dict[str, list[Any]]:
    """Return all rows of a database, without those of its lexical indexes and its own id."""
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND sql NOT LIKE '%VIRTUAL%' AND name NOT GLOB '*_[dci][aod][tcn]*'"
        )
        found = {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for (name,) in names.fetchall()
        }
    found["about"] = [row for row in found.get("about", []) if row[0] != "home"]
    return found
