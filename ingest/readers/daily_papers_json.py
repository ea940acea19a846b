"""The reader of what Hugging Face's API answers about daily papers: /api/daily_papers.

Owns its layout: a listing around a paper, whose own title, summary and date go first.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import folded
from ingest.readers.json_stream import (
    JsonObject,
    Object,
    json_objects,
    looks_like_json,
    sampled_objects,
)
from ingest.readers.json_values import count, dated, one_line, people, record_key
from vectorstore import identifiers
from vectorstore.records import DatePrecision, Source


class DailyPapersJson:
    """Reads the array of listings, or one listing a line."""

    suffixes: tuple[str, ...] = (".json", ".jsonl", ".ndjson")

    def accepts(self, content: Content) -> bool:
        """Tell whether a listing is among the first objects."""
        return looks_like_json(content) and any(map(_is_listing, sampled_objects(content)))

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the listed papers."""
        for item in json_objects(content, _is_listing):
            yield _entry(item, content.file) if isinstance(item, JsonObject) else item


def _is_listing(fields: Object) -> bool:
    paper = fields.get("paper")
    return isinstance(paper, dict) and "id" in paper


def _entry(item: JsonObject, file: str) -> Entry | Skipped:
    inner = item.fields.get("paper")
    listing = item.fields | inner if isinstance(inner, dict) else item.fields
    key = record_key(listing.get("id"))
    arxiv_id = identifiers.arxiv_id(key)
    authors = listing.get("authors")
    published = dated(listing.get("publishedAt"))
    entry = Entry(
        title=_text(item.fields, "title"),
        abstract=_text(item.fields, "summary"),
        source=Source(file, item.line),
        published=published.date if published else None,
        date_precision=published.precision if published else DatePrecision.DAY,
        author_count=len(authors) or None if isinstance(authors, list) else None,
        authors=people(
            [a for a in authors if not _is_hidden(a)] if isinstance(authors, list) else []
        ),
        organization=one_line(listing.get("organization")),
        comment_count=count(item.fields.get("numComments")),
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        arxiv_id=arxiv_id,
    )
    return checked(entry, key)


def _text(listing: Object, name: str) -> str:
    """Return a text of the paper, or else of the listing; arXiv's line ends are no part of it."""
    paper = listing.get("paper")
    values = (paper.get(name) if isinstance(paper, dict) else None, listing.get(name))
    return next(
        (line for value in values if isinstance(value, str) and (line := folded(value))), ""
    )


def _is_hidden(author: object) -> bool:
    return isinstance(author, dict) and author.get("hidden") is True
