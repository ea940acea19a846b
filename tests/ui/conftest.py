"""What the tests of the page share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import CHROMIUM, FLAGS
from desks import scripted_desk
from log_state import logging_kept
from playwright.sync_api import Browser, sync_playwright
from scripted_assistant import ScriptedAssistant
from site_visits import Site, served


@pytest.fixture(autouse=True)
def _logging_kept() -> Iterator[None]:
    with logging_kept():
        yield


@pytest.fixture(scope="module")  # Playwright keeps an event loop, which other modules run too
def browser() -> Iterator[Browser]:
    """Return headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    assistant = ScriptedAssistant()
    folder = tmp_path_factory.mktemp("site")
    with scripted_desk(assistant, folder) as desk, served(desk) as address:
        yield Site(assistant, address, browser)
