"""The reader of arXiv's metadata snapshot, in the layout in which Kaggle distributes it.

Owns its layout, a record a line. Names are read from `authors_parsed`, where LaTeX writes accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import Dated, clean_text, folded, known, read_date
from ingest.readers.json_stream import (
    JsonObject,
    Object,
    json_objects,
    looks_like_json,
    sampled_objects,
)
from ingest.readers.json_values import record_key
from ingest.readers.latex_text import latex_text
from vectorstore import identifiers
from vectorstore.records import DatePrecision, Source

_OWN_NAMES = {"authors_parsed", "update_date", "journal-ref", "versions"}
_CREATED = re.compile(r"[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) ")
_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}


class ArxivJsonLines:
    """Reads arxiv-metadata-oai-snapshot.json, or some of its records."""

    suffixes: tuple[str, ...] = (".json", ".jsonl", ".ndjson")

    def accepts(self, content: Content) -> bool:
        """Tell whether a record of the snapshot is among the first objects."""
        return looks_like_json(content) and any(map(_is_record, sampled_objects(content)))

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the papers of the snapshot."""
        for item in json_objects(content, _is_record):
            yield _entry(item, content.file) if isinstance(item, JsonObject) else item


def _is_record(fields: Object) -> bool:
    return "id" in fields and "abstract" in fields and len(_OWN_NAMES & fields.keys()) > 1


def _entry(item: JsonObject, file: str) -> Entry | Skipped:
    fields = item.fields
    key = record_key(fields.get("id"))
    arxiv_id = identifiers.arxiv_id(key)
    published, updated = _first_created(fields), read_date(_value(fields, "update_date"))
    entry = Entry(
        title=folded(_value(fields, "title")),
        abstract=folded(_value(fields, "abstract")),
        source=Source(file, item.line),
        published=published.date if published else None,
        date_precision=published.precision if published else DatePrecision.DAY,
        authors=_authors(fields.get("authors_parsed")),
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        arxiv_id=arxiv_id,
        doi=identifiers.doi(_value(fields, "doi")),
        venue=folded(_value(fields, "journal-ref")) or None,
        categories=tuple(dict.fromkeys(clean_text(_value(fields, "categories")).split())),
        updated=updated.date if updated else None,
    )
    return checked(entry, key)


def _value(fields: Object, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _first_created(fields: Object) -> Dated | None:
    versions = fields.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    created = first.get("created") if isinstance(first, dict) else None
    return _dated(created) if isinstance(created, str) else None


def _dated(text: str) -> Dated | None:
    """Read the snapshot's own form at once: any date takes longer than the rest of a record."""
    created = _CREATED.match(text)
    if not created or created[2] not in _MONTHS:
        return read_date(text)
    try:
        day = date(int(created[3]), _MONTHS[created[2]], int(created[1]))
    except ValueError:
        return None
    return Dated(day, DatePrecision.DAY)


def _authors(parsed: object) -> tuple[str, ...]:
    people = parsed if isinstance(parsed, list) else []
    return known(_name(parts) for parts in people if isinstance(parts, list))


def _name(parts: list[object]) -> str:
    """Return the name of [last, first, suffix, affiliations…] as it is spoken."""
    last, first, suffix, *_ = (*(p for p in parts[:3] if isinstance(p, str)), "", "", "")
    name = f"{first} {last} {suffix}"
    return latex_text(name) if "\\" in name or "{" in name else name
