"""`paperchat serve` as a researcher has it: the real command, library, model server and browser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from browsing import ask, needs_browser, picture, visited
from fakes import FakeModelServer, Request, Script, fails, says
from playwright.sync_api import Browser, expect
from processes import PAGES, paperchat, served

from assistant.checking.sentence_ids import SENTENCE_ID

QUESTION = "Which papers cover LLM serving?"
CHOSE = "The search found 18 matching papers; of these the model chose:"

pytestmark = needs_browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a library with the shipped pages in it."""
    folder = tmp_path_factory.mktemp("library")
    assert paperchat("ingest", PAGES, home=folder).returncode == 0
    return folder


def test_from_a_question_to_the_quoted_sentence(browser: Browser, home: Path) -> None:
    with served(home) as address, visited(browser, address) as page:
        expect(page.locator("#head .status")).to_have_text(
            "365 papers · extractive, no language model"
        )
        ask(page, QUESTION)
        claim = page.locator(".claim", has=page.locator(".cite")).first
        quoted = claim.inner_text().rpartition("[")[0].strip()
        claim.locator(".cite").click()
        expect(page.locator(".card mark.own")).to_have_text([quoted])
        expect(page.locator(".card .abstract")).to_contain_text(quoted)
        picture(page, "serve-source")
        ask(page, "which of those serve mixtures of experts?")
        expect(page.locator(".card")).to_have_count(0)
        titles = page.locator(".exchange").last.locator(".lead")
        expect(titles.filter(has_text="Mixture-of-Experts")).to_have_count(1)
        expect(page.locator(".exchange").last.locator(".cite").first).to_be_visible()
        picture(page, "serve-follow-up")


def cites_what_it_was_shown(request: Request) -> Script:
    """Reply with one claim that cites the first sentence of the prompt."""
    shown = SENTENCE_ID.search(request.body["messages"][-1]["content"])
    assert shown
    return says("The model ", "wrote ", f"this [{shown.group()[:3]}", f"{shown.group()[3:]}].")


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.02, 0.5])
def test_ctrl_c_as_soon_as_it_is_announced(tmp_path: Path, seconds: float) -> None:
    with served(tmp_path):  # which wants it to end well and say nothing
        time.sleep(seconds)


def test_a_model_writes_and_then_fails(browser: Browser, home: Path) -> None:
    with FakeModelServer(cites_what_it_was_shown, fails(401)) as model:
        variables = {
            "PAPERCHAT_MODEL": "tiny",
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": "canary-key",
        }
        with served(home, **variables) as address, visited(browser, address) as page:
            expect(page.locator("#head .status")).to_have_text("365 papers · model tiny")
            ask(page, QUESTION)
            expect(page.locator(".claim")).to_have_text([CHOSE, "The model wrote this.[1]"])
            ask(page, QUESTION)
            expect(page.locator(".exchange").last.locator(".notice")).to_have_text(
                f"The model server at {model.base_url} did not accept the API key, so this answer"
                " quotes the abstracts instead. Check that the key belongs to this server."
            )
            assert "canary-key" not in page.content()
