"""Which replies are pages of arXiv's search, and what the others are called."""

from __future__ import annotations

import pytest
from feed_server import ENTRY, ERROR_ENTRY, ERROR_FEED, FEED, PORTAL, atom
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds.arxiv_feed import ArxivPage, read_page, said
from ingest.feeds.errors import EmptyPageError, FeedError, UnreadyError

NO_FEED = "arXiv sent something that is no Atom feed"
TITLED_ERROR = ENTRY.replace("Bread number {number}", "Error").format(number=7)


@pytest.mark.parametrize(
    ("body", "start", "papers", "total"),
    [
        (atom(0, 3, 340), 0, 3, 340),
        (atom(300, 40, 340), 300, 40, 340),
        (atom(0, 0, 0), 0, 0, 0),
        (atom(0, 0, 340), 340, 0, 340),
        (FEED.format(start=0, total=1, entries=TITLED_ERROR).encode(), 0, 1, 1),
    ],
)
def test_pages_are_counted(body: bytes, start: int, papers: int, total: int) -> None:
    assert read_page(body, start, "here") == ArxivPage(body, papers, total)


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (ERROR_FEED, FeedError, "arXiv says: “start must be an integer”"),
        (
            FEED.format(start=0, total=1, entries=ERROR_ENTRY.replace("#start", "#")).encode(),
            FeedError,
            "arXiv says: “start must be an integer”",
        ),
        (
            atom(0, 0, 340),
            EmptyPageError,
            "arXiv sent an empty page, though it counts 340 papers",
        ),
        (atom(0, 3, 3)[:-20], UnreadyError, "arXiv sent a broken feed"),
        (PORTAL, FeedError, NO_FEED),
        (b"", FeedError, NO_FEED),
        (b"[]", FeedError, NO_FEED),
        (b"\xff\xfe\x00", FeedError, NO_FEED),
        (b'<?xml version="1.0" encoding="x-bakery"?><feed/>', FeedError, NO_FEED),
        (b"<feed/>", FeedError, NO_FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', FeedError, "arXiv sent a feed of no"),
        (atom(0, 1, 1).replace(b">1<", b">many<"), FeedError, "arXiv sent a feed of no search"),
        (
            b'<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + atom(0, 1, 1)[39:],
            FeedError,
            NO_FEED,
        ),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, kind: type[FeedError], problem: str) -> None:
    with pytest.raises(FeedError) as refused:
        read_page(body, 0, "here")
    assert type(refused.value) is kind
    assert refused.value.problem.startswith(problem)
    assert refused.value.where == "here"
    assert refused.value.hint


@pytest.mark.parametrize("depth", [21, 200_000])
def test_tags_in_tags_without_end_are_refused(depth: int) -> None:
    tags = b"<a>x" * depth + b"</a>" * depth
    with pytest.raises(UnreadyError, match="arXiv sent a broken feed"):
        read_page(atom(0, 1, 1).replace(b"</entry>", tags + b"</entry>"), 0, "here")


def test_only_an_error_says_something() -> None:
    assert [said(body) for body in (ERROR_FEED, atom(0, 1, 1), PORTAL, b"")] == [
        "start must be an integer",
        "",
        "",
        "",
    ]


@given(st.binary())
def test_no_reply_is_more_than_refused(body: bytes) -> None:
    with pytest.raises(FeedError):
        read_page(body, 0, "here")
