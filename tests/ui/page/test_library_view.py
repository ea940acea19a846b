"""The library view in a real browser: browsing, adding files, removing papers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from browsing import PHONE, needs_browser, picture
from embedders import WordEmbedder
from library_site import LibrarySite, library_site
from playwright.sync_api import Browser, Locator, Page, Route, expect

from ingest.indexing import index_pending
from vectorstore.catalog import CatalogCounts
from vectorstore.embedding import TextVectors
from vectorstore.library import open_library
from vectorstore.records import Paper, Source

pytestmark = needs_browser

HOSTILE = '<img src=x onerror=alert(1)> "&amp; ${x} {{y}} \N{RIGHT-TO-LEFT OVERRIDE}'
BREAD = Paper(
    "bread",
    "Bread in a Hurry",
    "Dough rises slowly. A starter helps.",
    date(2024, 7, 2),
    author_count=4,
    authors=("Ann Levain", "Bo Li", "Cy Ng", "Di Po"),
    organization="Levain & Co",
    sources=(Source("/pages/a.txt", 1),),
)
SOUP = Paper("soup", "Salt for Soup", "Broth simmers.", date(2023, 12, 31), author_count=1)
RICE = Paper("rice", HOSTILE, HOSTILE, organization=HOSTILE)
MANY = tuple(
    Paper(f"{number:03}", f"Recipe {number:03}", "Stir.", date(2020, 1, 1) + timedelta(number))
    for number in range(120)
)
CALLS = re.compile("/component_server")
LISTED = """On {0}

{0} is cooked slowly.

  • 4 authors
·
Jul 2, 2024

