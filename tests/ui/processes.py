"""The command line as processes of its own, with nothing configured but what a test says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
PAGE = PAGES / "000_1c38a8b04bb44470.txt"
MINUTE_S = 60


def paperchat(
    *arguments: str | Path, home: Path, text: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with its library in `home` and `text` as its standard input."""
    return subprocess.run(
        _command(*arguments),
        env=_environment(home, variables),
        input=text,
        capture_output=True,
        text=True,
        timeout=MINUTE_S,
        check=False,
    )


@contextmanager
def served(home: Path, **variables: str) -> Iterator[str]:
    """Run `paperchat serve` on a free port, give its address, and end it as Ctrl-C does."""
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
    assert (process.returncode, complaints) == (0, "")


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
