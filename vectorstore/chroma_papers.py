"""The papers' records on a Chroma server, beside their passages: a second collection.

A record has the paper as JSON, in parts where it is long, the vector of the whole abstract, and
the number of the change that wrote it. Numbers rise; a removed paper stays as a record without
text. Invariants: what one change wrote is fewer records than one reading takes, so that changes
are read whole; nothing is written by who only reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from vectorstore.chroma_failures import reported_errors
from vectorstore.chroma_limits import DOCUMENT_BYTES, RECORDS_AT_ONCE, pieces
from vectorstore.chroma_passages import DISTANCE
from vectorstore.chroma_server import ChromaServer
from vectorstore.embedding import Vector
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.paper_records import PaperRecord, document, read_document

_HOLDS = "papers"  # what the collection records of itself, so that no other is taken for it
_COMPLETE = "complete"  # likewise, once it has had all papers of the library
_REMOVED = "(removed)"
_MOST_RECORDS = RECORDS_AT_ONCE - 50  # of a change

Row = tuple[str, str, dict[str, str | int | bool], Vector]


class NoRecordsError(LibraryError):
    """The collection of papers' records is not there."""


@dataclass(frozen=True, slots=True)
class Page:
    """What changed up to a change, itself among it: papers in the order of change, and who left."""

    change: int
    papers: tuple[PaperRecord, ...]
    removed: tuple[str, ...]


