"""How long a user waits: `--help`, a cold `ask`, and `serve` to its first answer in a browser.

    python -m benchmarks.start_up data/daily-papers

The plain alternative to `--help` is a program that imports its libraries at the top. `serve` is
timed from the command until a browser, headless Chromium, shows what is being loaded, until a
question can be typed, and to the first answer; then for 20 more questions from the key press to the
complete answer.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
IMPORTS = "import chromadb, gradio, llama_index.core, llama_index.vector_stores.chroma"
QUESTION = "Which papers cover LLM serving?"
REPEATS = 5
QUESTIONS = 20
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT = 7899


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def command_seconds(arguments: list[str], home: str) -> float:
    """Return the median seconds of the command, run alone."""
    environment = os.environ | {"PAPERCHAT_HOME": home}
    return statistics.median(
        seconds(lambda: subprocess.run(arguments, env=environment, capture_output=True, check=True))
        for _ in range(REPEATS)
    )


@dataclass(frozen=True, slots=True)
class ServeSeconds:
    """Seconds from the command on, and of each further question."""

    announced: float
    loading: float
    page: float
    answer: float
    further: list[float]


def serve_seconds(home: str, page: Page) -> ServeSeconds:
    """Start the server, open the page as soon as it has an address, and ask."""
    environment = os.environ | {"PAPERCHAT_HOME": home}
    command = [*COMMAND, "serve", "--no-browser", "--port", str(PORT)]
    started = time.perf_counter()

    def passed() -> float:
        return time.perf_counter() - started

    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        server.stdout.readline()
        announced = passed()
        page.goto(f"http://127.0.0.1:{PORT}/", wait_until="commit")
        page.locator("h1").wait_for()
        loading = passed()
        page.locator("#ask-view [data-ready]").wait_for(state="attached")
        ready = passed()
        _ask(page, 1)
        answer = passed()
        further = [seconds(partial(_ask, page, n)) for n in range(2, QUESTIONS + 2)]
        return ServeSeconds(announced, loading, ready, answer, further)
    finally:
        server.terminate()
        server.wait()


def _ask(page: Page, number: int) -> None:
    box = page.get_by_label("Your question")
    box.fill(f"{QUESTION} {'and ' * (number % 3)}".strip())
    box.press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.exchange[aria-busy=false]').length === n", arg=number
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        environment = os.environ | {"PAPERCHAT_HOME": home}
        subprocess.run([*COMMAND, "ingest", str(pages)], env=environment, check=True)
        imports = command_seconds([sys.executable, "-c", IMPORTS], home)
        help_ = command_seconds([*COMMAND, "--help"], home)
        ask = command_seconds([*COMMAND, "ask", QUESTION], home)
        print(f"{'imports at the top (plain)':32}{imports:8.2f} s")
        print(f"{'paperchat --help':32}{help_:8.2f} s   {help_ / imports:.2f} of plain")
        print(f"{'paperchat ask, cold':32}{ask:8.2f} s")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        served = serve_seconds(home, browser.new_page())
        print(f"{'paperchat serve, to its address':32}{served.announced:8.2f} s")
        print(f"{'to a page that says it loads':32}{served.loading:8.2f} s")
        print(f"{'to a page to type in':32}{served.page:8.2f} s")
        print(f"{'to the first answer':32}{served.answer:8.2f} s")
        print(f"{'a question after that, p50':32}{statistics.median(served.further):8.2f} s")
        print(f"{'a question after that, slowest':32}{max(served.further):8.2f} s")


if __name__ == "__main__":
    main()
