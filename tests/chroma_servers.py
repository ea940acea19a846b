"""A Chroma server in a process of its own, on a free port of this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 30.0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def chroma_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """Give the address of a server that keeps its files in `folder`."""
    port = port or free_port()
    with start_chroma(folder, port) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def start_chroma(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Return a server that answers, for the caller to kill."""
    program = Path(sys.executable).parent / "chroma"
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1"]
    log = subprocess.DEVNULL
    process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    try:
        _wait_for(port, process)
    except BaseException:
        process.kill()
        raise
    return process


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The Chroma server did not start")
