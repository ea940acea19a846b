"""Stand-ins for what the tests cannot have: a model server, scripted, behind a real HTTP socket."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Literal, Self

Ending = Literal["done", "stall", "cut", "garbage", "unfinished", "error"]

POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Script:
    """What the server does with one request.

    With `status` 200 and no `body` it streams `thoughts` and `chunks` as a model does and then ends
    as `ending` says; otherwise it sends `body`. "silent" servers do not even send a status line.
    `usage` are the tokens of prompt and reply, counted once the reply is done.
    """

    chunks: tuple[str, ...] = ()
    thoughts: tuple[str, ...] = ()
    finish_reason: str = "stop"
    ending: Ending = "done"
    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    silent: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    chunk_delay_s: float = 0.0
    usage: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server received it; the names of headers are in lower case.

    One to read something, such as the list of models, has an empty body.
    """

    path: str
    headers: dict[str, str] = field(repr=False)
    body: dict[str, Any] = field(repr=False)

    @property
    def prompt(self) -> str:
        """All messages, one after another."""
        return "\n\n".join(message["content"] for message in self.body["messages"])


def says(*chunks: str, ending: Ending = "done", finish_reason: str = "stop") -> Script:
    """Stream a reply in these chunks."""
    return Script(chunks, ending=ending, finish_reason=finish_reason)


def fails(status: int, message: str = "It went wrong.", **headers: str) -> Script:
    """Answer with an error as OpenAI writes them."""
    error = {"error": {"message": message, "type": "error", "param": None, "code": None}}
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Script(status=status, body=json.dumps(error), headers=named)


class FakeModelServer:
    """A server of the OpenAI chat-completions protocol on this machine.

    Takes one script for each request, the last one for all further requests; a function of the
    request may take a script's place, to write a reply that depends on the prompt.
    """

    def __init__(self, *scripts: Script | Callable[[Request], Script]) -> None:
        self.requests: list[Request] = []
        # Set once a client has closed the connection before the server was done with it.
        self.client_left = Event()
        self.stopping = Event()
        self._scripts = list(scripts)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True)

    @property
    def base_url(self) -> str:
        """The address to configure."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def next_script(self, request: Request) -> Script:
        """Record a request and return what to do with it."""
        self.requests.append(request)
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        return script(request) if callable(script) else script

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


def _handler_for(owner: FakeModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_owner = owner

    return Handler


class _Handler(BaseHTTPRequestHandler):
    server_owner: FakeModelServer

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self._answer(json.loads(self.rfile.read(length)))

    def _answer(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, body)
        try:
            self._play(self.server_owner.next_script(request))
        except (BrokenPipeError, ConnectionResetError):
            self.server_owner.client_left.set()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output of tests is for failures."""

    def _play(self, script: Script) -> None:
        if script.silent:
            self._wait_until_left()
        elif script.status != 200 or script.body:
            self._send_whole(script)
        else:
            self._stream(script)

    def _send_whole(self, script: Script) -> None:
        body = script.body.encode()
        self.send_response(script.status)
        self.send_header("Content-Type", script.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in script.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, script: Script) -> None:
        # Chunked, as real servers stream: a connection that is cut is then no regular end.
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in _events(script):
            self._send_event(json.dumps(event))
            self.server_owner.stopping.wait(script.chunk_delay_s)
        self._end(script)

    def _end(self, script: Script) -> None:
        self.close_connection = True
        match script.ending:
            case "stall":
                self._wait_until_left()
                return
            case "cut":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            case "garbage":
                self._send_event('{"choices": [')
            case "error":
                self._send_event('{"error": {"message": "Out of memory."}}')
            case "done":
                self._send_event(json.dumps(_chunk({}, script.finish_reason)))
                if script.usage:
                    self._send_event(json.dumps(_count(*script.usage)))
                self._send_event("[DONE]")
            case "unfinished":
                self._send_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _send_event(self, data: str) -> None:
        event = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        self.wfile.flush()

    def _wait_until_left(self) -> None:
        """Do nothing until the client hangs up or the server is to stop."""
        while not self.server_owner.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], POLL_S)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                self.server_owner.client_left.set()
                return


def _events(script: Script) -> Iterator[dict[str, Any]]:
    if script.chunks or script.thoughts:
        yield _chunk({"role": "assistant", "content": ""})
    for thought in script.thoughts:
        yield _chunk({"reasoning_content": thought, "content": ""})
    for text in script.chunks:
        yield _chunk({"content": text})


def _chunk(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "fake",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }


def _count(prompt: int, reply: int) -> dict[str, Any]:
    usage = {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}
    return _chunk({}) | {"choices": [], "usage": usage}
