"""A library that follows the one that another home writes, by its papers' records on a server.

Owns how far it is. Invariant: killed anywhere, it goes on from the last page that it took.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from vectorstore.catalog_following import (
    drop_unconfirmed,
    has_unconfirmed,
    start_over,
    take_page,
)
from vectorstore.catalog_unsent import note_changes
from vectorstore.chroma_limits import RECORDS_AT_ONCE
from vectorstore.chroma_papers import ChromaPapers, Page
from vectorstore.errors import LibraryError
from vectorstore.standing import Standing

if TYPE_CHECKING:
    from vectorstore.library import Library

OnProgress = Callable[[int, int], None]


class Following:
    """Takes what changed into a library, whenever it is told to."""

    def __init__(self, library: Library, standing: Standing) -> None:
        """Follow as `standing` says; the server is asked nothing yet."""
        self.standing = standing
        self._library = library
        self._one_at_a_time = Lock()
        self._papers: ChromaPapers | None = None
        note_changes(library.catalog.file)

    @property
    def change(self) -> int:
        """Return the number of the last change that was taken."""
        return int(self._library.catalog.about().get("change", "0"))

    def catch_up(self, on_progress: OnProgress | None = None) -> int:
        """Take all that changed since the last time, and return how many papers that was.

        New and rewritten papers are pending then. `on_progress` is called with records taken and
        records in all, where they are many. Raises LibraryError where the server cannot be used.
        """
        with self._one_at_a_time:
            try:
                return self._catch_up(on_progress or (lambda _done, _total: None))
            except LibraryError:
                self.close()  # a collection that was made anew is another one
                raise

    def close(self) -> None:
        """Let go of the connections."""
        if self._papers is not None:
            self._papers.close()
        self._papers = None

    def _catch_up(self, report: OnProgress) -> int:
        catalog = self._library.catalog
        papers = self._opened()
        if catalog.about().get("records") != (mark := follows(papers)):
            start_over(catalog, mark)
        # Asked before the pages: what is complete only after them is not all in them.
        is_complete = has_unconfirmed(catalog) and papers.is_complete()
        done, total = 0, 0
        for page in papers.pages(self.change):
            with self._library.changing():
                take_page(catalog, page)
            done += _length(page)
            if done >= RECORDS_AT_ONCE // 2:
                total = total or papers.count()
                report(min(done, total), total)
        if is_complete and has_unconfirmed(catalog):
            with self._library.changing():
                drop_unconfirmed(catalog)
        return done

    def _opened(self) -> ChromaPapers:
        if self._papers is None:
            self._papers = ChromaPapers(self.standing.server, self.standing.library)
        return self._papers


def follows(papers: ChromaPapers) -> str:
    """Return what a catalog records that follows this collection."""
    return f"follows:{papers.id}"


def sends(papers: ChromaPapers) -> str:
    """Return what a catalog records whose papers are in this collection, or noted."""
    return f"sends:{papers.id}"


def _length(page: Page) -> int:
    return len(page.papers) + len(page.removed)
