"""How long a user waits: `--help`, a cold `ask`, and `serve` to its first answer in a browser.

    python -m benchmarks.start_up data/daily-papers

The plain alternative to `--help` is a program that imports its libraries at the top. `serve` is
timed from the command to the answer on the page, in headless Chromium, and then for 20 more
questions from the key press to the complete answer.
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


def serve_seconds(home: str, page: Page) -> tuple[float, list[float]]:
    """Return the seconds from the command to the first answer, and of each further question."""
    environment = os.environ | {"PAPERCHAT_HOME": home}
    command = [*COMMAND, "serve", "--no-browser", "--port", str(PORT)]
    started = time.perf_counter()
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _open(page)
        _ask(page, 1)
        first = time.perf_counter() - started
        return first, [seconds(partial(_ask, page, n)) for n in range(2, QUESTIONS + 2)]
    finally:
        server.terminate()
        server.wait()


def _open(page: Page) -> None:
    """Load the page as soon as the server accepts a connection."""
    while True:
        try:
            page.goto(f"http://127.0.0.1:{PORT}/")
            return
        except Exception as error:  # Playwright has one type for every failure
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            time.sleep(0.05)


def _ask(page: Page, number: int) -> None:
    box = page.get_by_label("Your question")
    box.fill(f"{QUESTION} {'and ' * (number % 3)}".strip())
    box.press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.answer-facts').length === n", arg=number
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
        first, further = serve_seconds(home, browser.new_page())
        print(f"{'paperchat serve to first answer':32}{first:8.2f} s")
        print(f"{'a question after that, p50':32}{statistics.median(further):8.2f} s")
        print(f"{'a question after that, slowest':32}{max(further):8.2f} s")


if __name__ == "__main__":
    main()
