"""`paperchat serve` in `benchmarks.soak`: started, killed, ended, and other processes beside it.

Owns the server's process, its folders and its log. Whoever uses it asks `generation` first: an
action during which that changed was cut short by us.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from threading import Event

import httpx
import psutil

from benchmarks.load import COMMAND

PORT = 7895
ADDRESS = f"http://127.0.0.1:{PORT}"
STARTS_S = 120.0
ENDS_S = 30.0
MODEL_TIMEOUT_S = 2  # of silence; so that a silent model holds up nobody for long


class Served:
    """The server, one process after another on the same library."""

    def __init__(self, folder: Path, model_url: str) -> None:
        """Keep library, temporary files and what is said on stderr in `folder`."""
        self.home, self.temporary = folder / "home", folder / "tmp"
        self.complaints = folder / "stderr.txt"
        self.temporary.mkdir()
        self.ready = Event()
        self.generation = 0
        self.process: psutil.Process | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | {
            "PAPERCHAT_HOME": str(self.home),
            "PAPERCHAT_MODEL": "scripted",
            "PAPERCHAT_TIMEOUT_S": str(MODEL_TIMEOUT_S),
            "OPENAI_BASE_URL": model_url,
            "TMPDIR": str(self.temporary),
        }

    def start(self) -> None:
        """Start the server, and come back once the page is there."""
        command = [*COMMAND, "serve", "--no-browser", "--port", str(PORT)]
        with self.complaints.open("ab") as complaints:
            self._server = subprocess.Popen(
                command, env=self._environment, stdout=subprocess.DEVNULL, stderr=complaints
            )
        self.process = psutil.Process(self._server.pid)
        deadline = time.monotonic() + STARTS_S
        while time.monotonic() < deadline and self._server.poll() is None:
            try:
                if httpx.get(f"{ADDRESS}/config").status_code == httpx.codes.OK:
                    self.generation += 1
                    self.ready.set()
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise SystemExit(f"serve did not start: {self.complaints.read_text()[-2_000:]}")

    def end(self, *, killed: bool = False) -> None:
        """End the server as Ctrl-C does, or in the middle of whatever it does."""
        self.ready.clear()
        self.generation += 1
        assert self._server  # noqa: S101
        if killed:
            self._server.kill()
        else:
            self._server.terminate()
        try:
            code = self._server.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            self._server.kill()
            raise SystemExit(f"serve did not end within {ENDS_S:.0f} s") from None
        if not killed and code not in (0, 143):
            raise SystemExit(f"serve ended with {code}: {self.complaints.read_text()[-2_000:]}")

    def command(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run another command on the same library."""
        command = [*COMMAND, *map(str, arguments)]
        return subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False
        )

    def problems(self) -> list[str]:
        """Return what `paperchat doctor` finds wrong with the library, the server being down."""
        lines = self.command("doctor", "--json").stdout.splitlines()
        checks = [json.loads(line) for line in lines]
        wrong = [each for each in checks if each["status"] == "problem"]
        # The model is as it was left by the fault of the moment.
        return [
            f"{each['name']}: {each['detail']}" for each in wrong if "model" not in each["name"]
        ]
