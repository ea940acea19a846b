"""Chromadb's HTTP API with limits: on how long a request takes, and on what comes back.

chromadb's own client waits for ever, from the moment it is made.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx

from vectorstore.web_address import is_this_machine

if TYPE_CHECKING:
    from vectorstore.chroma_server import ChromaServer

_LONGEST_REPLY = 64_000_000  # bytes; a page of papers has 5 million at most
_REFUSALS = (401, 403)
# What is packed may be a thousand times as large; nobody but a hostile server packs unasked.
_UNPACKED = {"Accept-Encoding": "identity"}


class RefusedError(Exception):
    """The server wants to know who asks."""


class ChromaClient:
    """What `ChromaPassages` uses of a client; making one asks the server nothing."""

    def __init__(self, server: ChromaServer) -> None:
        """Take the address and limits of `server`."""
        from chromadb.api.fastapi import FastAPI
        from chromadb.config import Settings, System

        settings = Settings(
            chroma_server_host=server.url,
            chroma_server_http_port=0,  # the address has it
            chroma_server_ssl_verify=False,  # by a session that is never used; ours does
            anonymized_telemetry=False,
        )
        self._api = FastAPI(System(settings))
        self._api._session.close()
        self._api._session = _session(server, self._api.get_request_headers())
        self._place: dict[str, Any] = {"tenant": server.tenant, "database": server.database}

    def get_or_create_collection(self, name: str, **of_collection: Any) -> Any:
        """Return the collection; `of_collection` describes it where it is not there yet."""
        del of_collection["embedding_function"]
        return self._collection(
            self._api.get_or_create_collection(name, **of_collection, **self._place)
        )

    def get_collection(self, name: str) -> Any | None:
        """Return the collection, None where it is not there."""
        from chromadb.errors import NotFoundError

        try:
            return self._collection(self._api.get_collection(name, **self._place))
        except NotFoundError:
            return None

    def delete_collection(self, name: str) -> None:
        """Delete the collection."""
        self._api.delete_collection(name, **self._place)

    def get_max_batch_size(self) -> int:
        """Return how many records the server takes at once."""
        size: int = self._api.get_max_batch_size()
        if size < 1:
            raise ValueError("it does not say how much it takes at once")
        return size

    def _collection(self, model: Any) -> Any:
        from chromadb.api.models.Collection import Collection

        # The server may name functions there that embed, which chromadb would make and call, with
        # whatever they import, download and send.
        model.set_serialized_schema({})
        return Collection(self._api, model, embedding_function=None)

    def close(self) -> None:
        """Let go of the connections."""
        self._api._session.close()


def _session(server: ChromaServer, headers: Mapping[str, str]) -> httpx.Client:
    token = {"X-Chroma-Token": server.token}
    if not server.cloud:  # where it is what its own client sends, and nothing else
        token["Authorization"] = f"Bearer {server.token}"
    asked = httpx.Headers(dict(headers))  # which has each name once, in whatever case
    asked.update(_UNPACKED | (token if server.token else {}))
    return httpx.Client(
        headers=asked,
        verify=_certificates(),
        timeout=server.timeout_s,
        # A proxy of the environment would get what is meant for this machine.
        trust_env=not is_this_machine(server.url),
        event_hooks={"response": [_refuse, _bounded(server.timeout_s)]},
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Return what servers are verified by, loaded once: it takes 20 ms."""
    return httpx.create_ssl_context()


def _refuse(response: httpx.Response) -> None:
    """Raise where the reply is no reply of Chroma's: chromadb would drop the status."""
    if response.status_code in _REFUSALS:
        raise RefusedError(f"status {response.status_code}")
    if response.is_redirect:
        raise ValueError("it sends elsewhere")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ValueError("it packs its reply, unasked")


def _bounded(timeout_s: float) -> Callable[[httpx.Response], None]:
    """Return a hook that ends a reply which is endless, or comes a byte now and then."""

    def bound(response: httpx.Response) -> None:
        response.stream = _BoundedStream(response.stream, monotonic() + timeout_s)

    return bound


class _BoundedStream(httpx.SyncByteStream):
    def __init__(self, stream: Any, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for chunk in self._stream:
            length += len(chunk)
            if length > _LONGEST_REPLY:
                raise ValueError("an endless reply")
            if monotonic() >= self._deadline:
                raise httpx.ReadTimeout("the reply did not end")
            yield chunk

    def close(self) -> None:
        self._stream.close()
