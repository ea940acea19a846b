"""The page as a visitor has it: a real browser on the real server, and an assistant by script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import PHONE, WIDE, ask, needs_browser, picture
from desks import scripted_desk
from playwright.sync_api import Browser, expect
from scripted_assistant import (
    BELOW,
    HOSTILE_ABSTRACT,
    HOSTILE_TITLE,
    PAGES,
    SCHEDULING,
    SERVING,
    SERVING_ABSTRACT,
    THROUGHPUT,
    WAITING,
    ScriptedAssistant,
)
from site_visits import Site, served

from assistant.answer import Asking
from ui.html.plain_text import readable

SOURCE_1 = f"Source 1: {SERVING.title}"

pytestmark = needs_browser


def test_first_sight(site: Site) -> None:
    with site.visit() as page:
        expect(page.locator("#head .status")).to_have_text(
            "3 papers · extractive, no language model"
        )
        expect(page.locator(".welcome-title")).to_have_text("Ask these papers a question.")
        expect(page.locator("#question")).to_be_focused()
        expect(page.locator("footer")).to_have_count(0)
        assert page.title() == "paperchat"


def test_answer_grows_and_stays(site: Site) -> None:
    with site.visit() as page:
        page.evaluate(
            """() => {
                window.lengths = [];
                const log = document.querySelector('[role=log]');
                const note = () => {
                    const said = [...log.querySelectorAll('.claim')].map((one) => one.innerText);
                    lengths.push(said.join('').length);
                };
                const anything = {subtree: true, childList: true, characterData: true};
                new MutationObserver(note).observe(log, anything);
            }"""
        )
        ask(page, "Compare the two approaches")
        lengths = page.evaluate(
            "() => [...new Set(window.lengths)].filter((length) => length > 30)"
        )
        assert lengths == sorted(lengths)
        assert len(lengths) > 1
        expect(page.locator(".exchange .answer")).to_have_text(
            "Two papers make serving faster."
            f"{SERVING.title} The cache is stored in pages and shared between requests.[1] "
            "Throughput grows by a factor of 2.4 at the same latency.[1]"
            f"{SCHEDULING.title} Short answers pass long ones, and mean waiting time falls by "
            "41 percent.[2] No model has to be trained for it.[2] "
            "not all of it is in the cited sentence"
            "2 sources · 1 of 5 claims not borne out · extractive · 0.4 s"
        )
        expect(page.locator("#question")).to_have_value("")
        expect(page.locator("#question")).to_be_focused()
        expect(page.locator(".welcome")).to_have_count(0)


def test_marker_opens_the_paper_at_its_quotes(site: Site) -> None:
    with site.visit() as page:
        ask(page, "Compare the two approaches")
        marker = page.get_by_role("button", name=SOURCE_1).first
        marker.click()
        expect(page.locator(".card h2")).to_have_text(SERVING.title)
        expect(page.locator(".card mark")).to_have_text([PAGES, THROUGHPUT])
        expect(page.locator(".card .abstract")).to_have_text(SERVING_ABSTRACT)
        expect(page.locator(".card mark").first).to_be_in_viewport()
        expect(page.locator(".card-origins li")).to_have_text(
            ["daily-papers/000_1c38.txt, line 118", "daily-papers/003_4b94.txt, line 12"]
        )
        expect(page.locator(".card-close")).to_be_focused()
        expect(page.locator(".cite.lit")).to_have_text(["[1]", "[1]"])
        page.keyboard.press("Escape")
        expect(page.locator(".card")).to_have_count(0)
        expect(marker).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".card h2")).to_have_text(SERVING.title)
        page.locator(".card-close").click()
        expect(page.locator("#paper-panel")).to_be_hidden()


def test_papers_below_the_line_unfold(site: Site) -> None:
    with site.visit() as page:
        ask(page, "list what makes serving faster")
        below = page.locator(".borderline li")
        expect(below.first).to_be_hidden()
        page.locator(".borderline summary").focus()
        page.keyboard.press("Enter")
        expect(below).to_have_text([f"{hit.relevance:.2f} {hit.paper.title}" for hit in BELOW])
        expect(below.first).to_be_visible()


def test_a_card_unfolds_why_its_paper_is_there(site: Site) -> None:
    with site.visit() as page:
        ask(page, "list what makes serving faster")
        page.get_by_role("button", name=SOURCE_1).first.click()
        parts = page.get_by_role("meter")
        expect(parts).to_have_count(0)
        page.get_by_text("Why this paper").click()
        expect(page.locator(".card-why p")).to_have_text(
            ["Relevance 0.91", "Words it answers: serving", "Words it does not: preemptible"]
        )
        expect(parts).to_have_count(4)
        names = ("meaning as a whole", "meaning word by word", "words in common")
        for name, score in zip(names, ("0.40", "0.70", "0.90"), strict=True):
            expect(page.get_by_role("meter", name=name)).to_have_attribute("value", score)
        page.keyboard.press("Escape")
        # Of a source that is not in the ranking, nothing is known.
        page.get_by_role("button", name=f"Source 2: {SCHEDULING.title}").first.click()
        expect(page.locator(".card h2")).to_have_text(SCHEDULING.title)
        expect(page.locator(".card-why")).to_have_count(0)


def test_marker_of_an_older_answer_opens_its_own_paper(site: Site) -> None:
    with site.visit() as page:
        ask(page, "Compare the two approaches")
        ask(page, "Which of those is about waiting?")
        page.locator(".exchange").nth(1).locator(".cite").first.click()
        expect(page.locator(".card h2")).to_have_text(SCHEDULING.title)
        expect(page.locator(".card mark")).to_have_text([WAITING])
        page.locator(".exchange").nth(0).locator(".cite").first.click()
        expect(page.locator(".card h2")).to_have_text(SERVING.title)


def test_follow_up_passes_the_history(site: Site) -> None:
    with site.visit() as page:
        ask(page, "Compare the two approaches")
        ask(page, "Which of those is about waiting?")
    asking = site.assistant.asked[-1]
    assert asking.question == "Which of those is about waiting?"
    assert [turn.question for turn in asking.history] == ["Compare the two approaches"]
    assert asking.history[0].answer.complete


def test_visitors_share_nothing(site: Site) -> None:
    with site.visit() as first, site.visit() as second:
        ask(first, "Compare the two approaches")
        expect(second.locator(".exchange")).to_have_count(0)
        ask(second, "Which one is about waiting?")
        expect(second.locator(".exchange")).to_have_count(1)
    assert site.assistant.asked[-1] == Asking("Which one is about waiting?")


def test_stop_ends_a_stalled_answer_and_keeps_it(site: Site) -> None:
    with site.visit() as page:
        page.locator("#question").fill("stall please")
        page.keyboard.press("Enter")
        expect(page.locator(".answer")).to_have_text("Two papers make serving faster.Writing…")
        expect(page.locator("#ask")).to_be_hidden()
        page.locator("#stop").click()
        expect(page.locator(".answer")).to_have_text("Two papers make serving faster.Stopped.")
        expect(page.locator("#stop")).to_be_hidden()
        expect(page.locator("#question")).to_be_focused()
        ask(page, "Compare the two approaches")
        expect(page.locator(".exchange").first).to_contain_text("Stopped.")
    assert [turn.question for turn in site.assistant.asked[-1].history] == ["stall please"]


def test_escape_stops_and_a_new_conversation_forgets_the_old_one(site: Site) -> None:
    with site.visit() as page:
        ask(page, "Compare the two approaches")
        page.locator(".cite").first.click()
        expect(page.locator(".card")).to_have_count(1)
        page.locator("#question").fill("stall again")
        page.keyboard.press("Enter")
        expect(page.locator(".card")).to_have_count(0)
        expect(page.locator(".exchange").last.locator(".answer")).to_contain_text("Writing…")
        page.keyboard.press("Escape")
        expect(page.locator(".exchange").last.locator(".answer")).to_contain_text("Stopped.")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".exchange")).to_have_count(0)
        expect(page.locator(".welcome")).to_have_count(1)
        ask(page, "Compare anew")
    assert site.assistant.asked[-1] == Asking("Compare anew")


def test_the_box_recalls_the_last_question(site: Site) -> None:
    with site.visit() as page:
        page.keyboard.press("ArrowUp")
        expect(page.locator("#question")).to_have_value("")
        ask(page, "compare\nboth <b>")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#question")).to_have_value("compare\nboth <b>")


def test_an_answer_can_be_asked_again_and_a_question_edited(site: Site) -> None:
    asked = len(site.assistant.asked)
    with site.visit() as page:
        ask(page, "compare both")
        ask(page, "compare the first")
        page.locator(".exchange").last.get_by_role("button", name="Ask again").click()
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "true")
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        page.locator(".exchange").last.get_by_role("button", name="Edit question").click()
        expect(page.locator("#question")).to_have_value("compare the first")
        page.keyboard.type(" one")
        page.keyboard.press("Enter")
        questions = page.locator(".question")
        expect(questions).to_have_text(["compare both", "compare the first one"])
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        # An earlier question is taken up in a conversation of its own.
        page.locator(".exchange").first.get_by_role("button", name="Edit question").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("compare neither")
        page.keyboard.press("Enter")
        expect(questions).to_have_text(["compare neither"])
        expect(page.locator(".exchange").last).to_have_attribute("aria-busy", "false")
        ask(page, "compare further")
        saved = page.locator(".saved-list li")
        expect(saved).to_have_count(2)
        expect(saved.last).to_contain_text("2 questions")
    assert [
        (asking.question, [turn.question for turn in asking.history])
        for asking in site.assistant.asked[asked:]
    ] == [
        ("compare both", []),
        ("compare the first", ["compare both"]),
        ("compare the first", ["compare both"]),
        ("compare the first one", ["compare both"]),
        ("compare neither", []),
        ("compare further", ["compare neither"]),
    ]


def test_a_reload_shows_the_conversation_again(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        ask(page, "list the rest")
        page.reload()
        expect(page.locator(".question")).to_have_text(["compare both", "list the rest"])
        page.locator(".exchange").first.get_by_role("button", name=SOURCE_1).first.click()
        expect(page.locator(".card mark")).to_have_text([PAGES, THROUGHPUT])
        ask(page, "compare after all")
    assert [turn.question for turn in site.assistant.asked[-1].history] == [
        "compare both",
        "list the rest",
    ]


def test_a_paper_can_be_asked_about_alone(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        page.get_by_role("button", name=SOURCE_1).first.click()
        page.get_by_role("button", name="Ask about this paper only").click()
        expect(page.locator(".chosen bdi")).to_have_text(f"This paper only: {SERVING.title}")
        expect(page.locator("#question")).to_be_focused()
        ask(page, "compare its halves")
        assert site.assistant.asked[-1].within == (SERVING.id,)
        page.get_by_role("button", name="All papers again").click()
        expect(page.locator(".chosen")).to_be_hidden()
        ask(page, "compare all")
        assert site.assistant.asked[-1].within == ()


def test_a_paper_leads_to_others_like_it_and_to_its_reference(site: Site) -> None:
    with site.visit() as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, "compare both")
        page.get_by_role("button", name=SOURCE_1).first.click()
        page.get_by_role("button", name="Copy reference").click()
        expect(page.locator("#notice")).to_have_text("Copied the reference.")
        copied = "() => navigator.clipboard.readText()"
        assert page.evaluate(copied) == (
            f"{SERVING.title}. Example Institute of Technology. 2025-03-09. "
            "https://papers.example/2503.01234"
        )
        page.get_by_role("button", name="Copy BibTeX").click()
        expect(page.locator("#notice")).to_have_text("Copied the BibTeX entry.")
        assert page.evaluate(copied).startswith("@misc{paged2025caches,")
        page.get_by_role("button", name="More like this").click()
        others = page.locator(".card-similar button")
        expect(others).to_have_text([SCHEDULING.title, readable(HOSTILE_TITLE)])
        others.first.click()
        expect(page.locator(".card h2")).to_have_text(SCHEDULING.title)
        expect(page.locator(".card-number")).to_contain_text("Paper")


def test_a_marker_shows_its_quote_before_it_is_pressed(site: Site) -> None:
    with site.visit() as page:
        ask(page, "compare both")
        page.get_by_role("button", name=f"Source 2: {SCHEDULING.title}").first.hover()
        expect(page.locator("#quote-preview")).to_have_text(WAITING)
        expect(page.locator(".cite.lit")).to_have_text(["[2]", "[2]"])
        page.locator("#question").hover()
        expect(page.locator("#quote-preview")).to_be_hidden()


def test_an_answer_is_copied_and_exported(site: Site) -> None:
    with site.visit() as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, "compare both")
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.locator("#notice")).to_have_text("Copied the answer as Markdown.")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied.startswith("# compare both\n\nTwo papers make serving faster.")
        for name, suffix, opening in (
            ("Markdown", "md", "# compare both"),
            ("BibTeX", "bib", "@misc{"),
            ("RIS", "ris", "TY  - GEN"),
            ("CSV", "csv", '"number","paper_id"'),
        ):
            page.locator(".exchange .menu summary").click()
            with page.expect_download() as download:
                page.locator(".menu-items").get_by_role("button", name=name).click()
            assert download.value.suggested_filename == f"answer.{suffix}"
            assert download.value.path().read_text("utf-8").startswith(opening)


def test_leaving_the_page_stops_the_answer(site: Site) -> None:
    with site.visit() as page:
        page.locator("#question").fill("stall and leave")
        page.keyboard.press("Enter")
        expect(page.locator(".answer")).to_have_text("Two papers make serving faster.Writing…")
    assert site.assistant.stops[-1].wait(timeout=20)


def test_hostile_text_is_text(site: Site) -> None:
    question = 'hostile <b>me</b> ![x](http://evil.example) $x$ "&lt;" \\(y\\) ${1}'
    with site.visit() as page:
        ask(page, question)
        expect(page.locator(".question")).to_have_text(question)
        expect(page.locator(".lead")).to_have_text(HOSTILE_TITLE)
        expect(page.locator(".claim")).to_have_text(
            f"{readable(f'{HOSTILE_ABSTRACT} {HOSTILE_TITLE}')}[1]"
        )
        page.locator(".cite").click()
        expect(page.locator(".card h2")).to_have_text(HOSTILE_TITLE)
        expect(page.locator(".card .abstract")).to_have_text(readable(HOSTILE_ABSTRACT))
        expect(page.locator(".card-facts")).to_have_text("<i>org</i>")
        expect(page.locator(".borderline bdi")).to_have_text(HOSTILE_TITLE)
        expect(page.locator(".card-why bdi")).to_have_text([HOSTILE_TITLE, HOSTILE_TITLE])
        tags = "script, img, b, i, em, a, math, .katex"
        expect(page.locator("[role=log]").locator(tags)).to_have_count(0)
        expect(page.locator("#paper-panel").locator(tags)).to_have_count(0)


def test_failures_are_plain(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with site.visit() as page:
        ask(page, "fail now")
        expect(page.locator(".failure p")).to_have_text(
            ["The question is too long", "Ask in fewer words."]
        )
        assert [record for record in caplog.records if record.name != "ui.question"] == []
        ask(page, "crash now")
        expect(page.locator(".failure").last).to_have_text(
            re.compile(r"^Something went wrong inside paperchat \(error \w{6}; see logs/paperchat")
        )
        assert "secret detail" not in page.content()
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [
        ZeroDivisionError
    ]


def test_shift_enter_breaks_the_line_and_an_empty_question_is_not_sent(site: Site) -> None:
    asked = len(site.assistant.asked)
    with site.visit() as page:
        page.keyboard.press("Enter")
        page.keyboard.type("compare")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("both")
        expect(page.locator("#question")).to_have_value("compare\nboth")
        page.locator("#ask").click()
        expect(page.locator(".question")).to_have_text("compare both")
        expect(page.locator(".exchange")).to_have_attribute("aria-busy", "false")
    assert [asking.question for asking in site.assistant.asked[asked:]] == ["compare\nboth"]


def test_an_empty_library_says_how_to_fill_it(browser: Browser, tmp_path: Path) -> None:
    with (
        scripted_desk(ScriptedAssistant(), tmp_path, ()) as desk,
        served(desk) as address,
        Site(ScriptedAssistant(), address, browser).visit() as page,
    ):
        expect(page.locator("#head .status")).to_contain_text("0 papers")
        expect(page.locator(".welcome code")).to_have_text("paperchat ingest PATH")
        picture(page, "empty-library")
        page.get_by_role("button", name="Add papers").click()
        expect(page.locator("#library-view")).to_be_visible()


def test_another_name_for_this_machine_is_refused(site: Site, browser: Browser) -> None:
    context = browser.new_context(extra_http_headers={"Host": "rebound.example"})
    response = context.request.get(site.address, headers={"Host": "rebound.example"})
    assert (response.status, response.text()) == (400, "Invalid host header")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "viewport"), [("wide", WIDE), ("phone", PHONE)])
def test_fits_its_window(site: Site, name: str, viewport: dict[str, int], scheme: str) -> None:
    with site.visit(viewport=viewport, scheme=scheme) as page:
        picture(page, f"{name}-{scheme}-welcome")
        for question in ("nothing on baking bread", "notice: which papers make serving faster?"):
            ask(page, question)
        picture(page, f"{name}-{scheme}-answer")
        page.get_by_role("button", name=SOURCE_1).first.click()
        expect(page.locator(".card mark").first).to_be_in_viewport()
        picture(page, f"{name}-{scheme}-source")
        page.keyboard.press("Escape")
        for question in ("newest on servign of 2025?", "table of both"):
            ask(page, question)
            picture(page, f"{name}-{scheme}-{question.split()[0]}")
        ask(page, "list which papers make serving faster")
        page.locator(".borderline summary").click()
        page.locator(".answer-facts").last.scroll_into_view_if_needed()
        picture(page, f"{name}-{scheme}-borderline")
        page.get_by_role("button", name=SOURCE_1).last.click()
        page.get_by_text("Why this paper").click()
        page.locator(".card-why dd").last.scroll_into_view_if_needed()
        picture(page, f"{name}-{scheme}-why")
        page.locator(".exchange").first.scroll_into_view_if_needed()
        page.keyboard.press("Escape")
        page.evaluate("() => window.scrollTo(0, 0)")
        picture(page, f"{name}-{scheme}-not-found")
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width == viewport["width"]
