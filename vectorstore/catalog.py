"""The catalog: every paper, what is known of it, its state, its vectors and the lexical index.

One SQLite file and the truth of a library; the passages in Chroma can be rebuilt from it. Owns the
statements that add and read papers; the tables are in `catalog_rows`, and how papers leave is in
`catalog_leaving`. Invariant: a paper is "indexed" only when its passages are in Chroma and its
vectors here; until then it is "pending".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore.abbreviations import Abbreviation
from vectorstore.catalog_file import LOST_HINT, CatalogFile
from vectorstore.catalog_leaving import let_go
from vectorstore.catalog_rows import (
    AMONG,
    PAPER_COLUMNS,
    SCHEMA,
    paper_of_row,
    paper_row,
    save_statement,
    to_json,
)
from vectorstore.compact_vectors import to_int8
from vectorstore.embedding import Matrix
from vectorstore.errors import LibraryError
from vectorstore.records import Paper, Span

CATALOG_FILE = "catalog.sqlite3"
PAPERS_AT_ONCE = 500  # read of all papers: a megabyte
OVERVIEWS_AT_ONCE = 10_000  # likewise: 5 MB
TITLE_WEIGHT = 2.0  # a word of the title says more about a paper than one of its abstract

_OVERVIEW = (
    "SELECT papers.number, id, coalesce(plain_title, title), whole, published, author_count,"
    " organization, comment_count, sources, categories, venue"
    " FROM papers JOIN vectors ON vectors.number = papers.number WHERE state = 'indexed'"
)
_IN_ORDER = "ORDER BY papers.number"


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """What was made of one paper to index it.

    `matrix` has shape (1 + sentences, dimension): the whole abstract, then each sentence; `tokens`
    (content tokens, token dimension). Rows of both are L2-normalised.
    """

    paper_id: str
    sentences: tuple[Span, ...]
    matrix: Matrix
    tokens: Matrix
    passage_count: int
    abbreviations: tuple[Abbreviation, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """The vectors of a paper as they are stored, in `compact_vectors`' form."""

    number: int
    whole: bytes
    sentences: str  # JSON, a start and an end each
    sentence_vectors: bytes
    token_vectors: bytes
    token_dimension: int  # 0 where the model makes no token vectors


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A paper as search keeps it in memory; dates are in ISO form, sources and categories in JSON.

    In this order they are columns of the catalog's.
    """

    number: int
    paper_id: str
    title: str
    whole: bytes
    published: str | None
    author_count: int | None
    organization: str | None
    comment_count: int | None
    sources: str
    categories: str = "[]"
    venue: str | None = None


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

    def __init__(self, file: Path, *, read_only: bool = False) -> None:
        """Open the catalog, creating an empty one where there is none, unless `read_only`.

        Raises LibraryError if the file cannot be opened or is not a catalog.
        """
        self.file = CatalogFile(file, SCHEMA, read_only=read_only)
        try:
            self._refuse_another_database()
        except LibraryError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _refuse_another_database(self) -> None:
        """Raise where there are tables, and not the one that every paperchat made first."""
        ours = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'about'"
        if not self.file.is_empty and not self.file.rows(ours):
            raise LibraryError(
                "This is no catalog, but a database of another program",
                where=str(self.file.path),
                hint=LOST_HINT,
            )

    def about(self) -> dict[str, str]:
        """Return what the library recorded of itself: schema, embedding model and so on."""
        return dict(self.file.rows("SELECT key, value FROM about"))

    def describe(self, facts: dict[str, str]) -> None:
        """Record what the library is made with."""
        with self.file.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", facts.items())

    def counts(self) -> CatalogCounts:
        """Count papers, passages and known metadata."""
        [row] = self.file.rows(
            "SELECT count(*), count(*) FILTER (WHERE state = 'pending'),"
            " coalesce(sum(passage_count) FILTER (WHERE state = 'indexed'), 0), count(published),"
            " count(author_count), count(organization) FROM papers"
        )
        return CatalogCounts(*row)

    def paper_count(self) -> int:
        """Return how many papers there are; cheaper than all `counts`."""
        [(papers,)] = self.file.rows("SELECT count(*) FROM papers")
        return int(papers)

    def titles(self) -> tuple[str, ...]:
        """Return all titles, those of the papers that came first first."""
        return tuple(
            title for (title,) in self.file.rows("SELECT title FROM papers ORDER BY number")
        )

    def papers(self, ids: Sequence[str] | None = None) -> dict[str, Paper]:
        """Return the papers with these ids, or all of them, by id; unknown ids are left out."""
        query = f"SELECT {PAPER_COLUMNS} FROM papers"
        if ids is None:
            rows = self.file.rows(f"{query} ORDER BY number")
        else:
            rows = self.file.rows(f"{query} WHERE id {AMONG}", to_json(ids))
        return {row[0]: paper_of_row(row) for row in rows}

    def numbered_papers(self, numbers: Sequence[int]) -> dict[int, Paper]:
        """Return the papers with these numbers, rising; unknown numbers are left out."""
        rows = self.file.rows(
            f"SELECT number, {PAPER_COLUMNS} FROM papers WHERE number {AMONG} ORDER BY number",
            to_json(list(numbers)),
        )
        return {number: paper_of_row(row) for number, *row in rows}

    def papers_by_number(self, numbers: Sequence[int]) -> list[Paper]:
        """Return the papers with these numbers, in their order; unknown numbers are left out."""
        papers = self.numbered_papers(numbers)
        return [papers[number] for number in numbers if number in papers]

    def all_papers(self) -> Iterator[Paper]:
        """Yield all papers, those added first first, some at a time."""
        last = -1
        while True:
            rows = self.file.rows(
                f"SELECT number, {PAPER_COLUMNS} FROM papers WHERE number > ?"
                f" ORDER BY number LIMIT {PAPERS_AT_ONCE}",
                last,
            )
            yield from (paper_of_row(row) for _, *row in rows)
            if not rows:
                return
            last = rows[-1][0]

    def numbers_of(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the papers with these ids, by id; unknown ids are left out."""
        return dict(
            self.file.rows(
                f"SELECT id, number FROM papers WHERE id {AMONG}",
                to_json(list(ids)),
            )
        )

    def known_ids(self, ids: Iterable[str]) -> set[str]:
        """Return those of the ids that papers have."""
        return set(self.numbers_of(ids))

    def pending_count(self) -> int:
        """Return how many papers still have to be indexed."""
        [(pending,)] = self.file.rows("SELECT count(*) FROM papers WHERE state = 'pending'")
        return int(pending)

    def pending_papers(self, most: int) -> list[Paper]:
        """Return papers that still have to be indexed, at most so many, oldest first."""
        rows = self.file.rows(
            f"SELECT {PAPER_COLUMNS} FROM papers WHERE state = 'pending' ORDER BY number LIMIT ?",
            most,
        )
        return [paper_of_row(row) for row in rows]

    def save(self, pending: Iterable[Paper], relabelled: Iterable[Paper] = ()) -> None:
        """Insert or replace papers, all in one transaction.

        Those of `pending` wait to be indexed. Of `relabelled` only the metadata changed: their
        state and vectors stay.
        """
        with self.file.transaction() as connection:
            rewrite, relabel = save_statement(wait=True), save_statement(wait=False)
            for statement, papers in ((rewrite, pending), (relabel, relabelled)):
                rows = [paper_row(paper) for paper in papers]
                let_go(connection, [str(paper_id) for paper_id, *_ in rows])
                connection.executemany(statement, rows)

    def mark_all_pending(self) -> None:
        """Have every paper indexed again."""
        with self.file.transaction() as connection:
            connection.execute("UPDATE papers SET state = 'pending'")

    def mark_indexed(self, vectors: Iterable[PaperVectors]) -> None:
        """Store the vectors of papers whose passages are in Chroma, and mark them indexed."""
        with self.file.transaction() as connection:
            for item in vectors:
                [[number]] = connection.execute(
                    "UPDATE papers SET state = 'indexed', passage_count = ? WHERE id = ?"
                    " RETURNING number",
                    (item.passage_count, item.paper_id),
                ).fetchall() or [[None]]
                if number is not None:
                    _store_vectors(connection, number, item)

    def indexed_count(self) -> int:
        """Return how many papers are indexed."""
        [(papers,)] = self.file.rows("SELECT count(*) FROM papers WHERE state = 'indexed'")
        return int(papers)

    def overview(self, numbers: Sequence[int] | None = None) -> list[OverviewRow]:
        """Return what search keeps in memory of every indexed paper, oldest first.

        With `numbers`, of those that have one of these.
        """
        if numbers is None:
            return [row for page in self.overviews() for row in page]
        among = f"papers.number {AMONG}"
        rows = self.file.rows(f"{_OVERVIEW} AND {among} {_IN_ORDER}", to_json(list(numbers)))
        return [OverviewRow(*row) for row in rows]

    def overviews(self) -> Iterator[list[OverviewRow]]:
        """Yield what search keeps in memory of every indexed paper, some at a time."""
        last = -1
        while True:
            query = f"{_OVERVIEW} AND papers.number > ? {_IN_ORDER} LIMIT {OVERVIEWS_AT_ONCE}"
            page = [OverviewRow(*row) for row in self.file.rows(query, last)]
            if not page:
                return
            yield page
            last = page[-1].number

    def plain_titles(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the titles, as search reads them, of the papers with these numbers."""
        return dict(
            self.file.rows(
                f"SELECT number, coalesce(plain_title, title) FROM papers WHERE number {AMONG}",
                to_json(list(numbers)),
            )
        )

    def ids_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the ids of the papers with these numbers; unknown numbers are left out."""
        return dict(
            self.file.rows(
                f"SELECT number, id FROM papers WHERE number {AMONG}",
                to_json(list(numbers)),
            )
        )

    def plain_texts(self, numbers: Sequence[int]) -> list[tuple[str, str]]:
        """Return title and abstract, as search reads them, of the papers with these numbers."""
        return self.file.rows(
            "SELECT coalesce(plain_title, title), coalesce(plain_abstract, abstract) FROM papers"
            f" WHERE number {AMONG}",
            to_json(list(numbers)),
        )

    def vectors(self, numbers: Sequence[int]) -> list[StoredVectors]:
        """Return the vectors stored for the papers with these numbers, in the order of numbers.

        A paper that waits to be indexed again keeps the ones it had until then.
        """
        rows = self.file.rows(
            "SELECT number, whole, sentences, sentence_vectors, token_vectors, token_dimension"
            f" FROM vectors WHERE number {AMONG} ORDER BY number",
            to_json(list(numbers)),
        )
        return [StoredVectors(*row) for row in rows]

    def match_words(self, expression: str, limit: int) -> dict[int, float]:
        """Return BM25 scores by paper number, higher is better, of the best papers for a match.

        `expression` is one of FTS5's over words that are letters and digits alone; they are stemmed
        (Porter) and compared without case or accents.
        """
        rows = self.file.rows(
            f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, 1.0) AS score FROM words"
            " WHERE words MATCH ? ORDER BY score DESC LIMIT ?",
            expression,
            limit,
        )
        return dict(rows)

    def stem_counts(self) -> dict[str, int]:
        """Return for each stem (Porter) how many papers have it."""
        # As bytes: of "耀ing" the stemmer leaves half a character, which is no text to sqlite3.
        rows = self.file.rows("SELECT CAST(term AS BLOB), doc FROM stem_counts")
        return {stem.decode("utf-8", "replace"): papers for stem, papers in rows}

    def form_counts(self) -> dict[str, int]:
        """Return for each word, as it is inflected, how many papers have it."""
        return dict(self.file.rows("SELECT term, doc FROM form_counts"))

    def abbreviations(self) -> list[tuple[int, str, str]]:
        """Return paper number, short and long form of every abbreviation that a paper explains."""
        return self.file.rows(
            "SELECT number, short, long FROM abbreviations ORDER BY number, short"
        )

    def long_forms(self, short: str) -> list[str]:
        """Return what `short` abbreviates, once for every paper that explains it."""
        found = self.file.rows("SELECT long FROM abbreviations WHERE short = ?", short)
        return [long for (long,) in found]


def _store_vectors(connection: sqlite3.Connection, number: int, item: PaperVectors) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
        (
            number,
            to_int8(item.matrix[:1]),
            to_json([[span.start, span.end] for span in item.sentences]),
            to_int8(item.matrix[1:]),
            to_int8(item.tokens),
            item.tokens.shape[1],
        ),
    )
    connection.execute("DELETE FROM abbreviations WHERE number = ?", (number,))
    connection.executemany(
        "INSERT INTO abbreviations VALUES (?, ?, ?)",
        [(number, found.short, found.long) for found in item.abbreviations],
    )
