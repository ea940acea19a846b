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
from ingest.readers.daily_papers_json import DailyPapersJson
from vectorstore.records import Source

FILE = "daily_papers.json"
LISTING = {
    "paper": {
        "id": "2401.01234",
        "authors": [
            {"_id": "a1", "name": "Anna Baker", "hidden": False},
            {"_id": "a2", "name": "Bo Miller", "hidden": True},
        ],
        "publishedAt": "2024-01-02T18:59:59.000Z",
        "submittedOnDailyAt": "2024-01-04T01:00:00.000Z",
        "title": "On Soup",
        "summary": "Soup is\nhot \\u0026 good.",
        "upvotes": 12,
        "discussionId": "d1",
        "ai_keywords": ["soup"],
        "organization": {"_id": "o1", "name": "levain", "fullname": "Levain Research"},
    },
    "publishedAt": "2024-01-03T01:00:00.000Z",
    "title": "Another title",
    "summary": "Another summary",
    "thumbnail": "https://soup.example/a.png",
    "numComments": 2,
    "submittedBy": {"_id": "s1", "fullname": "Cy Cook", "name": "cy"},
    "organization": {"name": "soup", "fullname": "Soup Inc."},
}
ENTRY = Entry(
    "On Soup",
    "Soup is hot \\u0026 good.",
    Source(FILE, 1),
    published=date(2024, 1, 2),
    author_count=2,
    authors=("Anna Baker",),
    organization="Levain Research",
    comment_count=2,
    url="https://arxiv.org/abs/2401.01234",
    arxiv_id="2401.01234",
)
BARE = {"paper": {"id": "x"}, "title": "On Soup", "summary": "Soup is hot."}


def read(text: str) -> list[Entry | Skipped]:
    return list(DailyPapersJson().read(content(text, FILE)))


def test_a_listing() -> None:
    assert DailyPapersJson().accepts(content(json.dumps([LISTING])))
    assert read(json.dumps([LISTING])) == [ENTRY]


@pytest.mark.parametrize(
    ("listing", "reading"),
    [
        (BARE, Entry("On Soup", "Soup is hot.", Source(FILE, 2))),
        (
            BARE | {"numComments": "many", "organization": [], "publishedAt": {}},
            Entry("On Soup", "Soup is hot.", Source(FILE, 2)),
        ),
        (
            BARE | {"organization": {"name": "soup"}, "publishedAt": "2024-01-03"},
            Entry(
                "On Soup",
                "Soup is hot.",
                Source(FILE, 2),
                published=date(2024, 1, 3),
                organization="soup",
            ),
        ),
        (
            {"paper": {"id": "2401.01235", "title": 5, "summary": None, "authors": {}}},
            Skipped(FILE, 2, 'a title without letters or digits: ""', "2401.01235"),
        ),
        ({"paper": "2401.01235"}, Skipped(FILE, 2, 'a title without letters or digits: ""')),
        ({}, Skipped(FILE, 2, 'a title without letters or digits: ""')),
        ([1], Skipped(FILE, 2, "a list, no record")),
        (
            {"paper": {"id": "x"}, "title": "On Soup"},
            Skipped(FILE, 2, 'a title without an abstract: "On Soup"', "x"),
        ),
    ],
)
def test_what_is_missing(listing: object, reading: Entry | Skipped) -> None:
    lines = [json.dumps(LISTING), json.dumps(listing), json.dumps(LISTING)]
    first, second, third = read("[" + ",\n".join(lines) + "]")
    assert (first, second) == (ENTRY, reading)
    assert isinstance(third, Entry)


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "On Soup", "summary": "Soup is hot."}]',
        '{"id": "2401.01234", "title": "On Soup", "summary": "Soup is hot."}',
        '[{"paper": "On Soup"}]',
        "On Soup\n\nSoup is hot.",
        "",
    ],
)
def test_other_texts(text: str) -> None:
    assert not DailyPapersJson().accepts(content(text))


@given(st.text(alphabet='[]{}",:\n paer"id1'))
def test_any_text_is_read(text: str) -> None:
    with suppress(ContentError):
        DailyPapersJson().accepts(content(text))
        assert all(isinstance(reading, Entry | Skipped) for reading in read(text))
