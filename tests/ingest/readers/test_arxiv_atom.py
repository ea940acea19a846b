from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from contents import content
from hypothesis import given
from hypothesis import strategies as st

from ingest.content import ContentError
from ingest.entries import Entry, Skipped
from ingest.readers.arxiv_atom import ArxivAtom
from vectorstore.records import Source

FILE = "arxiv.atom"


def read(text: str | bytes) -> list[Entry | Skipped]:
    return list(ArxivAtom().read(content(text, FILE)))


FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <title>arXiv Query: search_query=all:bread</title>
  <updated>2024-05-01T00:00:00-04:00</updated>
  <opensearch:totalResults>2</opensearch:totalResults>
"""
ENTRY = """  <entry>
    <id>http://arxiv.org/abs/2403.00001v2</id>
    <title>Salt in
  $x^2$ Bread</title>
    <updated>2024-04-01T17:59:59Z</updated>
    <link href="https://arxiv.org/abs/2403.00001v2" rel="alternate" type="text/html"/>
    <summary>  Soup needs salt &amp; bread.
We use L\\"owe's.
</summary>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <published>2024-03-01T18:00:00Z</published>
    <arxiv:comment>12 pages</arxiv:comment>
    <arxiv:primary_category term="cs.CL"/>
    <arxiv:journal_ref>J. Bread 12 (2024)</arxiv:journal_ref>
    <author><name>Ada Löwe</name><arxiv:affiliation>Kitchen</arxiv:affiliation></author>
    <author><name>Jan Soup</name></author>
    <arxiv:doi>10.1000/Salt.12</arxiv:doi>
  </entry>
"""
ERROR = """  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_bread</id>
    <title>Error</title>
    <summary>incorrect id format for bread</summary>
  </entry>
"""
SALT = Entry(
    "Salt in $x^2$ Bread",
    "Soup needs salt & bread. We use L\\\"owe's.",
    Source(FILE, 8),
    published=date(2024, 3, 1),
    updated=date(2024, 4, 1),
    authors=("Ada Löwe", "Jan Soup"),
    url="https://arxiv.org/abs/2403.00001",
    arxiv_id="2403.00001",
    doi="10.1000/salt.12",
    venue="J. Bread 12 (2024)",
    categories=("cs.CL", "cs.AI"),
)


@pytest.mark.parametrize(
    ("entries", "readings"),
    [
        (f"{ENTRY}</feed>", [SALT]),
        ("</feed>", []),
        (
            f"{ERROR}</feed>",
            [Skipped(FILE, 8, 'arXiv\'s answer is an error: "incorrect id format for bread"')],
        ),
        (
            "<entry><id>http://arxiv.org/abs/cs/0403001v1</id><title>Salt</title></entry></feed>",
            [Skipped(FILE, 8, 'a title without an abstract: "Salt"', "cs/0403001")],
        ),
        (
            "<entry><id>https://example.org/salt</id><title>Salt</title><summary>Soup.</summary>"
            "<published>soon</published><category/></entry></feed>",
            [Entry("Salt", "Soup.", Source(FILE, 8), url="https://example.org/salt")],
        ),
        (
            f"{ENTRY}<entry>",
            [SALT, Skipped(FILE, 27, "XML that breaks off before its end")],
        ),
    ],
)
def test_feed(entries: str, readings: list[Entry | Skipped]) -> None:
    assert ArxivAtom().accepts(content(FEED + entries))
    found = read(FEED + entries)
    assert [
        Skipped(FILE, r.line, r.reason) if isinstance(r, Skipped) and r.ends_file else r
        for r in found
    ] == readings


@pytest.mark.parametrize(
    ("text", "is_arxiv"),
    [
        (FEED, True),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Bread</title>', False),
        ("<rss>http://arxiv.org/</rss>", False),
        ("feed arxiv.org/", False),
    ],
)
def test_recognition(text: str, is_arxiv: bool) -> None:
    assert ArxivAtom().accepts(content(text)) is is_arxiv


@given(st.text() | st.binary())
def test_any_content_is_read(data: str | bytes) -> None:
    inner = data if isinstance(data, bytes) else data.encode(errors="replace")
    for whole in (inner, FEED.encode() + ENTRY.encode() + inner):
        file = content(whole, FILE)
        with suppress(ContentError):
            ArxivAtom().accepts(file)
            assert all(isinstance(reading, Entry | Skipped) for reading in ArxivAtom().read(file))