class ChromaPapers:
    """The collection of papers' records. Every method raises LibraryError where Chroma fails."""

    def __init__(self, server: ChromaServer, library: str, facts: dict[str, str] | None = None):
        """Open the collection of this library, which is made with `facts` where it is not there.

        Without `facts`, one that is not there is an error, as is in any case another library's.
        """
        self._server = server
        self._client = server.client()
        with reported_errors(server, "open"):
            try:
                self._collection = self._opened(library, facts)
            except BaseException:
                self.close()
                raise

    @property
    def id(self) -> str:
        """Return what no other collection is known by, one of its name made later included."""
        return str(self._collection.id)

    def of_passages(self) -> Any | None:
        """Return the collection of passages as it is now, None where it is not there."""
        with reported_errors(self._server):
            return self._client.get_collection(self._server.collection)

    def is_complete(self) -> bool:
        """Tell whether all papers of the library have been here since the collection was made."""
        with reported_errors(self._server):
            found = self._client.get_collection(self._server.papers_collection)
        return found is not None and found.id == self._collection.id and _is_complete(found)

    def record_complete(self) -> None:
        """Have the collection record that all papers of the library are here."""
        if not _is_complete(self._collection):
            with reported_errors(self._server):
                known = self._collection.metadata or {}
                self._collection.modify(metadata=known | {_COMPLETE: True})

    def count(self) -> int:
        """Return how many records there are."""
        with reported_errors(self._server):
            total: int = self._collection.count()
        return total

    def rows(
        self, papers: Iterable[tuple[PaperRecord, Vector]], removed: Iterable[str], dimension: int
    ) -> Iterator[list[Row]]:
        """Yield what `store` takes at once, all parts of a paper together."""
        nowhere = np.eye(1, dimension, dtype=np.float32)[0]
        batch: list[Row] = []
        for rows in (
            *(self._rows(record, vector) for record, vector in papers),
            *([(gone, _REMOVED, _facts(gone, 0, 1, removed=True), nowhere)] for gone in removed),
        ):
            if len(batch) + len(rows) > self._at_once():
                yield batch
                batch = []
            batch += rows
        if batch:
            yield batch

    def store(self, change: int, rows: Sequence[Row]) -> None:
        """Put records in the place of those that were there, as one change."""
        with reported_errors(self._server):
            self._collection.upsert(
                ids=[row[0] for row in rows],
                documents=[row[1] for row in rows],
                metadatas=[{**row[2], "change": change} for row in rows],
                embeddings=[row[3] for row in rows],
            )

    def drop_parts(self, paper_ids: Sequence[str]) -> None:
        """Remove what these papers have beyond their first record."""
        with reported_errors(self._server):
            for start in range(0, len(paper_ids), RECORDS_AT_ONCE):
                ids = list(paper_ids[start : start + RECORDS_AT_ONCE])
                self._collection.delete(
                    where={"$and": [{"paper": {"$in": ids}}, {"part": {"$gt": 0}}]}
                )

    def has_later(self, change: int) -> bool:
        """Tell whether anything changed after a change."""
        return bool(self._after(change, limit=1, include=[])["ids"])

    def pages(self, after: int) -> Iterator[Page]:
        """Yield all that changed after a change, some of it at a time, what changed first first."""
        while True:
            found = self._after(after)
            # All there is, or any part of it: then as many changes as one reading takes.
            is_last = len(found["ids"]) < RECORDS_AT_ONCE
            while len(found["ids"]) >= RECORDS_AT_ONCE:
                changes = sorted({fact["change"] for fact in found["metadatas"]})
                if len(changes) == 1:
                    raise self._broken(f"change {changes[0]} has {RECORDS_AT_ONCE} records or more")
                found = self._after(after, changes[(len(changes) - 1) // 2])
            if found["ids"]:
                yield (page := self._page(found))
                after = page.change
            if is_last:
                return

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _opened(self, library: str, facts: dict[str, str] | None) -> Any:
        name, expected = self._server.papers_collection, {"library": library, "holds": _HOLDS}
        if facts is None:
            collection = self._client.get_collection(name)
        else:
            collection = self._client.get_or_create_collection(
                name,
                embedding_function=None,
                metadata=facts | expected,
                configuration={"hnsw": {"space": DISTANCE}},
            )
        if collection is None:
            raise NoRecordsError(
                "The server has no records of the library's papers yet",
                where=self._server.where,
                hint="Have the home that writes the library open it once, by any command.",
            )
        if not expected.items() <= (collection.metadata or {}).items():
            raise LibraryMismatchError(
                f"The collection {name} is not for the papers of this library",
                where=self._server.where,
                hint="Set PAPERCHAT_CHROMA_COLLECTION to another name for the library.",
            )
        return collection

    def _at_once(self) -> int:
        with reported_errors(self._server):
            return min(_MOST_RECORDS, int(self._client.get_max_batch_size()))

    def _rows(self, record: PaperRecord, vector: Vector) -> list[Row]:
        paper_id, at_once = record.paper.id, self._at_once()
        text = document(record)
        if len(text.encode()) > at_once * (DOCUMENT_BYTES - 3):
            # Its files say the same, if they are read again.
            text = document(PaperRecord(record.number, record.paper, (), record.keys))
        parts = list(pieces(text))
        if len(parts) > at_once:
            raise LibraryError(
                f"The paper {paper_id} is too long for the server: {len(text):,} characters",
                where=self._server.where,
                hint="Remove it, or keep the library in its own folder.",
            )
        return [
            (
                f"{paper_id}/part/{part}" if part else paper_id,
                piece,
                _facts(paper_id, part, len(parts)),
                vector,
            )
            for part, piece in enumerate(parts)
        ]

    def _after(self, change: int, until: int | None = None, **wanted: Any) -> Any:
        where: dict[str, Any] = {"change": {"$gt": change}}
        if until is not None:
            where = {"$and": [where, {"change": {"$lte": until}}]}
        wanted = {"limit": RECORDS_AT_ONCE, "include": ["documents", "metadatas"]} | wanted
        with reported_errors(self._server):
            return self._collection.get(where=where, **wanted)

    def _page(self, found: Any) -> Page:
        try:
            rows = sorted(
                (fact["paper"], fact["change"], fact["part"], fact["parts"], fact["removed"], text)
                for fact, text in zip(found["metadatas"], found["documents"], strict=True)
            )
            papers, removed = [], []
            for paper_id, group in groupby(rows, key=lambda row: row[0]):
                parts = list(group)
                _, change, _, count, is_removed, _ = parts[-1]
                # What a longer record left behind has an earlier change, and maybe no beginning.
                parts = [row for row in parts if row[1] == change]
                if is_removed:
                    removed.append(paper_id)
                elif parts[0][2] == 0:
                    texts = [row[5] for row in parts]
                    papers.append((change, self._record(paper_id, texts, count)))
            papers.sort(key=lambda item: item[0])
            last = max(row[1] for row in rows)
        except (KeyError, TypeError, ValueError) as error:
            raise self._broken(str(error)) from error
        return Page(last, tuple(record for _, record in papers), tuple(removed))

    def _record(self, paper_id: str, texts: Sequence[str], count: int) -> PaperRecord:
        if len(texts) != count:
            raise ValueError(f"{len(texts)} of {count} parts of the paper {paper_id}")
        record = read_document("".join(texts))
        if record.paper.id != paper_id:
            raise ValueError(f"the paper {record.paper.id} under the id {paper_id}")
        return record

    def _broken(self, reason: str) -> LibraryError:
        return LibraryError(
            f"The server has a record that cannot be read: {' '.join(reason.split())[:200]}",
            where=self._server.where,
            hint="Give all homes of the library the same paperchat.",
        )


def _is_complete(collection: Any) -> bool:
    return bool((collection.metadata or {}).get(_COMPLETE))


def _facts(paper_id: str, part: int, parts: int, *, removed: bool = False) -> dict[str, Any]:
    return {"paper": paper_id, "part": part, "parts": parts, "removed": removed}
