"""The catalog: every paper, what is known of it, its state, its vectors and the lexical index.

One SQLite file and the truth of a library; the passages in Chroma can be rebuilt from it. Owns all
statements; the tables are in `catalog_rows`. Invariant: a paper is "indexed" only when its passages
are in Chroma and its vectors here; until then it is "pending".
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from vectorstore.catalog_rows import (
    PAPER_COLUMNS,
    SCHEMA,
    paper_of_row,
    paper_row,
    save_statement,
    to_json,
)
from vectorstore.embedding import Matrix
from vectorstore.errors import LibraryError
from vectorstore.records import Paper, Span

CATALOG_FILE = "catalog.sqlite3"
TITLE_WEIGHT = 2.0  # a word of the title says more about a paper than one of its abstract


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """What the model made of one paper.

    `matrix` has shape (1 + sentences, dimension), rows L2-normalised: the whole abstract, then each
    sentence.
    """

    paper_id: str
    sentences: tuple[Span, ...]
    matrix: Matrix
    passage_count: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """In how many papers a word occurs, and in which of those asked about."""

    papers: int
    among: frozenset[str]


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """How many papers there are and how many of them are known by date and so on."""

    papers: int
    pending: int
    passages: int
    dated: int
    with_author_count: int
    with_organization: int


class Catalog:
    """A library's SQLite file. Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """Open the catalog, creating an empty one where there is none.

        Raises LibraryError if the file cannot be opened or is not a catalog.
        """
        self._file = file
        self._guard = RLock()
        try:
            self._connection = sqlite3.connect(file, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._error(error) from error
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            if not self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                self._connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        except sqlite3.Error as error:
            self._connection.close()
            raise self._error(error) from error

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()

    def about(self) -> dict[str, str]:
        """Return what the library recorded of itself: schema, embedding model and so on."""
        return dict(self._rows("SELECT key, value FROM about"))

    def describe(self, facts: dict[str, str]) -> None:
        """Record what the library is made with."""
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", facts.items())

    def counts(self) -> CatalogCounts:
        """Count papers, passages and known metadata."""
        [row] = self._rows(
            "SELECT count(*), count(*) FILTER (WHERE state = 'pending'),"
            " coalesce(sum(passage_count) FILTER (WHERE state = 'indexed'), 0), count(published),"
            " count(author_count), count(organization) FROM papers"
        )
        return CatalogCounts(*row)

    def paper_count(self) -> int:
        """Return how many papers there are; cheaper than all `counts`."""
        [(papers,)] = self._rows("SELECT count(*) FROM papers")
        return int(papers)

    def titles(self) -> tuple[str, ...]:
        """Return all titles, those of the papers that came first first."""
        return tuple(title for (title,) in self._rows("SELECT title FROM papers ORDER BY number"))

    def papers(self, ids: Sequence[str] | None = None) -> dict[str, Paper]:
        """Return the papers with these ids, or all of them, by id; unknown ids are left out."""
        query = f"SELECT {PAPER_COLUMNS} FROM papers"
        if ids is None:
            rows = self._rows(f"{query} ORDER BY number")
        else:
            rows = self._rows(f"{query} WHERE id IN (SELECT value FROM json_each(?))", to_json(ids))
        return {row[0]: paper_of_row(row) for row in rows}

    def pending_ids(self) -> tuple[str, ...]:
        """Return the ids of papers that still have to be indexed, oldest first."""
        rows = self._rows("SELECT id FROM papers WHERE state = 'pending' ORDER BY number")
        return tuple(row[0] for row in rows)

    def save(self, pending: Iterable[Paper], relabelled: Iterable[Paper] = ()) -> None:
        """Insert or replace papers, all in one transaction.

        Those of `pending` wait to be indexed. Of `relabelled` only the metadata changed: their
        state and vectors stay.
        """
        with self._transaction() as connection:
            rewrite, relabel = save_statement(wait=True), save_statement(wait=False)
            connection.executemany(rewrite, (paper_row(paper) for paper in pending))
            connection.executemany(relabel, (paper_row(paper) for paper in relabelled))

    def mark_all_pending(self) -> None:
        """Have every paper indexed again."""
        with self._transaction() as connection:
            connection.execute("UPDATE papers SET state = 'pending'")

    def mark_indexed(self, vectors: Iterable[PaperVectors]) -> None:
        """Store the vectors of papers whose passages are in Chroma, and mark them indexed."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE papers SET state = 'indexed', sentences = ?, vectors = ?,"
                " passage_count = ? WHERE id = ?",
                (
                    (
                        to_json([[span.start, span.end] for span in item.sentences]),
                        item.matrix.astype(np.float16).tobytes(),
                        item.passage_count,
                        item.paper_id,
                    )
                    for item in vectors
                ),
            )

    def vectors(self, ids: Sequence[str]) -> Iterator[PaperVectors]:
        """Yield the vectors of the indexed papers among `ids`."""
        rows = self._rows(
            "SELECT id, sentences, vectors, passage_count FROM papers"
            " WHERE state = 'indexed' AND id IN (SELECT value FROM json_each(?))",
            to_json(ids),
        )
        for paper_id, sentences, blob, passage_count in rows:
            spans = tuple(Span(start, end) for start, end in json.loads(sentences))
            matrix = np.frombuffer(blob, np.float16).reshape(1 + len(spans), -1)
            yield PaperVectors(paper_id, spans, matrix.astype(np.float32), passage_count)

    def match_words(self, words: Sequence[str], limit: int) -> dict[str, float]:
        """Return BM25 scores by paper id, higher is better, of the best papers for any of `words`.

        `words` are letters and digits alone, as `question_words` makes them; they are stemmed
        (Porter) and compared without case or accents.
        """
        if not words:
            return {}
        rows = self._rows(
            f"SELECT papers.id, -bm25(words, {TITLE_WEIGHT}, 1.0) AS score"
            " FROM words JOIN papers ON papers.number = words.rowid"
            " WHERE words MATCH ? AND papers.state = 'indexed' ORDER BY score DESC LIMIT ?",
            " OR ".join(f'"{word}"' for word in words),
            limit,
        )
        return dict(rows)

    def occurrence(self, word: str, ids: Sequence[str]) -> Occurrence:
        """Return how many papers have `word`, in any inflection, and which of `ids` do."""
        matching = "FROM words JOIN papers ON papers.number = words.rowid WHERE words MATCH ?"
        term = f'"{word}"'
        [(papers,)] = self._rows("SELECT count(*) FROM words WHERE words MATCH ?", term)
        among = self._rows(
            f"SELECT papers.id {matching} AND papers.id IN (SELECT value FROM json_each(?))",
            term,
            to_json(ids),
        )
        return Occurrence(papers, frozenset(row[0] for row in among))

    def _rows(self, query: str, *parameters: object) -> list[Any]:
        with self._guard:
            try:
                return self._connection.execute(query, parameters).fetchall()
            except sqlite3.Error as error:
                raise self._error(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            try:
                with self._connection:
                    yield self._connection
            except sqlite3.Error as error:
                raise self._error(error) from error

    def _error(self, error: sqlite3.Error) -> LibraryError:
        return LibraryError(
            f"The catalog cannot be used: {error}",
            where=str(self._file),
            hint="Check the disk and the folder's permissions, or set PAPERCHAT_HOME to another"
            " folder and ingest again.",
        )
