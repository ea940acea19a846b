"""Records of papers: what is written is read back, and nothing else is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.catalog_readings import StoredReading
from vectorstore.chroma_limits import pieces
from vectorstore.paper_records import PaperRecord, document, read_document
from vectorstore.records import DatePrecision, Paper, Source

BREAD = PaperRecord(
    7,
    Paper(
        "bread",
        "How Dough Rises",
        "Levain ferments à point.",
        published=date(2024, 7, 1),
        authors=("Ada",),
        sources=(Source("a.jsonl", 3),),
        date_precision=DatePrecision.MONTH,
    ),
    (StoredReading("a.jsonl", 3, b"\x00\xff", '{"title": "Dough"}', 1, 2),),
    ("title:1",),
)
TEXT = (
    '{"number":7,"paper":{"id":"bread","title":"How Dough Rises","abstract":"Levain ferments à'
    ' point.","published":"2024-07-01","authors":["Ada"],"sources":[{"file":"a.jsonl","line":3}],'
    '"date_precision":"month"},"readings":[{"file":"a.jsonl","line":3,"digest":"AP8=","said":'
    '"{\\"title\\": \\"Dough\\"}","changed_run":1,"seen_run":2}],"keys":["title:1"]}'
)
# As SQLite keeps it; a text may have anything but halves of characters.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_form() -> None:
    assert document(BREAD) == TEXT
    assert read_document(TEXT) == BREAD


@given(
    paper=st.builds(
        Paper,
        TEXTS,
        TEXTS,
        TEXTS,
        published=st.none() | st.dates(),
        author_count=st.none() | st.integers(0, 2**53 - 1),
        authors=st.lists(TEXTS).map(tuple),
        url=st.none() | TEXTS,
        suspicious=st.lists(TEXTS).map(tuple),
        date_precision=st.sampled_from(DatePrecision),
    ),
    digest=st.binary(max_size=12),
)
def test_what_is_written_is_read_back(paper: Paper, digest: bytes) -> None:
    record = PaperRecord(1, paper, (StoredReading("f", 1, digest, "{}", 1, 1),))
    assert read_document(document(record)) == record


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(removed)",
        "[]",
        TEXT[:-1],
        TEXT.replace('"number":7', '"number":"7"'),
        TEXT.replace('"month"', '"week"'),
        TEXT.replace('["Ada"]', '"Ada"'),
        TEXT.replace("2024-07-01", "yesterday"),
        TEXT.replace("AP8=", "?"),
        TEXT.replace("How", "\\ud800"),
        TEXT.replace('"number"', '"oven":1,"number"'),
    ],
)
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        read_document(text)


@pytest.mark.parametrize("name", ["number", "line", "changed_run", "seen_run"])
@pytest.mark.parametrize("number", [-1, 2**60, 2**70])
def test_numbers_that_no_paper_has(name: str, number: int) -> None:
    text = re.sub(rf'"{name}":\d+', f'"{name}":{number}', TEXT)
    assert text != TEXT
    with pytest.raises(ValueError, match="a number that is none of a paper's"):
        read_document(text)


@given(text=TEXTS, most=st.integers(4, 9))
def test_pieces_are_the_text(text: str, most: int) -> None:
    cut = list(pieces(text, most))
    assert "".join(cut) == text
    assert all(0 < len(piece.encode()) <= most for piece in cut)
