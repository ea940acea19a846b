"""A library: the catalog and the passages in Chroma, kept in step in one folder.

Owns the order of writes. Papers enter the catalog as "pending" first, then their passages enter
Chroma, then the catalog marks them "indexed". They leave the catalog first, which keeps their ids
until their passages are gone from Chroma too. Killed anywhere between, the next process to open the
library sees what is pending or leaving and finishes it. Invariants: after `open_library` the two
sides agree on every indexed paper; while a thread is `reading`, no paper changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts, PaperVectors
from vectorstore.catalog_leaving import leaving_ids, let_go, take_out
from vectorstore.catalog_rows import add_missing_tables
from vectorstore.chroma_passages import DISTANCE, ChromaPassages
from vectorstore.embedding import Embedder
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.lock import LibraryLock
from vectorstore.records import Paper
from vectorstore.shared_lock import SharedLock
from vectorstore.snapshot import Snapshot, take_snapshot

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

    from vectorstore.reranking import Reranker

SCHEMA_VERSION = "2"


@dataclass(frozen=True, slots=True)
class IndexedPapers:
    """A batch of papers as the ingestion pipeline leaves them: vectors, and passages as nodes."""

    vectors: tuple[PaperVectors, ...]
    passages: tuple[BaseNode, ...]


class Library:
    """An open library; made by `open_library`. Safe to share between threads."""

    def __init__(
        self, home: Path, embedder: Embedder, catalog: Catalog, chroma: ChromaPassages
    ) -> None:
        """Put the two sides together; a search reranks its best papers with `reranker`, if set."""
        self.home = home
        self.embedder = embedder
        self.reranker: Reranker | None = None
        self.catalog = catalog
        self.chroma = chroma
        self.ingesting = Lock()  # held by a run of ingest, so that a second one waits its turn
        self._completing = Lock()  # what enters Chroma and what leaves it take turns
        self._papers = SharedLock()
        self._loading = Lock()
        self._snapshot: Snapshot | None = None

    def add(self, papers: Iterable[Paper], relabelled: Iterable[Paper] = ()) -> None:
        """Take papers in, to be indexed; one with a known id replaces that one.

        Of `relabelled` ones only the metadata changed, and they are not indexed again.
        """
        with self._changing_papers():
            self.catalog.save(papers, relabelled)

    def complete(self, batch: IndexedPapers) -> None:
        """Store what the pipeline made of pending papers and mark them indexed.

        Papers that were removed meanwhile are left out.
        """
        with self._completing:
            there = self.catalog.papers([item.paper_id for item in batch.vectors])
            vectors = [item for item in batch.vectors if item.paper_id in there]
            passages = [node for node in batch.passages if node.ref_doc_id in there]
            self.chroma.replace([item.paper_id for item in vectors], passages)
            with self._changing_papers():
                self.catalog.mark_indexed(vectors)

    def remove(self, paper_ids: Iterable[str]) -> int:
        """Remove these papers and return how many there were; unknown ids are passed over.

        Where Chroma fails they are gone all the same, and their passages go with the next removal
        or when the library is opened again.
        """
        with self._completing:
            with self._changing_papers():
                removed = take_out(self.catalog.file, paper_ids)
            self._finish_leaving()
        return removed

    def counts(self) -> CatalogCounts:
        """Count papers, passages and known metadata."""
        return self.catalog.counts()

    def reconcile(self) -> None:
        """Finish removals, and make every paper pending if Chroma has not the passages it should.

        While papers are pending their passages may or may not be there, so only a lack shows.
        """
        self._finish_leaving()
        counts = self.catalog.counts()
        surplus = self.chroma.count() - counts.passages
        if surplus < 0 or (surplus and not counts.pending):
            self.chroma.clear()
            with self._changing_papers():
                self.catalog.mark_all_pending()

    def snapshot(self) -> Snapshot:
        """Return what search reads of the library, as of the last change to its papers."""
        with self._papers.shared(), self._loading:
            if self._snapshot is None:
                self._snapshot = take_snapshot(self.catalog, self.embedder.dimension)
            return self._snapshot

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Keep papers as the snapshot has them during the block; changes wait for its end."""
        with self._papers.shared():
            yield self.snapshot()

    def _finish_leaving(self) -> None:
        ids = leaving_ids(self.catalog.file)
        self.chroma.remove(ids)
        with self.catalog.file.transaction() as connection:
            let_go(connection, ids)

    @contextmanager
    def _changing_papers(self) -> Iterator[None]:
        with self._papers.alone():
            self._snapshot = None
            yield


@contextmanager
def open_library(home: Path, embedder: Embedder) -> Iterator[Library]:
    """Open the library in `home`, making an empty one where there is none.

    Raises LibraryBusyError if another process has it open, LibraryMismatchError if it was written
    with another model or schema, LibraryError if the folder cannot be used.
    """
    _make_folder(home)
    facts = {
        "schema_version": SCHEMA_VERSION,
        "embedding_model": embedder.name,
        "dimension": str(embedder.dimension),
        "distance": DISTANCE,
    }
    with ExitStack() as open_parts:
        lock = LibraryLock(home)
        open_parts.callback(lock.release)
        catalog = Catalog(home / CATALOG_FILE)
        open_parts.callback(catalog.close)
        _check(catalog.about(), facts, home)
        chroma = ChromaPassages(home, facts)
        open_parts.callback(chroma.close)
        _check(chroma.recorded_facts, facts, home)
        catalog.describe(facts)
        add_missing_tables(catalog.file)
        library = Library(home, embedder, catalog, chroma)
        library.reconcile()
        yield library


def read_counts(home: Path) -> tuple[CatalogCounts, str]:
    """Return the counts of the library in `home` and the name of its embedding model.

    Takes no lock, so it works beside a process that has the library open. Where there is no
    library, the counts are 0 and the name is empty.
    """
    file = home / CATALOG_FILE
    if home.exists() and not home.is_dir():
        raise LibraryError(
            "The library's folder is not a folder",
            where=str(home),
            hint="Set PAPERCHAT_HOME to a folder.",
        )
    if not file.exists():
        return CatalogCounts(0, 0, 0, 0, 0, 0), ""
    catalog = Catalog(file)
    try:
        return catalog.counts(), catalog.about().get("embedding_model", "")
    finally:
        catalog.close()


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The library's folder cannot be made: {error.strerror or error}",
            where=str(home),
            hint="Set PAPERCHAT_HOME to a folder that you can write to.",
        ) from error


def _check(recorded: dict[str, str], expected: dict[str, str], home: Path) -> None:
    """Raise LibraryMismatchError where a recorded fact differs from what this process has."""
    for fact, value in expected.items():
        found = recorded.get(fact, value)
        if found != value:
            name = fact.replace("_", " ")
            raise LibraryMismatchError(
                f"This library was written with {name} {found}, and this paperchat has {value}",
                where=str(home),
                hint="Set PAPERCHAT_HOME to another folder and ingest again, or go back to the"
                " paperchat that wrote it.",
            )
