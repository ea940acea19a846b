"""The registry of readers, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.entries import PaperSource
from ingest.readers.arxiv_atom import ArxivAtom
from ingest.readers.arxiv_json_lines import ArxivJsonLines
from ingest.readers.bibtex import Bibtex
from ingest.readers.csv_tables import CsvTables
from ingest.readers.daily_papers_json import DailyPapersJson
from ingest.readers.json_records import JsonRecords
from ingest.readers.listing_pages import ListingPages
from ingest.readers.medline import Medline
from ingest.readers.pubmed_xml import PubmedXml
from ingest.readers.ris import Ris


def make_sources(columns: Mapping[str, str]) -> tuple[PaperSource, ...]:
    """Return the readers; `columns` tells those of tables and of JSON where a field is found.

    Formats that say what they are come first; the last ones take what merely looks like theirs.
    """
    return (
        PubmedXml(),
        ArxivAtom(),
        DailyPapersJson(),
        ArxivJsonLines(),
        JsonRecords(columns),
        Medline(),
        Ris(),
        Bibtex(),
        CsvTables(columns),
        ListingPages(),
    )


SOURCES = make_sources({})
FORMATS = "BibTeX, RIS, PubMed, arXiv, JSON, CSV and listing pages"  # for who has another one
