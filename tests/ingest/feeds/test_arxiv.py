"""Fetching from arXiv: pages as files, a fetch cut short and gone on with, one asked for again."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from feed_server import ERROR_FEED, PORTAL, Asked, FakeTime, FeedServer, Sent, arxiv_of, atom

from ingest.feeds.arxiv import arxiv_service, fetch_arxiv
from ingest.feeds.arxiv_query import ArxivQuery
from ingest.feeds.errors import GO_ON, EmptyPageError, FeedError
from ingest.feeds.polite_client import PoliteClient
from ingest.feeds.stored import Fetched

BREAD = ArxivQuery("bread")
NAMES = ["0000000.atom", "0000100.atom", "0000200.atom", "0000300.atom"]


def fetch(
    server: FeedServer,
    folder: Path,
    query: ArxivQuery = BREAD,
    time: FakeTime | None = None,
    on_page: Callable[[str], None] = lambda _: None,
) -> Fetched:
    """Fetch without really waiting."""
    service = arxiv_service(server.address)
    with PoliteClient(service, folder, clock=(time or FakeTime()).clock) as client:
        return fetch_arxiv(client, query, on_page)


def starts(server: FeedServer) -> list[tuple[str, str]]:
    """Return what was asked for: first papers, and how many."""
    return [(asked.params["start"], asked.params["max_results"]) for asked in server.asked]


def test_all_pages_are_stored_as_they_were_sent(tmp_path: Path) -> None:
    told: list[str] = []
    with FeedServer(arxiv_of(340)) as server:
        fetched = fetch(server, tmp_path, on_page=told.append)
    folder = tmp_path / BREAD.name
    files = tuple(folder / name for name in NAMES)
    assert fetched == Fetched("arXiv", folder, files, papers=340)
    assert [file.read_bytes() for file in files] == [
        atom(start, papers, 340) for start, papers in ((0, 100), (100, 100), (200, 100), (300, 40))
    ]
    assert sorted(file.name for file in folder.iterdir()) == NAMES
    assert [asked.params for asked in server.asked] == [
        {
            "search_query": "all:bread",
            "start": str(start),
            "max_results": str(most),
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        }
        for start, most in ((0, 100), (100, 100), (200, 100), (300, 40))
    ]
    assert told == ["", "100 of 340 papers", "200 of 340 papers", "300 of 340 papers"]


def test_three_seconds_pass_between_requests(tmp_path: Path) -> None:
    time = FakeTime()
    with FeedServer(arxiv_of(340)) as server:
        fetch(server, tmp_path, time=time)
    assert time.slept == pytest.approx([3, 3, 3], abs=0.001)


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (1, [("0", "1")]),
        (100, [("0", "100")]),
        (150, [("0", "100"), ("100", "50")]),
    ],
)
def test_no_more_than_the_limit_is_asked_for(
    limit: int, asked: list[tuple[str, str]], tmp_path: Path
) -> None:
    with FeedServer(arxiv_of(340)) as server:
        fetched = fetch(server, tmp_path, ArxivQuery("bread", limit=limit))
    assert (starts(server), fetched.papers, fetched.missing) == (asked, limit, 0)


def test_nothing_found_leaves_no_page(tmp_path: Path) -> None:
    with FeedServer(arxiv_of(0)) as server:
        fetched = fetch(server, tmp_path)
    assert fetched == Fetched("arXiv", tmp_path / BREAD.name, (), papers=0)
    assert len(server.asked) == 1


def test_an_empty_page_is_asked_for_again(tmp_path: Path) -> None:
    time, arxiv = FakeTime(), arxiv_of(150)
    with FeedServer(arxiv, Sent(atom(100, 0, 150)), arxiv) as server:
        assert fetch(server, tmp_path, time=time).papers == 150
    assert starts(server) == [("0", "100"), ("100", "50"), ("100", "50")]
    assert time.slept == pytest.approx([3, 5], abs=0.001)


def test_nothing_but_empty_pages_is_a_failure(tmp_path: Path) -> None:
    with FeedServer(Sent(atom(0, 0, 150))) as server, pytest.raises(EmptyPageError) as failed:
        fetch(server, tmp_path)
    assert failed.value.problem == "arXiv sent an empty page, though it counts 150 papers"
    assert len(server.asked) == 4


def test_papers_that_are_counted_and_never_sent_are_told(tmp_path: Path) -> None:
    def counts_two_more(asked: Asked) -> Sent:
        start = int(asked.params["start"])
        return Sent(atom(start, max(0, min(100, 148 - start)), 150))

    with FeedServer(counts_two_more) as server:
        fetched = fetch(server, tmp_path)
    assert (fetched.papers, fetched.missing, len(fetched.files)) == (148, 2, 2)
    assert [start for start, _ in starts(server)] == ["0", "100", "148", "148", "148", "148"]
    with FeedServer(arxiv_of(150)) as server:
        assert fetch(server, tmp_path).papers == 150
    assert starts(server) == [("148", "2")]


def test_a_short_page_loses_no_paper(tmp_path: Path) -> None:
    with FeedServer(Sent(atom(0, 97, 150)), arxiv_of(150)) as server:
        assert fetch(server, tmp_path).papers == 150
    assert starts(server) == [("0", "100"), ("97", "53")]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            Sent(ERROR_FEED),
            "arXiv says: “start must be an integer” ({url}). Correct the query; arXiv's user "
            "manual has its syntax.",
        ),
        (
            Sent(ERROR_FEED, status=400),
            "arXiv refused the request (status 400) ({url}). It says: “start must be an integer”",
        ),
        (
            Sent(PORTAL),
            "arXiv sent something that is no Atom feed ({url}). A network that asks you to log in "
            "may answer in its place; open a browser.",
        ),
    ],
)
def test_what_is_no_page_ends_the_fetch(sent: Sent, message: str, tmp_path: Path) -> None:
    with FeedServer(sent) as server, pytest.raises(FeedError) as failed:
        fetch(server, tmp_path)
    assert str(failed.value) == message.format(url=server.address)
    assert len(server.asked) == 1
    assert not (tmp_path / BREAD.name).exists()


class Stop(BaseException):
    """As Ctrl-C, at a place of the test's choice."""


