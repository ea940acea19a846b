"""Each reader of bibliographies takes its own format and leaves all others."""

from __future__ import annotations

from pathlib import Path

import pytest
from contents import content

from ingest.content import Content
from ingest.entries import PaperSource
from ingest.readers.arxiv_atom import ArxivAtom
from ingest.readers.bibtex import Bibtex
from ingest.readers.listing_pages import ListingPages
from ingest.readers.medline import Medline
from ingest.readers.pubmed_xml import PubmedXml
from ingest.readers.ris import Ris

PAGES = sorted((Path(__file__).parents[3] / "data" / "daily-papers").glob("*.txt"))
READERS: tuple[PaperSource, ...] = (Bibtex(), Ris(), Medline(), PubmedXml(), ArxivAtom())
SAMPLES = {
    "Bibtex": "@article{salt,\n  title = {Salt},\n  abstract = {Soup.},\n}\n",
    "Ris": "TY  - JOUR\nTI  - Salt\nAB  - Soup.\nER  - \n",
    "Medline": "PMID- 1\nTI  - Salt\nAB  - Soup.\n",
    "PubmedXml": "<?xml version='1.0'?>\n<PubmedArticleSet></PubmedArticleSet>",
    "ArxivAtom": '<feed xmlns:arxiv="http://arxiv.org/schemas/atom"></feed>',
    "JSON": '[{"title": "Salt", "abstract": "@article{salt,\\nTY  - JOUR\\nTI  - x"}]',
    "CSV": 'title,abstract\nSalt,"Soup."\n',
    "another XML": "<rss><PubmedArticleSet/>http://arxiv.org/</rss>",
    "words": "Salt\n\nSoup needs salt.\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_format_has_one_reader(name: str) -> None:
    taking = [type(r).__name__ for r in READERS if r.accepts(content(SAMPLES[name]))]
    assert taking == [name for reader in READERS if type(reader).__name__ == name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_listing_pages_are_left_to_their_reader(page: Path) -> None:
    file = Content(page.name, lambda: page.open("rb"))
    assert ListingPages().accepts(file)
    assert [reader for reader in READERS if reader.accepts(file)] == []
