"""A large library made of a small one, without running the model again.

A paper of it takes sentences of two real papers, with their vectors and some noise, so that text,
vectors and their number are as real ones are; a name of its own and one of another paper let the
vocabulary grow as it does in real collections. In Chroma it has one passage where a real one has
about four. Dates, authors and organisations are drawn at random, all from one seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from benchmarks.retrieval_systems import filled_library
from training.judged import read_papers
from vectorstore.catalog import PaperVectors
from vectorstore.compact_vectors import from_int8
from vectorstore.embedding import Embedder, Matrix
from vectorstore.library import IndexedPapers, Library, open_library
from vectorstore.records import Paper, Span

FIRST_DAY, DAYS = date(2010, 1, 1), 5_000  # dates are spread evenly over these
MOST_AUTHORS = 20  # as evenly from 1
ORGANIZATIONS = tuple(f"University {number:02}" for number in range(50))  # of every other paper
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
    making = _PaperMaker(real)
    with open_library(home, embedder) as library:
        for start in range(0, count, BATCH_PAPERS):
            end = min(start + BATCH_PAPERS, count)
            _write(library, [making.paper(number) for number in range(start, end)])
            on_progress(end, count)


def _write(library: Library, made: list[tuple[Paper, PaperVectors]]) -> None:
    library.add([paper for paper, _ in made])
    passages = tuple(_passage(paper, vectors) for paper, vectors in made)
    library.complete(IndexedPapers(tuple(vectors for _, vectors in made), passages))


def _passage(paper: Paper, vectors: PaperVectors) -> TextNode:
    end = vectors.sentences[min(2, len(vectors.sentences) - 1)].end
    return TextNode(
        id_=f"{paper.id}/passage/0",
        text=paper.abstract[:end],
        embedding=vectors.matrix[0].tolist(),
        metadata={"paper_id": paper.id, "kind": "passage", "ordinal": 0, "start": 0, "end": end},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.id)},
    )


class _PaperMaker:
    """Makes the papers, the same ones every time."""

    def __init__(self, real: list[RealPaper]) -> None:
        self._real = real
        self._random = random.Random(0)  # noqa: S311
        generator = np.random.default_rng(0)
        self._noise = {
            size: generator.standard_normal((NOISE_ROWS, size), np.float32) * (NOISE / size**0.5)
            for size in {real[0].whole.shape[1], real[0].tokens.shape[1]}
        }

    def paper(self, number: int) -> tuple[Paper, PaperVectors]:
        """Return a paper of two real ones."""
        first, second = self._random.sample(self._real, 2)
        sentences, rows = zip(*self._sentences(first, second, number), strict=True)
        spans = tuple(_spans_of(sentences))
        half = len(first.tokens) // 2, len(second.tokens) // 2
        tokens = np.concatenate([first.tokens[: half[0]], second.tokens[half[1] :]])
        matrix = np.vstack([first.whole + second.whole, *rows])
        vectors = PaperVectors(f"{number:016x}", spans, self._noisy(matrix), self._noisy(tokens), 1)
        return self._labelled(number, second.title, " ".join(sentences)), vectors

    def _sentences(
        self, first: RealPaper, second: RealPaper, number: int
    ) -> Iterator[tuple[str, Matrix]]:
        for at, sentence in enumerate(first.sentences):
            if at < len(second.sentences) and self._random.random() < 0.5:
                yield second.sentences[at], second.vectors[at]
            else:
                yield sentence, first.vectors[at]
        other = self._random.randrange(number + 1)
        yield f"We call it {_name(number)} and compare it with {_name(other)}.", first.whole[0]

    def _labelled(self, number: int, title: str, abstract: str) -> Paper:
        authors = self._random.randint(1, MOST_AUTHORS)
        known = self._random.random() < 0.5
        return Paper(
            id=f"{number:016x}",
            title=f"{_name(number)}: {title.rpartition(': ')[2]}",
            abstract=abstract,
            published=FIRST_DAY + timedelta(self._random.randrange(DAYS)),
            author_count=authors,
            authors=tuple(_name(self._random.randrange(100_000)) for _ in range(authors)),
            organization=self._random.choice(ORGANIZATIONS) if known else None,
        )

    def _noisy(self, rows: Matrix) -> Matrix:
        start = self._random.randrange(NOISE_ROWS - len(rows))
        noise = self._noise[rows.shape[1]][start : start + len(rows)]
        moved = rows / np.linalg.norm(rows, axis=1, keepdims=True) + noise
        scaled: Matrix = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        return scaled


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
