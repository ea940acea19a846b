"""The reader of JSON in any layout: arrays, one object a line, lists within the answer of an API.

Owns that a record is what has a title by the names of `column_names`. CSL-JSON, exports of Zotero
and of our own, and what OpenAlex, Crossref and Semantic Scholar answer are such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.content import Content
from ingest.entries import Entry, Skipped
from ingest.readers.column_names import Field, columns_of
from ingest.readers.json_stream import JsonObject, Object, json_objects, looks_like_json
from ingest.readers.labelled_records import labelled_entry, unwrapped
from vectorstore.records import Source

_NO_COLUMNS: Mapping[str, str] = {}


class JsonRecords:
    """Reads any list of objects with titles and abstracts; `columns` names fields of theirs."""

    suffixes: tuple[str, ...] = (".json", ".jsonl", ".ndjson")

    def __init__(self, columns: Mapping[str, str] = _NO_COLUMNS) -> None:
        self._columns = columns

    def accepts(self, content: Content) -> bool:
        """Tell whether it is JSON: what has no titles is read to say which fields it has."""
        return looks_like_json(content)

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries of all lists of papers in it."""
        for item in json_objects(content, self._has_abstract, self._has_title):
            if isinstance(item, JsonObject):
                fields = unwrapped(item.fields, self._columns)
                yield labelled_entry(fields, self._columns, Source(content.file, item.line))
            else:
                yield item

    def _has_title(self, fields: Object) -> bool:
        return bool(self._fields(fields)[Field.TITLE])

    def _has_abstract(self, fields: Object) -> bool:
        columns = self._fields(fields)
        return bool(columns[Field.TITLE] and columns[Field.ABSTRACT])

    def _fields(self, fields: Object) -> dict[Field, list[str]]:
        return columns_of(unwrapped(fields, self._columns), self._columns)
