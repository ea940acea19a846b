"""No serious accessibility fault, by axe-core, in any view, theme or width."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browsing import PHONE, WIDE, ask, needs_browser
from playwright.sync_api import Page, expect
from site_visits import Site

AXE = Path(__file__).parents[1] / "axe" / "axe.min.js"
SERIOUS = {"serious", "critical"}
# Contrast is measured at the end of motions, which visits have none of.
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    (found) => [found.impact, found.id, found.nodes.map((node) => node.html)])"""

pytestmark = needs_browser


def faults(page: Page) -> list[str]:
    """Return the serious faults of the page as it stands, each with where it is."""
    page.evaluate(AXE.read_text("utf-8"))
    return [
        f"{name}: {json.dumps(places)}"
        for impact, name, places in page.evaluate(RUN)
        if impact in SERIOUS
    ]


def show(page: Page, view: str) -> None:
    """Show a view and wait until it has what it loads."""
    page.locator(f"nav [data-show={view}]").click()
    expect(page.locator(f"#{view}-view")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_fault_would_be_found(site: Site) -> None:
    with site.visit() as page:
        page.evaluate(
            "() => document.querySelector('#head').append(document.createElement('button'))"
        )
        assert [fault.partition(":")[0] for fault in faults(page)] == ["button-name"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_there_is_no_serious_fault(site: Site, viewport: dict[str, int], scheme: str) -> None:
    with site.visit(viewport=viewport, scheme=scheme) as page:
        assert faults(page) == []
        for question in ("newest on servign of 2025?", "table of both", "hostile <b>"):
            ask(page, question)
        assert faults(page) == []
        page.locator(".cite").first.click()
        expect(page.locator(".card")).to_have_count(1)
        assert faults(page) == []
        page.keyboard.press("Escape")
        for view in ("library", "map", "settings"):
            show(page, view)
            assert (view, faults(page)) == (view, [])


def test_what_a_screen_reader_hears_of_an_answer(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        expect(page.get_by_role("log", name="Conversation")).to_match_aria_snapshot(
            """
            - log "Conversation":
              - article:
                - heading "compare both" [level=2]
                - paragraph: Two papers make serving faster.
                - list:
                  - listitem:
                    - strong: Paged Caches for Serving Large Language Models
                    - text: The cache is stored in pages and shared between requests.
                    - 'button "Source 1: Paged Caches for Serving Large Language Models"': "[1]"
                    - text: Throughput grows by a factor of 2.4 at the same latency.
                    - 'button "Source 1: Paged Caches for Serving Large Language Models"': "[1]"
            """
        )
