"""Requests against a real server that is busy, slow, silent, broken or somebody else."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import pytest
from feed_server import PORTAL, Asked, FakeTime, FeedServer, Sent, packed

from ingest.feeds.errors import GO_ON, FeedError, UnreadyError
from ingest.feeds.polite_client import PoliteClient
from ingest.feeds.replies import Limits
from ingest.feeds.service import Service

QUICK = Limits(silence_s=0.2, reply_s=0.2, largest_bytes=1_000)
BREAD = Sent(b"bread")


def service(url: str) -> Service:
    """Return a bakery that wants three seconds between requests."""
    return Service("The bakery", url, 3.0, lambda body: body.decode() if body != PORTAL else "")


def asked_of(server: FeedServer, folder: Path, time: FakeTime, waits: list[str]) -> bytes:
    """Ask the server once, and collect what is told meanwhile."""
    bakery = service(server.address)
    with PoliteClient(bakery, folder, waits.append, clock=time.clock, limits=QUICK) as client:
        return client.get({"q": "rye & wheat"}, lambda body: body)


def test_a_request_says_what_is_asked_and_by_what_program(tmp_path: Path) -> None:
    with FeedServer(Sent(b"bread", headers={"Set-Cookie": "who=you"})) as server:
        asked_of(server, tmp_path, FakeTime(), [])
    [asked] = server.asked
    asked.headers.pop("host")
    assert asked == Asked(
        "/api/query",
        {"q": "rye & wheat"},
        {
            "accept": "*/*",
            "accept-encoding": "gzip",
            "connection": "keep-alive",
            "user-agent": f"paperchat/{version('paperchat')}",
        },
    )


def test_requests_keep_their_distance_over_several_runs(tmp_path: Path) -> None:
    time, waits = FakeTime(), list[str]()
    with FeedServer(Sent(b"bread", headers={"Set-Cookie": "who=you"})) as server:
        with PoliteClient(
            service(server.address), tmp_path, waits.append, clock=time.clock
        ) as client:
            for _ in range(2):
                client.get({}, bytes)
        time.sleep(1)
        asked_of(server, tmp_path, time, waits)
        time.sleep(10)
        asked_of(server, tmp_path, time, waits)
    assert time.slept == pytest.approx([3, 1, 2, 10], abs=0.001)
    assert waits == ["waiting 3 s", "", "waiting 2 s", ""]
    assert not any("cookie" in asked.headers for asked in server.asked)


def test_a_clock_that_was_put_back_costs_one_wait(tmp_path: Path) -> None:
    with FeedServer(BREAD) as server:
        asked_of(server, tmp_path, FakeTime(), [])
        earlier = FakeTime(FakeTime().now.replace(year=2020))
        asked_of(server, tmp_path, earlier, [])
    assert earlier.slept == [3]


@pytest.mark.parametrize("sent", [BREAD, Sent()])
def test_replies_are_unpacked(sent: Sent, tmp_path: Path) -> None:
    with FeedServer(sent, packed(sent)) as server:
        bodies = [asked_of(server, tmp_path, FakeTime(), []) for _ in range(2)]
    assert bodies == [sent.body, sent.body]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Sent(status=503), "The bakery is busy (status 503); trying again in 5 s"),
        (
            Sent(status=503, headers={"Retry-After": "30"}),
            "The bakery is busy (status 503); trying again in 30 s",
        ),
        (
            Sent(status=503, headers={"Retry-After": "Fri, 05 Jul 2024 12:01:00 GMT"}),
            "The bakery is busy (status 503); trying again in 60 s",
        ),
        (
            Sent(status=429, headers={"Retry-After": "1"}),
            "The bakery asks for fewer requests (status 429); trying again in 5 s",
        ),
        (Sent(status=500), "The bakery failed (status 500); trying again in 5 s"),
        (Sent(b"bread" * 9, ending="cut"), "The bakery broke off its reply; trying again in 5 s"),
        (
            Sent(packed(BREAD).body[:-4], headers={"Content-Encoding": "gzip"}),
            "The bakery broke off its reply; trying again in 5 s",
        ),
        (
            Sent(b"bread", headers={"Content-Encoding": "gzip"}),
            "The bakery sent a broken reply; trying again in 5 s",
        ),
        (Sent(ending="silent"), "The bakery sent nothing for 0.2 s; trying again in 5 s"),
        (
            Sent(b"bread" * 100, ending="drip"),
            "The bakery did not end its reply within 0.2 s; trying again in 5 s",
        ),
    ],
)
def test_what_may_pass_is_tried_again(failure: Sent, told: str, tmp_path: Path) -> None:
    waits: list[str] = []
    with FeedServer(failure, BREAD) as server:
        assert asked_of(server, tmp_path, FakeTime(), waits) == b"bread"
    assert waits == [told, ""]


def test_tries_are_counted_and_pauses_grow(tmp_path: Path) -> None:
    time = FakeTime()
    with FeedServer(Sent(status=503)) as server, pytest.raises(UnreadyError) as failed:
        asked_of(server, tmp_path, time, [])
    assert (len(server.asked), time.slept) == (4, [5, 10, 20])
    assert str(failed.value) == f"The bakery is busy (status 503) ({server.address}). {GO_ON}"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            Sent(status=503, headers={"Retry-After": "1020"}),
            "The bakery is busy (status 503) and wants to be left alone ({url}). Run the same "
            f"command after 2024-07-05 12:17 UTC. {GO_ON}",
        ),
        (
            Sent(status=429, headers={"Retry-After": "Sat, 06 Jul 2024 12:00:00 GMT"}),
            "The bakery asks for fewer requests (status 429) and wants to be left alone ({url}). "
            f"Run the same command after 2024-07-06 12:00 UTC. {GO_ON}",
        ),
        (
            Sent(b"No such loaf.", status=400),
            "The bakery refused the request (status 400) ({url}). It says: “No such loaf.”",
        ),
        (
            Sent(PORTAL, status=403),
            "The bakery refused the request (status 403) ({url}). Check the command, or try again "
            "tomorrow.",
        ),
        (
            Sent(b"b" * 1_001),
            "The bakery sent a reply of over 0.001 MB ({url}). No page of papers is so long; the "
            "address may be wrong.",
        ),
        (
            packed(Sent(b"b" * 50_000_000)),
            "The bakery sent a reply of over 0.001 MB ({url}). No page of papers is so long; the "
            "address may be wrong.",
        ),
        (
            Sent(b"bread", headers={"Content-Encoding": "br"}),
            "The bakery packed its reply in a way that it was not asked for ({url}). Something "
            "between here and the service may have changed it.",
        ),
    ],
)
def test_what_will_not_pass_is_not_tried_again(sent: Sent, message: str, tmp_path: Path) -> None:
    with FeedServer(sent) as server, pytest.raises(FeedError) as failed:
        asked_of(server, tmp_path, FakeTime(), [])
    assert str(failed.value) == message.format(url=server.address)
    assert len(server.asked) == 1


def to(location: str) -> Sent:
    """Return a redirect."""
    return Sent(status=302, headers={"Location": location})


def test_a_redirect_to_the_same_host_is_followed_at_a_distance(tmp_path: Path) -> None:
    time = FakeTime()
    with FeedServer(to("/new?q=rye"), BREAD) as server:
        assert asked_of(server, tmp_path, time, []) == b"bread"
    assert [(asked.path, asked.params) for asked in server.asked] == [
        ("/api/query", {"q": "rye & wheat"}),
        ("/new", {"q": "rye"}),
    ]
    assert time.slept == [3]


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2/api", "http://login.bakery/", "http://127.0.0.1:9/", "file:///etc", "//x/"],
)
def test_a_redirect_to_another_place_is_refused(location: str, tmp_path: Path) -> None:
    with (
        FeedServer(to(location)) as server,
        pytest.raises(FeedError, match="The bakery redirects to another place"),
    ):
        asked_of(server, tmp_path, FakeTime(), [])
    assert len(server.asked) == 1


def test_redirects_in_a_ring_end(tmp_path: Path) -> None:
    with FeedServer(to("/api")) as server, pytest.raises(FeedError, match="without end"):
        asked_of(server, tmp_path, FakeTime(), [])
    assert len(server.asked) == 4


def test_a_server_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    time = FakeTime()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with (
        PoliteClient(service(url), tmp_path, clock=time.clock) as client,
        pytest.raises(UnreadyError, match="The bakery cannot be reached"),
    ):
        client.get({}, bytes)
    assert time.slept == [5, 10, 20]


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with (
        PoliteClient(service("http://bak\x00ery/"), tmp_path) as client,
        pytest.raises(FeedError, match="The address of The bakery is not a web address"),
    ):
        client.get({}, bytes)


def test_a_proxy_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://me:pw@bakery")
    client = PoliteClient(service("https://bakery/"), tmp_path)
    with pytest.raises(FeedError, match="The proxy of this environment") as failed, client:
        pass
    assert "pw" not in str(failed.value)


def test_two_commands_do_not_ask_at_once(tmp_path: Path) -> None:
    first, second = (PoliteClient(service("http://bakery/"), tmp_path) for _ in range(2))
    with first, pytest.raises(FeedError, match="Another command is fetching from The bakery"):
        ExitStack().enter_context(second)
    with second:
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    client = PoliteClient(service("http://bakery/"), tmp_path / "file" / "arxiv")
    with pytest.raises(FeedError, match="What was fetched cannot be stored: Not a dir"), client:
        pass


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "touch", full)
    with FeedServer(BREAD) as server, pytest.raises(FeedError, match="No space left on device"):
        asked_of(server, tmp_path, FakeTime(), [])
