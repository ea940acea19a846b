"""A whole library as a file: what is written, and that reading it gives the library again."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.entries import Entry
from ingest.files import read_data
from ingest.readers.fields import clean_text, folded
from ui.export.export_files import OutputFileError
from ui.export.library_export import LibraryFormat, export_library, library_parts
from vectorstore import identifiers
from vectorstore.records import DatePrecision, Paper, title_key

SUFFIXES = {
    LibraryFormat.JSON_LINES: ".jsonl",
    LibraryFormat.BIBTEX: ".bib",
    LibraryFormat.RIS: ".ris",
    LibraryFormat.CSV: ".csv",
}
RYE = Paper(
    id="1f2e3d4c5b6a7988",
    title="=Rye & {Soup}",
    abstract="Line  one.\n\n100% of `` $k$ -- 12\\%.",
    published=date(2024, 3, 1),
    date_precision=DatePrecision.MONTH,
    author_count=3,
    authors=("Ada Löwe", "Bread; Sons, Inc."),
    organization="Kitchen and Co",
    comment_count=0,
    url="https://example.org/a_b?c=1",
    arxiv_id="2403.00001",
    doi="10.1234/rye",
    venue="Crumb & Crust",
    categories=("food.BR", "soup"),
    language="en",
    suspicious=("hidden",),
)
BARE = Paper(id="0000000000000001", title="Bread", abstract="It rises.")


def text_of(wanted: LibraryFormat, *papers: Paper) -> str:
    return "".join(library_parts(papers, wanted))


def test_json_lines() -> None:
    rye, bare = text_of(LibraryFormat.JSON_LINES, RYE, BARE).splitlines()
    assert json.loads(rye) == {
        "paper_id": "1f2e3d4c5b6a7988",
        "title": "=Rye & {Soup}",
        "abstract": "Line  one.\n\n100% of `` $k$ -- 12\\%.",
        "authors": ["Ada Löwe", "Bread; Sons, Inc."],
        "published": "2024-03-01",
        "date_precision": "month",
        "author_count": 3,
        "organization": "Kitchen and Co",
        "comment_count": 0,
        "url": "https://example.org/a_b?c=1",
        "arxiv_id": "2403.00001",
        "doi": "10.1234/rye",
        "venue": "Crumb & Crust",
        "categories": ["food.BR", "soup"],
    }
    assert bare == (
        '{"paper_id": "0000000000000001", "title": "Bread", "abstract": "It rises.",'
        ' "date_precision": "day"}'
    )


def test_bibtex() -> None:
    assert text_of(LibraryFormat.BIBTEX, RYE, BARE) == (
        "@article{lowe2024rye-1f2e3d4c5b6a7988,\n"
        "  title = {{=Rye \\& \\textbraceleft{}Soup\\textbraceright{}}},\n"
        "  author = {Ada Löwe and {Bread; Sons, Inc.} and others},\n"
        "  year = {2024},\n"
        "  month = {3},\n"
        "  journal = {Crumb \\& Crust},\n"
        "  organization = {Kitchen and Co},\n"
        "  doi = {10.1234/rye},\n"
        "  eprint = {2403.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://example.org/a_b?c=1},\n"
        "  keywords = {food.BR, soup},\n"
        "  abstract = {Line \\symbol{32}one.\\symbol{10}\\symbol{10}100\\% of `{}` \\$k\\$ -{}-"
        " 12\\textbackslash{}\\%.},\n"
        "  authorcount = {3},\n"
        "  commentcount = {0},\n"
        "  paperchat = {1f2e3d4c5b6a7988},\n"
        "}\n"
        "\n"
        "@misc{bread-0000000000000001,\n"
        "  title = {{Bread}},\n"
        "  abstract = {It rises.},\n"
        "  paperchat = {0000000000000001},\n"
        "}\n"
        "\n"
    )


def test_ris() -> None:
    assert text_of(LibraryFormat.RIS, RYE, BARE) == (
        "TY  - JOUR\r\n"
        "ID  - 1f2e3d4c5b6a7988\r\n"
        "TI  - =Rye & {Soup}\r\n"
        "AU  - Ada Löwe\r\n"
        "AU  - Bread; Sons, Inc.\r\n"
        "PY  - 2024\r\n"
        "DA  - 2024/03//\r\n"
        "T2  - Crumb & Crust\r\n"
        "PB  - Kitchen and Co\r\n"
        "DO  - 10.1234/rye\r\n"
        "AN  - arXiv:2403.00001\r\n"
        "UR  - https://example.org/a_b?c=1\r\n"
        "KW  - food.BR\r\n"
        "KW  - soup\r\n"
        "AB  - Line one. 100% of `` $k$ -- 12\\%.\r\n"
        'C1  - paperchat: {"id": "1f2e3d4c5b6a7988", "author_count": 3, "comment_count": 0,'
        ' "organization": "Kitchen and Co",'
        ' "abstract": "Line  one.\\n\\n100% of `` $k$ -- 12\\\\%.",'
        ' "authors": ["Ada L\\u00f6we", "Bread; Sons, Inc."]}\r\n'
        "ER  - \r\n"
        "\r\n"
        "TY  - GEN\r\n"
        "ID  - 0000000000000001\r\n"
        "TI  - Bread\r\n"
        "AB  - It rises.\r\n"
        'C1  - paperchat: {"id": "0000000000000001"}\r\n'
        "ER  - \r\n"
        "\r\n"
    )


def test_csv() -> None:
    assert text_of(LibraryFormat.CSV, RYE, BARE) == (
        '"paper_id","title","abstract","authors","published","date_precision","author_count",'
        '"organization","comment_count","url","arxiv_id","doi","venue","categories"\r\n'
        '"1f2e3d4c5b6a7988","\'=Rye & {Soup}","Line  one.\n\n100% of `` $k$ -- 12\\%.",'
        '"[""Ada Löwe"", ""Bread; Sons, Inc.""]","2024-03-01","month","3","Kitchen and Co","0",'
        '"https://example.org/a_b?c=1","2403.00001","10.1234/rye","Crumb & Crust","food.BR; soup"'
        "\r\n"
        '"0000000000000001","Bread","It rises.","","","day","","","","","","","",""\r\n'
    )


def test_an_empty_library() -> None:
    texts = [text_of(wanted) for wanted in LibraryFormat]
    assert texts[:3] == ["", "", ""]
    assert texts[3].count("\r\n") == 1


# Any text that a library can hold, and more often than by chance what some format takes for more.
HOSTILE = st.text("\\{}#$%&_~^<>|\"'`@=+-,;:[]/ \t\n\xa0\x85\u2028\u202e\ufeffé漢ER", max_size=30)
# Reading any file takes a mark of byte order off the beginning of a line.
MARK_OF_LINE = re.compile("^\ufeff+", re.MULTILINE)
# Not every format keeps them.
CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
TEXTS = (st.text(max_size=40) | HOSTILE).map(
    lambda text: MARK_OF_LINE.sub("", CONTROLS.sub("", clean_text(text)))
)
TITLES = TEXTS.filter(lambda text: title_key(text) != "")
# Only such are stored: neither blank nor a word that stands for none.
ABSTRACTS = TEXTS.map(lambda text: text if len(text) > 40 else f"Levain rises: {text}")
NAMES = (
    (TEXTS | st.sampled_from(["and", "others", "Bread, Inc.", "A and B", "Soup; Sons", "[Rye]"]))
    .map(folded)
    .filter(bool)
)
LISTS = st.lists(NAMES, max_size=3, unique=True).map(tuple)
DOIS = st.from_regex(r"10\.[0-9]{4}/[a-z0-9._/;()-]{1,20}", fullmatch=True).map(identifiers.doi)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
DATES = st.one_of(
    st.just((None, DatePrecision.DAY)),
    DAYS.map(lambda day: (day, DatePrecision.DAY)),
    DAYS.map(lambda day: (day.replace(day=1), DatePrecision.MONTH)),
    DAYS.map(lambda day: (day.replace(day=1, month=1), DatePrecision.YEAR)),
)
COUNTS = st.none() | st.integers(0, 9_999)


@st.composite
def libraries(draw: st.DrawFn) -> list[Paper]:
    """Draw papers as a library holds them, each field by itself."""
    papers = []
    for number in range(draw(st.integers(1, 3))):
        published, precision = draw(DATES)
        paper = Paper(
            id=f"{number:016x}",
            title=draw(TITLES),
            abstract=draw(ABSTRACTS),
            published=published,
            date_precision=precision,
            author_count=draw(COUNTS),
            authors=draw(LISTS),
            organization=draw(st.none() | NAMES),
            comment_count=draw(COUNTS),
            url=draw(st.none() | st.sampled_from(["https://example.org/a_b?c=1&d=~e#f%20$"])),
            arxiv_id=draw(st.none() | st.sampled_from(["2403.00001", "hep-th/9901001"])),
            doi=draw(st.none() | DOIS),
            venue=draw(st.none() | NAMES),
            categories=draw(LISTS),
        )
        papers.append(paper)
    return papers


def read_back(wanted: LibraryFormat, *papers: Paper) -> list[Paper]:
    """Return the papers that reading the export gives."""
    data = text_of(wanted, *papers).encode("utf-8")
    return [_paper(entry) for entry in read_data(data, f"library{SUFFIXES[wanted]}")]


def _paper(entry: object) -> Paper:
    assert isinstance(entry, Entry), entry
    assert entry.paper_id is not None
    return Paper(
        id=entry.paper_id,
        title=entry.title,
        abstract=entry.abstract,
        published=entry.published,
        date_precision=entry.date_precision,
        author_count=entry.author_count,
        authors=entry.authors,
        organization=entry.organization,
        comment_count=entry.comment_count,
        url=entry.url,
        arxiv_id=entry.arxiv_id,
        doi=entry.doi,
        venue=entry.venue,
        categories=entry.categories,
    )


@pytest.mark.parametrize("wanted", LibraryFormat)
@given(papers=libraries())
@example(papers=[replace(RYE, language=None, suspicious=()), BARE])
@example(papers=[replace(BARE, abstract=" Unlike  arXiv:2403.00002 and 10.1234/soup.")])
@example(papers=[replace(BARE, title="None", abstract="'=1+1 \n", authors=("Löwe, Ada", "-"))])
def test_any_library_reads_back_as_it_is(wanted: LibraryFormat, papers: list[Paper]) -> None:
    assert read_back(wanted, *papers) == papers


@pytest.mark.parametrize("wanted", LibraryFormat)
def test_no_control_is_written(wanted: LibraryFormat) -> None:
    """A terminal may take U+009B for the beginning of an order."""
    ordered = Paper(
        id="0000000000000001",
        title="\x9b=SUM(A1) \x9b31m",
        abstract="It\x9b rises -\x9b- twice.",
        authors=("Ada\x9b Löwe", "\x84Rye; Sons"),
        venue="Cr\x9bumb",
        categories=("so\x9fup",),
    )
    assert CONTROLS.findall(text_of(wanted, ordered)) == []
    exact = wanted in {LibraryFormat.JSON_LINES, LibraryFormat.BIBTEX}
    left = replace(
        ordered,
        title="=SUM(A1) 31m",
        abstract="It rises -- twice.",
        authors=("Ada Löwe", "Rye; Sons"),
        venue="Crumb",
        categories=("soup",),
    )
    assert read_back(wanted, ordered) == [ordered if exact else left]


def test_no_cell_is_a_formula_without_its_controls() -> None:
    assert '"\'=SUM(A1)"' in text_of(LibraryFormat.CSV, replace(BARE, title="\x9b=SUM(A1)"))


def test_an_address_has_its_controls_percent_encoded() -> None:
    written = text_of(LibraryFormat.BIBTEX, replace(BARE, url="https://example.org/\x9b"))
    assert "  url = {https://example.org/%C2%9B},\n" in written


def test_papers_are_written_as_they_come() -> None:
    taken = []

    def papers() -> Iterator[Paper]:
        for number in range(3):
            taken.append(number)
            yield replace(BARE, id=f"{number:016x}")

    parts = library_parts(papers(), LibraryFormat.RIS)
    next(parts)
    assert taken == [0]


def test_a_file_is_replaced_when_all_is_written(tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text("old")
    assert export_library(iter([RYE, BARE]), LibraryFormat.BIBTEX, file) == 2
    assert file.read_text("utf-8") == text_of(LibraryFormat.BIBTEX, RYE, BARE)


def test_a_file_keeps_its_content_where_the_library_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "library.csv"
    file.write_text("old")

    def papers() -> Iterator[Paper]:
        yield BARE
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export_library(papers(), LibraryFormat.CSV, file)
    assert [(each, each.read_text()) for each in tmp_path.iterdir()] == [(file, "old")]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="it is a folder"):
        export_library([BARE], LibraryFormat.CSV, tmp_path)


def test_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    assert export_library([RYE], LibraryFormat.BIBTEX) == 1
    assert out.getvalue().decode("utf-8") == text_of(LibraryFormat.BIBTEX, RYE)
