"""A browser on the page: visits that notice what a page must not do, questions, pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
READY_MS = 30_000
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@contextmanager
def visited(
    browser: Browser, address: str, viewport: dict[str, int] = WIDE, scheme: str = "light"
) -> Iterator[Page]:
    """Open the page as a new visitor; fail if it asks for another host or its policy is hit."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    complaints = watched(context, address)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(address, wait_until="commit")  # it may take as long as the program needs to start
    expect(page.locator("#ask-view [data-ready]")).to_be_attached(timeout=READY_MS)
    yield page
    context.close()
    assert complaints == []


def ask(page: Page, question: str) -> None:
    """Type a question, send it with Enter, and wait for its answer to end."""
    before = page.locator(".exchange").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".exchange")).to_have_count(before + 1)
    expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def watched(context: BrowserContext, address: str) -> list[str]:
    """Return what the pages of `context` complain of, and what they ask of hosts but `address`."""
    complaints: list[str] = []
    context.on(
        "request",
        lambda sent: None if sent.url.startswith(address) else complaints.append(sent.url),
    )
    context.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    return complaints
