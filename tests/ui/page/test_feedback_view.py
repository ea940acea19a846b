"""Thumbs below the answers as a visitor has them, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import needs_browser
from playwright.sync_api import Browser, Page, expect
from saved_site import ANN, BEN, HOSTILE, SavedSite, exchange, saved_site, show_answers

from assistant.conversations.feedback import Feedback, FeedbackStore
from assistant.conversations.judgement import Rating
from assistant.conversations.saved import Place

pytestmark = needs_browser
SALT, PEPPER = "How much salt?", "And pepper?"


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[SavedSite]:
    with saved_site(browser, tmp_path) as served:
        yield served


@pytest.fixture
def places(site: SavedSite) -> list[Place]:
    return site.save(SALT, PEPPER)


def given(site: SavedSite, place: Place) -> list[Feedback | None]:
    """Return the ratings of the conversation's answers."""
    rated = FeedbackStore(site.store).of_conversation(ANN, place.conversation)
    return [feedback for _, feedback in rated]


def show(page: Page, places: list[Place]) -> None:
    show_answers(page, *zip(places, (SALT, PEPPER), strict=True))
    expect(page.locator(".feedback")).to_have_count(len(places))


def test_an_answer_is_rated_with_a_note_and_shown_so_again(
    site: SavedSite, places: list[Place]
) -> None:
    with site.visit() as page:
        show(page, places)
        second = page.locator(".exchange").last
        second.get_by_role("button", name="This answer was not useful").click()
        thumb = second.get_by_role("button", name="This answer was not useful", pressed=True)
        expect(thumb).to_be_focused()
        expect(page.locator(".saved-rated span")).to_have_text("1 rated answer")
        second.get_by_role("textbox", name="What was wrong, or is missing?").fill(HOSTILE)
        second.get_by_role("button", name="Save note").click()
        expect(second.locator("summary")).to_have_text("Your note")
        expect(page.locator(".feedback-said")).to_have_text("Note saved.")
        show(page, places)
        expect(thumb).to_be_visible()
        expect(page.get_by_role("button", pressed=True)).to_have_count(1)
        second.locator("summary").click()
        expect(second.locator("textarea")).to_have_value(HOSTILE)
        expect(page.locator("#transcript img")).to_have_count(0)
    assert given(site, places[0]) == [None, Feedback(Rating.DOWN, HOSTILE)]


def test_a_rating_is_changed_and_taken_back(site: SavedSite, places: list[Place]) -> None:
    with site.visit() as page:
        show(page, places)
        first = page.locator(".exchange").first
        useful = first.get_by_role("button", name="This answer was useful")
        useful.click()
        first.locator("textarea").fill("Short.")
        first.get_by_role("button", name="This answer was not useful").click()
        expect(first.locator('[data-rate="down"][aria-pressed="true"]')).to_be_visible()
        expect(useful).to_have_attribute("aria-pressed", "false")
        assert given(site, places[0]) == [Feedback(Rating.DOWN, "Short."), None]
        first.get_by_role("button", name="This answer was not useful").click()
        expect(first.locator("details")).to_have_count(0)
        expect(page.locator(".saved-rated")).to_be_hidden()
    assert given(site, places[0]) == [None, None]


def test_what_another_window_replaced_is_not_rated(site: SavedSite, places: list[Place]) -> None:
    with site.visit() as page:
        show(page, places)
        site.store.replace(ANN, exchange(PEPPER), places[1])
        page.get_by_role("button", name="This answer was useful").last.click()
        expect(page.locator("#notice.failed")).to_contain_text("This answer is not there any more")
    assert given(site, places[0]) == [None, None]


def test_ratings_are_exported_and_only_ones_own(site: SavedSite, places: list[Place]) -> None:
    ratings = FeedbackStore(site.store)
    ratings.rate(ANN, places[1], Rating.UP)
    [others] = site.save("Not hers", visitor=BEN)
    ratings.rate(BEN, others, Rating.UP)
    with site.visit() as page:
        with page.expect_download() as downloading:
            page.get_by_role("button", name="Export ratings").click()
        assert downloading.value.suggested_filename == "ratings.jsonl"
        [line] = downloading.value.path().read_text("utf-8").splitlines()
    question = json.loads(line)
    assert (question["turns"], question["relevant"]) == ([SALT, PEPPER], {"Salt for Soup": 2})
