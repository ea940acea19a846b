"""The command line as processes of its own, with nothing configured but what a test says."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
PAGE = PAGES / "000_1c38a8b04bb44470.txt"
MINUTE_S = 60


def paperchat(
    *arguments: str | Path,
    home: Path,
    text: str = "",
    stdout: int | IO[str] = subprocess.PIPE,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command with its library in `home` and `text` as its standard input."""
    return subprocess.run(
        _command(*arguments),
        env=_environment(home, variables),
        input=text,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=MINUTE_S,
        check=False,
    )


@contextmanager
def started(
    *arguments: str | Path, home: Path, file_bytes: int = resource.RLIM_INFINITY
) -> Iterator[subprocess.Popen[str]]:
    """Give a command that runs, and end it if it has not; no file that it writes gets larger.

    The same happens to it at `file_bytes` as on a full disk, and as soon as it comes to there.
    """
    process = subprocess.Popen(
        _command(*arguments),
        env=_environment(home, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(_as_in_a_terminal, file_bytes),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _as_in_a_terminal(file_bytes: int) -> None:
    """Prepare a process: whoever runs the tests in the background has these signals ignored."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))


def on_a_terminal(*arguments: str | Path, home: Path) -> tuple[str, int]:
    """Run a command on a terminal, and return all that the terminal was sent and the exit code."""
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        _command(*arguments),
        env=_environment(home, {"TERM": "xterm-256color"}),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        screen = b"".join(iter(lambda: _read(controller), b""))
    os.close(controller)
    return screen.decode("utf-8"), process.returncode


def _read(controller: int) -> bytes:
    try:
        return os.read(controller, 65_536)
    except OSError:  # how Linux tells that the other end was closed
        return b""


@contextmanager
def served(home: Path, *, said: str = "", **variables: str) -> Iterator[str]:
    """Run `paperchat serve` on a free port, give its address, and end it as Ctrl-C does.

    It must end well, and have said nothing on its standard error but what it is to have `said`.
    """
    process = subprocess.Popen(
        _command("serve", "--no-browser", "--port", "0"),
        env=_environment(home, variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield next(word for word in process.stdout.readline().split() if word.startswith("http"))
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=MINUTE_S)
    assert process.returncode == 0, complaints
    assert complaints == said, complaints


def _command(*arguments: str | Path) -> list[str]:
    script = "from ui.cli import main; main()"
    return [sys.executable, "-c", script, *map(str, arguments)]


def _environment(home: Path, variables: dict[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PAPERCHAT_", "OPENAI_"))
    }
    return kept | {"PAPERCHAT_HOME": str(home), "COLUMNS": "300"} | variables