def cut_short(tmp_path: Path, query: ArxivQuery = BREAD) -> None:
    """Fetch two of four pages, and be stopped."""

    def stop(told: str) -> None:
        if told == "200 of 340 papers":
            raise Stop

    with FeedServer(arxiv_of(340)) as server, pytest.raises(Stop):
        fetch(server, tmp_path, query, on_page=stop)


def test_a_fetch_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with FeedServer(arxiv_of(340)) as server:
        fetched = fetch(server, tmp_path)
    assert starts(server) == [("200", "100"), ("300", "40")]
    assert (fetched.papers, fetched.before, len(fetched.files)) == (340, 200, 4)
    folder = tmp_path / BREAD.name
    assert sorted(file.name for file in folder.iterdir()) == NAMES


def test_a_fetch_that_failed_goes_on_where_it_was(tmp_path: Path) -> None:
    arxiv = arxiv_of(340)
    with FeedServer(arxiv, arxiv, Sent(status=503)) as server:
        with pytest.raises(FeedError) as failed:
            fetch(server, tmp_path)
        assert failed.value.hint == GO_ON
    with FeedServer(arxiv) as server:
        fetch(server, tmp_path)
    assert starts(server) == [("200", "100"), ("300", "40")]


def test_pages_stay_the_same_when_a_fetch_goes_on_later(tmp_path: Path) -> None:
    query = ArxivQuery("bread", since=date(2024, 7, 1))
    cut_short(tmp_path, query)
    with FeedServer(arxiv_of(340)) as server:
        fetch(server, tmp_path, query, FakeTime(FakeTime().now.replace(year=2025)))
    assert {asked.params["search_query"] for asked in server.asked} == {
        "(all:bread) AND submittedDate:[202407010000 TO 202407051200]"
    }


def test_another_limit_goes_on_too(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with FeedServer(arxiv_of(340)) as server:
        fetched = fetch(server, tmp_path, ArxivQuery("bread", limit=150))
    assert (server.asked, fetched.papers, fetched.missing) == ([], 200, 0)


def test_a_finished_fetch_is_begun_anew(tmp_path: Path) -> None:
    with FeedServer(arxiv_of(340)) as server:
        fetch(server, tmp_path)
    with FeedServer(arxiv_of(150)) as server:
        fetched = fetch(server, tmp_path)
    assert starts(server) == [("0", "100"), ("100", "50")]
    files = sorted(fetched.folder.iterdir())
    assert list(fetched.files) == files
    assert [file.read_bytes() for file in files] == [atom(0, 100, 150), atom(100, 50, 150)]


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff",
        b"[1]",
        b"[" * 100_000,
        b'{"begun": "yesterday", "next_start": 200, "total": 340}',
        b'{"begun": "2024-07-05T12:00:00+00:00", "next_start": "200", "total": 340}',
        b'{"begun": "2024-07-05T12:00:00+00:00", "next_start": -1, "total": 340}',
        b'{"begun": "2024-07-05T12:00:00+00:00", "next_start": 200}',
    ],
)
def test_a_note_that_is_none_begins_anew(note: bytes, tmp_path: Path) -> None:
    cut_short(tmp_path)
    written = tmp_path / BREAD.name / ".fetch.json"
    assert json.loads(written.read_bytes()) == {
        "begun": "2024-07-05T12:00:00+00:00",
        "next_start": 200,
        "total": 340,
    }
    written.write_bytes(note)
    with FeedServer(arxiv_of(340)) as server:
        assert fetch(server, tmp_path).papers == 340
    assert len(server.asked) == 4


def test_a_full_disk_leaves_whole_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        # Each of the first two pages is stored with a note.
        synced.append(1)
        if len(synced) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")

    synced: list[int] = []
    monkeypatch.setattr("ingest.feeds.stored.os.fsync", fsync)
    with FeedServer(arxiv_of(340)) as server, pytest.raises(FeedError) as failed:
        fetch(server, tmp_path)
    folder = tmp_path / BREAD.name
    assert str(failed.value) == (
        f"What was fetched cannot be stored: No space left on device ({folder / NAMES[2]}). "
        f"Make room for it, or make its folder writable. {GO_ON}"
    )
    assert sorted(file.name for file in folder.iterdir()) == [".fetch.json", *NAMES[:2]]
    with FeedServer(arxiv_of(340)) as server:
        assert fetch(server, tmp_path).before == 200
