"""What answers carry on the page: chips to take off, tables, folds; and when the server is lost."""

from __future__ import annotations

import pytest
from browsing import PHONE, ask, needs_browser
from playwright.sync_api import Page, Route, expect
from scripted_assistant import BELOW
from site_visits import Site

QUESTION = "newest on servign of 2025?"
PLAN = ["topic: serving×", "2025 only×", "from Example Institute×", "newest first×"]
LOST = "The connection to paperchat was lost; is it still running?"

pytestmark = needs_browser


def press(page: Page, name: str) -> None:
    """Press a chip and wait for the answer that takes the last one's place."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")


def test_a_filter_is_taken_off_and_put_back(site: Site) -> None:
    asked = len(site.assistant.asked)
    with site.visit() as page:
        ask(page, "compare both")
        ask(page, QUESTION)
        plan = page.locator(".plan li")
        expect(plan).to_have_text(PLAN)
        expect(page.locator(".note")).to_have_text("Searched for “serving” instead of “servign”.")
        page.locator("#question").fill("and then")
        press(page, "Take off: 2025 only")
        expect(plan).to_have_text([PLAN[0], "2025 only+", *PLAN[2:]])
        expect(page.locator(".plan s")).to_have_text("2025 only")
        press(page, "Take off: newest first")
        press(page, "Put back: 2025 only")
        expect(plan).to_have_text([*PLAN[:3], "newest first+"])
        expect(page.locator(".question")).to_have_text(["compare both", QUESTION])
        expect(page.locator("#question")).to_have_value("and then")
        ask(page, "compare again")
        chips = page.locator("button.chip")
        expect(chips).to_have_count(4)
        for chip in chips.all():
            expect(chip).to_be_disabled()
    history = ["compare both"]
    assert [
        (asking.question, [turn.question for turn in asking.history], asking.without)
        for asking in site.assistant.asked[asked:]
    ] == [
        ("compare both", [], ()),
        (QUESTION, history, ()),
        (QUESTION, history, ("dates",)),
        (QUESTION, history, ("dates", "order")),
        (QUESTION, history, ("order",)),
        ("compare again", [*history, QUESTION], ()),
    ]


def test_the_list_of_papers_is_sorted_by_its_columns(site: Site) -> None:
    with site.visit() as page:
        ask(page, "overview of serving")
        table = page.get_by_role("region", name="Table: Paper, Year")
        rows = table.get_by_role("rowheader")
        own = ["Paged caches[1]", "Let short answers pass[2]", "Zero waste"]
        expect(rows).to_have_text(own)
        by_year = table.get_by_role("button", name="Year")
        by_year.click()
        expect(rows).to_have_text([own[2], own[0], own[1]])  # the undated one last
        expect(table.get_by_role("columnheader", name="Year")).to_have_attribute(
            "aria-sort", "ascending"
        )
        by_year.click()
        expect(rows).to_have_text([own[0], own[2], own[1]])
        by_year.press("Enter")
        expect(rows).to_have_text(own)
        table.get_by_role("button", name="Paper").click()
        expect(rows).to_have_text([own[1], own[0], own[2]])


def test_a_wide_table_scrolls_within_itself(site: Site) -> None:
    with site.visit(viewport=PHONE) as page:
        ask(page, "table of both")
        table = page.get_by_role("region", name="Table: Paged caches, Length-aware scheduling")
        expect(table.get_by_role("columnheader")).to_have_text(
            ["Paged caches", "Length-aware scheduling"]
        )
        expect(table.get_by_role("rowheader")).to_have_text(["Idea", "Result", "Limit"])
        table.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.querySelector('.table').scrollLeft > 0")
        expect(table.get_by_role("rowheader").first).to_be_in_viewport(ratio=1)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width == PHONE["width"]
        table.get_by_role("button", name="Source 2").first.click()
        expect(page.locator(".card")).to_have_count(1)


def test_an_open_fold_stays_open_while_the_next_answer_grows(site: Site) -> None:
    with site.visit() as page:
        ask(page, "list what makes serving faster")
        page.locator(".borderline summary").click()
        ask(page, "compare both")
        expect(page.locator(".borderline li").first).to_be_visible()
        page.locator(".borderline summary").click()
        ask(page, "compare both again")
        expect(page.locator(".borderline li")).to_have_count(len(BELOW))
        expect(page.locator(".borderline li").first).to_be_hidden()


def test_what_is_typed_after_a_question_stays(site: Site) -> None:
    held: list[Route] = []
    with site.visit() as page:
        page.route("**/queue/join*", lambda route: held.append(route))
        page.locator("#question").fill("compare both")
        page.keyboard.press("Enter")
        expect(page.locator("#question")).to_have_value("")
        page.keyboard.type("and the next")
        page.keyboard.press("Enter")
        held[0].continue_()
        expect(page.locator(".exchange")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".question")).to_have_text(["compare both"])
        expect(page.locator("#question")).to_have_value("and the next")
    assert len(held) == 1


def test_nothing_that_is_read_moves_while_an_answer_grows(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        page.evaluate(
            """() => {
                window.moved = [];
                const note = (list) => list.getEntries().forEach((entry) => moved.push(
                    ...entry.sources.filter(({node}) => node?.parentElement?.closest('.answer'))));
                new PerformanceObserver(note).observe({type: 'layout-shift', buffered: false});
            }"""
        )
        ask(page, "list what makes serving faster")
        page.wait_for_timeout(300)  # shifts are told after they were seen
        assert page.evaluate("() => moved.length") == 0


@pytest.mark.parametrize("word", ["unstated", "nothing"])
def test_an_answer_that_is_none_says_which(site: Site, word: str) -> None:
    said = {"unstated": "The abstract does not say", "nothing": "Not found in this collection"}
    with site.visit() as page:
        ask(page, f"{word} of that")
        expect(page.locator(".verdict")).to_have_text(said[word])


def test_a_server_that_was_started_again_is_noticed(site: Site) -> None:
    with site.visit() as page:
        page.locator("#question").fill("stall please")
        page.keyboard.press("Enter")
        expect(page.locator(".working")).to_have_text("Writing…")
        page.route("**/app_id", lambda route: route.fulfill(json={"app_id": "another"}))
        expect(page.locator(".failure[role=alert]")).to_have_text(LOST, timeout=15_000)
        page.unroute("**/app_id")
        ask(page, "compare both")
        expect(page.locator(".question")).to_have_text(["stall please", "compare both"])
        # The lost one is kept nowhere; the one after it is, and can be asked again.
        page.locator(".exchange").last.get_by_role("button", name="Ask again").click()
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "true")
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        expect(page.locator(".question")).to_have_text(["stall please", "compare both"])


def test_a_conversation_that_another_tab_deleted_is_not_brought_back(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        other = page.context.new_page()
        other.goto(site.address)
        other.get_by_role("button", name="Rename, export or delete “compare both”").click()
        other.get_by_role("button", name="Delete", exact=True).click()
        other.get_by_role("button", name="Delete").last.click()
        expect(other.locator(".saved-list li")).to_have_count(0)
        ask(page, "list what is left")
        expect(page.locator(".question")).to_have_text(["list what is left"])
        expect(page.locator(".saved-list li")).to_have_count(1)
        page.locator(".exchange .cite").first.click()
        expect(page.locator(".card")).to_have_count(1)


def test_a_question_asked_at_once_is_not_wiped_by_the_welcome(site: Site) -> None:
    held: list[Route] = []
    with site.visit() as page:
        ask(page, "compare both")
        page.route("**/component_server/", lambda route: held.append(route))
        page.get_by_role("button", name="New conversation").click()
        page.locator("#question").fill("compare at once")
        page.keyboard.press("Enter")
        expect(page.locator(".question")).to_have_text(["compare at once"])
        page.unroute("**/component_server/")  # lets go of those that were held
        assert held
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        expect(page.locator(".question")).to_have_text(["compare at once"])
        expect(page.locator(".welcome")).to_have_count(0)


def test_a_lost_server_is_said(site: Site) -> None:
    page = site.browser.new_page()  # no visit: what it asks for in vain would be complained of
    page.goto(site.address)
    expect(page.locator("#ask-view [data-ready]")).to_be_attached()
    page.locator("#question").fill("stall please")
    page.keyboard.press("Enter")
    expect(page.locator(".working")).to_have_text("Writing…")
    page.context.set_offline(True)
    expect(page.locator(".failure[role=alert]")).to_have_text(LOST, timeout=15_000)
    expect(page.locator("#ask")).to_be_visible()
    page.close()
