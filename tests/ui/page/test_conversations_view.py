"""The saved conversations as a visitor has them, in a real browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PHONE, needs_browser
from playwright.sync_api import Browser, Locator, Page, expect
from saved_site import ANN, BEN, HOSTILE, SavedSite, saved_site

from assistant.conversations.store import PAGE

pytestmark = needs_browser


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[SavedSite]:
    with saved_site(browser, tmp_path) as served:
        yield served


def titles(page: Page) -> Locator:
    return page.locator(".saved-title")


def unfold(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Rename, export or delete “{title}”").click()


def changed_elsewhere(page: Page) -> None:
    """Tell the page that the list changed, as the ask view does."""
    page.evaluate("paperchat.tell('conversations')")


def test_without_conversations_it_says_what_will_be_here(site: SavedSite) -> None:
    with site.visit() as page:
        expect(page.locator(".saved-list")).to_have_text(
            "No conversations yet. Each is kept here, on this machine, as soon as it has an answer."
        )
        expect(page.locator(".saved-rated")).to_be_hidden()
        expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_the_newest_is_first_and_opened_by_a_click(site: SavedSite) -> None:
    site.save("How much salt?")
    [place] = site.save("Which breads rise?")
    site.save("Not hers", visitor=BEN)
    with site.visit() as page:
        expect(titles(page)).to_have_text(["Which breads rise?", "How much salt?"])
        page.get_by_role("button", name="Which breads rise?").first.click()
        expect(page.locator("#opened")).to_have_text(place.conversation)
        current = page.locator(".saved-open[aria-current]")
        expect(current).to_contain_text("Which breads rise?1 question · ")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator("#opened")).to_have_text("null")
        expect(current).to_have_count(0)


def test_the_list_follows_what_is_saved(site: SavedSite) -> None:
    [place] = site.save("How much salt?")
    with site.visit() as page:
        page.get_by_role("button", name="How much salt?").first.click()
        site.save("Which breads rise?")
        changed_elsewhere(page)
        expect(titles(page)).to_have_text(["Which breads rise?", "How much salt?"])
        current = page.locator(f'[data-conversation="{place.conversation}"] .saved-open')
        expect(current).to_have_attribute("aria-current", "true")


def test_a_title_that_is_being_written_stays_while_the_list_changes(site: SavedSite) -> None:
    site.save("How much salt?")
    with site.visit() as page:
        unfold(page, "How much salt?")
        page.get_by_role("button", name="Rename", exact=True).click()
        page.get_by_role("textbox", name="New title").fill("Salty")
        site.save("Which breads rise?")
        changed_elsewhere(page)
        expect(titles(page)).to_have_text(["How much salt?"])
        expect(page.get_by_role("textbox", name="New title")).to_have_value("Salty")
        page.keyboard.press("Escape")
        expect(titles(page)).to_have_text(["Which breads rise?", "How much salt?"])
        expect(page.locator(".saved-open").last).to_be_focused()


def test_a_search_finds_words_of_answers_while_they_are_typed(site: SavedSite) -> None:
    site.save("How much salt?")
    site.save("Which breads rise?", "And in winter?")
    with site.visit() as page:
        box = page.get_by_role("searchbox", name="Search saved conversations")
        box.press_sequentially("wint", delay=20)
        expect(titles(page)).to_have_text(["Which breads rise?"])
        expect(page.locator(".saved-found")).to_have_text("1 found")
        box.fill("rice")
        expect(page.locator(".saved-list")).to_have_text("No conversation has all of these words.")
        box.fill("")
        expect(titles(page)).to_have_count(2)
        expect(page.locator(".saved-found")).to_have_text("")


def test_a_conversation_is_renamed_in_place(site: SavedSite) -> None:
    site.save("How much salt?")
    with site.visit() as page:
        unfold(page, "How much salt?")
        page.get_by_role("button", name="Rename", exact=True).click()
        title = page.get_by_role("textbox", name="New title")
        expect(title).to_be_focused()
        expect(title).to_have_value("How much salt?")
        page.keyboard.press("Escape")
        expect(title).to_be_hidden()
        expect(page.locator(".saved-more")).to_be_focused()
        unfold(page, "How much salt?")
        page.get_by_role("button", name="Rename", exact=True).click()
        title.fill("  Salty   <soups> ")
        page.keyboard.press("Enter")
        expect(titles(page)).to_have_text(["Salty <soups>"])
        expect(page.locator(".saved-open")).to_be_focused()
    assert [each.title for each in site.store.summaries(ANN)] == ["Salty <soups>"]


def test_a_conversation_is_deleted_once_that_is_confirmed(site: SavedSite) -> None:
    site.save("How much salt?")
    site.save("Which breads rise?")
    with site.visit() as page:
        page.get_by_role("button", name="Which breads rise?").first.click()
        unfold(page, "Which breads rise?")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_role("button", name="Keep").click()
        expect(titles(page)).to_have_count(2)
        unfold(page, "Which breads rise?")
        page.get_by_role("button", name="Delete", exact=True).click()
        page.locator('[data-does="delete"]:visible').click()
        expect(titles(page)).to_have_text(["How much salt?"])
        expect(page.locator("#opened")).to_have_text("null")
        expect(page.locator(".saved-open")).to_be_focused()
        expect(page.locator("#notice")).to_have_text("Deleted the conversation.")
    assert [each.title for each in site.store.summaries(ANN)] == ["How much salt?"]


def test_a_conversation_is_exported(site: SavedSite) -> None:
    site.save("How much salt?", "And pepper?")
    with site.visit() as page:
        unfold(page, "How much salt?")
        with page.expect_download() as downloading:
            page.get_by_role("button", name="Export", exact=True).click()
        assert downloading.value.suggested_filename == "how-much-salt.md"
        text = downloading.value.path().read_text("utf-8")
        assert text.startswith("# How much salt?\n\n## How much salt?\n\n12 grams are enough. [1]")
        assert text.count("### Sources") == 2


def test_a_long_list_comes_in_pages(site: SavedSite) -> None:
    for number in range(PAGE + 2):
        site.save(f"Question {number}")
    with site.visit() as page:
        expect(titles(page)).to_have_count(PAGE)
        page.get_by_role("button", name="Show more").click()
        expect(titles(page)).to_have_count(PAGE + 2)
        expect(titles(page).last).to_have_text("Question 0")
        expect(page.get_by_role("button", name="Show more")).to_be_hidden()
        expect(page.locator(".saved-open").nth(PAGE)).to_be_focused()


def test_arrows_go_through_the_list(site: SavedSite) -> None:
    site.save("How much salt?")
    site.save("Which breads rise?")
    with site.visit() as page:
        page.locator("#saved-words").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".saved-open").last).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        expect(page.locator(".saved-open").first).to_be_focused()


def test_a_hostile_title_is_text(site: SavedSite) -> None:
    site.save(HOSTILE)
    with site.visit() as page:
        expect(titles(page)).to_have_text([HOSTILE])
        unfold(page, HOSTILE)
        page.get_by_role("button", name="Rename", exact=True).click()
        expect(page.get_by_role("textbox", name="New title")).to_have_value(HOSTILE)
        expect(page.locator("#rail img")).to_have_count(0)


def test_one_deleted_in_another_window_is_told(site: SavedSite) -> None:
    [place] = site.save("How much salt?")
    with site.visit() as page:
        unfold(page, "How much salt?")
        site.store.delete(ANN, place.conversation)
        page.get_by_role("button", name="Export", exact=True).click()
        expect(page.locator("#notice.failed")).to_contain_text("There is no such conversation")


def test_a_damaged_file_is_told_in_place_of_the_list(site: SavedSite, tmp_path: Path) -> None:
    site.save("How much salt?")
    site.store.close()
    with sqlite3.connect(tmp_path / "conversations.sqlite3") as connection:
        connection.execute("DROP TABLE feedback")
        connection.execute("DROP TABLE exchanges")
    connection.close()
    with site.visit() as page:
        expect(page.get_by_role("alert")).to_contain_text("conversations cannot be used")


def test_on_a_phone_the_list_is_a_sheet_that_opening_closes(site: SavedSite) -> None:
    site.save("How much salt?")
    with site.visit(viewport=PHONE) as page:
        expect(page.locator("#rail")).to_be_hidden()
        page.evaluate("paperchat.toggle('rail')")
        box = page.locator("#rail").bounding_box()
        assert box is not None
        assert box["width"] < PHONE["width"]
        page.get_by_role("button", name="How much salt?").first.click()
        expect(page.locator("#rail")).to_be_hidden()
        page.evaluate("paperchat.toggle('rail')")
        page.get_by_role("button", name="Close the saved conversations").click()
        expect(page.locator("#rail")).to_be_hidden()
