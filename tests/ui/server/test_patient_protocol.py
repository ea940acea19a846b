"""Connections that send no request, or too slowly, or too much before it, or are too many."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from running import running
from starlette.types import Receive, Scope, Send

from ui.server.web_server import web_server

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
HEAD_S = 0.4


async def inside(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.server.patient_protocol.HEAD_S", HEAD_S)
        patch.setattr("ui.server.patient_protocol.MOST_HEAD_BYTES", 2_000)
        patch.setattr("ui.server.patient_protocol.MOST_CONNECTIONS", 6)
        patch.setattr("ui.server.patient_protocol.MOST_OF_ONE_ADDRESS", 4)
        with running(lambda _host, _port: web_server(inside)) as address:
            yield int(address.rstrip("/").rpartition(":")[2])


def connected(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Return a connection to the server from an address of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(host, 0))


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def test_a_connection_that_sends_nothing_is_closed_without_a_word(port: int) -> None:
    began = time.monotonic()
    with connected(port) as connection:
        assert rest(connection) == b""
    assert HEAD_S * 0.8 < time.monotonic() - began < HEAD_S + 2


def test_a_head_that_comes_byte_by_byte_is_given_up(port: int) -> None:
    began = time.monotonic()
    with connected(port) as connection:
        connection.sendall(REQUEST[:20])
        time.sleep(HEAD_S / 2)
        connection.sendall(REQUEST[20:22])
        said = rest(connection)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert said.endswith(b"\r\n\r\nThe head of the request did not come in time.")
    assert time.monotonic() - began < HEAD_S + 2


def test_a_connection_that_is_used_is_not_given_up(port: int) -> None:
    with connected(port) as connection:
        for _ in range(4):
            connection.sendall(REQUEST)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")
            time.sleep(HEAD_S / 2)


@pytest.mark.parametrize("line", [b"X: " + b"y" * 900 + b"\r\n", b"y" * 900])
def test_a_head_without_end_is_refused(port: int, line: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(REQUEST[:-2])
        said = b""
        for _ in range(50):
            try:
                connection.sendall(line)
            except (BrokenPipeError, ConnectionResetError):
                break
            time.sleep(0.002)
        said = rest(connection)
    assert said == b"" or said.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))


def test_what_is_no_request_is_refused(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with connected(port) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert rest(connection).startswith(b"HTTP/1.1 400 ")
    assert caplog.text == ""


def test_a_web_socket_is_answered_as_any_request(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(
            REQUEST[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_one_address_does_not_take_all_connections(port: int) -> None:
    own = [connected(port) for _ in range(4)]
    try:
        with connected(port) as further:
            assert rest(further).startswith(b"HTTP/1.1 503 ")
        with connected(port, "127.0.0.2") as other:
            other.sendall(REQUEST)
            assert other.recv(65_536).startswith(b"HTTP/1.1 200 OK\r\n")
            others = [connected(port, "127.0.0.2")]
            with connected(port, "127.0.0.3") as last:
                said = rest(last)
            assert said.endswith(b"\r\n\r\nToo many connections. Try again in a minute.")
            others[0].close()
    finally:
        for connection in own:
            connection.close()
