"""The settings as a person has them: a real browser, the real page, a model server by script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from browsing import PHONE, WIDE, needs_browser, picture, watched
from embedders import WordEmbedder
from fakes import FakeModelServer
from model_servers import HOSTILE_NAME, KEY, NAMES, closed, silent, whole, wrong_address
from playwright.sync_api import Browser, Page, Route, expect

from assistant.conversations.store import ConversationStore
from ingest.indexing import index_pending
from ui.environment import Environment
from ui.page.assistant_choice import AssistantChoice
from ui.page.desk import Desk
from ui.page.page import build_page
from ui.server.front import front
from ui.server.page_app import page_app
from ui.server.page_server import listen, page_address
from ui.server.web_server import web_server
from vectorstore.library import open_library
from vectorstore.records import Paper

BREAD = Paper("bread", "Bread in a Hurry", "Bread rises slowly. We present a faster starter.")
DARK_GROUND, LIGHT_GROUND = "rgb(22, 24, 27)", "rgb(251, 250, 248)"
FAILURE = {"problem": "The oven is cold", "hint": "Heat it."}
# Notes every colour that the body has from its first moment on.
NOTE_COLOURS = """
window.colours = [];
const note = () => {
  if (document.body) {
    const colour = getComputedStyle(document.body).backgroundColor;
    if (colours.at(-1) !== colour) colours.push(colour);
  }
  requestAnimationFrame(note);
};
note();
"""
# Notes when the system has changed; it is told after Gradio, which listens since it was loaded.
NOTE_SYSTEM = """() => {
  window.systems = [];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => systems.push(dark.matches ? 'dark' : 'light'));
}"""

pytestmark = needs_browser


@dataclass
class Place:
    """A served page, the choice behind it, and visits to it."""

    choice: AssistantChoice
    address: str
    browser: Browser

    @contextmanager
    def visit(
        self, view: str = "#settings", viewport: dict[str, int] = WIDE, scheme: str = "light"
    ) -> Iterator[Page]:
        """Open the page as a new visitor; fail if it complains, or asks for another host."""
        context = self.browser.new_context(
            viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
        )
        context.add_init_script(NOTE_COLOURS)
        complaints = watched(context, self.address)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(self.address + view)
        yield page
        context.close()
        assert complaints == []


@contextmanager
def place(browser: Browser, folder: Path, **choices: object) -> Iterator[Place]:
    """Serve the page of a library in `folder`, whose model is to be chosen."""
    with open_library(folder, WordEmbedder()) as library:
        library.add([BREAD])
        index_pending(library)
        store = ConversationStore(folder / "conversations.sqlite3")
        choice = AssistantChoice(Environment(folder), library, **choices)  # type: ignore[arg-type]
        listener = listen("127.0.0.1", 0)
        host, port = listener.getsockname()
        app = page_app(build_page(Desk(library, store, choice)), host, port)
        server = web_server(front(app, host, port))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield Place(choice, page_address(listener), browser)
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
        store.close()


@pytest.fixture
def here(browser: Browser, tmp_path: Path) -> Iterator[Place]:
    with place(browser, tmp_path / "library") as found:
        yield found


def fill(page: Page, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(label.replace("_", " ")).fill(text)


def said(page: Page) -> object:
    return expect(page.locator(".settings-said"))


def test_suspicious_papers_are_kept_out_by_a_tick(here: Place) -> None:
    with here.visit() as page:
        fill(page, Address_of_the_server="http://127.0.0.1:9/v1", Name_of_the_model="oven-7b")
        tick = page.get_by_label("Keep papers with suspicious text from the model")
        expect(tick).not_to_be_checked()
        for is_ticked in (True, False):
            tick.set_checked(is_ticked)
            expect(page.locator(".settings-said")).to_have_text("Not saved yet.")
            page.get_by_role("button", name="Save", exact=True).click()
            said(page).to_have_text("Saved. From now on oven-7b answers.")
            expect(tick).to_be_checked(checked=is_ticked)
            assert here.choice.environment.keep_out_suspicious is is_ticked


def test_a_model_is_tested_chosen_and_forgotten(here: Place) -> None:
    with FakeModelServer(closed) as server, here.visit() as page:
        fill(page, Address_of_the_server=server.base_url, API_key="sk-canary-wrong")
        page.get_by_text("Test connection").click()
        result = page.locator(".settings-result")
        expect(result).to_have_text(
            f"The model server at {server.base_url} did not accept the API key"
            "Check that the key belongs to this server."
        )
        fill(page, API_key=KEY)
        page.get_by_text("Test connection").click()
        expect(result.locator("li")).to_have_text(sorted(NAMES, key=str.casefold))
        result.get_by_text("oven-7b").click()
        expect(page.get_by_label("Name of the model")).to_have_value("oven-7b")
        expect(page.get_by_label("Name of the model")).to_be_focused()
        expect(page.locator(".settings-said")).to_have_text("Not saved yet.")
        page.get_by_text("Test connection").click()
        expect(page.locator(".settings-works")).to_contain_text("It works: first word after")
        expect(page.locator(".settings-said")).to_have_text("The test has ended well.")
        assert here.choice.mode == "extractive"

        page.keyboard.press("Enter")  # on the button: tests again
        expect(page.locator(".settings-works")).to_be_visible()
        page.get_by_label("API key").press("Enter")
        expect(page.locator(".settings-said")).to_have_text("Saved. From now on oven-7b answers.")
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
        expect(page.locator("#head .status")).to_contain_text("oven-7b")
        expect(page.get_by_label("API key")).to_have_value("")
        expect(page.locator("#settings-key-hint")).to_contain_text("A key is set")
        assert here.choice.environment.api_key == KEY
        assert KEY not in page.content()
        assert server.base_url in page.locator(".settings-facts").inner_text()

        page.get_by_text("Forget the key").click()
        said_now = page.locator(".settings-said")
        expect(said_now).to_have_text("The key is forgotten. From now on oven-7b answers.")
        page.get_by_text("Answer without a model").click()
        expect(said_now).to_have_text("Saved. From now on no model writes: sentences are quoted.")
        expect(page.locator("#head .status")).to_contain_text("extractive")


def test_what_is_wrong_stands_at_its_field(here: Place) -> None:
    with here.visit() as page:
        fill(page, Address_of_the_server="localhost", API_key="two words")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".settings-error")).to_have_text(
            [
                "This is no web address. It looks like http://localhost:11434/v1.",
                "Enter the model's name, as its server calls it.",
                "A key has letters, digits and punctuation alone, and no space.",
                "",
                "",
                "",
                "",
            ]
        )
        address = page.get_by_label("Address of the server")
        expect(address).to_be_focused()
        expect(address).to_have_attribute("aria-invalid", "true")
        expect(address).to_have_accessible_description(
            "Any that speaks OpenAI's protocol; Ollama on this machine is"
            " http://localhost:11434/v1."
            " This is no web address. It looks like http://localhost:11434/v1."
        )
        fill(page, Address_of_the_server="http://127.0.0.1:9/v1", API_key="", Name_of_the_model="x")
        page.get_by_text("Window and prices").click()
        fill(page, Of_questions="1")
        page.get_by_text("Window and prices").click()
        page.get_by_label("Name of the model").press("Enter")
        expect(page.get_by_label("Of replies")).to_be_focused()  # unfolded, since it is wrong
        assert here.choice.mode == "extractive"
        picture(page, "settings-errors")


def test_a_test_can_be_stopped(here: Place) -> None:
    with FakeModelServer(silent) as server, here.visit() as page:
        fill(page, Address_of_the_server=server.base_url, Name_of_the_model="oven-7b")
        page.get_by_text("Test connection").click()
        said_now = page.locator(".settings-said")
        expect(said_now).to_contain_text("Asking the model for a short reply…")
        expect(said_now).to_contain_text("1 s")
        picture(page, "settings-testing")
        page.get_by_role("button", name="Stop").click()
        expect(said_now).to_have_text("Stopped.")
        expect(page.get_by_text("Test connection")).to_be_visible()
        expect(page.locator(".settings-result")).to_be_empty()


def test_a_hostile_model_is_text(here: Place) -> None:
    with FakeModelServer(whole) as server, here.visit() as page:
        fill(page, Address_of_the_server=server.base_url)
        page.get_by_text("Test connection").click()
        page.locator(".settings-names button").first.click()
        expect(page.get_by_label("Name of the model")).to_have_value(HOSTILE_NAME)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".settings-model strong")).to_have_text(HOSTILE_NAME)
        expect(page.locator("#settings-view").locator("img, script")).to_have_count(0)


def test_what_each_person_sets_stays_in_the_browser(here: Place) -> None:
    with here.visit() as page, here.visit() as other:
        expect(page.get_by_label("As the system")).to_be_checked()
        expect(page.get_by_label("Normal")).to_be_checked()
        page.get_by_label("Long").check()
        expect(page.locator(".settings-kept")).to_have_text("Saved in this browser.")
        assert page.evaluate("() => localStorage.getItem('paperchat.length')") == "long"
        page.reload()
        expect(page.get_by_label("Long")).to_be_checked()
        expect(other.get_by_label("Normal")).to_be_checked()


@pytest.mark.parametrize(
    ("scheme", "label", "colour", "is_dark"),
    [
        ("light", "Dark", DARK_GROUND, True),
        ("dark", "Light", LIGHT_GROUND, False),
        ("dark", "Dark", DARK_GROUND, True),
    ],
)
def test_a_theme_holds_at_once_and_from_the_first_moment(
    here: Place, scheme: str, label: str, colour: str, is_dark: bool
) -> None:
    with here.visit(scheme=scheme) as page:
        page.get_by_label(label, exact=True).check()
        ground = "() => getComputedStyle(document.querySelector('#page')).backgroundColor"
        assert page.evaluate(ground) == colour
        assert page.evaluate("() => document.body.classList.contains('dark')") is is_dark
        page.reload()
        expect(page.get_by_label(label, exact=True)).to_be_checked()
        assert page.evaluate("() => window.colours.filter((one) => !one.includes(', 0)'))") == [
            colour
        ]
        # Gradio follows the system when that changes, and is put right.
        page.evaluate(NOTE_SYSTEM)
        other = "dark" if scheme == "light" else "light"
        for system in (other, scheme):
            page.emulate_media(color_scheme=system)
            page.wait_for_function("(system) => systems.at(-1) === system", arg=system)
            assert page.evaluate(ground) == colour
        page.get_by_label("As the system").check()
        for system in (scheme, other):
            page.emulate_media(color_scheme=system)
            shown = DARK_GROUND if system == "dark" else LIGHT_GROUND
            expect(page.locator("#page")).to_have_css("background-color", shown)


def test_a_theme_is_taken_over_from_another_tab(here: Place) -> None:
    with here.visit() as page:
        second = page.context.new_page()
        second.goto(here.address + "#settings")
        second.get_by_label("Dark", exact=True).check()
        expect(page.locator("body")).to_have_class("dark")
        expect(page.get_by_label("Dark", exact=True)).to_be_checked()


def test_where_strangers_open_the_page_nothing_can_be_changed(
    browser: Browser, tmp_path: Path
) -> None:
    with place(browser, tmp_path, locked=True) as there, there.visit() as page:
        expect(page.locator(".settings-aside")).to_contain_text("served to other machines too")
        expect(page.locator(".settings-model input")).to_have_count(0)
        expect(page.locator(".settings-model button")).to_have_count(0)
        expect(page.locator(".settings-facts")).not_to_contain_text(str(tmp_path))
        picture(page, "settings-locked")


def test_settings_that_cannot_be_read_can_be_read_again(here: Place) -> None:
    failing = Event()
    failing.set()
    with here.visit(view="") as page:

        def fail(route: Route) -> None:
            asks = '"fn_name":"settings"' in (route.request.post_data or "")
            route.fulfill(json=FAILURE) if asks and failing.is_set() else route.continue_()

        page.route("**/component_server/", fail)
        page.evaluate("() => { location.hash = 'settings'; }")
        again = page.get_by_role("button", name="Try again")
        expect(again).to_be_visible()
        failing.clear()
        again.click()
        expect(page.get_by_label("Address of the server")).to_be_visible()
        expect(again).to_be_hidden()
        # What was typed stays while the facts are read again, and while that fails.
        fill(page, Name_of_the_model="oven-7b")
        failing.set()
        page.evaluate("() => paperchat.tell('library')")
        expect(page.locator("#notice")).to_have_text("The oven is cold. Heat it.")
        expect(page.get_by_label("Name of the model")).to_have_value("oven-7b")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "viewport"), [("wide", WIDE), ("phone", PHONE)])
def test_fits_its_window(here: Place, name: str, viewport: dict[str, int], scheme: str) -> None:
    with (
        FakeModelServer(wrong_address) as wrong,
        FakeModelServer(whole) as server,
        here.visit(viewport=viewport, scheme=scheme) as page,
    ):
        fill(page, Address_of_the_server=wrong.base_url, Name_of_the_model="ovn-7b")
        picture(page, f"settings-{name}-{scheme}")
        page.get_by_text("Test connection").click()
        expect(page.locator(".settings-failed")).to_be_visible()
        page.get_by_text("All checks").click()
        page.locator(".settings-result").scroll_into_view_if_needed()
        picture(page, f"settings-{name}-{scheme}-failed")
        fill(page, Address_of_the_server=server.base_url)
        page.get_by_text("Test connection").click()
        expect(page.locator(".settings-names li")).to_have_count(3)
        page.locator(".settings-names").scroll_into_view_if_needed()
        picture(page, f"settings-{name}-{scheme}-choose")
        page.get_by_text("Window and prices").click()
        page.locator(".settings-facts").scroll_into_view_if_needed()
        picture(page, f"settings-{name}-{scheme}-facts")
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width == viewport["width"]
