"""Fetches Hugging Face's lists of daily papers, as the JSON that it sends, one file a day.

A range of days that was cut short goes on with the day where it stopped; days that are asked for
again are fetched anew, and take the place of the old ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.feeds.errors import LOG_IN_HINT, FeedError
from ingest.feeds.polite_client import PoliteClient
from ingest.feeds.service import Service
from ingest.feeds.stored import Fetched, count, read_note, store, storing, write_note
from ingest.readers.fields import folded
from vectorstore.web_address import shown_address

DAILY_URL = "https://huggingface.co/api/daily_papers"
PAGE_SIZE = 100  # the service sends no more at once
MOST_PAGES = 10  # of a day, which has some fifty papers
MOST_DAYS = 366
OnPage = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to `last`, both inclusive."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """Return them as `--date` takes them."""
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)

    @property
    def number(self) -> int:
        """Return how many they are."""
        return (self.last - self.first).days + 1

    def problem(self, today: date) -> str:
        """Return why they cannot be fetched, empty where they can; `today` is in UTC."""
        if self.first > self.last:
            return f"{self.first} is after {self.last}"
        if self.last > today:
            return f"{self.last} is in the future: today is {today} (UTC)"
        if self.number > MOST_DAYS:
            return f"{self.number:,} days at once; {MOST_DAYS} are the most"
        return ""


def daily_service(url: str = DAILY_URL) -> Service:
    """Return Hugging Face, or a mirror of its API."""
    return Service("Hugging Face", url, spacing_s=1.0, said=_said)


def fetch_daily(client: PoliteClient, days: Days, on_page: OnPage) -> Fetched:
    """Fetch the lists of `days` into the client's folder; a day without papers has no file.

    `on_page` is told how far it is. Raises FeedError; all days before that are kept.
    """
    note = client.folder / f".{days.name}.json"
    done, papers = _unfinished(note)
    before = papers
    for number in range(done, days.number):
        on_page(f"{number:,} of {days.number:,} days" if days.number > 1 else "")
        papers += _fetch_day(client, days.first + timedelta(days=number))
        write_note(note, {"days": number + 1, "papers": papers})
    with storing(note):
        note.unlink(missing_ok=True)
    every_day = (days.first + timedelta(days=number) for number in range(days.number))
    files = (page for day in every_day for page in _pages(client.folder, day))
    return Fetched(client.service.name, client.folder, tuple(files), papers, before)


def _fetch_day(client: PoliteClient, day: date) -> int:
    where = shown_address(client.service.url)
    pages: list[bytes] = []
    papers = 0
    while len(pages) < MOST_PAGES:
        asked = {"date": str(day), "limit": str(PAGE_SIZE)} | (
            {"p": str(len(pages))} if pages else {}
        )
        body, listed = client.get(asked, lambda body: (body, _listed(body, where)))
        pages += [body] if listed else []
        papers += listed
        if listed < PAGE_SIZE:
            break
    for number, body in enumerate(pages, start=1):
        store(client.folder / (f"{day}.json" if number == 1 else f"{day}-{number}.json"), body)
    return papers


def _listed(body: bytes, where: str) -> int:
    """Return how many papers a list has. Raises FeedError where it is none."""
    try:
        papers = json.loads(body)
    except (ValueError, RecursionError):
        papers = None
    if isinstance(papers, list) and all(isinstance(paper, dict) for paper in papers):
        return len(papers)
    problem = "Hugging Face sent something that is no list of papers"
    raise FeedError(problem, where=where, hint=LOG_IN_HINT)


def _said(body: bytes) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    words = told.get("error") if isinstance(told, dict) else None
    return folded(words)[:300] if isinstance(words, str) else ""


def _unfinished(note: Path) -> tuple[int, int]:
    values = read_note(note)
    return count(values.get("days")), count(values.get("papers"))


def _pages(folder: Path, day: date) -> list[Path]:
    return sorted(folder.glob(f"{day}.json")) + sorted(folder.glob(f"{day}-*.json"))