"""


@pytest.fixture(scope="module")
def three(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibrarySite]:
    """Return a library of three papers, which no test changes."""
    with library_site(browser, tmp_path_factory.mktemp("three"), (BREAD, SOUP, RICE)) as site:
        yield site


@pytest.fixture(scope="module")
def many(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibrarySite]:
    """Return a library of many papers, which no test changes."""
    with library_site(browser, tmp_path_factory.mktemp("many"), MANY) as site:
        yield site


def titles(page: Page) -> Locator:
    return page.locator("tbody .title")


def row(page: Page, title: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=title)


def choose(page: Page, *files: dict[str, Any]) -> None:
    page.locator('input[type="file"]').set_input_files(list(files))


def listing(*subjects: str, name: str = "page.txt") -> dict[str, Any]:
    text = "".join(map(LISTED.format, subjects))
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode("utf-8")}


def test_what_is_listed(three: LibrarySite) -> None:
    with three.visit() as page:
        expect(page.locator(".library-counts")).to_have_text(
            "3 papers, 2 dated, 2 with their number of authors, 2 with an organisation"
        )
        shown = '<img src=x onerror=alert(1)> "&amp; ${x} {{y}} '
        assert titles(page).all_text_contents() == ["Bread in a Hurry", "Salt for Soup", shown]
        cells = row(page, "Hurry").locator("td:not(.pick)").all_text_contents()
        assert cells == ["2 Jul 2024", "Levain & Co", "Ann Levain +3"]
        assert row(page, "Soup").locator("td:not(.pick)").all_text_contents() == [
            "31 Dec 2023",
            "",
            "1 author",
        ]
        expect(page.locator("#library-view img")).to_have_count(0)
        picture(page, "library")


def test_row_opens_the_paper(three: LibrarySite) -> None:
    with three.visit() as page:
        page.get_by_role("button", name="Salt for Soup").press("Enter")
        expect(page.locator("#told")).to_have_text("open soup;")


def test_further_papers_go_on_where_the_keyboard_is(many: LibrarySite) -> None:
    with many.visit() as page:
        expect(titles(page)).to_have_count(50)
        more = page.get_by_role("button", name="Show more")
        more.press("Enter")
        expect(titles(page)).to_have_count(100)
        expect(titles(page).nth(50)).to_be_focused()
        assert titles(page).nth(50).text_content() == "Recipe 069"
        more.press("Enter")
        expect(titles(page)).to_have_count(120)
        expect(more).to_be_hidden()


def test_further_papers_are_listed_once(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path, MANY[:60]) as site, site.visit() as page:
        expect(titles(page)).to_have_count(50)
        site.library.add(MANY[60:63])  # by another tab; they come first
        index_pending(site.library)
        page.get_by_role("button", name="Show more").press("Enter")
        expect(titles(page)).to_have_count(60)
        expect(titles(page).nth(50)).to_be_focused()
        shown = titles(page).all_text_contents()
        assert shown == [f"Recipe {number:03}" for number in range(59, -1, -1)]


def test_search_as_one_types(many: LibrarySite) -> None:
    with many.visit() as page:
        page.get_by_label("Search the library").press_sequentially("recip 11")
        expect(page.locator(".library-found")).to_have_text("10 papers match")
        expect(titles(page)).to_have_count(10)
        page.get_by_label("Search the library").fill("recipe 007")
        expect(page.locator(".library-found")).to_have_text("1 paper matches")
        assert titles(page).all_text_contents() == ["Recipe 007"]


def test_newest_question_wins(many: LibrarySite) -> None:
    with many.visit() as page:
        late: list[Route] = []

        def hold(route: Route) -> None:
            if '"recipe 00"' in (route.request.post_data or ""):
                late.append(route)
            else:
                route.continue_()

        page.route(CALLS, hold)
        search = page.get_by_label("Search the library")
        with page.expect_request(lambda sent: '"recipe 00"' in (sent.post_data or "")):
            search.fill("recipe 00")
        search.fill("recipe 007")
        expect(titles(page)).to_have_count(1)
        with page.expect_response(CALLS):
            late[0].continue_()
        page.wait_for_timeout(200)  # time enough for the late one to show, if it did
        assert titles(page).all_text_contents() == ["Recipe 007"]


@pytest.mark.parametrize(
    ("column", "orders", "first"),
    [
        ("Published", ("ascending", "descending"), ("Salt for Soup", "Bread in a Hurry")),
        ("Title", ("ascending", "descending"), ("Bread in a Hurry", "Salt for Soup")),
        ("Authors", ("descending", "ascending"), ("Bread in a Hurry", "Salt for Soup")),
    ],
)
def test_columns_sort(
    three: LibrarySite, column: str, orders: tuple[str, str], first: tuple[str, str]
) -> None:
    with three.visit() as page:
        head = page.get_by_role("columnheader", name=column)
        for order, title in zip(orders, first, strict=True):
            head.get_by_role("button").click()
            expect(titles(page).first).to_have_text(title)
            expect(head).to_have_attribute("aria-sort", order)
            expect(page.locator("[aria-sort]")).to_have_count(1)
            expect(page.get_by_label("Sort by")).to_have_value(f"{column.lower()} {order}")


def test_filters_and_nothing_that_matches(three: LibrarySite) -> None:
    with three.visit() as page:
        organizations = page.get_by_label("Organisation").locator("option")
        assert organizations.all_text_contents() == [
            "All organisations",
            '<img src=x onerror=alert(1)> "&amp; ${x} {{y}}  (1)',
            "Levain & Co (1)",
        ]
        page.get_by_label("Organisation").select_option("Levain & Co")
        expect(titles(page)).to_have_text(["Bread in a Hurry"])
        page.get_by_label("Organisation").select_option("")
        page.get_by_label("Published").select_option("2023-12")
        expect(titles(page)).to_have_text(["Salt for Soup"])
        page.get_by_label("Search the library").fill("bread")
        expect(page.locator(".library-none")).to_contain_text("No paper matches")
        expect(page.locator("table")).to_be_hidden()
        page.get_by_role("button", name="Clear search and filters").click()
        expect(titles(page)).to_have_count(3)
        expect(page.get_by_label("Search the library")).to_be_focused()


NAMED = (
    Paper("cake", "Cake", "Sugar.", authors=("Alice Baker", "Bo Li"), categories=("cs.CL",)),
    Paper("pie", "Pie", "Crust.", authors=("Bo Li",), suspicious=("hidden",), venue="ICML"),
    Paper("tart", "Tart", "Crust.", authors=("Bo Li",)),
)


def test_names_that_are_chosen(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path, NAMED) as site, site.visit() as page:
        author = page.get_by_label("Author", exact=True)
        assert author.locator("option").all_text_contents() == [
            "All authors",
            "Bo Li (3)",
            "Alice Baker (1)",
        ]
        author.select_option("Alice Baker")
        expect(titles(page)).to_have_text(["Cake"])
        expect(page.get_by_label("Venue")).to_be_visible()  # it has none now, and may again
        author.select_option("")
        page.get_by_label("Category").select_option("cs.CL")
        expect(titles(page)).to_have_text(["Cake"])
        page.get_by_label("Category").select_option("")
        page.get_by_label("Marked").select_option("doubled")
        expect(titles(page)).to_have_text(["Pie", "Tart"])
        page.get_by_label("Venue").select_option("ICML")
        expect(titles(page)).to_have_text(["Pie"])
        picture(page, "library-names")
        page.get_by_label("Search the library").fill("cake")
        page.get_by_role("button", name="Clear search and filters").click()
        expect(titles(page)).to_have_count(3)


def test_what_no_paper_has_is_not_offered(three: LibrarySite) -> None:
    with three.visit() as page:
        expect(titles(page)).to_have_count(3)
        for name in ("Category", "Venue", "Marked"):
            expect(page.get_by_label(name, exact=True)).to_be_hidden()


def test_selection(three: LibrarySite) -> None:
    with three.visit() as page:
        page.get_by_label("Select “Bread in a Hurry”").check()
        page.get_by_label("Search the library").fill("salt")
        expect(titles(page)).to_have_text(["Salt for Soup"])
        page.get_by_label("Select all papers that are shown").check()
        expect(page.locator(".library-chosen-count")).to_have_text("2 selected")
        page.get_by_role("button", name="Ask about these").click()
        expect(page.locator("#told")).to_have_text("choose bread soup as 2 papers of the library;")
        page.evaluate("paperchat.show('library')")
        page.get_by_role("button", name="Clear selection").click()
        expect(page.locator(".library-chosen")).to_be_hidden()


def test_removal(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path, (BREAD, SOUP, RICE)) as site, site.visit() as page:
        page.locator("tbody tr input").nth(0).check()
        page.locator("tbody tr input").nth(2).check()
        remove = page.locator(".library-chosen").get_by_role("button", name="Remove 2 papers")
        remove.click()
        doom = page.locator(".library-doom")
        expect(doom.locator("li")).to_have_count(2)
        expect(doom.get_by_role("button", name="Keep them")).to_be_focused()
        picture(page, "library-removal")
        page.keyboard.press("Escape")
        expect(doom).to_be_hidden()
        expect(remove).to_be_focused()
        assert site.library.counts().papers == 3

        remove.click()
        doom.get_by_role("button", name="Remove 2 papers").click()
        expect(page.locator("#notice")).to_have_text("Removed 2 papers.")
        expect(titles(page)).to_have_text(["Salt for Soup"])
        expect(page.locator(".library-chosen")).to_be_hidden()
        expect(page.locator("#told")).to_have_text("library;")
    with open_library(tmp_path, WordEmbedder()) as library:
        assert list(library.catalog.papers()) == ["soup"]


def test_papers_that_another_tab_removed_are_not_removed(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path, (BREAD, SOUP, RICE)) as site, site.visit() as page:
        page.get_by_label("Select “Bread in a Hurry”").check()
        page.get_by_label("Select “Salt for Soup”").check()
        site.library.remove(["bread"])
        remove = page.locator(".library-chosen [data-does=doom]")
        remove.click()
        expect(page.locator(".library-doom li")).to_have_text(["Salt for Soup"])
        expect(page.locator(".library-chosen-count")).to_have_text("1 selected")
        site.library.remove(["soup"])
        remove.click()
        expect(page.locator("#notice")).to_have_text("These papers are no longer in the library.")
        expect(page.locator(".library-doom")).to_be_hidden()
        expect(page.locator(".library-chosen")).to_be_hidden()
        expect(titles(page)).to_have_count(1)


def test_last_paper_that_is_removed(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path, (SOUP,)) as site, site.visit() as page:
        page.get_by_label("Select “Salt for Soup”").check()
        page.locator(".library-chosen").get_by_role("button", name="Remove 1 paper").click()
        page.locator(".library-doom").get_by_role("button", name="Remove 1 paper").click()
        expect(page.locator(".library-none")).to_contain_text("No papers yet")
        expect(page.locator(".library-tools")).to_be_hidden()


def test_files_are_added(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path) as site, site.visit() as page:
        expect(page.locator(".library-none")).to_contain_text("No papers yet")
        expect(page.locator(".library-add")).to_contain_text(
            "BibTeX, RIS, PubMed, arXiv, JSON, CSV and listing pages, also in zip or gz."
            " Up to 20 MB each, 200 files and 100 MB at once."
        )
        picture(page, "library-empty")
        choose(
            page,
            listing("Bread", "Soup", "Bread"),
            {"name": "picture.txt", "mimeType": "text/plain", "buffer": b"\x89PNG\0"},
        )
        report = page.locator(".upload[data-phase=done]")
        expect(report.locator(".upload-sum")).to_have_text(
            "2 new papers, 1 duplicate listing, 1 skipped"
        )
        assert report.locator("details").nth(1).locator("li").all_text_contents() == [
            "uploaded/picture.txt, line 1 a binary file, not text"
        ]
        expect(titles(page)).to_have_text(["On Bread", "On Soup"])
        expect(page.locator("#told")).to_have_text("library;")
        picture(page, "library-report")
        report.get_by_text("New: 2").click()
        report.get_by_role("button", name="On Bread").click()
        expect(page.locator("#told")).to_contain_text("open ")

        choose(page, listing("Bread", "Rice"))
        second = page.locator(".upload").nth(1)
        expect(second.locator(".upload-sum")).to_have_text("1 new paper, 1 unchanged")
        expect(second.get_by_role("heading")).to_have_text("page.txt")
        assert site.library.counts() == CatalogCounts(3, 0, 3, 3, 3, 0)
        page.get_by_role("button", name="Close the report of page.txt").click()
        expect(page.locator(".upload")).to_have_count(1)


def test_files_are_dropped(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path) as site, site.visit() as page:
        page.evaluate("paperchat.show('ask')")  # wherever they are dropped
        held = page.evaluate_handle(
            """(text) => {
              const data = new DataTransfer();
              data.items.add(new File([text], '<b>page.txt', { type: 'text/plain' }));
              return data;
            }""",
            LISTED.format("Cake"),
        )
        page.dispatch_event("body", "dragenter", {"dataTransfer": held})
        expect(page.locator(".library-add")).to_have_class(re.compile(r"\bover\b"))
        page.dispatch_event("body", "drop", {"dataTransfer": held})
        expect(titles(page)).to_have_text(["On Cake"])
        expect(page.locator(".library-add")).not_to_have_class(re.compile(r"\bover\b"))
        expect(page.locator(".upload h3")).to_have_text("<b>page.txt")
        [cake] = site.library.catalog.papers().values()
        assert cake.sources == (Source("uploaded/<b>page.txt", 1),)


def test_what_is_too_much(browser: Browser, tmp_path: Path) -> None:
    with library_site(browser, tmp_path) as site, site.visit() as page:
        big = {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * 20_000_001}
        choose(page, big, listing("Bread"))
        refused = page.get_by_role("alert").filter(visible=True)
        expect(refused).to_have_text("big.txt has 20 MB, more than the 20 MB that a file may have.")
        expect(titles(page)).to_have_text(["On Bread"])  # the other one is taken
        choose(page, *[listing("Soup", name=f"{number}.txt") for number in range(201)])
        expect(refused).to_have_text("201 files are more than the 200 that can be added at once.")
        choose(page, listing("Soup"))
        expect(titles(page)).to_have_text(["On Bread", "On Soup"])
        expect(refused).to_have_count(0)


class HeldEmbedder(WordEmbedder):
    """Embeds only while it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = Event()

    def embed_texts(self, *asked: Any) -> list[TextVectors]:
        assert self.let.wait(20)
        return super().embed_texts(*asked)


