"""Entries from records whose fields bear names of anybody's choice: rows of tables, JSON objects.

Owns which of a record's values is used for what. Invariant: whatever else is missing or of another
type than expected, a record with a title and an abstract is a paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ingest.entries import Entry, Skipped, checked, excerpt
from ingest.readers.column_names import Field, columns_found, columns_of
from ingest.readers.exported_records import exported_entry, exported_id
from ingest.readers.fields import clean_text, folded
from ingest.readers.json_values import (
    count,
    dated,
    labels,
    one_line,
    people,
    record_key,
    text_by_word,
    texts,
)
from ingest.readers.locators import web_address
from vectorstore import identifiers
from vectorstore.records import DatePrecision, Source

Value = TypeVar("Value")

_KEYS = ("id", "key", "Key", "paper_id", "paperId", "pmid", "PMID", "EID", "UT")
_JATS_HEADING = re.compile(r"<jats:title>\s*(?:Abstract|Summary)\s*</jats:title>", re.IGNORECASE)
_JATS_TAG = re.compile(r"</?jats:[^<>]{0,200}>")
_LONGEST_ADDRESS = 2_000
_ADDRESS_NAMES = ("landing_page_url", "url", "URL", "href", "pdf_url")
_NO_TEXT = frozenset(("nan", "none", "null", "n/a", "na", "-"))  # what programs write for nothing


def unwrapped(record: Mapping[str, object], mapping: Mapping[str, str]) -> Mapping[str, object]:
    """Return the record with the fields of the object in it that has the title, if it has none."""
    if columns_of(record, mapping)[Field.TITLE]:
        return record
    inner = (value for value in record.values() if isinstance(value, dict))
    titled = (value for value in inner if columns_of(value, mapping)[Field.TITLE])
    return {**record, **next(titled, {})}


def labelled_entry(
    record: Mapping[str, object], mapping: Mapping[str, str], source: Source
) -> Entry | Skipped:
    """Return the entry of a record, or why it is none; `mapping` goes before all guesses."""
    if paper_id := exported_id(record):
        return exported_entry(record, paper_id, source)
    fields = _Fields(record, columns_of(record, mapping))
    title = fields.first(Field.TITLE, _text) or ""
    abstract = fields.first(Field.ABSTRACT, _abstract) or ""
    arxiv_id, doi = fields.arxiv_id(), fields.doi()
    key = record_key(arxiv_id or doi) or _key(record)
    if missing := [f for f, text in ((Field.TITLE, title), (Field.ABSTRACT, abstract)) if not text]:
        unnamed = [field for field in missing if not fields.columns[field]]
        reason = missing_reason(unnamed, record) if unnamed else f"no {' and no '.join(missing)}"
        shown = f": {excerpt(title)}" if title else ""
        return Skipped(source.file, source.line, reason + shown, key)
    published = fields.first(Field.PUBLISHED, dated)
    updated = fields.first(Field.UPDATED, dated)
    entry = Entry(
        title=title,
        abstract=abstract,
        source=source,
        published=published.date if published else None,
        date_precision=published.precision if published else DatePrecision.DAY,
        author_count=fields.first(Field.AUTHOR_COUNT, count),
        authors=fields.first(Field.AUTHORS, people) or (),
        organization=fields.first(Field.ORGANIZATION, one_line),
        comment_count=fields.first(Field.COMMENT_COUNT, count),
        url=fields.first(Field.URL, _address),
        arxiv_id=arxiv_id,
        doi=doi,
        venue=fields.first(Field.VENUE, one_line),
        categories=fields.first(Field.CATEGORIES, labels) or (),
        updated=updated.date if updated else None,
    )
    return checked(entry, key)


def missing_reason(missing: Iterable[Field], columns: Iterable[str]) -> str:
    """Say that no column holds the fields, which there are, and what a user can do."""
    fields = " and no ".join(missing)
    option = " ".join(f"--map {field}=COLUMN" for field in missing)
    return f"no {fields} in the fields {columns_found(columns)} (name it with {option})"


@dataclass(frozen=True, slots=True)
class _Fields:
    """A record's values by the fields that they may be of."""

    record: Mapping[str, object]
    columns: Mapping[Field, list[str]]

    def first(self, field: Field, read: Callable[[object], Value | None]) -> Value | None:
        """Return the first value of use of a field."""
        read_values = (read(self.record[column]) for column in self.columns[field])
        return next((value for value in read_values if value or value == 0), None)

    def arxiv_id(self) -> str | None:
        return self._identifier(Field.ARXIV_ID, "ArXiv", identifiers.arxiv_id)

    def doi(self) -> str | None:
        return self._identifier(Field.DOI, "DOI", identifiers.doi)

    def _identifier(self, field: Field, name: str, read: Callable[[str], str | None]) -> str | None:
        values = (self.record[column] for column in self.columns[field])
        named = (text for value in values for text in texts(value, (name,), 1))
        return next(filter(None, map(read, named)), None)


def _text(value: object) -> str | None:
    """Return the first text, with its line ends."""
    text = without_jats(clean_text(next(texts(value), ""))).strip()
    return None if text.lower() in _NO_TEXT else text


def without_jats(text: str) -> str:
    """Return a text of Crossref's, which comes in JATS, without the tags and the heading."""
    if "<jats:" not in text:
        return text
    return folded(html.unescape(_JATS_TAG.sub(" ", _JATS_HEADING.sub("", text))))


def _abstract(value: object) -> str | None:
    if isinstance(value, list):
        return _text(" ".join(texts(value, ("text",))))
    return _text(value) or _text(text_by_word(value))


def _address(value: object) -> str | None:
    named = (text for text in texts(value, _ADDRESS_NAMES) if len(text) <= _LONGEST_ADDRESS)
    return next(filter(None, map(web_address, map(clean_text, named))), None)


def _key(record: Mapping[str, object]) -> str:
    return next(filter(None, (record_key(record.get(name)) for name in _KEYS)), "")
