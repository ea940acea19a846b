"""A paper as a record that a catalog can be rebuilt from: what is known of it, and its readings.

Owns the record's form, which is JSON. Invariant: what is read back is what was written, or an
error; no value of another type gets through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict

from vectorstore.catalog_readings import StoredReading
from vectorstore.records import Paper

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_MOST = 2**53  # below it every program reads whole numbers alike, SQLite among them


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper, its number in the catalog, what each place says of it and what it is known by.

    Papers of equal merit are listed by number, so a rebuilt catalog keeps it.
    """

    # Bytes are no text, and what another version of paperchat adds is not dropped silently.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        ser_json_bytes="base64", val_json_bytes="base64", strict=True, extra="forbid"
    )

    number: int
    paper: Paper
    readings: tuple[StoredReading, ...] = ()
    keys: tuple[str, ...] = ()


def document(record: PaperRecord) -> str:
    """Return the record as JSON, without what it leaves out."""
    return _form().dump_json(record, exclude_defaults=True).decode()


def read_document(text: str) -> PaperRecord:
    """Return the record that was written; raises ValueError where it is none."""
    record: PaperRecord = _form().validate_json(text)
    if not all(0 <= number < _MOST for number in _whole_numbers(record)):
        raise ValueError("a number that is none of a paper's")
    return record


def _whole_numbers(record: PaperRecord) -> Iterator[int]:
    paper = record.paper
    yield from (record.number, paper.author_count or 0, paper.comment_count or 0)
    yield from (source.line for source in paper.sources)
    for item in record.readings:
        yield from (item.line, item.changed_run, item.seen_run)


@cache
def _form() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(PaperRecord)
