"""Fetches what arXiv's search finds, as the Atom feeds that it sends, a hundred papers each.

A fetch that was cut short goes on where it stopped; one that was finished is begun anew when it is
asked for again, and its pages take the place of the old ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.feeds.arxiv_feed import read_page, said
from ingest.feeds.arxiv_query import ArxivQuery
from ingest.feeds.errors import EmptyPageError
from ingest.feeds.polite_client import PoliteClient
from ingest.feeds.service import Service
from ingest.feeds.stored import Fetched, count, read_note, store, storing, write_note
from vectorstore.web_address import shown_address

ARXIV_URL = "https://export.arxiv.org/api/query"
PAGE_SIZE = 100
NOTE = ".fetch.json"
OnPage = Callable[[str], None]


def arxiv_service(url: str = ARXIV_URL) -> Service:
    """Return arXiv, or a mirror of its API; its terms of use ask for three seconds."""
    return Service("arXiv", url, spacing_s=3.0, said=said)


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a fetch came: the number of the next paper, and of all; -1 before that is known."""

    begun: str
    next_start: int = 0
    total: int = -1


def fetch_arxiv(client: PoliteClient, query: ArxivQuery, on_page: OnPage) -> Fetched:
    """Fetch the papers of `query` into a folder of its own inside the client's.

    `on_page` is told how far it is. Raises FeedError; all pages before that are kept.
    """
    folder = client.folder / query.name
    progress = _unfinished(folder) or _Progress(client.clock.now().isoformat())
    before = progress.next_start
    try:
        while _wanted(progress, query) > progress.next_start:
            on_page(_told(progress, query))
            progress = _next_page(client, query, folder, progress)
    except EmptyPageError:
        # At the very end arXiv may have counted papers that it has not got.
        if not progress.next_start:
            raise
    # A run with a smaller limit may find more than that here.
    missing = max(0, _wanted(progress, query) - progress.next_start)
    if not missing:
        _finish(folder, progress)
    return Fetched(
        service=client.service.name,
        folder=folder,
        files=tuple(page for page in _pages(folder) if int(page.stem) < progress.next_start),
        papers=progress.next_start,
        before=before,
        missing=missing,
    )


def _next_page(
    client: PoliteClient, query: ArxivQuery, folder: Path, progress: _Progress
) -> _Progress:
    start = progress.next_start
    asked = {
        "search_query": query.search(datetime.fromisoformat(progress.begun)),
        "start": str(start),
        "max_results": str(min(PAGE_SIZE, _wanted(progress, query) - start)),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }
    where = shown_address(client.service.url)
    page = client.get(asked, lambda body: read_page(body, start, where))
    progress = replace(progress, next_start=start + page.papers, total=page.total)
    if page.papers:
        store(folder / f"{start:07}.atom", page.body)
        write_note(folder / NOTE, asdict(progress))
    return progress


def _wanted(progress: _Progress, query: ArxivQuery) -> int:
    return query.limit if progress.total < 0 else min(progress.total, query.limit)


def _told(progress: _Progress, query: ArxivQuery) -> str:
    if progress.total < 0:
        return ""
    return f"{progress.next_start:,} of {_wanted(progress, query):,} papers"


def _unfinished(folder: Path) -> _Progress | None:
    note = read_note(folder / NOTE)
    begun, next_start, total = (note.get(name) for name in ("begun", "next_start", "total"))
    try:
        datetime.fromisoformat(str(begun))
    except ValueError:
        return None
    known = count(next_start) and count(total)
    return _Progress(str(begun), count(next_start), count(total)) if known else None


def _finish(folder: Path, progress: _Progress) -> None:
    """Remove the note, and what an earlier fetch of the same had beyond the last page."""
    with storing(folder):
        (folder / NOTE).unlink(missing_ok=True)
        for page in _pages(folder):
            if int(page.stem) >= progress.next_start > 0:
                page.unlink()


def _pages(folder: Path) -> list[Path]:
    return sorted(page for page in folder.glob("*.atom") if page.stem.isdecimal())
