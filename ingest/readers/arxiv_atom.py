"""Reads the Atom feeds that arXiv's API answers with."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked, excerpt
from ingest.readers.fields import known, read_date
from ingest.readers.locators import web_address
from ingest.readers.xml_stream import root_name, text_of, xml_records
from vectorstore.identifiers import arxiv_id, doi
from vectorstore.records import DatePrecision, Source

ARXIV = "https://arxiv.org/abs/"
_ERRORS = "arxiv.org/api/errors"


class ArxivAtom:
    """Reads answers of arXiv's API, saved as .xml or .atom."""

    suffixes: tuple[str, ...] = (".xml", ".atom", ".txt")

    def accepts(self, content: Content) -> bool:
        """Tell whether it is a feed that speaks of arXiv."""
        return root_name(content.head) == "feed" and "arxiv.org/" in content.head

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries by their arXiv ids; what arXiv says of an error is the reason."""
        for found in xml_records(content, ["entry"]):
            if isinstance(found, Skipped):
                yield found
            else:
                yield _read(found[1], Source(content.file, found[0]))


def _read(record: Element, source: Source) -> Entry | Skipped:
    if _ERRORS in text_of(record.find("id")):
        reason = f"arXiv's answer is an error: {excerpt(text_of(record.find('summary')))}"
        return Skipped(source.file, source.line, reason)
    entry = _entry(record, source)
    return checked(entry, entry.arxiv_id or "")


def _entry(record: Element, source: Source) -> Entry:
    address = text_of(record.find("id"))
    identifier = arxiv_id(address)
    published, updated = (read_date(text_of(record.find(n))) for n in ("published", "updated"))
    terms = [*record.iterfind("primary_category"), *record.iterfind("category")]
    return Entry(
        title=text_of(record.find("title")),
        abstract=text_of(record.find("summary")),
        source=source,
        published=published.date if published else None,
        date_precision=published.precision if published else DatePrecision.DAY,
        updated=updated.date if updated else None,
        authors=known(text_of(name) for name in record.iterfind("author/name")),
        url=f"{ARXIV}{identifier}" if identifier else web_address(address),
        arxiv_id=identifier,
        doi=doi(text_of(record.find("doi"))),
        venue=text_of(record.find("journal_ref")) or None,
        categories=known(term.get("term", "") for term in terms),
    )
