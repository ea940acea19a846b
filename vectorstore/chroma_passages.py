"""The passages in Chroma: written from llama-index nodes, found again by meaning.

Owns the collection and what it records of itself, wherever its `ChromaPlace` is. Vectors always
come from us: the collection has no embedding function, so nothing it stores can run code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.chroma_failures import reported_errors
from vectorstore.chroma_limits import RECORDS_AT_ONCE, beginning
from vectorstore.chroma_place import Attempt, ChromaPlace, EmbeddedChroma
from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError, LibraryMismatchError

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

CHROMA_FOLDER = "chroma"
DISTANCE = "cosine"
# HNSW's ef_search: how many it keeps in view; where more are asked for, as many as those.
SEARCH_BREADTH = 400
REMOVED_AT_ONCE = RECORDS_AT_ONCE  # papers or passages
READ_AT_ONCE = RECORDS_AT_ONCE  # passages with their vectors: half a megabyte from a server
# What a passage records of its paper's id; llama-index's vector store, which wrote them once, has
# it among more.
PAPER_KEY = "document_id"
SAMPLE = 20  # passages looked for by their own vectors
ITSELF = 0.01  # cosine distance to itself at most, however vectors are rounded


class ChromaPassages:
    """The collection of passages. Safe to share between threads.

    Every method raises LibraryError where Chroma fails, as it does over damaged files.
    """

    def __init__(
        self,
        home: Path,
        facts: dict[str, str],
        place: ChromaPlace | None = None,
        *,
        make: bool = True,
    ) -> None:
        """Open the collection in `place`, by default below `home`, creating it with `facts`.

        Raises LibraryError if Chroma cannot open it, or it is not there and we are not to `make`
        it, and LibraryMismatchError if `facts` name a library and the collection is of another.
        """
        self._make = make
        self._place = place or EmbeddedChroma(home / CHROMA_FOLDER)
        self._facts = facts
        with self._reported_errors("open"):
            self._client = self._place.client()
            try:
                self._open_collection()
            except BaseException:
                self.close()
                raise
        with self._reported_errors():
            self._refuse_another_library()

    @property
    def where(self) -> str:
        """Return the folder or address at which the passages are."""
        return self._place.where

    @property
    def recorded_facts(self) -> dict[str, str]:
        """Return what the collection recorded when it was created."""
        return facts_of(self._collection)

    def count(self) -> int:
        """Return how many passages there are."""
        with self._reported_errors():
            total: int = self._collection.count()
        return total

    def replace(self, paper_ids: Sequence[str], passages: Sequence[BaseNode]) -> None:
        """Put `passages` in place of all that these papers had; doing it twice changes nothing."""
        self.remove(paper_ids)
        with self._reported_errors():
            at_once = min(RECORDS_AT_ONCE, self._client.get_max_batch_size())
            for start in range(0, len(passages), at_once):
                self._store(passages[start : start + at_once])

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Remove all passages of these papers; those that have none are passed over."""
        with self._reported_errors():
            for start in range(0, len(paper_ids), REMOVED_AT_ONCE):
                ids = list(paper_ids[start : start + REMOVED_AT_ONCE])
                self._collection.delete(where={PAPER_KEY: {"$in": ids}})

    def clear(self) -> None:
        """Remove every passage."""
        with self._reported_errors():
            self._client.delete_collection(self._place.collection)
            self._open_collection()

    def nearest(self, question: Vector, limit: int) -> tuple[str, ...]:
        """Return the ids of the papers that the `limit` nearest passages belong to, nearest first.

        Of a server that finds fewer at once, as many as it does.
        """
        with self._reported_errors():
            found = self._collection.query(
                query_embeddings=[question.tolist()],
                n_results=min(limit, self._place.most_found),
                include=[],
            )
        return tuple(dict.fromkeys(node_id.partition("/")[0] for node_id in found["ids"][0]))

    def ids(self) -> Iterator[list[str]]:
        """Yield the ids of all passages, some at a time, having read the vector of each."""
        start = 0
        while ids := self._with_vectors(start, READ_AT_ONCE)["ids"]:
            yield ids
            start += len(ids)

    def ids_of(self, paper_ids: Sequence[str]) -> list[str]:
        """Return the ids of the passages of these papers, as many as one reading gives."""
        with self._reported_errors():
            found = self._collection.get(
                where={PAPER_KEY: {"$in": list(paper_ids)}}, include=[], limit=READ_AT_ONCE
            )
        ids: list[str] = found["ids"]
        return ids

    def drop(self, ids: Sequence[str]) -> None:
        """Remove the passages with these ids."""
        with self._reported_errors():
            for start in range(0, len(ids), REMOVED_AT_ONCE):
                self._collection.delete(ids=list(ids[start : start + REMOVED_AT_ONCE]))

    def finds_passages(self) -> bool:
        """Tell whether most of a sample of passages are found by their own vectors.

        Raises LibraryError where there are passages without vectors among them, too.
        """
        total = self.count()
        tried = found = 0
        for start in range(0, total, max(1, total // SAMPLE)):
            vectors = self._with_vectors(start, 1)["embeddings"]
            with self._reported_errors():
                nearest = self._collection.query(
                    query_embeddings=vectors, n_results=1, include=["distances"]
                )
            tried += 1
            found += any(distance < ITSELF for distance in nearest["distances"][0])
        return found >= tried / 2

    def close(self) -> None:
        """Let go of Chroma's files or connections."""
        self._client.close()
        self._place.closed()

    def _store(self, passages: Sequence[BaseNode]) -> None:
        self._collection.upsert(
            ids=[node.node_id for node in passages],
            embeddings=[node.get_embedding() for node in passages],
            # Nothing of ours reads it; it is for others who look into the collection.
            documents=[beginning(node.get_content()) for node in passages],
            metadatas=[_metadata(node) for node in passages],
        )

    def _with_vectors(self, start: int, limit: int) -> Any:
        with self._reported_errors():
            return self._collection.get(include=["embeddings"], offset=start, limit=limit)

    def _open_collection(self) -> None:
        self._collection: Any = None
        if not self._make:
            self._collection = self._client.get_collection(self._place.collection)
            if self._collection is None:
                raise LibraryError("The collection is not there", where=self.where)
            return
        self._collection = self._client.get_or_create_collection(
            self._place.collection,
            embedding_function=None,
            metadata=self._facts,
            configuration={"hnsw": {"space": DISTANCE, "ef_search": SEARCH_BREADTH}},
        )

    def _refuse_another_library(self) -> None:
        """Raise where the collection is not surely this library's: what is in it gets removed.

        One in the library's own folder is; on a server, any program may have made it.
        """
        mine, recorded = self._facts.get("library"), self.recorded_facts.get("library")
        is_ours = recorded is None if isinstance(self._place, EmbeddedChroma) else recorded == mine
        if self._make and not is_ours and recorded is None and not self.count():
            self.clear()  # an empty one that somebody made before; now it is recorded whose it is
        elif not is_ours or (recorded is not None and mine is None):
            self.close()
            raise LibraryMismatchError(
                "The collection is not this library's, and holds something already",
                where=self.where,
                hint="Set PAPERCHAT_CHROMA_COLLECTION to a name that no other library has, or"
                " PAPERCHAT_CHROMA_ROLE to reader, to follow that library, or to writer, to take it"
                " over.",
            )

    def _reported_errors(self, attempt: Attempt = "use") -> AbstractContextManager[None]:
        return reported_errors(self._place, attempt)


def facts_of(collection: Any | None) -> dict[str, str]:
    """Return what a collection records of itself, nothing where there is none."""
    metadata = collection.metadata if collection is not None else None
    return {key: str(value) for key, value in (metadata or {}).items()}


def _metadata(node: BaseNode) -> dict[str, str | int]:
    """Return what is stored of a passage beside its text: whose it is, and its span."""
    metadata: dict[str, str | int] = {PAPER_KEY: str(node.ref_doc_id)}
    return metadata | {key: node.metadata[key] for key in ("start", "end") if key in node.metadata}
