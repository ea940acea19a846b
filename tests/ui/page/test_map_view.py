"""The map as a visitor has it: in a real browser, by mouse, by keyboard, and as it is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import CHROMIUM, PHONE, WIDE, needs_browser, picture, visited
from desks import scripted_desk
from dishes import HOSTILE, dish_papers
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, expect
from scripted_assistant import ScriptedAssistant
from site_visits import served
from starlette.testclient import TestClient

from ingest.indexing import index_pending
from ui.page.calls import CallError
from ui.page.desk import Desk
from ui.page.map_view import map_functions
from ui.server.plotly_script import add_plotly, plotly_file

PAPERS = 24
LOADING_MS = 20_000  # of plotly.js, which is some megabytes
PLACE_OF = """(id) => {
  const plot = document.querySelector('.map-plot');
  const { xaxis, yaxis } = plot._fullLayout;
  const { x, y } = plot.getBoundingClientRect();
  for (const trace of plot.data) {
    const at = trace.customdata?.indexOf(id) ?? -1;
    if (at >= 0) return [
      x + xaxis._offset + xaxis.l2p(trace.x[at]), y + yaxis._offset + yaxis.l2p(trace.y[at]),
    ];
  }
}"""
COLOURS = (
    "[...document.querySelectorAll('.map-plot')].map((p) => p.data.map((t) => t.marker.color))"
)
# How often the note is written when the view looks at the map again.
WRITES_OF_A_LOOK = """async (note) => {
  let writes = 0;
  const seen = new MutationObserver((records) => { writes += records.length; });
  seen.observe(note, { childList: true, subtree: true });
  const { call } = paperchat;
  await new Promise((resolve) => {
    paperchat.call = async (...asked) => {
      const answered = await call(...asked);
      if ('note' in answered) setTimeout(resolve);
      return answered;
    };
    paperchat.tell('library');
  });
  paperchat.call = call;
  seen.disconnect();
  return writes;
}"""
RINGS = "document.querySelector('.map-plot').data.at(-1).x.length"


@dataclass
class MapSite:
    """A served page over a library of papers on three dishes."""

    desk: Desk
    address: str
    browser: Browser

    @contextmanager
    def visit(self, viewport: dict[str, int] = WIDE, scheme: str = "light") -> Iterator[Page]:
        """Open the map as a new visitor; fail if it asks another host or the policy is hit."""
        with visited(self.browser, self.address, viewport, scheme) as page:
            page.get_by_role("button", name="Map", exact=True).click()
            first = page.locator(".map-plot .point").first
            expect(first).to_be_visible(timeout=LOADING_MS)
            yield page


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with scripted_desk(ScriptedAssistant(), tmp_path, dish_papers(PAPERS)) as desk:
        yield desk


@pytest.fixture
def site(browser: Browser, desk: Desk) -> Iterator[MapSite]:
    with served(desk) as address:
        yield MapSite(desk, address, browser)


def topic(page: Page, dish: str) -> Locator:
    return page.locator(".map-topic").filter(has_text=dish)


def choose_all(page: Page) -> None:
    """Drag a box over the whole map."""
    page.get_by_role("button", name="Drag a box over papers").click()
    box = page.locator(".map-plot").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4, steps=8)
    page.mouse.up()


@needs_browser
def test_nothing_of_it_is_loaded_before_it_is_shown(site: MapSite) -> None:
    with visited(site.browser, site.address) as page:
        assert page.evaluate("typeof Plotly") == "undefined"
        page.get_by_role("button", name="Map", exact=True).click()
        expect(page.locator(".map-plot .point")).to_have_count(PAPERS, timeout=LOADING_MS)
        assert page.evaluate("typeof Plotly") == "object"
        expect(page.locator(".map-about")).to_contain_text(f"{PAPERS} papers in 3 topics")
        figure = page.get_by_role("img", name=f"Map of {PAPERS} papers. Largest topics: ")
        expect(figure).to_be_visible()
        expect(page.locator(".modebar")).to_have_count(0)


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_fits_the_window_in_both_themes(
    site: MapSite, viewport: dict[str, int], scheme: str
) -> None:
    with site.visit(viewport, scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        topics = page.locator(".map-name bdi").all_inner_texts()
        firsts = [name.split(", ")[0] for name in topics]
        labels = " ".join(page.locator(".map-plot .annotation-text").all_text_contents())
        assert all(first in labels for first in firsts)
        picture(page, f"map-{scheme}-{viewport['width']}")


@needs_browser
def test_it_follows_the_theme(site: MapSite) -> None:
    with site.visit() as page:
        [light] = page.evaluate(COLOURS)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"JSON.stringify({COLOURS}) !== {[light]!r}".replace("'", '"'))
        [dark] = page.evaluate(COLOURS)
        assert set(light).isdisjoint(dark)


@needs_browser
def test_a_paper_is_named_below_the_pointer_and_opened_by_a_click(site: MapSite) -> None:
    with site.visit() as page:
        x, y = page.evaluate(PLACE_OF, "p00")
        page.mouse.move(x, y)
        hover = page.locator(".map-plot .hoverlayer")
        expect(hover).to_contain_text("<b>Bold</b>")
        expect(hover.locator("a")).to_have_count(0)
        page.mouse.click(x, y)
        expect(page.locator("#paper-panel h2")).to_have_text(HOSTILE)
        page.keyboard.press("Escape")
        expect(page.locator("#paper-panel h2")).to_have_count(0)


def asked_about(page: Page, site: MapSite) -> set[str]:
    """Return the papers that a summary is asked of; the question is shown before it is asked."""
    expect(page.locator(".exchange .question")).to_have_text("Summarise these papers")
    expect(page.locator(".exchange")).to_have_attribute("aria-busy", "false")
    assistant = site.desk.choice.assistant
    assert isinstance(assistant, ScriptedAssistant)
    return {*assistant.asked[-1].within}


@needs_browser
def test_chosen_papers_are_asked_about(site: MapSite) -> None:
    with site.visit() as page:
        choose_all(page)
        page.get_by_role("button", name="Ask about these").click()
        expect(page.locator("#composer .chosen bdi")).to_have_text(f"{PAPERS} papers of the map")
        page.get_by_role("button", name="Map", exact=True).click()
        page.get_by_role("button", name=f"Summarise these {PAPERS} papers").click()
        assert asked_about(page, site) == {paper.id for paper in dish_papers(PAPERS)}


@needs_browser
def test_a_choice_is_given_up(site: MapSite) -> None:
    with site.visit() as page:
        choose_all(page)
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".map-chosen")).to_contain_text("Drag around papers")
        expect(page.locator(".map-plot .selectionlayer path")).to_have_count(0)


@needs_browser
def test_a_topic_by_keyboard(site: MapSite) -> None:
    with site.visit() as page:
        soup = topic(page, "Fish soup")
        name = soup.locator(".map-name")
        expect(name).to_have_attribute("aria-expanded", "false")
        name.focus()
        page.keyboard.press("Enter")
        expect(name).to_have_attribute("aria-expanded", "true")
        expect(soup.locator(".map-papers li")).to_have_count(PAPERS // 3)
        expect(page.locator(".timeline-plot .barlayer .trace")).to_have_count(1)
        expect(page.locator(".map-plot .annotation-text")).to_have_count(1)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert asked_about(page, site) == {f"p{at:02}" for at in range(1, PAPERS, 3)}


@needs_browser
def test_papers_of_the_answer_are_ringed(site: MapSite) -> None:
    with site.visit() as page:
        assert page.evaluate(RINGS) == 0
        page.evaluate("paperchat.tell('answer', { papers: ['p03', 'p04', 'unknown'] })")
        page.wait_for_function(f"{RINGS} === 2")
        expect(page.locator(".map-cited")).to_be_visible()
        page.evaluate("paperchat.tell('conversation', { id: null })")
        page.wait_for_function(f"{RINGS} === 0")
        expect(page.locator(".map-cited")).to_be_hidden()


@needs_browser
def test_it_is_renewed_when_papers_change(site: MapSite) -> None:
    with site.visit() as page:
        site.desk.library.remove([paper.id for paper in dish_papers(PAPERS)[4:]])
        page.evaluate("paperchat.tell('library')")
        expect(page.locator(".map-plot .point")).to_have_count(4)
        expect(page.locator(".map-note")).to_have_text(
            "With so few papers, where they lie says nothing yet."
        )
        site.desk.library.remove([paper.id for paper in dish_papers(4)])
        page.evaluate("paperchat.tell('library')")
        page.locator(".map-note").get_by_role("button", name="Add papers").click()
        expect(page.locator("#library-view")).to_be_visible()


@needs_browser
def test_what_stays_the_same_is_not_said_again(site: MapSite) -> None:
    with site.visit() as page:
        site.desk.library.add(dish_papers(PAPERS + 1)[PAPERS:])
        page.evaluate("paperchat.tell('library')")
        note = page.locator(".map-note")
        expect(note).to_have_text("1 paper waits to be indexed; then it comes onto the map.")
        assert note.evaluate(WRITES_OF_A_LOOK) == 0
        index_pending(site.desk.library)
        assert note.evaluate(WRITES_OF_A_LOOK) > 0


@needs_browser
def test_closer_and_the_whole_again(site: MapSite) -> None:
    reach = "document.querySelector('.map-plot').layout.xaxis.range"
    with site.visit() as page:
        whole = page.evaluate(reach)
        page.get_by_role("button", name="Closer").click()
        page.wait_for_function(f"{reach}[1] < {whole[1]}")
        page.get_by_role("button", name="Show the whole map").click()
        page.wait_for_function(f"{reach}[1] === {whole[1]}")


@needs_browser
def test_the_list_works_where_plotly_does_not_load(site: MapSite) -> None:
    assert CHROMIUM
    context = site.browser.new_context()
    context.route("**/plotly.min.js", lambda route: route.fulfill(status=404))
    page = context.new_page()
    page.goto(f"{site.address}#map")
    expect(page.locator("#notice")).to_contain_text("The map cannot be drawn")
    topic(page, "Apple pie").locator(".map-name").click()
    expect(page.locator(".map-papers li")).to_have_count(PAPERS // 3)
    context.close()


def test_calls_that_do_not_fit_the_map(desk: Desk) -> None:
    drawn, listed, chosen = map_functions(desk)
    with pytest.raises(CallError, match="The map has changed"):
        listed({"version": "old", "topic": 0})
    with pytest.raises(CallError):
        drawn({"version": 7})
    with pytest.raises(CallError):
        chosen({"papers": -1})


def test_a_map_that_the_page_has_is_not_sent_again(desk: Desk) -> None:
    drawn, listed, _ = map_functions(desk)
    while (answered := drawn({}))["working"]:
        pass
    assert answered["papers"] == PAPERS
    again = drawn({"version": answered["version"]})
    assert again == {"note": "", "working": False, "version": answered["version"]}
    desk.library.add(dish_papers(PAPERS + 1)[PAPERS:])
    waiting = drawn({"version": answered["version"]})
    assert waiting["note"] == ("<p>1 paper waits to be indexed; then it comes onto the map.</p>")
    index_pending(desk.library)
    assert "Papers have changed" in str(drawn({"version": answered["version"]})["note"])
    assert listed({"version": answered["version"], "topic": 9}) == {"html": "", "next": 0}


def test_plotly_is_sent_from_its_package() -> None:
    app = FastAPI()
    add_plotly(app, "/plotly.min.js")
    file = plotly_file()
    assert file
    sent = TestClient(app).get("/plotly.min.js")
    assert sent.content == file.read_bytes()
    assert sent.headers["content-type"].startswith("text/javascript")


def test_a_package_without_plotly(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FastAPI()
    monkeypatch.setattr("ui.server.plotly_script.plotly_file", lambda: None)
    add_plotly(app, "/plotly.min.js")
    assert TestClient(app).get("/plotly.min.js").status_code == 404
