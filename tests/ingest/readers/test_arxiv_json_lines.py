from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.arxiv_json_lines import ArxivJsonLines
from vectorstore.records import DatePrecision, Source

FILE = "arxiv-metadata-oai-snapshot.json"
RECORD = {
    "id": "0704.0001",
    "submitter": "Anna Baker",
    "authors": "A. Baker, B. Kov\\'acs",
    "title": "On Soup with\n  $\\alpha$-Bread and caf\\'e",
    "comments": "12 pages, 3 figures",
    "journal-ref": "J.Soup 76:013009,\n  2007",
    "doi": "10.1234/Soup.76",
    "report-no": "BREAD-07",
    "categories": "hep-ph cs.CL",
    "license": None,
    "abstract": "  Soup is hot. We\ncook it for $50\\%$ less.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [
        ["Baker", "A.", ""],
        ["Kov\\'acs", "B.", "Jr"],
        ["Levain Collaboration", "", "", "Bakery"],
    ],
}
ENTRY = Entry(
    "On Soup with $\\alpha$-Bread and caf\\'e",
    "Soup is hot. We cook it for $50\\%$ less.",
    Source(FILE, 1),
    published=date(2007, 4, 2),
    authors=("A. Baker", "B. Kovács Jr", "Levain Collaboration"),
    url="https://arxiv.org/abs/0704.0001",
    arxiv_id="0704.0001",
    doi="10.1234/soup.76",
    venue="J.Soup 76:013009, 2007",
    categories=("hep-ph", "cs.CL"),
    updated=date(2008, 11, 26),
)
LINE = json.dumps(RECORD)
BARE = {"id": "hep-th/9901001", "title": "On Soup", "abstract": "Soup is hot."}


def read(text: str) -> list[Entry | Skipped]:
    return list(ArxivJsonLines().read(content(text, FILE)))


@pytest.mark.parametrize("text", [LINE, LINE + "\n", "\ufeff" + LINE + "\r\n", f"[{LINE}]"])
def test_a_record(text: str) -> None:
    assert ArxivJsonLines().accepts(content(text))
    assert read(text) == [ENTRY]


def bare(**details: object) -> Entry:
    more = {"url": "https://arxiv.org/abs/hep-th/9901001", "arxiv_id": "hep-th/9901001"} | details
    return Entry("On Soup", "Soup is hot.", Source(FILE, 2), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "reading"),
    [
        ({}, bare()),
        ({"id": "unknown/5"}, bare(url=None, arxiv_id=None)),
        ({"id": 704.0001}, bare(url=None, arxiv_id=None)),
        (
            {"versions": {}, "authors_parsed": {}, "doi": 5, "update_date": [], "categories": 5},
            bare(),
        ),
        ({"versions": [5], "authors_parsed": [5, [], [5], [None, "A."]]}, bare(authors=("A.",))),
        ({"versions": [{"created": "Fri, 30 Feb 2007 19:18:42 GMT"}]}, bare()),
        ({"versions": [{"created": "2 April 2007"}]}, bare(published=date(2007, 4, 2))),
        (
            {"versions": [{"created": "April 2007"}]},
            bare(published=date(2007, 4, 1), date_precision=DatePrecision.MONTH),
        ),
        ({"doi": "10.48550/arXiv.hep-th/9901001"}, bare()),
        (
            {"title": 5},
            Skipped(FILE, 2, 'a title without letters or digits: ""', "hep-th/9901001"),
        ),
        (
            {"abstract": None},
            Skipped(FILE, 2, 'a title without an abstract: "On Soup"', "hep-th/9901001"),
        ),
    ],
)
def test_what_is_missing_or_odd(fields: dict[str, object], reading: Entry | Skipped) -> None:
    first, second, third = read(f"{LINE}\n{json.dumps(BARE | fields)}\n{LINE}\n")
    assert (first, second) == (ENTRY, reading)
    assert isinstance(third, Entry)


def test_a_snapshot_that_was_cut_off() -> None:
    reason = 'not valid JSON (Unterminated string starting at): "" Soup is"'
    cut = LINE[: LINE.index(" hot.")]
    assert read(f"{LINE}\n{cut}") == [ENTRY, Skipped(FILE, 2, reason, "0704.0001", ends_file=True)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        json.dumps(BARE),
        '[{"paper": {"id": "2401.01234"}}]',
        '{"id": "a", "title": "On Soup", "abstract": "Soup is hot.", "doi": "10.1234/soup"}',
        "0704.0001, On Soup",
    ],
)
def test_other_texts(text: str) -> None:
    assert not ArxivJsonLines().accepts(content(text))


@given(
    st.dictionaries(
        st.sampled_from(sorted(RECORD)),
        st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5),
    )
)
def test_any_values_are_read(fields: dict[str, object]) -> None:
    with suppress(ContentError):
        assert len(read(f"{LINE}\n{json.dumps(RECORD | fields)}\n{LINE}")) == 3
