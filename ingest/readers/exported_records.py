"""Records of our own export, in tables and in JSON: read back as they were, with nothing guessed.

Invariant: a paper that was exported and is read again is the same in every field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import clean_text
from ingest.readers.json_values import count, dated, texts
from ingest.readers.locators import export_id
from vectorstore import identifiers
from vectorstore.records import DatePrecision, Source


def exported_id(record: Mapping[str, object]) -> str | None:
    """Return our id of the paper, None in records of others, which may have a paper_id, too."""
    stated = record.get("paper_id") if "date_precision" in record else None
    return export_id(stated) if isinstance(stated, str) else None


def exported_entry(record: Mapping[str, object], paper_id: str, source: Source) -> Entry | Skipped:
    """Return the entry of a record that has an `exported_id`."""
    published = dated(record.get("published"))
    updated = dated(record.get("updated"))
    precision = record.get("date_precision")
    entry = Entry(
        title=_text(record, "title"),
        abstract=_text(record, "abstract"),
        source=source,
        published=published.date if published else None,
        date_precision=(
            DatePrecision(str(precision)) if precision in list(DatePrecision) else DatePrecision.DAY
        ),
        author_count=count(record.get("author_count")),
        authors=_names(record.get("authors")),
        organization=_text(record, "organization") or None,
        comment_count=count(record.get("comment_count")),
        url=_text(record, "url") or None,
        arxiv_id=identifiers.arxiv_id(_text(record, "arxiv_id")),
        doi=identifiers.doi(_text(record, "doi")),
        venue=_text(record, "venue") or None,
        categories=_names(record.get("categories")),
        updated=updated.date if updated else None,
        paper_id=paper_id,
    )
    return checked(entry, paper_id)


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    return clean_text(value) if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    """Return a list; in a cell, what stands between semicolons, or a list in JSON."""
    if isinstance(value, str):
        value = (_listed(value) if value.startswith("[") else None) or value.split("; ")
    return tuple(name for name in map(clean_text, texts(value)) if name)


def _listed(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None
