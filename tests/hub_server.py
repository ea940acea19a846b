"""A model hub on this machine: the part of Hugging Face's protocol that a download needs."""

from __future__ import annotations

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from fakes import POLL_S

REVISION = "0123456789abcdef0123456789abcdef01234567"


class HubServer:
    """Serves `files`, by their path in the repository, as every model that is asked for."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.paths: list[str] = []  # of all requests
        self.files = {path: file.read_bytes() for path, file in files.items()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True)

    @property
    def address(self) -> str:
        """What HF_ENDPOINT is to be set to."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def listing(self) -> list[dict[str, object]]:
        """Return the files as the hub describes them."""
        return [
            {"type": "file", "path": path, "size": len(content), "oid": _etag(content)}
            for path, content in self.files.items()
        ]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _etag(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _handler_for(owner: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        hub = owner

    return Handler


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output of tests is for failures."""

    def _answer(self, *, with_body: bool) -> None:
        path = urlsplit(self.path).path
        self.hub.paths.append(path)
        if f"/resolve/{REVISION}/" in path:
            content = self.hub.files.get(path.partition(f"/resolve/{REVISION}/")[2])
        elif "/tree/" in path:
            content = json.dumps(self.hub.listing()).encode()
        else:
            siblings = [{"rfilename": name} for name in self.hub.files]
            about = {"id": "a/model", "sha": REVISION, "siblings": siblings}
            content = json.dumps(about).encode()
        self.send_response(404 if content is None else 200)
        content = content or b""
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{_etag(content)}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        if with_body:
            self.wfile.write(content)
