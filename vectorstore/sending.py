"""What the writer of a library on a server leaves there for others: records of its papers.

Owns their numbering. Invariants: a number is used once, whatever is killed and whoever takes over;
what could not be sent stays noted, and goes with the next change or opening.
"""

from __future__ import annotations

from collections.abc import Sequence

from vectorstore.catalog import Catalog
from vectorstore.catalog_unsent import (
    forget_sent,
    records_of,
    unsent_count,
    unsent_ids,
    versions,
)
from vectorstore.chroma_papers import ChromaPapers, Row
from vectorstore.chroma_passages import facts_of
from vectorstore.standing import Standing, require_writer

PAPERS_AT_ONCE = 100  # read of the catalog: a megabyte


class Sending:
    """Sends records of papers. One thread at a time."""

    def __init__(
        self, catalog: Catalog, papers: ChromaPapers, standing: Standing, dimension: int
    ) -> None:
        self._catalog = catalog
        self._papers = papers
        self._standing = standing
        self._dimension = dimension
        self._is_complete = False  # as far as we know

    def require_writer(self) -> None:
        """Raise LibraryMismatchError where another home has taken the library over meanwhile."""
        recorded = facts_of(self._papers.of_passages())
        require_writer(self._standing.server, self._standing.home, recorded)

    def send(self, ids: Sequence[str] | None = None) -> None:
        """Send what changed of these papers, or of all, and is indexed or gone."""
        wanted = unsent_ids(self._catalog.file, ids)
        for start in range(0, len(wanted), PAPERS_AT_ONCE):
            self._send(wanted[start : start + PAPERS_AT_ONCE])
        if not self._is_complete and not unsent_count(self._catalog.file):
            self._papers.record_complete()
            self._is_complete = True

    def _send(self, ids: Sequence[str]) -> None:
        with self._catalog.file.transaction():
            sent = versions(self._catalog.file, ids)
            records = records_of(self._catalog, ids, self._dimension)
            known = self._catalog.known_ids(ids)
            gone = [paper_id for paper_id in ids if paper_id not in known]
            batches = list(self._papers.rows(records, gone, self._dimension))
            first = self._numbers(batches)
        for change, rows in enumerate(batches, first):
            self.require_writer()  # another home may take over at any time
            self._papers.store(change, rows)
        if gone:
            self.require_writer()
            self._papers.drop_parts(gone)
        # One that is indexed and has no vector is not sent: a repair brings it up again.
        done = {record.paper.id for record, _ in records}.union(gone)
        forget_sent(self._catalog.file, {key: sent[key] for key in sent.keys() & done})

    def _numbers(self, batches: Sequence[Sequence[Row]]) -> int:
        """Take as many numbers of changes as there are batches, and return the first."""
        last = int(self._catalog.about().get("change", "0"))
        self._catalog.describe({"change": str(last + len(batches))})
        return last + 1
