"""Reads RIS as reference managers, publishers and paperchat itself write it.

Owns which tag says what, and the line of ours that says what RIS has no tag for. Programs differ:
in the spaces before the hyphen, in which tags have the title or the journal, and some leave out the
end of a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import Dated, clean_text, folded, known
from ingest.readers.locators import arxiv_id_in, count, export_id, finest, web_address
from ingest.readers.person_names import natural_name
from ingest.readers.tagged_records import LONGEST_RECORD, TaggedRecord, tagged_records
from vectorstore.identifiers import doi
from vectorstore.records import DatePrecision, Source

OURS = "paperchat:"
LONGEST_PREAMBLE = 2_000  # characters of a provider's own lines before the first record
_START = re.compile(r"TY( {1,2})-(?: |$)")
_IN_HEAD = re.compile(rf"^(?:{_START.pattern})[^\n]*\n+[A-Z][A-Z0-9]\1-", re.MULTILINE)
# A record keeps to one spacing, so that "AI - based" may begin a line of an abstract.
_LINES = {
    spaces: re.compile(rf"(?P<tag>[A-Z][A-Z0-9]){spaces}-(?: (?P<value>.*)|$)", re.DOTALL)
    for spaces in (" ", "  ")
}
_DATE_PARTS = 3


class Ris:
    """Reads .ris files."""

    suffixes: tuple[str, ...] = (".ris", ".txt")

    def accepts(self, content: Content) -> bool:
        """Tell whether a record's first line and a tag come soon."""
        return _IN_HEAD.search(content.head[:LONGEST_PREAMBLE]) is not None

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries; a record that does not end ends where the next one begins."""
        for record in tagged_records(content, _start_of, end="ER"):
            key = record.text("ID", "AN", "DO")
            if record.is_cut:
                reason = f"a record of over {LONGEST_RECORD:,} characters"
                yield Skipped(content.file, record.line, reason, key)
            else:
                entry = _entry(record, Source(content.file, record.line))
                yield checked(_as_exported(entry, _ours(record)), key)


def _start_of(line: str) -> re.Pattern[str] | None:
    start = _START.match(line)
    return _LINES[start[1]] if start else None


def _entry(record: TaggedRecord, source: Source) -> Entry:
    dated = _dated(record)
    return Entry(
        title=record.text("TI", "T1"),
        abstract=record.text("AB", "N2"),
        source=source,
        published=dated.date if dated else None,
        date_precision=dated.precision if dated else DatePrecision.DAY,
        authors=_spoken(record.all("AU", "A1") or record.all("A2")),
        url=web_address(" ".join(record.all("UR", "L1"))),
        arxiv_id=arxiv_id_in(map(folded, record.all("DO", "UR", "AN", "M1", "M3", "N1"))),
        doi=doi(record.text("DO")),
        venue=record.text("JF", "T2", "JO", "JA", "BT") or None,
        categories=known(record.lines("KW")),
    )


def _dated(record: TaggedRecord) -> Dated | None:
    # Year, month, day and anything, of which all but the year may be left out: "2024/03//".
    dates = [
        "-".join(filter(None, text.split("/")[:_DATE_PARTS]))
        for text in record.all("DA", "Y1", "PY")
    ]
    # Some give the day in one tag and the year in another.
    return finest([*dates, f"{record.text('DA')} {record.text('PY', 'Y1')[:4]}"])


def _ours(record: TaggedRecord) -> Mapping[str, object]:
    """Return what an export of ours says besides; empty for records of other programs."""
    line = next((value for value in record.lines("C1") if value.startswith(OURS)), "")
    try:
        said = json.loads(line.removeprefix(OURS)) if line else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _as_exported(entry: Entry, ours: Mapping[str, object]) -> Entry:
    """Return the entry with its texts as they were; what another program edited stays edited."""

    def text(name: str, shown: str) -> str:
        exact = clean_text(str(ours.get(name, "")))
        return exact if folded(exact) == shown else shown

    names = ours.get("authors")
    authors = tuple(map(str, names)) if isinstance(names, list) else ()
    return replace(
        entry,
        title=text("title", entry.title),
        abstract=text("abstract", entry.abstract),
        authors=known(authors) if _spoken(authors) == entry.authors else entry.authors,
        author_count=count(str(ours.get("author_count"))),
        comment_count=count(str(ours.get("comment_count"))),
        organization=folded(str(ours.get("organization") or "")) or None,
        paper_id=export_id(str(ours.get("id"))),
    )


def _spoken(names: Iterable[str]) -> tuple[str, ...]:
    return known(map(natural_name, names))
