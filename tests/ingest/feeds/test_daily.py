"""Fetching the daily papers: a file a day, ranges cut short and gone on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from feed_server import PORTAL, FakeTime, FeedServer, Sent, daily_list, daily_of

from ingest.feeds.daily import Days, daily_service, fetch_daily
from ingest.feeds.errors import FeedError
from ingest.feeds.polite_client import PoliteClient
from ingest.feeds.stored import Fetched

TUESDAY, FRIDAY = date(2024, 7, 2), date(2024, 7, 5)
PAPERS = {"2024-07-02": 3, "2024-07-04": 2, "2024-07-05": 1}
ONE_PAGE = {"date": "2024-07-02", "limit": "100"}


def fetch(
    server: FeedServer,
    folder: Path,
    days: Days,
    time: FakeTime | None = None,
    on_page: Callable[[str], None] = lambda _: None,
) -> Fetched:
    """Fetch without really waiting."""
    service = daily_service(server.address)
    with PoliteClient(service, folder, clock=(time or FakeTime()).clock) as client:
        return fetch_daily(client, days, on_page)


def visible(folder: Path) -> dict[str, bytes]:
    """Return what is stored, but for hidden files."""
    files = sorted(folder.glob("[!.]*"))
    return {file.name: file.read_bytes() for file in files}


def test_a_day_is_a_file(tmp_path: Path) -> None:
    with FeedServer(daily_of(PAPERS)) as server:
        fetched = fetch(server, tmp_path, Days(TUESDAY, TUESDAY))
    file = tmp_path / "2024-07-02.json"
    assert fetched == Fetched("Hugging Face", tmp_path, (file,), papers=3)
    assert visible(tmp_path) == {file.name: daily_list("2024-07-02", 3)}
    assert [asked.params for asked in server.asked] == [ONE_PAGE]


def test_a_range_takes_a_second_a_day(tmp_path: Path) -> None:
    time, told = FakeTime(), list[str]()
    with FeedServer(daily_of(PAPERS)) as server:
        fetched = fetch(server, tmp_path, Days(TUESDAY, FRIDAY), time, told.append)
    assert visible(tmp_path) == {
        f"{day}.json": daily_list(day, papers) for day, papers in PAPERS.items()
    }
    assert [file.name for file in fetched.files] == list(visible(tmp_path))
    assert (fetched.papers, time.slept) == (6, pytest.approx([1, 1, 1], abs=0.001))
    assert told == ["0 of 4 days", "1 of 4 days", "2 of 4 days", "3 of 4 days"]
    assert not list(tmp_path.glob(".2024*"))


@pytest.mark.parametrize(
    ("papers", "pages"), [(99, [99]), (100, [100]), (101, [100, 1]), (205, [100, 100, 5])]
)
def test_a_long_day_has_several_pages(papers: int, pages: list[int], tmp_path: Path) -> None:
    with FeedServer(daily_of({"2024-07-02": papers})) as server:
        fetched = fetch(server, tmp_path, Days(TUESDAY, TUESDAY))
    names = ["2024-07-02.json", "2024-07-02-2.json", "2024-07-02-3.json"]
    assert [file.name for file in fetched.files] == names[: len(pages)]
    assert [file.read_bytes() for file in fetched.files] == [
        daily_list("2024-07-02", number) for number in pages
    ]
    assert [asked.params.get("p") for asked in server.asked][:3] == [None, "1", "2"][
        : len(server.asked)
    ]


def test_a_service_that_repeats_itself_comes_to_an_end(tmp_path: Path) -> None:
    with FeedServer(Sent(daily_list("2024-07-02", 100))) as server:
        fetch(server, tmp_path, Days(TUESDAY, TUESDAY))
    assert len(server.asked) == 10


def test_a_range_that_failed_goes_on_where_it_was(tmp_path: Path) -> None:
    daily = daily_of(PAPERS)
    with FeedServer(daily, daily, Sent(status=502)) as server, pytest.raises(FeedError):
        fetch(server, tmp_path, Days(TUESDAY, FRIDAY))
    assert list(visible(tmp_path)) == ["2024-07-02.json"]
    with FeedServer(daily) as server:
        fetched = fetch(server, tmp_path, Days(TUESDAY, FRIDAY))
    assert [asked.params["date"] for asked in server.asked] == ["2024-07-04", "2024-07-05"]
    assert (fetched.papers, fetched.before, len(fetched.files)) == (6, 3, 3)


def test_days_that_were_fetched_are_fetched_anew(tmp_path: Path) -> None:
    for papers in (3, 5):
        with FeedServer(daily_of({"2024-07-02": papers})) as server:
            fetched = fetch(server, tmp_path, Days(TUESDAY, TUESDAY))
        assert (fetched.papers, fetched.before) == (papers, 0)
    assert visible(tmp_path) == {"2024-07-02.json": daily_list("2024-07-02", 5)}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            Sent(b'{"error": "Invalid date"}', status=400),
            "Hugging Face refused the request (status 400) ({url}). It says: “Invalid date”",
        ),
        (
            Sent(b"<p>No</p>", status=404),
            "Hugging Face refused the request (status 404) ({url}). Check the command, or try "
            "again tomorrow.",
        ),
        *(
            (
                Sent(body),
                "Hugging Face sent something that is no list of papers ({url}). A network that "
                "asks you to log in may answer in its place; open a browser.",
            )
            for body in (PORTAL, b"", b"{}", b"[1]", b"\xff", b"[" * 200_000)
        ),
    ],
)
def test_what_is_no_list_ends_the_fetch(sent: Sent, message: str, tmp_path: Path) -> None:
    with FeedServer(sent) as server, pytest.raises(FeedError) as failed:
        fetch(server, tmp_path, Days(TUESDAY, TUESDAY))
    assert str(failed.value) == message.format(url=server.address)
    assert visible(tmp_path) == {}


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (TUESDAY, FRIDAY, ""),
        (FRIDAY, FRIDAY, ""),
        (date(2023, 7, 6), FRIDAY, ""),
        (FRIDAY, TUESDAY, "2024-07-05 is after 2024-07-02"),
        (FRIDAY, date(2024, 7, 6), "2024-07-06 is in the future: today is 2024-07-05 (UTC)"),
        (date(2023, 7, 5), FRIDAY, "367 days at once; 366 are the most"),
    ],
)
def test_days_that_can_be_fetched(first: date, last: date, problem: str) -> None:
    assert Days(first, last).problem(today=FRIDAY) == problem
