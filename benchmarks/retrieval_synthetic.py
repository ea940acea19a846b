"""A large library made of a small one, without running the model: a million papers in minutes.

A paper of it takes sentences of two real papers, with their vectors and some noise, so that text,
vectors and their number are as real ones are; a name of its own and one of another paper let the
vocabulary grow as it does in real collections. Dates, authors, categories and organisations are
drawn at random, all from one seed. There are no passages in Chroma, which search does without up
to some millions.

Rows are written in bulk: what keeps the lexical indexes in step is taken away meanwhile, and they
are made at the end. Invariant: the library is one that paperchat might have written.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.retrieval_systems import filled_library
from training.judged import read_papers
from vectorstore.catalog import CATALOG_FILE, StoredVectors
from vectorstore.catalog_rows import (
    LEXICAL_TABLES,
    REBUILD_INDEXES,
    paper_row,
    save_statement,
    to_json,
)
from vectorstore.compact_vectors import LARGEST, from_int8
from vectorstore.embedding import Embedder, Matrix
from vectorstore.library import open_library
from vectorstore.records import Paper, Source, Span

FIRST_DAY, DAYS = date(2010, 1, 1), 5_000  # dates are spread evenly over these
MOST_AUTHORS = 20  # as evenly from 1
SURNAMES = 50_000  # a few of them are common, most are rare
ORGANIZATIONS = tuple(f"University {number:02}" for number in range(50))  # of every other paper
CATEGORIES = tuple(f"{field}.{part}" for field in "abc" for part in ("AA", "BB", "CC", "DD"))
PAPERS_A_FILE = 10_000
NOISE = 0.5  # length of what is added to a vector of length 1: a cosine of 0.9 to the real one
NOISE_ROWS = 20_000
BATCH_PAPERS = 1_000
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo xu za lor ven tri mas".split()


@dataclass(frozen=True, slots=True)
class RealPaper:
    """What synthetic papers are made of; row i of `vectors` is that of sentence i."""

    title: str
    sentences: tuple[str, ...]
    whole: Matrix  # (1, dimension)
    vectors: Matrix
    tokens: Matrix


def real_papers(pages: Path, embedder: Embedder, home: Path) -> list[RealPaper]:
    """Index the papers of the pages in `home` and return them with their vectors."""
    papers = read_papers(pages)
    with filled_library(papers, embedder, home) as (library, _):
        stored = library.catalog.vectors(range(1, len(papers) + 1))
    return [
        RealPaper(
            title=paper.title,
            sentences=tuple(paper.abstract[start:end] for start, end in json.loads(item.sentences)),
            whole=from_int8(item.whole, embedder.dimension),
            vectors=from_int8(item.sentence_vectors, embedder.dimension),
            tokens=from_int8(item.token_vectors, item.token_dimension),
        )
        for paper, item in zip(papers, stored, strict=True)
    ]


def build_library(
    home: Path,
    count: int,
    real: list[RealPaper],
    embedder: Embedder,
    on_progress: Callable[[int, int], None],
) -> None:
    """Write `count` synthetic papers into a new library in `home`."""
    with open_library(home, embedder):
        pass  # the tables, and what the library says of itself
    making = _PaperMaker(real)
    with closing(sqlite3.connect(home / CATALOG_FILE, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        triggers = _without_triggers(connection)
        for start in range(0, count, BATCH_PAPERS):
            end = min(start + BATCH_PAPERS, count)
            _write(connection, start, *making.papers(range(start, end)))
            on_progress(end, count)
        connection.executescript(REBUILD_INDEXES + triggers)
        connection.executescript("PRAGMA journal_mode = WAL;")


def _without_triggers(connection: sqlite3.Connection) -> str:
    """Drop what keeps the lexical indexes in step, and return what makes it again."""
    made = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = {name: sql for name, sql in made if name.partition("_")[0] in LEXICAL_TABLES}
    connection.executescript("".join(f"DROP TRIGGER {name};" for name in triggers))
    return "".join(f"{sql};" for sql in triggers.values())


def _write(
    connection: sqlite3.Connection,
    before: int,
    papers: Sequence[Paper],
    vectors: Sequence[StoredVectors],
) -> None:
    connection.execute("BEGIN")
    connection.executemany(save_statement(wait=True), map(paper_row, papers))
    connection.execute("UPDATE papers SET state = 'indexed' WHERE number > ?", (before,))
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                item.number,
                item.whole,
                item.sentences,
                item.sentence_vectors,
                item.token_vectors,
                item.token_dimension,
            )
            for item in vectors
        ),
    )
    connection.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A paper that is made: text, and which rows of all real vectors its own are made of."""

    title: str
    sentences: tuple[str, ...]
    parents: tuple[int, int]
    rows: tuple[int, ...]
    tokens: tuple[range, range]


