"""An embedding model for `FakeModelServer`, and a server that breaks the rules of HTTP."""

from __future__ import annotations

import json
import re
import socket
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from fakes import POLL_S, Request, Script

DIMENSION = 16


def embeds(request: Request) -> Script:
    """Answer a request for embeddings as OpenAI does, with `word_vector` of each text."""
    return sends([word_vector(text) for text in request.body["input"]])


def sends(vectors: Sequence[object]) -> Script:
    """Answer with these vectors, whatever was asked."""
    return sends_items(
        [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(vectors)
        ]
    )


def sends_items(items: Sequence[object]) -> Script:
    """Answer with these items of the reply's list."""
    reply: dict[str, Any] = {"object": "list", "data": items, "model": "fake"}
    return Script(body=json.dumps(reply | {"usage": {"prompt_tokens": 1, "total_tokens": 1}}))


def word_vector(text: str) -> list[float]:
    """Count words into as many bins as there are dimensions; not of length one."""
    words = re.findall(r"\w+", text.lower())
    bins = [zlib.crc32(word.encode()) % DIMENSION for word in words]
    return [float(bins.count(bin_)) for bin_ in range(DIMENSION)]


@contextmanager
def raw_server(write: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """Give the address of a server that reads each request and lets `write` answer as it likes.

    `write` gets the connection, which is closed after it, and an event that is set at the end.
    """
    stopping = Event()

    def serve() -> None:
        listener.settimeout(POLL_S)
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                _read_request(connection)
                try:
                    write(connection, stopping)
                except (BrokenPipeError, ConnectionResetError):
                    continue  # the client has left

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            stopping.set()
            thread.join()


def _read_request(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(next(re.finditer(rb"content-length: (\d+)", head.lower()))[1])
    while len(body) < length:
        body += connection.recv(65_536)
