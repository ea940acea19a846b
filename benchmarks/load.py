"""Many people asking at once: questions a second and how long each waits, at 1, 10 and 50 users.

    python -m benchmarks.load data/daily-papers [--seconds 20] [--users 1 10 50] [--home FOLDER]

`paperchat serve` runs in a process of its own, and those who ask in a second one (locust, see
`load_users`), on the same cores. Every user asks one question after another, without a pause; all
questions are made of the papers' own titles and sentences, and differ. *page* does what the page's
script does in a browser, without drawing anything; *program* asks by the API. The plain alternative
is the same questions asked one after another in one process, without any server. *refused* are
those that found no room in the line and came back later; whatever else goes wrong is an error.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from assistant.answering import Assistant
from benchmarks.retrieval_results import markdown
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder

COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
USERS = Path(__file__).with_name("load_users.py")
PORT = 7897
ADDRESS = f"http://127.0.0.1:{PORT}"
WAYS = {"page": "Browser", "program": "Program"}
FRAMES = ("Which papers cover {}?", "Summarise the work on {}", "What is reported on {}?")
TITLE_WORDS = 6
STARTS_S = 60.0
FINISH_S = 60  # what was asked before the time is over is answered and counted
PLAIN_QUESTIONS = 50
HEADER = (
    *("way", "users", "questions/s", "p50 s", "p95 s", "p99 s", "first words p50 s"),
    *("errors", "refused", "CPU ms a question", "MB"),
)


@dataclass(frozen=True, slots=True)
class Timed:
    """What locust counted under one name: milliseconds, rounded to two digits, and how often."""

    milliseconds: dict[float, int]
    failures: int
    a_second: float

    def quantile(self, share: float) -> float:
        """Return the seconds that at least `share` of them did not exceed; NaN where none was."""
        wanted, seen = share * sum(self.milliseconds.values()), 0
        for taken, times in sorted(self.milliseconds.items()):
            seen += times
            if seen >= wanted:
                return taken / 1000
        return float("nan")


def questions(home: Path) -> list[str]:
    """Return questions made of the papers' titles and sentences, in an order drawn once."""
    with open_library(home, OnnxEmbedder()) as library:
        papers = list(library.catalog.all_papers())
    made = []
    for number, paper in enumerate(papers):
        topic = " ".join(paper.title.split(":")[-1].split()[:TITLE_WORDS])
        made.append(FRAMES[number % len(FRAMES)].format(topic))
        made += [
            f"What else says this: {sentence}." for sentence in paper.abstract.split(". ")[1:2]
        ]
    random.Random(0).shuffle(made)  # noqa: S311 - nobody is to guess it
    return made


def plain(home: Path, asked: Sequence[str]) -> list[str]:
    """Return the row of the questions asked one after another, without a server."""
    with open_library(home, OnnxEmbedder()) as library:
        assistant = Assistant(library)
        assistant.ask(asked[0])
        process, seconds = psutil.Process(), []
        started, used = time.perf_counter(), _used(process)
        for question in asked[1 : PLAIN_QUESTIONS + 1]:
            begun = time.perf_counter()
            assistant.ask(question)
            seconds.append((time.perf_counter() - begun) * 1000)
        passed = time.perf_counter() - started
        timed = Timed(dict.fromkeys(seconds, 1), 0, len(seconds) / passed)
        return _row("no server", 1, {"answer": timed}, (_used(process) - used, process))


@contextmanager
def served(home: Path) -> Iterator[psutil.Process]:
    """Serve the library, and give the process once the page is there."""
    command = [*COMMAND, "serve", "--no-browser", "--port", str(PORT)]
    environment = os.environ | {"PAPERCHAT_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for_the_page()
            yield psutil.Process(server.pid)
        finally:
            server.terminate()


def _wait_for_the_page() -> None:
    deadline = time.monotonic() + STARTS_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{ADDRESS}/config").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("serve did not start")


def load(way: str, users: int, seconds: int, file: Path) -> dict[str, Timed]:
    """Let so many users ask for so long, and return what was counted, by name."""
    command = [sys.executable, "-m", "locust", "-f", str(USERS), WAYS[way], "--headless"]
    command += ["--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds}s"]
    command += ["--stop-timeout", str(FINISH_S), "--host", ADDRESS, "--json", "--skip-log"]
    environment = os.environ | {"LOAD_QUESTIONS": str(file)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if not ended.stdout.startswith("["):
        raise SystemExit(f"locust failed:\n{ended.stderr}")
    return {each["name"]: _timed(each) for each in json.loads(ended.stdout)}


def _timed(told: dict[str, object]) -> Timed:
    times = {float(taken): count for taken, count in told["response_times"].items()}
    passed = told["last_request_timestamp"] - told["start_time"]
    return Timed(times, told["num_failures"], told["num_requests"] / passed if passed else 0.0)


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _row(
    way: str, users: int, counted: dict[str, Timed], spent: tuple[float, psutil.Process]
) -> list[str]:
    """Return a row of the table; `spent` has the seconds of processor, and of which process."""
    none = Timed({}, 0, 0.0)
    answer, first, refused = (
        counted.get(name, none) for name in ("answer", "first words", "refused")
    )
    used, process = spent
    quantiles = [answer.quantile(0.5), answer.quantile(0.95), answer.quantile(0.99)]
    return [
        way,
        str(users),
        f"{answer.a_second:.1f}",
        *(f"{taken:.2f}" for taken in (*quantiles, first.quantile(0.5))),
        str(sum(each.failures for each in counted.values())),
        str(sum(refused.milliseconds.values())),
        f"{1000 * used / max(1, sum(answer.milliseconds.values())):.0f}",
        f"{process.memory_info().rss / 2**20:.0f}",
    ]


def measure(home: Path, levels: Sequence[int], seconds: int) -> Iterator[list[str]]:
    """Yield the rows of the table."""
    asked = questions(home)
    yield plain(home, asked)
    with tempfile.TemporaryDirectory() as folder, served(home) as server:
        file = Path(folder, "questions.json")
        file.write_text(json.dumps(asked), encoding="utf-8")
        for way in WAYS:
            for users in levels:
                used = _used(server)
                counted = load(way, users, seconds, file)
                yield _row(way, users, counted, (_used(server) - used, server))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--home", type=Path, help="a library that has the pages already")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--seconds", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or Path(folder)
        if arguments.home is None:
            environment = os.environ | {"PAPERCHAT_HOME": folder}
            ingest = [*COMMAND, "ingest", str(arguments.pages)]
            subprocess.run(ingest, env=environment, stdout=subprocess.DEVNULL, check=True)
        rows = list(measure(home, arguments.users, arguments.seconds))
    print(markdown(HEADER, rows))


if __name__ == "__main__":
    main()
