"""One request and its reply, which may be anything: too long, too slow, cut off, a zip bomb.

The only place that knows the errors of httpx. Invariant: a reply of any kind takes a bounded time
and `Limits.largest_bytes` of memory, and a small multiple of it, at most.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.feeds.errors import LOG_IN_HINT, FeedError, UnreadyError
from vectorstore.web_address import shown_address

if TYPE_CHECKING:
    import httpx

_GZIP = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What is put up with before a request is given up, or all of them."""

    silence_s: float = 60.0  # arXiv may search for half a minute
    reply_s: float = 300.0  # from the first byte of a reply to the last
    largest_bytes: int = 20_000_000  # thirty times the longest pages of a hundred papers
    tries: int = 4
    first_pause_s: float = 5.0  # doubled after each try
    longest_pause_s: float = 120.0  # a service that asks for more is left alone


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; the headers that matter are empty where the service sent none."""

    status: int
    body: bytes
    location: str
    retry_after: str


def address(name: str, url: str, params: Mapping[str, str]) -> str:
    """Return `url` with these parameters. Raises FeedError where it is no address."""
    import httpx

    try:
        return str(httpx.URL(url).copy_merge_params(params))
    except httpx.InvalidURL as error:
        raise _failure(error, name, url) from error


def ask(http: httpx.Client, name: str, url: str, limits: Limits) -> Reply:
    """Request `url` of the service called `name`.

    Raises UnreadyError where another try may help, and FeedError where none will.
    """
    import httpx

    try:
        http.cookies.clear()  # a service has no business recognising anybody
        with http.stream("GET", url) as response:
            return Reply(
                response.status_code,
                _body(response, name, limits),
                response.headers.get("Location", ""),
                response.headers.get("Retry-After", ""),
            )
    except httpx.TimeoutException as error:
        problem = f"{name} sent nothing for {limits.silence_s:g} s"
        raise UnreadyError(problem, where=shown_address(url)) from error
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise _failure(error, name, url) from error


def _body(response: httpx.Response, name: str, limits: Limits) -> bytes:
    """Return the decoded body.

    Decoded here, because httpx would unpack a whole chunk whatever becomes of it.
    """
    where = shown_address(str(response.url))
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity"):
        hint = "Something between here and the service may have changed it."
        problem = f"{name} packed its reply in a way that it was not asked for"
        raise FeedError(problem, where=where, hint=hint)
    unpack = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    body = bytearray()
    try:
        for chunk in _in_time(response, name, limits):
            room = limits.largest_bytes + 1 - len(body)
            body += unpack.decompress(chunk, room) if unpack else chunk
            if len(body) > limits.largest_bytes:
                problem = f"{name} sent a reply of over {limits.largest_bytes / 1e6:,g} MB"
                hint = "No page of papers is so long; the address may be wrong."
                raise FeedError(problem, where=where, hint=hint)
    except zlib.error as error:
        raise UnreadyError(f"{name} sent a broken reply", where=where) from error
    if unpack and not unpack.eof and body:
        raise UnreadyError(f"{name} broke off its reply", where=where)
    return bytes(body)


def _in_time(response: httpx.Response, name: str, limits: Limits) -> Iterator[bytes]:
    started = time.monotonic()
    for chunk in response.iter_raw():
        yield chunk
        if time.monotonic() - started > limits.reply_s:
            problem = f"{name} did not end its reply within {limits.reply_s:g} s"
            raise UnreadyError(problem, where=shown_address(str(response.url)))


def _failure(error: Exception, name: str, url: str) -> FeedError:
    import httpx

    where = shown_address(url)
    links = tuple(_chain(error))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        problem, hint = f"The address of {name} is not a web address", "Correct it."
        return FeedError(problem, where=where, hint=hint)
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in links):
        problem = f"{name} has no certificate that this machine trusts"
        return FeedError(problem, where=where, hint=LOG_IN_HINT)
    if any(isinstance(link, socket.gaierror) for link in links):
        return UnreadyError(f"{name} cannot be found; is there a network?", where=where)
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return UnreadyError(f"{name} cannot be reached", where=where)
    return UnreadyError(f"{name} broke off its reply", where=where)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what caused it, down to the first."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
