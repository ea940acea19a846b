"""The passages in Chroma: written as llama-index nodes, found again by meaning.

Owns the collection and what it records of itself, wherever its `ChromaPlace` is. Vectors always
come from us: the collection has no embedding function, so nothing it stores can run code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.chroma_place import Attempt, ChromaPlace, EmbeddedChroma
from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError, LibraryMismatchError

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

CHROMA_FOLDER = "chroma"
DISTANCE = "cosine"
# HNSW's ef_search: how many it keeps in view; where more are asked for, as many as those.
SEARCH_BREADTH = 400
REMOVED_AT_ONCE = 500  # papers: each becomes a parameter of a statement, which has a limit of them
READ_AT_ONCE = 500  # passages with their vectors: some megabytes from a server
SAMPLE = 20  # passages looked for by their own vectors
ITSELF = 0.01  # cosine distance to itself at most, however vectors are rounded


class ChromaPassages:
    """The collection of passages. Safe to share between threads.

    Every method raises LibraryError where Chroma fails, as it does over damaged files.
    """

    def __init__(self, home: Path, facts: dict[str, str], place: ChromaPlace | None = None) -> None:
        """Open the collection in `place`, by default below `home`, creating it with `facts`.

        Raises LibraryError if Chroma cannot open it, and LibraryMismatchError if `facts` name a
        library and the collection is of another.
        """
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
        return {key: str(value) for key, value in (self._collection.metadata or {}).items()}

    def count(self) -> int:
        """Return how many passages there are."""
        with self._reported_errors():
            total: int = self._collection.count()
        return total

    def replace(self, paper_ids: Sequence[str], passages: Sequence[BaseNode]) -> None:
        """Put `passages` in place of all that these papers had; doing it twice changes nothing."""
        # Here, because importing it takes a second and a search does without.
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self.remove(paper_ids)
        with self._reported_errors():
            store = ChromaVectorStore(chroma_collection=self._collection)
            at_once = self._client.get_max_batch_size()
            for start in range(0, len(passages), at_once):
                store.add(list(passages[start : start + at_once]))

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Remove all passages of these papers; those that have none are passed over."""
        with self._reported_errors():
            for start in range(0, len(paper_ids), REMOVED_AT_ONCE):
                ids = list(paper_ids[start : start + REMOVED_AT_ONCE])
                self._collection.delete(where={"document_id": {"$in": ids}})

    def clear(self) -> None:
        """Remove every passage."""
        with self._reported_errors():
            self._client.delete_collection(self._place.collection)
            self._open_collection()

    def nearest(self, question: Vector, limit: int) -> tuple[str, ...]:
        """Return the ids of the papers that the `limit` nearest passages belong to, nearest first.

        Asks the collection itself: llama-index's retriever would read the text of every passage.
        """
        with self._reported_errors():
            found = self._collection.query(
                query_embeddings=[question.tolist()], n_results=limit, include=[]
            )
        return tuple(dict.fromkeys(node_id.partition("/")[0] for node_id in found["ids"][0]))

    def ids(self) -> Iterator[list[str]]:
        """Yield the ids of all passages, some at a time, having read the vector of each."""
        start = 0
        while ids := self._with_vectors(start, READ_AT_ONCE)["ids"]:
            yield ids
            start += len(ids)

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

    def _with_vectors(self, start: int, limit: int) -> Any:
        with self._reported_errors():
            return self._collection.get(include=["embeddings"], offset=start, limit=limit)

    def _open_collection(self) -> None:
        self._collection: Any = self._client.get_or_create_collection(
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
        if not is_ours and recorded is None and not self.count():
            self.clear()  # an empty one that somebody made before; now it is recorded whose it is
        elif not is_ours or (recorded is not None and mine is None):
            self.close()
            raise LibraryMismatchError(
                "The collection is not this library's, and holds something already",
                where=self.where,
                hint="Set PAPERCHAT_CHROMA_COLLECTION to a name that no other library has.",
            )

    @contextmanager
    def _reported_errors(self, attempt: Attempt = "use") -> Iterator[None]:
        try:
            yield
        except LibraryError:
            raise
        except Exception as error:  # chromadb lets errors of many libraries through
            failure = self._place.failure(attempt, error)
            if failure is None:
                raise
            raise failure from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # of Chroma's Rust; it can't be imported
                raise
            from chromadb.errors import InternalError

            raise self._place.failure(attempt, InternalError(str(error))) or error from error
