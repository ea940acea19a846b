"""The page over the shipped papers, nothing scripted: from a question to what it leads to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import ask, needs_browser, visited
from playwright.sync_api import Browser, expect
from site_visits import served

from assistant.conversations.conversation_file import CONVERSATIONS_FILE
from assistant.conversations.store import ConversationStore
from ui.environment import Environment
from ui.page.assistant_choice import AssistantChoice
from ui.page.desk import Desk
from vectorstore.library import Library

pytestmark = needs_browser


@pytest.fixture(scope="module")
def address(shipped_library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the shipped papers; conversations are kept elsewhere, since the library is shared."""
    folder = tmp_path_factory.mktemp("whole")
    store = ConversationStore(folder / CONVERSATIONS_FILE)
    choice = AssistantChoice(Environment(folder), shipped_library)
    with served(Desk(shipped_library, store, choice)) as address:
        yield address
    store.close()


def test_first_and_following_questions_are_of_the_collection(
    browser: Browser, address: str
) -> None:
    with visited(browser, address) as page:
        examples = page.locator("#examples button")
        expect(examples).to_have_count(4)
        first = examples.first.inner_text()
        examples.first.click()
        expect(page.locator(".question")).to_have_text(first)
        expect(page.locator(".exchange")).to_have_attribute("aria-busy", "false")
        following = page.locator(".next button")
        question = following.first.inner_text()
        following.first.click()
        expect(page.locator(".question").last).to_have_text(question)
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        expect(page.locator(".verdict")).to_have_count(0)
        expect(page.locator(".next")).to_have_count(2)
        expect(page.locator(".next").first).to_be_hidden()


def test_a_marker_opens_the_abstract_at_its_own_sentence(browser: Browser, address: str) -> None:
    with visited(browser, address) as page:
        ask(page, "Which papers cover reinforcement learning?")
        marker = page.locator(".cite").first
        quote = marker.get_attribute("data-quote")
        marker.click()
        expect(page.locator(".card mark.own")).to_have_text(quote or "nothing")
        expect(page.locator(".card mark.own")).to_be_in_viewport()


def test_a_filter_of_the_question_is_a_chip(browser: Browser, address: str) -> None:
    with visited(browser, address) as page:
        ask(page, "Which papers of 2025 cover reinforcement learning?")
        chip = page.get_by_role("button", name="Take off: 2025 only")
        chip.click()
        expect(page.get_by_role("button", name="Put back: 2025 only")).to_be_visible()