class _PaperMaker:
    """Makes the papers, the same ones every time."""

    def __init__(self, real: list[RealPaper]) -> None:
        self._real = real
        self._random = random.Random(0)  # noqa: S311
        generator = np.random.default_rng(0)
        self._whole = np.concatenate([paper.whole for paper in real])
        self._vectors = np.concatenate([paper.vectors for paper in real])
        self._tokens = np.concatenate([paper.tokens for paper in real])
        self._first = _starts([len(paper.vectors) for paper in real])
        self._first_token = _starts([len(paper.tokens) for paper in real])
        self._noise = {
            size: generator.standard_normal((NOISE_ROWS, size), np.float32) * (NOISE / size**0.5)
            for size in {self._whole.shape[1], self._tokens.shape[1]}
        }

    def papers(self, numbers: range) -> tuple[list[Paper], list[StoredVectors]]:
        """Return papers of two real ones each, with their vectors; numbers count from 0."""
        drafts = [self._draft(number) for number in numbers]
        papers = [self._labelled(*each) for each in zip(numbers, drafts, strict=True)]
        return papers, self._stored(numbers, drafts)

    def _draft(self, number: int) -> _Draft:
        one, other = self._random.sample(range(len(self._real)), 2)
        first, second = self._real[one], self._real[other]
        sentences, rows = list[str](), list[int]()
        for at, sentence in enumerate(first.sentences):
            theirs = at < len(second.sentences) and self._random.random() < 0.5
            sentences.append(second.sentences[at] if theirs else sentence)
            rows.append(self._first[other if theirs else one] + at)
        known = self._random.randrange(number + 1)
        sentences.append(f"We call it {_name(number)} and compare it with {_name(known)}.")
        begin, end = self._first_token[one], self._first_token[other]
        tokens = (
            range(begin, begin + len(first.tokens) // 2),
            range(end + len(second.tokens) // 2, end + len(second.tokens)),
        )
        title = f"{_name(number)}: {second.title.rpartition(': ')[2]}"
        return _Draft(title, tuple(sentences), (one, other), (*rows, rows[0]), tokens)

    def _stored(self, numbers: range, drafts: Sequence[_Draft]) -> list[StoredVectors]:
        parents = np.array([draft.parents for draft in drafts])
        wholes = self._noisy(self._whole[parents].sum(axis=1))
        rows = self._noisy(self._vectors[[row for draft in drafts for row in draft.rows]])
        places = [row for draft in drafts for part in draft.tokens for row in part]
        tokens = self._noisy(self._tokens[places])
        ends = np.cumsum([len(draft.rows) for draft in drafts])[:-1]
        token_ends = np.cumsum([sum(map(len, draft.tokens)) for draft in drafts])[:-1]
        return [
            StoredVectors(
                number + 1,
                whole.tobytes(),
                to_json([[span.start, span.end] for span in _spans_of(draft.sentences)]),
                sentences.tobytes(),
                own_tokens.tobytes(),
                tokens.shape[1],
            )
            for number, draft, whole, sentences, own_tokens in zip(
                numbers,
                drafts,
                wholes,
                np.split(rows, ends),
                np.split(tokens, token_ends),
                strict=True,
            )
        ]

    def _labelled(self, number: int, draft: _Draft) -> Paper:
        choice, authors = self._random, self._random.randint(1, MOST_AUTHORS)
        return Paper(
            id=f"{number:016x}",
            title=draft.title,
            abstract=" ".join(draft.sentences),
            published=FIRST_DAY + timedelta(choice.randrange(DAYS)),
            author_count=authors,
            authors=tuple(self._author() for _ in range(authors)),
            organization=choice.choice(ORGANIZATIONS) if choice.random() < 0.5 else None,
            categories=tuple(choice.sample(CATEGORIES, choice.randint(1, 3))),
            sources=(Source(f"papers-{number // PAPERS_A_FILE}.txt", 1 + number % PAPERS_A_FILE),),
        )

    def _author(self) -> str:
        given = _name(int(1_000 * self._random.random() ** 2))
        return f"{given} {_name(int(SURNAMES * self._random.random() ** 2))}"

    def _noisy(self, rows: Matrix) -> Matrix:
        """Return rows with noise, in the form that the catalog stores."""
        noise = self._noise[rows.shape[1]]
        moved = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        start = self._random.randrange(NOISE_ROWS)
        moved += noise[(start + np.arange(len(rows))) % NOISE_ROWS]
        moved *= LARGEST / np.abs(moved).max(axis=1, keepdims=True)
        stored: Matrix = np.rint(moved).astype(np.int8)
        return stored


def _starts(counts: Sequence[int]) -> list[int]:
    return [0, *np.cumsum(counts)[:-1].tolist()]


def _spans_of(sentences: tuple[str, ...]) -> Iterator[Span]:
    start = 0
    for sentence in sentences:
        yield Span(start, start + len(sentence))
        start += len(sentence) + 1


def _name(number: int) -> str:
    """Return a name that no other number has."""
    syllables = []
    number += len(SYLLABLES) ** 2  # three syllables at least
    while number:
        number, at = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[at])
    return "".join(syllables).capitalize()
