"""What `paperchat fetch` does: pages into a folder of the library, then what `ingest` does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui import library_commands
from ui.console import terminal
from ui.console.fetch_terminal import fetched_object, going_on, show_fetched
from ui.console.json_lines import print_json
from ui.environment import read_writing_environment
from vectorstore.errors import PaperchatError

if TYPE_CHECKING:
    from ingest.feeds.arxiv_query import ArxivQuery
    from ingest.feeds.daily import Days
    from ingest.feeds.polite_client import PoliteClient
    from ingest.feeds.service import Service
    from ingest.feeds.stored import Fetched

FOLDER = "fetched"  # of the library's home


def fetch_from_arxiv(query: ArxivQuery, *, as_json: bool) -> bool:
    """Fetch what arXiv finds and take it in; tell whether nothing was wrong with its pages."""
    from ingest.feeds.arxiv import ARXIV_URL, arxiv_service, fetch_arxiv

    environment = read_writing_environment(os.environ)
    service = arxiv_service(environment.arxiv_url or ARXIV_URL)
    fetched = _fetch(
        service,
        environment.home / FOLDER / "arxiv",
        lambda client, on_page: fetch_arxiv(client, query, on_page),
    )
    return _take_in(fetched, as_json=as_json)


def fetch_from_daily(days: Days, *, as_json: bool) -> bool:
    """Fetch the lists of `days` and take them in; tell whether nothing was wrong with them."""
    from ingest.feeds.daily import DAILY_URL, daily_service, fetch_daily

    environment = read_writing_environment(os.environ)
    service = daily_service(environment.daily_url or DAILY_URL)
    fetched = _fetch(
        service,
        environment.home / FOLDER / "daily",
        lambda client, on_page: fetch_daily(client, days, on_page),
    )
    return _take_in(fetched, as_json=as_json)


def _fetch(
    service: Service,
    folder: Path,
    run: Callable[[PoliteClient, Callable[[str], None]], Fetched],
) -> Fetched:
    from ingest.feeds.polite_client import PoliteClient

    with going_on(service.name) as (on_page, on_wait):
        try:
            with PoliteClient(service, folder, on_wait) as client:
                return run(client, on_page)
        except KeyboardInterrupt:
            terminal.errors.print(
                "Stopped. What was fetched is kept; the same command goes on from there."
            )
            raise


def _take_in(fetched: Fetched, *, as_json: bool) -> bool:
    if as_json:
        print_json(fetched_object(fetched))
    else:
        show_fetched(terminal.console(), fetched)
    if not fetched.files:
        return True
    try:
        return library_commands.ingest(fetched.files, (), as_json=as_json)
    except PaperchatError:
        terminal.announce(f"The pages are kept; paperchat ingest {fetched.folder} takes them in.")
        raise
