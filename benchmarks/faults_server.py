"""A Chroma server killed at every request of a command: for good, or started again at once.

Invariant that is tried: the command ends and says what the matter is, and once the server is there
again, the next one leaves library and server exactly as one run without a fault does.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.faults_found import Found, messages, misbehaviour
from benchmarks.faults_process import Ended, command
from benchmarks.faults_scenes import SceneError, small_folder
from benchmarks.faults_state import State, state_of
from tests.chroma_servers import free_port, start_chroma
from vectorstore.chroma_server import ChromaServer


@dataclass(frozen=True, slots=True)
class ServedScene:
    """A command, the library and the server's files that it begins with, and what comes of it."""

    arguments: tuple[str, ...]
    start: Path
    outcome: State


class Served:
    """A library in `place` whose passages are on a server, which has the same address all along."""

    def __init__(self, place: Path) -> None:
        """Have the server's files and the library below `place`; nothing is there yet."""
        self.place = place
        self.home, self.files = place / "now" / "library", place / "now" / "server"
        self._port = free_port()
        self.log = place / "requests"

    def begin(self, start: Path) -> None:
        """Put the library and the server's files in the place of what is there."""
        shutil.rmtree(self.place / "now", ignore_errors=True)
        shutil.copytree(start, self.place / "now")
        self.log.unlink(missing_ok=True)

    def run(self, *arguments: str, kill_at: int = 0, restart: bool = False) -> Ended:
        """Run a command beside the server, which is killed at a request where that is not 0."""
        address = {"PAPERCHAT_CHROMA_URL": f"http://127.0.0.1:{self._port}"}
        with self._server() as pid:
            fault = partial(_kill_at, kill_at, pid, self.log, self.files, self._port, restart)
            return command(arguments, self.home, fault, **address)

    def requests(self) -> int:
        """Return how many requests the last command had made when it ended."""
        return len(self.log.read_bytes()) if self.log.exists() else 0

    def state(self) -> State:
        """Return the state of the library, and of the server's side of it."""
        with self._server():
            return state_of(self.home, ChromaServer(f"http://127.0.0.1:{self._port}"))

    @contextmanager
    def _server(self) -> Iterator[int]:
        restarted = self.log.with_name("restarted")
        with start_chroma(self.files, self._port) as process:
            try:
                yield process.pid
            finally:
                process.kill()
                if restarted.exists():
                    os.kill(int(restarted.read_text("utf-8")), signal.SIGKILL)
                    restarted.unlink()


def server_killed(place: Path, step: int) -> Iterator[Found]:
    """Yield what became of an ingest and of a question, with the server gone at each request."""
    served = Served(place)
    for scene in _scenes(served):
        for restart in (False, True):
            for at in count(1, step):
                found, is_past = _tried(served, scene, at, restart=restart)
                if is_past:
                    break
                yield found


def _scenes(served: Served) -> Iterator[ServedScene]:
    start = served.place / "start"
    for folder in ("library", "server"):
        (start / folder).mkdir(parents=True)
    ingest = ("ingest", str(small_folder(served.place).path))
    for arguments in (ingest, ("ask", "Which bread rises?")):
        served.begin(start)
        if (ended := served.run(*arguments)).code:
            raise SceneError(ended.message)
        yield ServedScene(arguments, start, served.state())
        served.begin(start)
        served.run(*ingest)
        start = shutil.copytree(served.place / "now", served.place / "filled")


def _tried(served: Served, scene: ServedScene, at: int, *, restart: bool) -> tuple[Found, bool]:
    served.begin(scene.start)
    ended = served.run(*scene.arguments, kill_at=at, restart=restart)
    is_past = served.requests() < at
    breaches = list(misbehaviour(ended))
    if (again := served.run(*scene.arguments)).code:
        breaches.append(f"the next run fails: {again.message}")
    else:
        state = served.state()
        breaches += [*state.breaches, *state.differences(scene.outcome)]
    then = "started again" if restart else "gone"
    label = f"{scene.arguments[0]}: the Chroma server killed and {then}"
    return Found(label, f"request {at}", messages(ended), tuple(breaches)), is_past


def _kill_at(at: int, pid: int, log: Path, files: Path, port: int, restart: bool) -> None:  # noqa: PLR0913, PLR0917 - in another process
    """Have this process kill the server before its request number `at`."""
    import httpx

    send = httpx.Client.send
    made = 0

    def counted(client: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal made
        made += 1
        with log.open("ab") as file:
            file.write(b".")
        if made == at:
            os.kill(pid, signal.SIGKILL)
            if restart:
                server = start_chroma(files, port)
                log.with_name("restarted").write_text(str(server.pid), "utf-8")
        return send(client, *arguments, **named)

    httpx.Client.send = counted  # type: ignore[method-assign]
