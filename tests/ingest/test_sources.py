"""Every format is recognised by what is in a file, and taken by its own reader."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from ingest.content import Content
from ingest.entries import Entry, Reading, Skipped
from ingest.files import read_data, read_entries, read_file
from ingest.sources import SOURCES, make_sources

SAMPLES = Path(__file__).parent / "samples"
PAGES = Path(__file__).parents[2] / "data/daily-papers"
# Each holds the same two papers.
READERS = {
    "arxiv.atom": "ArxivAtom",
    "arxiv_snapshot.jsonl": "ArxivJsonLines",
    "daily_papers.json": "DailyPapersJson",
    "library.bib": "Bibtex",
    "library.ris": "Ris",
    "listing_page.txt": "ListingPages",
    "pubmed.nbib": "Medline",
    "pubmed.xml": "PubmedXml",
    "records.json": "JsonRecords",
    "table.csv": "CsvTables",
    "table.tsv": "CsvTables",
}
PAPERS = [
    ("On Bread", "Dough rises overnight.", 2),
    ("On Soup", "Broth simmers slowly.", 1),
]


def papers(readings: Iterable[Reading]) -> list[object]:
    return [
        (r.title, r.abstract, r.author_count or len(r.authors)) if isinstance(r, Entry) else r
        for r in readings
    ]


def test_every_reader_has_a_sample() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(READERS)
    assert {type(source).__name__ for source in SOURCES} == set(READERS.values())


@pytest.mark.parametrize(("name", "reader"), READERS.items())
def test_sample_is_taken_by_its_own_reader_first(name: str, reader: str) -> None:
    content = Content("file", lambda: (SAMPLES / name).open("rb"))
    taking = next(source for source in SOURCES if source.accepts(content))
    assert (type(taking).__name__, papers(taking.read(content))) == (reader, PAPERS)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_line_ends_and_encoding(name: str, ends: str, encoding: str) -> None:
    text = (SAMPLES / name).read_text("utf-8")
    data = text.replace("\n", ends).encode(encoding)
    assert papers(read_data(data, "file")) == PAPERS


def test_endings_say_nothing(tmp_path: Path) -> None:
    endings = sorted(Path(name).suffix for name in READERS)
    for ending, name in zip([*endings[1:], endings[0]], READERS, strict=True):
        shutil.copy(SAMPLES / name, tmp_path / f"{name}{ending}")
    assert papers(read_entries([tmp_path])) == PAPERS * len(READERS)


@pytest.mark.parametrize("name", READERS)
def test_what_comes_before_a_cut_is_kept(name: str) -> None:
    packed = gzip.compress((SAMPLES / name).read_bytes() * 2)
    first, *_, last = read_data(packed[:-20], "file")
    assert papers([first]) == PAPERS[:1]
    assert isinstance(last, Skipped)
    assert (last.reason, last.ends_file) == ("the archive is cut off: its end is missing", True)


def test_columns_that_are_named() -> None:
    data = (
        b"Heading,Text,Note\nOn Bread,Dough rises overnight.,1\nOn Soup,Broth simmers slowly.,2\n"
    )
    sources = make_sources({"title": "Heading", "abstract": "Text"})
    assert papers(read_data(data, "file", sources)) == [(*paper[:2], 0) for paper in PAPERS]


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda p: p.name)
def test_shipped_pages_are_listing_pages_alone(path: Path) -> None:
    content = Content("file", lambda: path.open("rb"))
    takers = [type(source).__name__ for source in SOURCES if source.accepts(content)]
    assert takers == ["ListingPages"]
    assert not [reading for reading in read_file(path) if isinstance(reading, Skipped)]
