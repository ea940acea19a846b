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
from ingest.readers.ris import Ris
from ingest.readers.tagged_records import LONGEST_RECORD
from vectorstore.records import DatePrecision, Source

FILE = "papers.ris"


def read(text: str | bytes) -> list[Entry | Skipped]:
    return list(Ris().read(content(text, FILE)))


def entry(title: str, abstract: str, line: int = 1, **details: object) -> Entry:
    return Entry(title, abstract, Source(FILE, line), **details)  # type: ignore[arg-type]


ZOTERO = """TY  - JOUR
TI  - Salt in bread
AU  - Löwe, Ada
AU  - Soup, Jan, Jr.
AU  - Bread and Sons
T2  - Journal of Bread
AB  - Soup needs salt.
12 grams are enough.

More is too much.
DA  - 2024/03/05/
PY  - 2024
DO  - 10.1000/Salt.12
DP  - example.org
VL  - 12
SN  - 1234-5678
UR  - https://example.org/salt
Y2  - 2024/06/01/10:11:12
L1  - file:///home/ada/salt.pdf
KW  - Salt
KW  - Soup
ER  -

"""
ENDNOTE = """TY  - JOUR
AU  - Löwe, A.
AB  - Soup needs salt.
AN  - rayyan-1
DA  - Mar 5
DO  - 10.1000/salt
KW  - Bread
Salt
PY  - 2024
ST  - Salt
T2  - Journal of Bread
TI  - Salt in bread
UR  - <Go to ISI>://WOS:1
ID  - 12
ER  -
"""
SCOPUS = """Scopus
EXPORT DATE: 01 June 2024

TY  - JOUR
TI  - Salt in bread
T2  - Journal of Bread
AU  - Löwe, A.
PY  - 2024
DO  - 10.1000/salt
UR  - https://www.example.org/inward/record.uri?eid=2-s2.0-1&doi=10.1000%2fsalt
AB  - Soup needs salt. © 2024 Bread.
KW  - Salt; iodised
DB  - Scopus
N1  - Export Date: 01 June 2024; Cited By: 2
ER  -
"""
OLD = """TY - CHAP
T1 - Salt in bread
A1 - Löwe, Ada
Y1 - 2024/03//
JF - Journal of Bread
JO - J. Bread
N2 - Soup needs salt. The old
AI - based ways differ.
M3 - arXiv:2403.00001
ER -
"""
OURS = (
    """TY  - GEN
ID  - lowe2024salt
C1  - paperchat: {"id": "0123456789abcdef", "author_count": 12, "comment_count": 3, """
    '"organization": "Kitchen", "abstract": "Soup\\n\\nneeds  salt.", '
    '"authors": ["Ada Löwe", "Bread, Inc."]}'
    """
TI  - Salt & {Soup}: $x^2$
AU  - Ada Löwe
AU  - Bread, Inc.
PY  - 2024
DA  - 2024/05//
T2  - Journal of Bread
DO  - 10.1000/a_b
UR  - https://example.org/a_b
AN  - arXiv:2405.00001
KW  - cs.CL
KW  - Bread, white
AB  - Soup needs salt.
ER  -
"""
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            ZOTERO,
            entry(
                "Salt in bread",
                "Soup needs salt. 12 grams are enough. More is too much.",
                published=date(2024, 3, 5),
                authors=("Ada Löwe", "Jan Soup Jr.", "Bread and Sons"),
                url="https://example.org/salt",
                doi="10.1000/salt.12",
                venue="Journal of Bread",
                categories=("Salt", "Soup"),
            ),
            id="Zotero",
        ),
        pytest.param(
            ENDNOTE,
            entry(
                "Salt in bread",
                "Soup needs salt.",
                published=date(2024, 3, 5),
                authors=("A. Löwe",),
                doi="10.1000/salt",
                venue="Journal of Bread",
                categories=("Bread", "Salt"),
            ),
            id="EndNote",
        ),
        pytest.param(
            SCOPUS,
            entry(
                "Salt in bread",
                "Soup needs salt. © 2024 Bread.",
                4,
                published=date(2024, 1, 1),
                date_precision=DatePrecision.YEAR,
                authors=("A. Löwe",),
                url="https://www.example.org/inward/record.uri?eid=2-s2.0-1&doi=10.1000%2fsalt",
                doi="10.1000/salt",
                venue="Journal of Bread",
                categories=("Salt; iodised",),
            ),
            id="Scopus",
        ),
        pytest.param(
            OLD,
            entry(
                "Salt in bread",
                "Soup needs salt. The old",
                published=date(2024, 3, 1),
                date_precision=DatePrecision.MONTH,
                authors=("Ada Löwe",),
                arxiv_id="2403.00001",
                venue="Journal of Bread",
            ),
            id="one space",
        ),
        pytest.param(
            OLD.replace(" - ", "  - ").replace("AI  - ", "AI - "),
            entry(
                "Salt in bread",
                "Soup needs salt. The old AI - based ways differ.",
                published=date(2024, 3, 1),
                date_precision=DatePrecision.MONTH,
                authors=("Ada Löwe",),
                arxiv_id="2403.00001",
                venue="Journal of Bread",
            ),
            id="two spaces",
        ),
        pytest.param(
            OURS,
            entry(
                "Salt & {Soup}: $x^2$",
                "Soup\n\nneeds  salt.",
                published=date(2024, 5, 1),
                date_precision=DatePrecision.MONTH,
                author_count=12,
                comment_count=3,
                organization="Kitchen",
                authors=("Ada Löwe", "Bread, Inc."),
                url="https://example.org/a_b",
                doi="10.1000/a_b",
                arxiv_id="2405.00001",
                venue="Journal of Bread",
                categories=("cs.CL", "Bread, white"),
                paper_id="0123456789abcdef",
            ),
            id="paperchat",
        ),
        pytest.param(
            OURS.replace("needs salt.", "loves salt.").replace("- Bread, Inc.", "- Oven, Max"),
            entry(
                "Salt & {Soup}: $x^2$",
                "Soup loves salt.",
                published=date(2024, 5, 1),
                date_precision=DatePrecision.MONTH,
                author_count=12,
                comment_count=3,
                organization="Kitchen",
                authors=("Ada Löwe", "Max Oven"),
                url="https://example.org/a_b",
                doi="10.1000/a_b",
                arxiv_id="2405.00001",
                venue="Journal of Bread",
                categories=("cs.CL", "Bread, white"),
                paper_id="0123456789abcdef",
            ),
            id="paperchat, edited elsewhere",
        ),
    ],
)
def test_export(text: str, expected: Entry | Skipped) -> None:
    assert Ris().accepts(content(text))
    assert read(text) == [expected]
    assert read(text.replace("\n", "\r\n")) == [expected]


