"""Reads BibTeX and BibLaTeX as reference managers, arXiv, DBLP and paperchat itself write it.

Owns which field says what. Entries without an abstract are skipped by their citation key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.bibtex_blocks import (
    BLOCK_START,
    LONGEST_BLOCK,
    BibtexBlock,
    BrokenEntryError,
    Macros,
    blocks_of,
    fields_of,
)
from ingest.readers.fields import Dated, clean_text, known, read_date
from ingest.readers.latex_text import address_text, latex_text
from ingest.readers.locators import arxiv_id_in, count, export_id, web_address
from vectorstore.identifiers import arxiv_id, doi
from vectorstore.records import DatePrecision, Source

LONGEST_PREAMBLE = 2_000  # characters of comments before the first block
LONGEST_NAME = 1_000  # characters; the time to take a name apart is quadratic
_START = re.compile(rf"^{BLOCK_START.pattern}(?:\s*[,\"{{]|\w+\s*=)", re.MULTILINE)
_BETWEEN_KEYWORDS = re.compile(r"[,;\n]")
_VENUES = ("journal", "journaltitle", "booktitle")
_ARXIV_PLACES = ("doi", "url", "number", "note", "journal")


class Bibtex:
    """Reads .bib files."""

    suffixes: tuple[str, ...] = (".bib", ".bibtex", ".txt")

    def accepts(self, content: Content) -> bool:
        """Tell whether a block begins a line soon, after no more than some comments."""
        start = _START.search(content.head[: 2 * LONGEST_PREAMBLE])
        return start is not None and start.start() <= LONGEST_PREAMBLE

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries; a key that comes twice is read twice."""
        macros = Macros()
        for block in blocks_of(content):
            try:
                if block.kind == "string":
                    macros.define(block)
                elif block.kind not in ("comment", "preamble"):
                    yield _read(block, macros, content.file)
            except BrokenEntryError as error:
                reason = f"broken BibTeX, left out up to the next entry: {error}"
                yield Skipped(content.file, block.line, reason, clean_text(block.key))


def _read(block: BibtexBlock, macros: Macros, file: str) -> Entry | Skipped:
    if block.is_cut:
        raise BrokenEntryError(f"it is longer than {LONGEST_BLOCK:,} characters")
    return checked(_entry(fields_of(block, macros), Source(file, block.line)), block.key)


def _entry(fields: Mapping[str, str], source: Source) -> Entry:
    def text(*names: str) -> str:
        return next((said for name in names if (said := latex_text(fields.get(name, "")))), "")

    dated = _dated(fields)
    return Entry(
        title=text("title"),
        abstract=text("abstract"),
        source=source,
        published=dated.date if dated else None,
        date_precision=dated.precision if dated else DatePrecision.DAY,
        authors=_authors(fields.get("author", "")),
        author_count=count(text("authorcount")),
        comment_count=count(text("commentcount")),
        organization=text("organization", "institution") or None,
        url=web_address(address_text(fields.get("url", ""))),
        arxiv_id=_arxiv_id(fields),
        doi=doi(address_text(fields.get("doi", ""))),
        venue=text(*_VENUES) or None,
        categories=_categories(fields),
        paper_id=export_id(text("paperchat")),
    )


def _dated(fields: Mapping[str, str]) -> Dated | None:
    if date := latex_text(fields.get("date", "")):
        return read_date(date.partition("/")[0])
    year, month, day = (latex_text(fields.get(name, "")) for name in ("year", "month", "day"))
    if not month.isdecimal():
        return read_date(f"{day} {month} {year}")
    known_day = f"-{day:0>2}" if day.isdecimal() else ""
    return read_date(f"{year}-{month:0>2}{known_day}") or read_date(year)


def _authors(latex: str) -> tuple[str, ...]:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    names = split_multiple_persons_names(latex)
    return known(_name(name) for name in names if name.lower() != "others")


def _name(latex: str) -> str:
    """Return the name in its natural order; a comma in braces is part of it."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    if "," not in latex or len(latex) > LONGEST_NAME:
        return latex_text(latex)
    return latex_text(parse_single_name_into_parts(latex, strict=False).merge_first_name_first)


def _arxiv_id(fields: Mapping[str, str]) -> str | None:
    archive = fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))
    eprint = address_text(fields.get("eprint", "")) if archive.strip().lower() == "arxiv" else ""
    return arxiv_id(eprint) or arxiv_id_in(address_text(fields.get(f, "")) for f in _ARXIV_PLACES)


def _categories(fields: Mapping[str, str]) -> tuple[str, ...]:
    keywords = _BETWEEN_KEYWORDS.split(fields.get("keywords", ""))
    return known(map(latex_text, [fields.get("primaryclass", ""), *keywords]))
