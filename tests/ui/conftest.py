"""What the tests of the page share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import CHROMIUM, FLAGS
from playwright.sync_api import Browser, sync_playwright
from scripted_assistant import ScriptedAssistant
from site_visits import EXAMPLES, Site, served

from ui.page.page import CollectionFacts


@pytest.fixture(scope="module")  # Playwright keeps an event loop, which other modules run too
def browser() -> Iterator[Browser]:
    """Return headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(browser: Browser) -> Iterator[Site]:
    assistant = ScriptedAssistant()
    with served(assistant, CollectionFacts(365, "extractive", EXAMPLES)) as address:
        yield Site(assistant, address, browser)
