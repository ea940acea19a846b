"""What Chroma Cloud demands, put before a server of this machine: token, tenant, database, quotas.

The quotas are those of its documentation; each refusal is said as its server says it.
"""

from __future__ import annotations

import http.server
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import httpx

TOKEN = "ck-levain"  # noqa: S105 - made up
TENANT = "bakery"
DATABASE = "loaves"
MOST_RECORDS = 300
MOST_DOCUMENT_BYTES = 16_384
MOST_ID_BYTES = 128
MOST_VALUE_BYTES = 4_096
MOST_KEY_BYTES = 36
MOST_FACT_BYTES = 256


@dataclass
class Cloud:
    """A proxy as it is used: its address, and what it was sent."""

    url: str = ""
    paths: set[str] = field(default_factory=set)
    headers: set[tuple[str, str]] = field(default_factory=set)


@contextmanager
def chroma_cloud(server_url: str) -> Iterator[Cloud]:
    """Give a proxy before a server, which gets the tenant and the database."""
    cloud = Cloud()
    with httpx.Client(base_url=server_url, timeout=30) as server:
        server.post("/api/v2/tenants", json={"name": TENANT})
        server.post(f"/api/v2/tenants/{TENANT}/databases", json={"name": DATABASE})
        handler = type("Handler", (_Handler,), {"cloud": cloud, "server_behind": server})
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
            thread = Thread(target=proxy.serve_forever, args=(0.05,))
            thread.start()
            cloud.url = f"http://127.0.0.1:{proxy.server_port}"
            try:
                yield cloud
            finally:
                proxy.shutdown()
                thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    cloud: Cloud
    server_behind: httpx.Client

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - as http.server has them

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.cloud.paths.add(self.path.split("/collections")[0])
        self.cloud.headers |= {
            (name.lower(), value)
            for name, value in self.headers.items()
            if name.lower() in ("authorization", "x-chroma-token")
        }
        if self.headers["X-Chroma-Token"] != TOKEN:
            self._send(401, b'{"error": "AuthError", "message": "Unauthorized"}')
        elif refusal := _over_quota(json.loads(body) if body else {}):
            message = f"Quota exceeded: {refusal}"
            self._send(422, json.dumps({"error": "ChromaError", "message": message}).encode())
        else:
            reply = self.server_behind.request(
                self.command,
                self.path,
                content=body,
                headers={"Content-Type": "application/json"},
            )
            self._send(reply.status_code, reply.content)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _over_quota(asked: dict[str, Any]) -> str:
    values = [fact for facts in asked.get("metadatas") or () for fact in facts.items()]
    used = {
        "Number of records": (len(asked.get("ids") or ()), MOST_RECORDS),
        "Limit value": (max(asked.get("limit") or 0, asked.get("n_results") or 0), MOST_RECORDS),
        "Document size": (_longest(asked.get("documents")), MOST_DOCUMENT_BYTES),
        "Id size": (_longest(asked.get("ids")), MOST_ID_BYTES),
        "Metadata key size": (_longest(name for name, _ in values), MOST_KEY_BYTES),
        "Metadata value size": (_longest(str(value) for _, value in values), MOST_VALUE_BYTES),
        "Collection metadata value size": (
            _longest(
                str(value)
                for name in ("metadata", "new_metadata")
                for value in (asked.get(name) or {}).values()
            ),
            MOST_FACT_BYTES,
        ),
    }
    return next(
        (
            f"'{name}' exceeded quota limit: current usage of {usage} exceeds limit of {limit}"
            for name, (usage, limit) in used.items()
            if usage > limit
        ),
        "",
    )


def _longest(texts: Any) -> int:
    return max((len(text.encode()) for text in texts or ()), default=0)
