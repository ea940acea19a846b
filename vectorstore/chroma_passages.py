"""The passages in Chroma: written as llama-index nodes, found again by meaning.

The only module that knows chromadb. Owns the collection and what it records of itself. Vectors
always come from us: the collection has no embedding function, so nothing it stores can run code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

COLLECTION = "passages"
CHROMA_FOLDER = "chroma"
DISTANCE = "cosine"
# HNSW's ef_search: how many it keeps in view; where more are asked for, as many as those.
SEARCH_BREADTH = 400
REMOVED_AT_ONCE = 500  # papers: each becomes a parameter of a statement, which has a limit of them


class ChromaPassages:
    """The collection of passages in an embedded Chroma. Safe to share between threads.

    Every method raises LibraryError where Chroma fails, as it does over damaged files.
    """

    def __init__(self, home: Path, facts: dict[str, str]) -> None:
        """Open the collection below `home`, creating it with `facts` where there is none.

        Raises LibraryError if Chroma cannot open its folder.
        """
        self._folder = home / CHROMA_FOLDER
        self._facts = facts
        try:
            self._client = _client(self._folder)
            self._open_collection()
        except Exception as error:  # chromadb lets errors of many libraries through
            raise self._error("open", error) from error

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
            ChromaVectorStore(chroma_collection=self._collection).add(list(passages))

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Remove all passages of these papers; those that have none are passed over."""
        with self._reported_errors():
            for start in range(0, len(paper_ids), REMOVED_AT_ONCE):
                ids = list(paper_ids[start : start + REMOVED_AT_ONCE])
                self._collection.delete(where={"document_id": {"$in": ids}})

    def clear(self) -> None:
        """Remove every passage."""
        with self._reported_errors():
            self._client.delete_collection(COLLECTION)
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

    def close(self) -> None:
        """Let go of Chroma's files."""
        self._client.close()

    def _open_collection(self) -> None:
        self._collection: Any = self._client.get_or_create_collection(
            COLLECTION,
            embedding_function=None,
            metadata=self._facts,
            configuration={"hnsw": {"space": DISTANCE, "ef_search": SEARCH_BREADTH}},
        )

    @contextmanager
    def _reported_errors(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            raise self._error("use", error) from error

    def _error(self, attempt: str, error: Exception) -> LibraryError:
        return LibraryError(
            f"Chroma cannot {attempt} its store: {error}",
            where=str(self._folder),
            hint="If the disk is full, free some space. Otherwise delete this folder and run the"
            " command again: the catalog still has every paper, and the vectors are made anew.",
        )


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
