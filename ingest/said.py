"""Entries as the catalog keeps them: what a place says of a paper, as JSON with a fingerprint.

Invariant: entries that say the same have the same fingerprint, wherever they stand.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import date
from typing import Any

from ingest.entries import Entry
from vectorstore.records import DatePrecision, Source

DIGEST_BYTES = 12

_FIELDS = tuple(field for field in fields(Entry) if field.name != "source")
_DATES = frozenset({"published", "updated"})
_LISTS = frozenset({"authors", "categories"})


def said_by(entry: Entry) -> str:
    """Return all that the entry says, but not where, as JSON without what it leaves out."""
    said = {}
    for field in _FIELDS:
        value = getattr(entry, field.name)
        if value != field.default:
            said[field.name] = value.isoformat() if field.name in _DATES else value
    return json.dumps(said, ensure_ascii=False)


def digest_of(said: str) -> bytes:
    """Return the fingerprint of what an entry says."""
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def entry_of(said: str, source: Source) -> Entry:
    """Return the entry that said this."""
    values: dict[str, Any] = json.loads(said)
    for name in _DATES & values.keys():
        values[name] = date.fromisoformat(values[name])
    for name in _LISTS & values.keys():
        values[name] = tuple(values[name])
    if "date_precision" in values:
        values["date_precision"] = DatePrecision(values["date_precision"])
    return Entry(source=source, **values)
