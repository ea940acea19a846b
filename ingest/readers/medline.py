"""Reads MEDLINE records as PubMed writes them: tags in four columns, values from the seventh on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import folded, known, read_date
from ingest.readers.locators import arxiv_id_in, finest
from ingest.readers.person_names import natural_name
from ingest.readers.tagged_records import LONGEST_RECORD, TaggedRecord, tagged_records
from vectorstore.identifiers import doi
from vectorstore.records import DatePrecision, Source

PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
LONGEST_PREAMBLE = 2_000  # characters before the first record
_START = re.compile(r"PMID- +\d")
_IN_HEAD = re.compile(rf"^{_START.pattern}+ *\n+[A-Z]{{2,4}} *- ", re.MULTILINE)
_LINE = re.compile(r"(?=.{4}-)(?P<tag>[A-Z][A-Z0-9]{1,3}) *-(?: (?P<value>.*)|$)", re.DOTALL)
_DOI_NOTE = " [doi]"


class Medline:
    """Reads .nbib files, and the .txt files of PubMed's website."""

    suffixes: tuple[str, ...] = (".nbib", ".medline", ".txt")

    def accepts(self, content: Content) -> bool:
        """Tell whether a PubMed id and a further tag come soon."""
        return _IN_HEAD.search(content.head[:LONGEST_PREAMBLE]) is not None

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries; a record ends where the next one begins."""
        for record in tagged_records(content, _start_of):
            key = record.text("PMID")
            if record.is_cut:
                reason = f"a record of over {LONGEST_RECORD:,} characters"
                yield Skipped(content.file, record.line, reason, key)
            else:
                yield checked(_entry(record, Source(content.file, record.line)), key)


def pubmed_url(pubmed_id: str) -> str | None:
    """Return the address of a record, None where it has no id."""
    return f"{PUBMED}{pubmed_id}/" if pubmed_id.isascii() and pubmed_id.isdecimal() else None


def _start_of(line: str) -> re.Pattern[str] | None:
    return _LINE if _START.match(line) else None


def _entry(record: TaggedRecord, source: Source) -> Entry:
    dated = finest(record.all("DP") + record.all("DEP"))
    revised = read_date(record.text("LR"))
    locations = [folded(value) for value in record.all("LID", "AID")]
    dois = [place.removesuffix(_DOI_NOTE) for place in locations if place.endswith(_DOI_NOTE)]
    # Names in full are followed by their short forms; groups stand between them.
    names = record.all("FAU", "CN") if record.all("FAU") else record.all("AU", "CN")
    return Entry(
        title=record.text("TI", "BTI", "TT"),
        abstract=record.text("AB", "OAB"),
        source=source,
        published=dated.date if dated else None,
        date_precision=dated.precision if dated else DatePrecision.DAY,
        updated=revised.date if revised else None,
        authors=known(map(natural_name, names)),
        url=pubmed_url(record.text("PMID")),
        arxiv_id=arxiv_id_in(dois),
        doi=next(filter(None, map(doi, dois)), None),
        venue=record.text("JT", "TA") or None,
        categories=known([*record.all("OT"), *_subjects(record.all("MH"))]),
    )


def _subjects(headings: Iterable[str]) -> Iterator[str]:
    """Yield headings without their qualifiers and the star of the main ones: "*Bread/analysis"."""
    return (heading.partition("/")[0].removeprefix("*") for heading in headings)
