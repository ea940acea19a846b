"""The contestants of the retrieval benchmark that need nothing but this project.

Owns how a library is made for one, and how a part of the search is taken away. Stock ones, which
need more, are in `retrieval_stock`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.indexing import index_pending
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.embedding import Embedder
from vectorstore.library import Library, open_library
from vectorstore.question_words import question_words
from vectorstore.records import Paper
from vectorstore.scores import FusionSettings
from vectorstore.search import SearchSettings, search
from vectorstore.snapshot import Snapshot
from vectorstore.vocabulary import Vocabulary

DEPTH = 100  # papers that a contestant ranks
CONVEX = ("pooled", "late", "lexical")  # their weights sum to one; that of titles comes on top
PARTS = {
    "pooled": "without pooled vectors",
    "late": "without late interaction",
    "lexical": "without BM25",
    "title": "without title match",
}


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to search a collection: `rank` returns ids of papers, best first, without repeats."""

    name: str
    rank: Callable[[str], Sequence[str]]
    bytes_a_paper: float


@contextmanager
def bm25_alone(papers: Sequence[Paper], home: Path) -> Iterator[Contestant]:
    """Fill a catalog without vectors and rank by its lexical index alone."""
    home.mkdir(parents=True, exist_ok=True)
    filling = Catalog(home / CATALOG_FILE)
    filling.save(papers)
    filling.close()  # which also folds the journal into the file
    size = folder_bytes(home)
    catalog = Catalog(home / CATALOG_FILE)

    def rank(question: str) -> list[str]:
        expression = " OR ".join(f'"{word}"' for word in question_words(question))
        found = catalog.match_words(expression, DEPTH) if expression else {}
        return [paper.id for paper in catalog.papers_by_number(list(found))]

    try:
        yield Contestant("BM25 alone", rank, size / len(papers))
    finally:
        catalog.close()


@contextmanager
def filled_library(
    papers: Sequence[Paper], embedder: Embedder, home: Path
) -> Iterator[tuple[Library, float]]:
    """Index the papers in `home`, and open the library with the bytes that it takes a paper."""
    with open_library(home, embedder) as library:
        library.add(papers)
        index_pending(library, on_progress=show_progress)
    size = folder_bytes(home)
    with open_library(home, embedder) as library:
        yield library, size / len(papers)


def paperchat(library: Library, bytes_a_paper: float, name: str = "paperchat") -> Contestant:
    """Return our search as it ships."""
    return Contestant(name, _ranker(library, FusionSettings()), bytes_a_paper)


def paperchat_in_parts(library: Library, bytes_a_paper: float) -> Iterator[Contestant]:
    """Yield our search without each of its parts in turn.

    In a library of more than 1,000 papers the candidates are the same without a part: only their
    scores change.
    """
    for part, name in PARTS.items():
        yield Contestant(name, _ranker(library, weights_without(part)), bytes_a_paper)
    plain = _ranker(AsTyped(library), FusionSettings())
    yield Contestant("without spelling and abbreviations", plain, bytes_a_paper)


def weights_without(part: str, weights: FusionSettings | None = None) -> FusionSettings:
    """Return `weights` without that of `part`; the other convex ones keep their sum."""
    weights = weights or FusionSettings()
    if part not in CONVEX:
        return replace(weights, **{part: 0.0})
    before = {name: getattr(weights, name) for name in CONVEX}
    kept = sum(before.values()) - before[part]
    scale = sum(before.values()) / kept
    after = {name: 0.0 if name == part else weight * scale for name, weight in before.items()}
    return replace(weights, **after)


class AsTyped(Library):
    """A library that takes the words of a question as they are typed."""

    def __init__(self, library: Library) -> None:
        """Read the same files as `library`."""
        super().__init__(library.home, library.embedder, library.catalog, library.chroma)
        papers = len(library.snapshot().index)
        self._words = _WordsAsTyped(papers, library.catalog.stem_counts(), {})

    def snapshot(self) -> Snapshot:
        """Return the library's snapshot with a vocabulary that knows one spelling of each word."""
        return replace(super().snapshot(), vocabulary=self._words)


class _WordsAsTyped(Vocabulary):
    """Counts words and knows nothing else of them."""

    def usual_spelling(self, word: str) -> None:  # noqa: ARG002
        return None

    def corrected(self, word: str) -> None:  # noqa: ARG002
        return None

    def other_spellings(self, word: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below `folder`."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _ranker(library: Library, weights: FusionSettings) -> Callable[[str], list[str]]:
    settings = SearchSettings(fusion=weights)

    def rank(question: str) -> list[str]:
        hits = search(library, question, DEPTH, settings=settings).hits
        return [hit.paper.id for hit in hits]

    return rank


def show_progress(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{done:,} of {total:,} papers indexed", end=end, file=sys.stderr, flush=True)
