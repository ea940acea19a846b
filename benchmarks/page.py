"""The page in use: when it can be used, first words, twenty tabs at once, memory over questions.

    python -m benchmarks.page data/daily-papers

Everything is timed in headless Chromium against `paperchat serve` in a process of its own, on one
machine: the tabs compete with the server for its cores. The plain alternative to streaming is
waiting for the whole answer, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

COMMAND = [sys.executable, "-c", "from ui.cli import main; main()"]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT = 7898
ADDRESS = f"http://127.0.0.1:{PORT}/"
TOPICS = (
    *("LLM serving", "reinforcement learning", "diffusion models", "neural architecture search"),
    *("graph neural networks", "GPU kernels", "quantization", "speech recognition"),
)
FRAMES = ("Which papers cover {}?", "Summarise the work on {}", "What is reported on {}?")
REPEATS = 20
TABS = 20
MEGABYTE = 1024
# Seconds from the key press to the first words of the answer and to all of it. Changes are waited
# for: to look at every frame in twenty tabs would take the cores that answers need.
TIMED = """(question) => new Promise((done) => {
  const box = document.querySelector('#question');
  const log = document.querySelector('#transcript');
  const before = log.querySelectorAll('.exchange').length;
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  let first = 0;
  const watch = new MutationObserver(() => {
    const newest = log.querySelectorAll('.exchange')[before];
    if (!first && newest?.querySelector('.answer > :not(.working)')) first = since();
    if (newest?.getAttribute('aria-busy') !== 'false') return;
    watch.disconnect();
    done([first, since(), newest.querySelector('.question').textContent]);
  });
  watch.observe(log, {subtree: true, childList: true, attributes: true});
  box.value = question;
  const press = {key: 'Enter', bubbles: true, cancelable: true};
  box.dispatchEvent(new KeyboardEvent('keydown', press));
})"""


def question(number: int) -> str:
    """Return one of many questions, each another one than that before."""
    frame = FRAMES[number // len(TOPICS) % len(FRAMES)]
    return frame.format(TOPICS[number % len(TOPICS)])


def quantile(values: list[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    return sorted(values)[max(0, -(-int(share * 100) * len(values) // 100) - 1)]


def resident_megabytes(process: int) -> float:
    """Return what the process holds in memory, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    [size] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(size) / MEGABYTE


async def opened(browser: Browser) -> Page:
    """Open the page as a new visitor and wait until a question can be asked."""
    page = await (await browser.new_context(reduced_motion="reduce")).new_page()
    while True:
        try:
            await page.goto(ADDRESS)
            break
        except Exception as error:  # Playwright has one type for every failure
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            await asyncio.sleep(0.05)
    await page.wait_for_selector("#ask-view [data-ready]", timeout=60_000)
    return page


async def measure(server: subprocess.Popen[bytes], started: float, questions: int) -> None:
    """Measure and print a line for each figure."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        page = await opened(browser)
        print(f"{'serve to a page that can be used':40}{time.perf_counter() - started:8.2f} s")
        timed = [await page.evaluate(TIMED, question(n)) for n in range(REPEATS)]
        first, whole = ([each[at] for each in timed] for at in (0, 1))
        ratio = statistics.median(first) / statistics.median(whole)
        print(f"{'whole answer on screen, p50 (plain)':40}{statistics.median(whole):8.3f} s")
        print(f"{'first words on screen, p50':40}{statistics.median(first):8.3f} s  {ratio:.2f}")
        print(f"{'first words on screen, p95':40}{quantile(first, 0.95):8.3f} s")
        await page.context.close()
        await _many_tabs(browser)
        await _memory(browser, server, questions)


async def _many_tabs(browser: Browser) -> None:
    tabs = [await opened(browser) for _ in range(TABS)]
    asked = [question(number) for number in range(TABS)]
    answered = await asyncio.gather(
        *(tab.evaluate(TIMED, text) for tab, text in zip(tabs, asked, strict=True))
    )
    mixed = sum(said[2] != text for said, text in zip(answered, asked, strict=True))
    whole = [said[1] for said in answered]
    print(f"{f'{TABS} tabs at once, whole answer, p50':40}{statistics.median(whole):8.2f} s")
    print(f"{f'{TABS} tabs at once, whole answer, p95':40}{quantile(whole, 0.95):8.2f} s")
    print(f"{'of them lost / mixed up':40}{TABS - len(whole):6} / {mixed}")
    for tab in tabs:
        await tab.context.close()


async def _memory(browser: Browser, server: subprocess.Popen[bytes], questions: int) -> None:
    page = await opened(browser)
    every = max(1, questions // 5)
    for number in range(questions):
        await page.evaluate(TIMED, question(number))
        if (number + 1) % every == 0:
            label = f"memory of serve after {number + 1} more questions"
            print(f"{label:40}{resident_megabytes(server.pid):8.0f} MB")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--questions", type=int, default=500)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"PAPERCHAT_HOME": home}
        subprocess.run([*COMMAND, "ingest", str(arguments.pages)], env=environment, check=True)
        started = time.perf_counter()
        command = [*COMMAND, "serve", "--no-browser", "--port", str(PORT)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                asyncio.run(measure(server, started, arguments.questions))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
