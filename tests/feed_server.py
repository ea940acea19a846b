"""A server of arXiv's search and of the daily papers on this machine, and how it fails.

Feeds, errors and lists are as the services' manuals have them; the papers are made up.
"""

from __future__ import annotations

import gzip
import json
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qsl, urlsplit

from fakes import POLL_S

from ingest.feeds.clock import Clock

FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>ArXiv Query: search_query=all:bread&amp;id_list=&amp;start={start}</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2024-07-05T00:00:00-04:00</updated>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
{entries}</feed>
"""
ENTRY = """\
  <entry>
    <id>http://arxiv.org/abs/2407.{number:05}v1</id>
    <published>2024-07-02T13:46:39Z</published>
    <updated>2024-07-02T13:46:39Z</updated>
    <title>Bread number {number}</title>
    <summary>  Loaf {number} rises overnight. We weigh the crumb of it.
    </summary>
    <author>
      <name>Ada Levain</name>
    </author>
    <arxiv:primary_category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
"""
ERROR_ENTRY = """\
  <entry>
    <id>http://arxiv.org/api/errors#start_must_be_an_integer</id>
    <title>Error</title>
    <summary>start must be an
      integer</summary>
    <updated>2007-10-12T00:00:00-04:00</updated>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
"""
ERROR_FEED = FEED.format(start=0, total=1, entries=ERROR_ENTRY).encode()
PORTAL = b"<!DOCTYPE html><html><body><form>Log in to the bakery's network</form></body></html>"

Ending = Literal["whole", "cut", "drip", "silent"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server does with one request: a "cut" reply ends halfway, a "drip" never does."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = "whole"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the server received it."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


def atom(start: int, papers: int, total: int) -> bytes:
    """Return a page of a feed."""
    entries = "".join(ENTRY.format(number=number) for number in range(start, start + papers))
    return FEED.format(start=start, total=total, entries=entries).encode()


def arxiv_of(total: int) -> Callable[[Asked], Sent]:
    """Return arXiv, with so many papers that match everything."""

    def answer(asked: Asked) -> Sent:
        start, most = int(asked.params["start"]), int(asked.params["max_results"])
        return Sent(atom(start, max(0, min(most, total - start)), total))

    return answer


def daily_list(day: str, papers: int) -> bytes:
    """Return the list of a day as Hugging Face sends it."""
    listed = [
        {
            "paper": {
                "id": f"{day[2:4]}{day[5:7]}.{int(day[8:]):02}{number:03}",
                "title": f"Soup number {number} of {day}",
                "summary": f"Pot {number} simmers for an hour.",
                "authors": [{"name": "Ada Levain", "hidden": False}],
                "publishedAt": f"{day}T00:00:00.000Z",
                "upvotes": number,
            },
            "publishedAt": f"{day}T00:00:00.000Z",
            "numComments": 0,
        }
        for number in range(papers)
    ]
    return json.dumps(listed).encode()


def daily_of(papers: dict[str, int]) -> Callable[[Asked], Sent]:
    """Return the service, with so many papers on each day, and none on others."""

    def answer(asked: Asked) -> Sent:
        day, page = asked.params["date"], int(asked.params.get("p", "0"))
        left = papers.get(day, 0) - page * int(asked.params["limit"])
        return Sent(daily_list(day, max(0, min(left, int(asked.params["limit"])))))

    return answer


def packed(sent: Sent) -> Sent:
    """Return the same reply, compressed."""
    headers = sent.headers | {"Content-Encoding": "gzip"}
    return replace(sent, body=gzip.compress(sent.body), headers=headers)


@dataclass(slots=True)
class FakeTime:
    """A clock that is where it was put, and moves by being slept on alone."""

    now: datetime = datetime(2024, 7, 5, 12, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class FeedServer:
    """Answers each request with the next of `answers`, the last one all further requests."""

    def __init__(self, *answers: Sent | Callable[[Asked], Sent]) -> None:
        self.asked: list[Asked] = []
        self.stopping = Event()
        self._answers = list(answers)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True)

    @property
    def address(self) -> str:
        """The base address of the service."""
        return f"http://127.0.0.1:{self._server.server_port}/api/query"

    def next_answer(self, asked: Asked) -> Sent:
        """Record a request and return what to do with it."""
        self.asked.append(asked)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(asked) if callable(answer) else answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_for(owner: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_owner = owner

    return Handler


class _Handler(BaseHTTPRequestHandler):
    server_owner: FeedServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(address.path, dict(parse_qsl(address.query)), headers)
        with suppress(BrokenPipeError, ConnectionResetError):  # where the client has left
            self._play(self.server_owner.next_answer(asked))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output of tests is for failures."""

    def _play(self, sent: Sent) -> None:
        if sent.ending == "silent":
            self._wait_until_left()
            return
        self.send_response(sent.status)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(sent.body)))
        for name, value in sent.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent.body[: len(sent.body) // 2] if sent.ending != "whole" else sent.body)
        while sent.ending == "drip" and not self.server_owner.stopping.wait(POLL_S):
            self.wfile.write(b" ")

    def _wait_until_left(self) -> None:
        while not self.server_owner.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], POLL_S)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return