def one(title: str, end: str = "ER  - \n") -> str:
    return f"TY  - JOUR\nTI  - {title}\nAB  - Soup.\n{end}"


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("", []),
        ("lines\nof no record\n", []),
        ("TI  - Salt\nAB  - Soup.\nER  - \n", []),
        ("TY  - JOUR\n", [Skipped(FILE, 5, 'a title without letters or digits: ""')]),
        (
            "TY  - JOUR\nID  - 7\nT1  - Salt\nER  - \n",
            [Skipped(FILE, 5, 'a title without an abstract: "Salt"', "7")],
        ),
        ("TY  - JOUR\nnot a tag\nTI  - Salt\nAB  - Soup.\n", [entry("Salt", "Soup.", 5)]),
        ("TY  - JOUR\nTI  - Salt\nT1  - Bread\nN2  - So\nAB  - \n", [entry("Salt", "So", 5)]),
    ],
)
@pytest.mark.parametrize("end", ["ER  - \n", "ER  -\n", ""])
def test_records_around_another(text: str, readings: list[Entry | Skipped], end: str) -> None:
    if not end and not text.startswith("TY"):
        text = ""
        readings = []
    first = one("A", end or "N1  - \n")
    assert read(f"{first}{text}{one('B', end)}") == [
        entry("A", "Soup."),
        *readings,
        entry("B", "Soup.", 5 + text.count("\n")),
    ]


@pytest.mark.parametrize(
    "said", ["", "no JSON", "[1]", "{", '{"id": 7, "title": [], "authors": "x"}', "[" * 100_000]
)
def test_a_line_of_ours_that_is_broken(said: str) -> None:
    assert read(one("Salt", f"C1  - paperchat:{said}\nER  - \n")) == [entry("Salt", "Soup.")]


@given(st.text(st.characters(exclude_categories=["C"]) | st.just("\n")).filter(str.strip))
def test_an_abstract_of_ours_comes_back(text: str) -> None:
    ours = json.dumps({"abstract": text}, ensure_ascii=False)
    shown = " ".join(text.split())
    lines = f"TY  - GEN\nTI  - Salt\nAB  - {shown}\nC1  - paperchat: {ours}\nER  - \n"
    assert read(lines) == [entry("Salt", text)]


def test_an_overlong_record() -> None:
    text = "TY  - JOUR\nID  - 7\nTI  - Salt\nAB  - x\n" + "word\n" * (LONGEST_RECORD // 5)
    reason = "a record of over 1,000,000 characters"
    assert read(text + one("B")) == [
        Skipped(FILE, 1, reason, "7"),
        entry("B", "Soup.", text.count("\n") + 1),
    ]


@pytest.mark.parametrize(
    ("text", "is_ris"),
    [
        ("TY  - JOUR\r\nTI  - x", True),
        ("TY - JOUR\n\nT1 - x", True),
        ("Provider: Bread\n\nTY  - JOUR\nTI  -", True),
        ("TY  - JOUR\nTI - x", False),
        ("PARTY  - JOUR\nTI  - x", False),
        ("TY  - JOUR", False),
        ("", False),
    ],
)
def test_recognition(text: str, is_ris: bool) -> None:
    assert Ris().accepts(content(text)) is is_ris


@given(st.text() | st.lists(st.sampled_from(["TY", "ER", "AB", "C1", " ", " - ", "\n", "x"])))
def test_any_content_is_read(parts: str | list[str]) -> None:
    text = "".join(parts)
    file = content(text.encode(errors="replace"), FILE)
    with suppress(ContentError):
        Ris().accepts(file)
        assert all(isinstance(reading, Entry | Skipped) for reading in Ris().read(file))


@given(st.text(alphabet="TYERAB1 -\nx:{}"))
def test_the_records_around_anything_are_read(between: str) -> None:
    readings = read(f"{one('First')}{between}\n{one('Last')}")
    assert readings[0] == entry("First", "Soup.")
    assert readings[-1] == entry("Last", "Soup.", 6 + between.count("\n"))
