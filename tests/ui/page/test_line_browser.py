"""Questions that wait: the place on the page, Stop, a closed tab, and a full line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import pytest
from browsing import ask, needs_browser
from desks import scripted_desk
from playwright.sync_api import Browser, Page, expect
from scripted_assistant import ScriptedAssistant
from site_visits import Site, served

from ui.server.lines import Lines
from ui.server.waiting_line import WaitingLine

QUESTION = "compare both"
LEFT_S = 20.0  # far more than it takes until a closed tab is noticed

pytestmark = needs_browser


@dataclass
class Queued:
    """A served page whose questions wait in `line`, before one place."""

    site: Site
    line: WaitingLine


@pytest.fixture(scope="module")
def queued(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queued]:
    assistant = ScriptedAssistant()
    line = WaitingLine(1, 2, clock=count().__next__)
    with scripted_desk(assistant, tmp_path_factory.mktemp("line")) as desk:
        lines = Lines(line, WaitingLine(1, 2), lambda: False)
        with served(replace(desk, lines=lines)) as address:
            yield Queued(Site(assistant, address, browser), line)


def begin(page: Page, question: str = QUESTION) -> None:
    """Type a question and send it."""
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")


def test_the_place_is_shown_until_the_turn_comes(queued: Queued) -> None:
    with queued.site.visit() as page:
        with queued.line.join("ann") as ann, queued.line.join("ben") as ben:
            begin(page)
            working = page.locator(".exchange .working")
            expect(working).to_have_text("2nd in line, about 2 s")
            expect(page.get_by_role("button", name="Stop")).to_be_visible()
            ben.leave()
            expect(working).to_have_text("1st in line, about 1 s")
            asked = len(queued.site.assistant.asked)
            ann.leave()
        expect(page.locator(".exchange")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".exchange .claim").first).to_be_visible()
        assert len(queued.site.assistant.asked) == asked + 1


def test_stop_leaves_the_line(queued: Queued) -> None:
    asked = len(queued.site.assistant.asked)
    with queued.site.visit() as page, queued.line.join("ann"):
        begin(page)
        expect(page.locator(".working")).to_have_text("1st in line, about 1 s")
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".exchange .stopped")).to_have_text("Stopped.")
        with queued.line.join("ben") as ben:
            assert ben.place is not None
            assert ben.place.number == 1
    assert len(queued.site.assistant.asked) == asked


def test_a_closed_tab_leaves_the_line(queued: Queued) -> None:
    asked = len(queued.site.assistant.asked)
    with queued.line.join("ann"):
        with queued.site.visit() as page:
            begin(page)
            expect(page.locator(".working")).to_have_text("1st in line, about 1 s")
        ben = queued.line.join("ben")
        patience = time.monotonic() + LEFT_S
        while ben.place is not None and ben.place.number > 1 and time.monotonic() < patience:
            time.sleep(0.05)
        assert ben.place is not None
        assert ben.place.number == 1
        ben.leave()
    assert len(queued.site.assistant.asked) == asked


def test_a_full_line_refuses_and_the_question_stays(queued: Queued) -> None:
    line = queued.line
    with queued.site.visit() as page:
        ask(page, "compare again")
        with line.join("ann"), line.join("ben"), line.join("carl"):
            begin(page)
            expect(page.get_by_role("alert")).to_have_text(
                "Too many questions of all visitors are waiting already (2). "
                "Ask again in about 2 s."
            )
            expect(page.locator("#question")).to_have_value(QUESTION)
            expect(page.locator(".exchange .question")).to_have_text(["compare again"])
        page.keyboard.press("Enter")
        expect(page.locator(".exchange .question")).to_have_text(["compare again", QUESTION])
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
