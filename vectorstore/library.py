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

from vectorstore.agreement import agree_at_once
from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts, PaperVectors
from vectorstore.catalog_file import DAMAGE_HINT
from vectorstore.catalog_leaving import leaving_ids, let_go, take_out
from vectorstore.catalog_migration import SCHEMA_VERSION, kept_facts, migrate
from vectorstore.catalog_readings import forget_fingerprints
from vectorstore.chroma_passages import CHROMA_FOLDER, DISTANCE, ChromaPassages
from vectorstore.chroma_place import EmbeddedChroma
from vectorstore.chroma_server import ChromaServer
from vectorstore.embedding import Embedder
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.followed_passages import FollowedPassages
from vectorstore.library_state import read_state, refuse_lost_catalog
from vectorstore.lock import LibraryLock
from vectorstore.records import Paper
from vectorstore.restore_swap import put_in_place
from vectorstore.shared_lock import SharedLock
from vectorstore.sharing import share
from vectorstore.snapshot import Snapshot, take_snapshot
from vectorstore.standing import Standing, refuse_reader, stand

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

    from vectorstore.chroma_place import ChromaPlace
    from vectorstore.following import Following
    from vectorstore.reranking import Reranker
    from vectorstore.sending import Sending


@dataclass(frozen=True, slots=True)
class IndexedPapers:
    """A batch of papers as the ingestion pipeline leaves them: vectors, and passages as nodes."""

    vectors: tuple[PaperVectors, ...]
    passages: tuple[BaseNode, ...]


class Library:
    """An open library; made by `open_library`. Safe to share between threads."""

    def __init__(
        self,
        home: Path,
        embedder: Embedder,
        catalog: Catalog,
        chroma: ChromaPassages | FollowedPassages,
    ) -> None:
        """Put the two sides together; a search reranks its best papers with `reranker`, if set."""
        self.home = home
        self.embedder = embedder
        self.reranker: Reranker | None = None
        self.catalog = catalog
        self.chroma = chroma
        # At most one of them, and only where the passages are on a server.
        self.sending: Sending | None = None
        self.following: Following | None = None
        self.ingesting = Lock()  # held by a run of ingest, so that a second one waits its turn
        self._completing = Lock()  # what enters Chroma and what leaves it take turns
        self._papers = SharedLock()
        self._loading = Lock()
        self._snapshot: Snapshot | None = None

    def add(self, papers: Iterable[Paper], relabelled: Iterable[Paper] = ()) -> None:
        """Take papers in, to be indexed; one with a known id replaces that one.

        Of `relabelled` ones only the metadata changed, and they are not indexed again.
        """
        with self.changing():
            self.catalog.save(papers, relabelled)

    def complete(self, batch: IndexedPapers) -> None:
        """Store what the pipeline made of pending papers and mark them indexed.

        Papers that were removed meanwhile are left out.
        """
        with self._completing:
            there = self.catalog.papers([item.paper_id for item in batch.vectors])
            vectors = [item for item in batch.vectors if item.paper_id in there]
            passages = [node for node in batch.passages if node.ref_doc_id in there]
            ids = [item.paper_id for item in vectors]
            if self.sending:
                self.sending.require_writer()
            self.chroma.replace(ids, passages)
            with self.changing():
                self.catalog.mark_indexed(vectors)
            if self.sending:
                self.sending.send(ids)

    def remove(self, paper_ids: Iterable[str]) -> int:
        """Remove these papers and return how many there were; unknown ids are passed over.

        Their files list more than the library then, so the next sync reads them again.

        Where Chroma fails they are gone all the same, and their passages go with the next removal
        or when the library is opened again. Raises ReaderError where another home writes it.
        """
        self.require_writer()
        ids = tuple(paper_ids)
        with self._completing:
            with self.changing():
                forget_fingerprints(self.catalog.file, ids)
                removed = take_out(self.catalog.file, ids)
            self._finish_leaving()
        return removed

    def require_writer(self) -> None:
        """Raise ReaderError where this home follows the library of another.

        Raises LibraryMismatchError where another home has taken it over meanwhile.
        """
        if self.following:
            refuse_reader(self.following.standing.server)
        if self.sending:
            self.sending.require_writer()

    def finish_leaving(self) -> None:
        """Remove from Chroma what left the catalog."""
        with self._completing:
            self._finish_leaving()

    def counts(self) -> CatalogCounts:
        """Count papers, passages and known metadata."""
        return self.catalog.counts()

    def reconcile(self) -> None:
        """Finish removals, and make every paper pending if Chroma has not the passages it should.

        While papers are pending their passages may or may not be there, so only a lack shows. On a
        server, a former writer may have left more: those go, and the papers' own stay.
        """
        self._finish_leaving()
        if isinstance(self.chroma, FollowedPassages):
            return  # they are the writer's, which indexes at another time
        counts = self.catalog.counts()
        surplus = self.chroma.count() - counts.passages
        if surplus > 0 and self.sending:
            if not counts.pending:
                agree_at_once(self.catalog.file, self.chroma)
        elif surplus < 0 or (surplus and not counts.pending):
            self.make_passages_anew()

    def make_passages_anew(self) -> None:
        """Empty Chroma and have every paper indexed again."""
        self.chroma.clear()
        with self.changing():
            self.catalog.mark_all_pending()

    def snapshot(self) -> Snapshot:
        """Return what search reads of the library, as of the last change to its papers."""
        with self._papers.shared(), self._loading:
            if self._snapshot is None:
                self._snapshot = self._taken()
            return self._snapshot

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Keep papers as the snapshot has them during the block; changes wait for its end."""
        with self._papers.shared():
            yield self.snapshot()

    def _taken(self) -> Snapshot:
        try:
            return take_snapshot(self.catalog, self.embedder.dimension)
        except (ValueError, TypeError, LookupError) as error:  # of JSON, dates and lengths
            raise LibraryError(
                f"What the catalog has of a paper is damaged: {error}",
                where=str(self.catalog.file.path),
                hint=DAMAGE_HINT,
            ) from error

    def _finish_leaving(self) -> None:
        ids = leaving_ids(self.catalog.file)
        if self.sending:
            self.sending.require_writer()
        self.chroma.remove(ids)
        with self.catalog.file.transaction() as connection:
            let_go(connection, ids)
        if self.sending:
            self.sending.send()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change the catalog in the block, in one transaction, while nobody reads it."""
        with self._papers.alone():
            self._snapshot = None
            with self.catalog.file.transaction():
                yield

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """Have the block change the catalog as ever, and undo all of it at its end."""
        with self._papers.alone(), self.catalog.file.rehearsal():
            yield
        self._snapshot = None


