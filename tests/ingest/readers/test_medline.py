from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.medline import Medline
from ingest.readers.tagged_records import LONGEST_RECORD
from vectorstore.records import DatePrecision, Source

FILE = "pubmed.nbib"


def read(text: str | bytes) -> list[Entry | Skipped]:
    return list(Medline().read(content(text, FILE)))


def entry(title: str, abstract: str, line: int = 1, **details: object) -> Entry:
    return Entry(title, abstract, Source(FILE, line), **details)  # type: ignore[arg-type]


NBIB = """
PMID- 12345678
OWN - NLM
STAT- MEDLINE
DCOM- 20240320
LR  - 20240401
IS  - 1234-5678 (Electronic)
VI  - 12
DP  - 2024 Mar 5
TI  - Salt in bread - a randomised trial of
      twelve grams.
PG  - 1-9
LID - S1234-5678(24)00001-2 [pii]
LID - 10.1000/Salt.12 [doi]
AB  - BACKGROUND: Soup needs salt. METHODS: We
      baked. CONCLUSIONS: 12 grams are enough.
CI  - Copyright (c) 2024. Bread and Sons.
FAU - Löwe, Ada
AU  - Löwe A
AD  - Kitchen, Levain.
CN  - The Salt Group
FAU - Soup, Jan Jr
AU  - Soup J Jr
LA  - eng
PT  - Journal Article
DEP - 20240201
TA  - J Bread
JT  - Journal of Bread
MH  - *Bread/analysis/*standards
MH  - Humans
OT  - table salt
AID - 10.1000/Salt.12 [doi]
SO  - J Bread. 2024 Mar 5;12:1-9.

PMID- 2
DP  - 2023 Jan-Feb
DEP - 20221201
TI  - [Bread].
AB  - It rises.
AU  - Löwe A
TA  - J Bread
"""


def test_export() -> None:
    assert Medline().accepts(content(NBIB))
    assert read(NBIB) == [
        entry(
            "Salt in bread - a randomised trial of twelve grams.",
            "BACKGROUND: Soup needs salt. METHODS: We baked. CONCLUSIONS: 12 grams are enough.",
            2,
            published=date(2024, 3, 5),
            updated=date(2024, 4, 1),
            authors=("Ada Löwe", "The Salt Group", "Jan Jr Soup"),
            url="https://pubmed.ncbi.nlm.nih.gov/12345678/",
            doi="10.1000/salt.12",
            venue="Journal of Bread",
            categories=("table salt", "Bread", "Humans"),
        ),
        entry(
            "[Bread].",
            "It rises.",
            35,
            published=date(2022, 12, 1),
            authors=("Löwe A",),
            url="https://pubmed.ncbi.nlm.nih.gov/2/",
            venue="J Bread",
        ),
    ]


@pytest.mark.parametrize(
    ("lines", "details"),
    [
        ("DP  - 2024", {"published": date(2024, 1, 1), "date_precision": DatePrecision.YEAR}),
        ("DP  - 2024 Mar", {"published": date(2024, 3, 1), "date_precision": DatePrecision.MONTH}),
        (
            "DP  - 2024 Spring",
            {"published": date(2024, 1, 1), "date_precision": DatePrecision.YEAR},
        ),
        ("DP  - soon", {}),
        ("DP  - 299999999999999999999999999924 M 5;12:1-9.", {}),
        ("LID - 10.48550/arXiv.2403.00001 [doi]", {"arxiv_id": "2403.00001"}),
        ("AID - 10.1000/a\n      [doi]", {"doi": "10.1000/a"}),
        ("CN  - The Salt Group", {"authors": ("The Salt Group",)}),
        ("no tag - at all", {}),
    ],
)
def test_field(lines: str, details: dict[str, object]) -> None:
    text = f"PMID- 7\nTI  - Salt\nAB  - Soup.\nPL  - x\n{lines}\n"
    url = "https://pubmed.ncbi.nlm.nih.gov/7/"
    assert read(text) == [entry("Salt", "Soup.", url=url, **details)]


def one(number: int) -> str:
    return f"PMID- {number}\nTI  - Salt\nAB  - Soup.\n"


def salt(number: int, line: int = 1) -> Entry:
    return entry("Salt", "Soup.", line, url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("", []),
        ("\n\n", []),
        ("PMID- 3\n", [Skipped(FILE, 4, 'a title without letters or digits: ""', "3")]),
        ("PMID- 3\nTI  - Salt\n\n", [Skipped(FILE, 4, 'a title without an abstract: "Salt"', "3")]),
        (
            "PMID- 3\nTI  - Salt\nAB  - " + "word\n" * (LONGEST_RECORD // 5),
            [Skipped(FILE, 4, "a record of over 1,000,000 characters", "3")],
        ),
    ],
)
def test_records_around_another(text: str, readings: list[Skipped]) -> None:
    between = f"{one(1)}{text}{one(2)}"
    assert read(between) == [salt(1), *readings, salt(2, 4 + text.count("\n"))]


def test_lines_before_the_first_record_are_left_out() -> None:
    assert read(f"PMID-3\nTI  - Bread\n{one(1)}") == [salt(1, 3)]


@pytest.mark.parametrize(
    ("text", "is_medline"),
    [
        ("PMID- 1\nOWN - NLM", True),
        ("\n\nPMID- 12345678\n\nTI  - x", True),
        ("Set 1 of 2\n\nPMID- 1\nSTAT- x", True),
        ("PMID- 1", False),
        ("PMID- 1\nand more", False),
        ("PMID: 1\nTI  - x", False),
        ("", False),
    ],
)
def test_recognition(text: str, is_medline: bool) -> None:
    assert Medline().accepts(content(text)) is is_medline


@given(st.text() | st.lists(st.sampled_from(["PMID- 1", "TI  - x", "AB  -", "\n", "      x", "-"])))
def test_any_content_is_read(parts: str | list[str]) -> None:
    file = content("".join(parts).encode(errors="replace"), FILE)
    with suppress(ContentError):
        Medline().accepts(file)
        assert all(isinstance(reading, Entry | Skipped) for reading in Medline().read(file))


@given(st.text(alphabet="PMIDTAB -\nx1\t"))
def test_the_records_around_anything_are_read(between: str) -> None:
    readings = read(f"{one(1)}OT  - x\n{between}\n{one(2)}")
    assert isinstance(readings[0], Entry)
    assert (readings[0].title, readings[0].source) == ("Salt", Source(FILE, 1))
    assert readings[-1] == salt(2, 6 + between.count("\n"))
