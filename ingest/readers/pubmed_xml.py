"""Reads PubMed's XML: what its website, its API and its yearly files give out.

Owns which element says what. Structured abstracts become one text, each part after its label.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.content import Content
from ingest.entries import Entry, Skipped, checked
from ingest.readers.fields import known
from ingest.readers.locators import arxiv_id_in, finest
from ingest.readers.medline import pubmed_url
from ingest.readers.xml_stream import root_name, text_of, xml_records
from vectorstore.identifiers import doi
from vectorstore.records import DatePrecision, Source

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_ROOTS = {"PubmedArticleSet", "PubmedBookArticleSet", *_RECORDS}
_TITLES = (".//ArticleTitle", ".//VernacularTitle", ".//BookTitle")
_VENUES = (".//Journal/Title", ".//Journal/ISOAbbreviation", ".//BookTitle")
_DATES = (".//JournalIssue/PubDate", ".//ArticleDate", ".//Book/PubDate")
_DOIS = (
    ".//Article/ELocationID[@EIdType='doi']",
    "./*/ArticleIdList/ArticleId[@IdType='doi']",  # not those of the references
)
_SUBJECTS = (".//KeywordList/Keyword", ".//MeshHeading/DescriptorName")


class PubmedXml:
    """Reads .xml files of PubMed."""

    suffixes: tuple[str, ...] = (".xml", ".txt")

    def accepts(self, content: Content) -> bool:
        """Tell whether the outermost element is PubMed's."""
        return root_name(content.head) in _ROOTS

    def read(self, content: Content) -> Iterator[Entry | Skipped]:
        """Yield the entries by their PubMed ids."""
        for found in xml_records(content, _RECORDS):
            if isinstance(found, Skipped):
                yield found
            else:
                line, record = found
                yield checked(_entry(record, Source(content.file, line)), _pubmed_id(record))


def _entry(record: Element, source: Source) -> Entry:
    dated = finest(text for path in _DATES for text in map(_date_text, record.iterfind(path)))
    revised = finest(map(_date_text, record.iterfind(".//DateRevised")))
    dois = [text_of(place) for path in _DOIS for place in record.iterfind(path)]
    return Entry(
        title=_first(record, *_TITLES),
        abstract=_abstract(record),
        source=source,
        published=dated.date if dated else None,
        date_precision=dated.precision if dated else DatePrecision.DAY,
        updated=revised.date if revised else None,
        authors=known(map(_name, record.iterfind(".//AuthorList/Author"))),
        url=pubmed_url(_pubmed_id(record)),
        arxiv_id=arxiv_id_in(dois),
        doi=next(filter(None, map(doi, dois)), None),
        venue=_first(record, *_VENUES) or None,
        categories=known(text_of(item) for path in _SUBJECTS for item in record.iterfind(path)),
    )


def _first(record: Element, *paths: str) -> str:
    return next(filter(None, (text_of(record.find(path)) for path in paths)), "")


def _pubmed_id(record: Element) -> str:
    return text_of(record.find("./*/PMID"))


def _abstract(record: Element) -> str:
    """Return the parts of the abstract, "METHODS: We bake. RESULTS: It rises."."""
    parts = []
    for part in record.iterfind(".//Abstract/AbstractText"):
        label, text = part.get("Label", "").strip(), text_of(part)
        parts.append(f"{label}: {text}" if label and text else text)
    return " ".join(filter(None, parts))


def _name(author: Element) -> str:
    if author.get("ValidYN") == "N":
        return ""
    first = text_of(author.find("ForeName")) or text_of(author.find("Initials"))
    last, suffix, group = (
        text_of(author.find(part)) for part in ("LastName", "Suffix", "CollectiveName")
    )
    return f"{first} {last} {suffix}" if last else group


def _date_text(date: Element) -> str:
    parts = (text_of(date.find(part)) for part in ("Year", "Month", "Day"))
    return text_of(date.find("MedlineDate")) or "-".join(filter(None, parts))
