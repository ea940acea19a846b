"""Requests to one service with good manners: one at a time, spaced, repeated a few times only.

Invariant: however many programs fetch into one library at once and however often they are started,
a service sees one connection, and no request sooner than `Service.spacing_s` after the last reply.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from ingest.feeds.clock import Clock
from ingest.feeds.errors import FeedError, UnreadyError
from ingest.feeds.refusals import redirected, refusal
from ingest.feeds.replies import Limits, address, ask
from ingest.feeds.service import Service
from ingest.feeds.stored import storing
from vectorstore.web_address import is_this_machine, shown_address

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

LOCK_FILE = ".lock"
LAST_REQUEST = ".last-request"  # empty; its time is that of the last reply
MOST_REDIRECTS = 3
_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class PoliteClient:
    """Asks one service, once entered; what it keeps of its manners is in `folder`."""

    def __init__(
        self,
        service: Service,
        folder: Path,
        on_wait: Callable[[str], None] = lambda _: None,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take note; `on_wait` is told why nothing is requested, and "" when that is over."""
        self.service = service
        self.folder = folder
        self.clock = clock or Clock()
        self._on_wait = on_wait
        self._limits = limits or Limits()
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        """Raises FeedError where another process is asking, or the folder cannot be written to."""
        with ExitStack() as opened:
            _lock(self.folder, self.service.name, opened)
            self._http = opened.enter_context(_http(self.service, self._limits))
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def get(self, params: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of the reply to a request with these parameters.

        After an UnreadyError, from here or from `read`, it is tried again; the last one is raised.
        """
        url = address(self.service.name, self.service.url, params)
        pause_s = self._limits.first_pause_s
        for _ in range(self._limits.tries - 1):
            try:
                return read(self._fetched(url))
            except UnreadyError as error:
                self._pause(max(pause_s, error.wait_s), f"{error.problem}; trying again in")
                pause_s *= 2
        return read(self._fetched(url))

    def _fetched(self, url: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            self._keep_distance()
            try:
                reply = ask(self._http, self.service.name, url, self._limits)
            finally:
                self._note_request()
            if reply.status == _OK:
                return reply.body
            if reply.status not in _REDIRECTS:
                raise refusal(self.service, url, reply, self.clock.now(), self._limits)
            url = redirected(self.service, url, reply.location)
        problem = f"{self.service.name} redirects without end"
        raise FeedError(problem, where=shown_address(url), hint="Try again later.")

    def _keep_distance(self) -> None:
        file, spacing_s = self.folder / LAST_REQUEST, self.service.spacing_s
        with storing(file):
            last = file.stat().st_mtime if file.exists() else 0.0
        passed_s = self.clock.now().timestamp() - last
        # A time to come is that of a clock that has been put back since.
        wait_s = spacing_s - passed_s if passed_s >= 0 else spacing_s
        if wait_s > 0:
            self._pause(wait_s, "waiting")

    def _note_request(self) -> None:
        file, now = self.folder / LAST_REQUEST, self.clock.now().timestamp()
        with storing(file):
            file.touch()
            os.utime(file, (now, now))

    def _pause(self, seconds: float, why: str) -> None:
        self._on_wait(f"{why} {max(1, round(seconds))} s")
        self.clock.sleep(seconds)
        self._on_wait("")


def _lock(folder: Path, name: str, opened: ExitStack) -> None:
    from filelock import FileLock, Timeout

    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            opened.enter_context(FileLock(folder / LOCK_FILE, timeout=0))
        except Timeout as error:
            problem, hint = f"Another command is fetching from {name}", "Wait until it is done."
            raise FeedError(problem, where=str(folder), hint=hint) from error


def _http(service: Service, limits: Limits) -> httpx.Client:
    import httpx

    agent = f"paperchat/{version('paperchat')}"
    try:
        return httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=limits.silence_s,
            limits=httpx.Limits(max_connections=1),
            follow_redirects=False,
            trust_env=not is_this_machine(service.url),
        )
    except (ImportError, ValueError) as error:  # a proxy of an unknown kind
        # Without the proxy, which may hold a password.
        problem = "The proxy of this environment cannot be used"
        hint = "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or unset them."
        raise FeedError(problem, where="environment", hint=hint) from error
