"""Photographs every screen of the page, in both themes and three widths.

    python tests/ui/screenshots.py artifacts/screenshots

Over the shipped papers, with nothing scripted. The files are named by screen, width and theme.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from browsing import CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, expect, sync_playwright
from site_visits import served

from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.store import ConversationStore
from ingest.ingesting import ingest_paths
from ui.environment import Environment
from ui.page.assistant_choice import AssistantChoice
from ui.page.desk import Desk
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
WIDTHS = {
    "wide": {"width": 1440, "height": 900},
    "tablet": {"width": 820, "height": 1100},
    "phone": {"width": 360, "height": 740},
}
THEMES = ("light", "dark")


def ask(page: Page, question: str) -> None:
    """Ask a question and wait for the whole answer."""
    page.locator("nav [data-show=ask]").click()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".question").last).to_have_text(question)
    expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")


def show(view: str) -> Callable[[Page], None]:
    """Return what shows a view."""

    def shown(page: Page) -> None:
        page.keyboard.press("Escape")
        page.locator(f"nav [data-show={view}]").click()
        page.wait_for_load_state("networkidle")

    return shown


def asking(question: str) -> Callable[[Page], None]:
    """Return what asks a question."""
    return lambda page: ask(page, question)


def source(page: Page) -> None:
    """Open the first source of the answer."""
    page.locator(".exchange").last.locator(".cite").first.click()
    expect(page.locator(".card")).to_be_visible()


def end_of_answer(page: Page) -> None:
    """Bring what can be done with an answer into sight."""
    page.keyboard.press("Escape")
    page.locator(".next").last.scroll_into_view_if_needed()


def conversations(page: Page) -> None:
    """Show the saved conversations, which narrow windows have behind a button."""
    if page.locator("#rail-button").is_visible():
        page.locator("#rail-button").click()


def drawn_map(page: Page) -> None:
    """Show the map and wait until it is drawn."""
    show("map")(page)
    page.wait_for_selector("#map-view .main-svg", timeout=60_000)


SCREENS: dict[str, Callable[[Page], None]] = {
    "welcome": lambda _: None,
    "answer": asking("Which papers cover LLM serving?"),
    "source": source,
    "next": end_of_answer,
    "comparison": asking("Compare vAttention and Nexus"),
    "summary": asking("Summarise the work on reinforcement learning"),
    "filters": asking("Which papers of 2025 cover quantization?"),
    "not-found": asking("Which papers are about sourdough bread?"),
    "conversations": conversations,
    "library": show("library"),
    "map": drawn_map,
    "settings": show("settings"),
}


def photograph(browser: Browser, address: str, folder: Path) -> None:
    """Visit every screen in every width and theme."""
    for width, viewport in WIDTHS.items():
        for theme in THEMES:
            context = browser.new_context(
                viewport=viewport, color_scheme=theme, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("#examples button", timeout=60_000)
            for name, step in SCREENS.items():
                step(page)
                page.wait_for_timeout(300)  # for what is laid out after it is there
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png")
            context.close()


@contextmanager
def shipped_page() -> Iterator[str]:
    """Serve the page over the shipped papers in a library of their own."""
    home = Path(tempfile.mkdtemp())
    with open_library(home, OnnxEmbedder()) as library:
        ingest_paths(library, [PAGES])
        store = ConversationStore(home / CONVERSATIONS_FILE)
        choice = AssistantChoice(Environment(home), library)
        with served(Desk(library, store, choice)) as address:
            yield address
        store.close()
    shutil.rmtree(home)


def main() -> None:
    """Write the pictures into the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with shipped_page() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        photograph(browser, address, folder)
        browser.close()


if __name__ == "__main__":
    main()