@contextmanager
def held(browser: Browser, folder: Path) -> Iterator[tuple[LibrarySite, HeldEmbedder]]:
    embedder = HeldEmbedder()
    with library_site(browser, folder, embedder=embedder) as site:
        try:
            yield site, embedder
        finally:
            embedder.let.set()


def test_progress_and_a_queue(browser: Browser, tmp_path: Path) -> None:
    with held(browser, tmp_path) as (site, embedder), site.visit() as page:
        choose(page, listing("Bread", "Soup"))
        first, second = page.locator(".upload").nth(0), page.locator(".upload").nth(1)
        expect(first).to_contain_text("0 of 2 papers indexed")
        expect(first.get_by_role("progressbar")).to_have_attribute("max", "2")
        choose(page, listing("Cake", name="cake.txt"))
        expect(second).to_contain_text("Waiting until the uploads before it are done")
        picture(page, "library-progress")
        page.reload()  # nothing is lost by it
        expect(second).to_contain_text("Waiting until the uploads before it are done")
        embedder.let.set()
        expect(first.locator(".upload-sum")).to_have_text("2 new papers")
        expect(second.locator(".upload-sum")).to_have_text("1 new paper")
        expect(titles(page)).to_have_count(3)


def test_other_visitors_do_not_see_an_upload(browser: Browser, tmp_path: Path) -> None:
    with held(browser, tmp_path) as (site, _), site.visit() as mine, site.visit() as theirs:
        choose(mine, listing("Bread"))
        expect(mine.locator(".upload")).to_have_count(1)
        theirs.reload()
        expect(theirs.locator(".library")).to_have_attribute("aria-busy", "false")
        expect(theirs.locator(".upload")).to_have_count(0)


def test_list_that_cannot_be_read(three: LibrarySite) -> None:
    with three.visit() as page:
        broken = json.dumps({"problem": "The catalog cannot be used", "hint": "Check the disk."})
        page.route(CALLS, lambda route: route.fulfill(body=broken))
        page.get_by_label("Search the library").fill("bread")
        lost = page.locator(".library-lost")
        expect(lost).to_contain_text("The list of papers could not be read.")
        expect(page.locator("#notice")).to_have_text("The catalog cannot be used. Check the disk.")
        expect(page.locator("table")).to_be_hidden()
        page.unroute(CALLS)
        lost.get_by_role("button", name="Try again").click()
        expect(titles(page)).to_have_text(["Bread in a Hurry"])
        expect(lost).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(three: LibrarySite, scheme: str) -> None:
    with three.visit(PHONE, scheme) as page:
        expect(titles(page)).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        expect(page.get_by_role("columnheader")).to_have_count(0)
        expect(page.get_by_role("row")).to_have_count(3)
        page.get_by_label("Sort by").select_option("Title, Z to A")
        expect(titles(page).first).to_have_text("Salt for Soup")
        picture(page, f"library-phone-{scheme}")
