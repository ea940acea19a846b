"""What a reply that is no success means: a wait, a way round, or the end of the fetch."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from ingest.feeds.errors import GO_ON, LOG_IN_HINT, FeedError, UnreadyError
from ingest.feeds.replies import Limits, Reply
from ingest.feeds.retry_after import wanted_wait_s
from ingest.feeds.service import Service
from vectorstore.web_address import is_web_address, shown_address

_TOO_MANY, _BUSY = 429, 503
_PASSING = frozenset({_TOO_MANY, 500, 502, _BUSY, 504})
_WORDS = {_TOO_MANY: "asks for fewer requests", _BUSY: "is busy"}


def refusal(service: Service, url: str, reply: Reply, now: datetime, limits: Limits) -> FeedError:
    """Return what a status other than success means: UnreadyError where another try may help."""
    name, where = service.name, shown_address(url)
    if reply.status not in _PASSING:
        said = service.said(reply.body)
        hint = f"It says: “{said}”" if said else "Check the command, or try again tomorrow."
        problem = f"{name} refused the request (status {reply.status})"
        return FeedError(problem, where=where, hint=hint)
    problem = f"{name} {_WORDS.get(reply.status, 'failed')} (status {reply.status})"
    wait_s = wanted_wait_s(reply.retry_after, now)
    if wait_s > limits.longest_pause_s:
        back = now + timedelta(seconds=wait_s)
        hint = f"Run the same command after {back:%Y-%m-%d %H:%M} UTC. {GO_ON}"
        return FeedError(f"{problem} and wants to be left alone", where=where, hint=hint)
    return UnreadyError(problem, where=where, wait_s=wait_s)


def redirected(service: Service, url: str, location: str) -> str:
    """Return where a reply to `url` leads. Raises FeedError where that is another host, another
    port of it, or less safe.
    """
    target = urljoin(url, location)
    if is_web_address(target):
        old, new = urlsplit(url), urlsplit(target)
        same = (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port)
        if same or (new.scheme, new.hostname, new.port) == ("https", old.hostname, None):
            return target
    problem = f"{service.name} redirects to another place"
    raise FeedError(problem, where=shown_address(url), hint=LOG_IN_HINT)