@contextmanager
def open_library(
    home: Path, embedder: Embedder, place: ChromaPlace | None = None
) -> Iterator[Library]:
    """Open the library in `home`, making an empty one where there is none.

    Its passages are in `place`, by default in the same folder; from another place they are made
    anew. Raises LibraryBusyError if another process has it open, LibraryMismatchError if it was
    written with another model or schema, LibraryError if the folder cannot be used or there is
    no more than the vectors of a library in it.
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
        put_in_place(home)
        refuse_lost_catalog(home, place)
        catalog = Catalog(home / CATALOG_FILE)
        open_parts.callback(catalog.close)
        _bring_up_to_date(catalog, facts, home)
        if place is None and _has_no_model(catalog):
            EmbeddedChroma(home / CHROMA_FOLDER).discard()  # of the model before
        standing = stand(place, catalog, home) if isinstance(place, ChromaServer) else None
        made_with = facts | (standing.facts if standing else {})
        chroma = _open_passages(home, made_with, place, standing)
        open_parts.callback(chroma.close)
        # The schema is the catalog's; what a collection recorded of it is that of its making.
        _check(chroma.recorded_facts | {"schema_version": SCHEMA_VERSION}, facts, home)
        library = Library(home, embedder, catalog, chroma)
        kept_at = place.where if place else "here"
        moved = catalog.about().get("passages_at", "here") != kept_at
        if moved and isinstance(chroma, ChromaPassages):
            library.make_passages_anew()
        catalog.describe(facts | {"passages_at": kept_at})
        if standing:
            open_parts.callback(share(library, standing, made_with))
        library.reconcile()
        yield library


def read_counts(home: Path, place: ChromaPlace | None = None) -> tuple[CatalogCounts, str]:
    """Return the counts of the library in `home` and the name of its embedding model.

    Takes no lock, so it works beside a process that has the library open. Where there is no
    library, the counts are 0 and the name is empty.
    """
    if home.exists() and not home.is_dir():
        raise LibraryError(
            "The library's folder is not a folder",
            where=str(home),
            hint="Set PAPERCHAT_HOME to a folder.",
        )
    state = read_state(home, place)
    if state is None:
        return CatalogCounts(0, 0, 0, 0, 0, 0), ""
    return state.counts, state.facts.get("embedding_model", "")


def _make_folder(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)  # conversations are nobody else's
    except OSError as error:
        raise LibraryError(
            f"The library's folder cannot be made: {error.strerror or error}",
            where=str(home),
            hint="Set PAPERCHAT_HOME to a folder that you can write to.",
        ) from error


def _bring_up_to_date(catalog: Catalog, facts: dict[str, str], home: Path) -> None:
    """Migrate the catalog; raises LibraryMismatchError where its facts are not these."""
    # First what no migration changes: the paperchat that wrote it could not read it afterwards.
    _check(kept_facts(catalog.about()), facts, home)
    migrate(catalog.file, catalog.about().get("schema_version", ""))
    _check(catalog.about(), facts, home)


def _open_passages(
    home: Path, facts: dict[str, str], place: ChromaPlace | None, standing: Standing | None
) -> ChromaPassages | FollowedPassages:
    if standing and standing.server.follows:
        return FollowedPassages(home, facts, standing)
    return ChromaPassages(home, facts, place)


def _has_no_model(catalog: Catalog) -> bool:
    """Tell whether there are papers and no model is recorded, as migrating from version 1 does."""
    return "embedding_model" not in catalog.about() and catalog.paper_count() > 0


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
