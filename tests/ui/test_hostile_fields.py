"""Every field of a paper through every outlet: whatever it holds is shown as text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import bibtexparser
import pytest
import rispy
from answers import EXPLANATION, SEARCH
from browsing import needs_browser, watched
from hostile.fields import FIELDS, HARMLESS, PAPER, TEXTS
from hostile_outlets import assert_harmless_on_a_terminal, assert_plain_markdown
from playwright.sync_api import Browser
from rich.console import Console

from assistant.answer import Answer, Block, BlockKind, Citation, Claim, Intent, Outcome, Plan, Quote
from assistant.conversations.exchange_record import StoredExchange
from assistant.conversations.feedback import Feedback
from assistant.conversations.judgement import Rating
from assistant.conversations.saved import (
    ConversationSummary,
    Place,
    SavedConversation,
    SavedExchange,
)
from ingest.entries import Noted, Skipped
from ingest.report import IngestReport
from ui.answer_json import answer_object, hit_object
from ui.console import terminal
from ui.console.doctor_terminal import show_check
from ui.console.report_terminal import show_removed, show_report
from ui.console.why_terminal import show_explanation
from ui.doctor.doctor_check import ok
from ui.export.conversation_markdown import conversation_file_name, conversation_markdown
from ui.export.export import ExportFormat, export_text
from ui.export.library_export import LibraryFormat, library_parts
from ui.export.reference import reference
from ui.html.answer_html import answer_html
from ui.html.conversations_html import conversations_html
from ui.html.exchange_html import exchange_html
from ui.html.feedback_html import feedback_html
from ui.html.ingest_report_html import report_html
from ui.html.library_html import removal_html, rows_html
from ui.html.map_html import papers_html, topics_html
from ui.html.paper_card import CardSource, card_html
from ui.html.similar_html import similar_html
from ui.page.conversation import Exchange, Progress
from vectorstore.catalog import CatalogCounts
from vectorstore.errors import PaperchatError
from vectorstore.mapping.collection_map import MapCluster, MapPoint
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit, Span
from vectorstore.similar import SimilarPaper

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def hit_of(paper: Paper) -> Hit:
    sentence = SentenceHit(Span(0, len(paper.abstract)), 0.5)
    return Hit(paper, 0.9, 0.8, ScoreParts(0.5), (sentence,), copies=(paper.id,))


def citation_of(paper: Paper) -> Citation:
    return Citation(1, paper, (Quote(Span(0, len(paper.abstract)), paper.abstract),))


def answer_of(paper: Paper) -> Answer:
    """Return an answer that shows the paper wherever one is shown."""
    said = Claim(" ".join(paper.abstract.split()), (1,))
    name = Claim(" ".join(paper.title.split()))
    table = Block(BlockKind.TABLE, columns=("Paper", paper.title), rows=(((name,), (said,)),))
    return Answer(
        plan=Plan(f"What of {paper.title}?", Intent.LIST, paper.title),
        outcome=Outcome.ANSWERED,
        blocks=(Block(BlockKind.ITEM, (said,), paper.title), table),
        citations=(citation_of(paper),),
        ranking=(hit_of(paper),),
        borderline=(hit_of(paper),),
        mode="extractive",
        complete=True,
    )


def report_of(paper: Paper) -> IngestReport:
    place = paper.sources[0].file
    skipped = (Skipped(place, 3, f"no abstract: {paper.title}", paper.id),)
    noted = (Noted(place, 3, paper.title),)
    return IngestReport(
        1, 2, 1, 0, 0, 0, skipped, 0.1, ("a",), (), skipped_count=1, notes=noted, note_count=1
    )


def conversation_of(paper: Paper) -> SavedConversation:
    exchange = StoredExchange(paper.title, answer=answer_of(paper))
    return SavedConversation("c", paper.title, (SavedExchange(Place("c", 0, 1), NOON, exchange),))


def card(paper: Paper) -> str:
    return card_html(paper, CardSource(citation_of(paper), hit=hit_of(paper)), [paper])


PAGE: dict[str, Callable[[Paper], str]] = {
    "card": card,
    "answer": lambda paper: answer_html(answer_of(paper)),
    "exchange": lambda paper: exchange_html(
        Exchange(f"What of {paper.title}?", answer_of(paper), Progress.DONE), (paper.title,)
    ),
    "failure": lambda paper: exchange_html(
        Exchange(paper.title, None, Progress.FAILED, paper.title, paper.title)
    ),
    "library": lambda paper: rows_html([paper]),
    "removal": lambda paper: removal_html([paper]),
    "more like this": lambda paper: similar_html([SimilarPaper(paper, 0.5, Span(0, 9))]),
    "map": lambda paper: (
        papers_html([MapPoint(paper.id, paper.title, 0.1, 0.2, 0, None)])
        + topics_html([MapCluster(paper.title, 0.1, 0.2, 3)])
    ),
    "report": lambda paper: report_html(report_of(paper), {"a": paper}),
    "conversations": lambda paper: conversations_html(
        [ConversationSummary(paper.id, paper.title, NOON, 1, 1)]
    ),
    "note": lambda paper: feedback_html(Feedback(Rating.DOWN, paper.title)),
}


def printed(show: Callable[[Console], None]) -> str:
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def shown_error(paper: Paper) -> str:
    error = PaperchatError(paper.title, where=paper.sources[0].file, hint=paper.abstract)
    with redirect_stderr(io.StringIO()) as shown:
        terminal.show_error(error)
    return shown.getvalue()


TERMINAL: dict[str, Callable[[Paper], str]] = {
    "ask": lambda paper: printed(lambda console: terminal.show_answer(console, answer_of(paper))),
    "search": lambda paper: printed(
        lambda console: terminal.show_hits(console, replace(SEARCH, hits=(hit_of(paper),)))
    ),
    "why": lambda paper: printed(
        lambda console: show_explanation(
            console,
            replace(EXPLANATION, hit=hit_of(paper), best=hit_of(paper), sentence=paper.abstract),
        )
    ),
    "ingest": lambda paper: printed(lambda console: show_report(console, report_of(paper))),
    "remove": lambda paper: printed(lambda console: show_removed(console, [paper])),
    "stats": lambda paper: printed(
        lambda console: terminal.show_stats(
            console, CatalogCounts(1, 0, 2, 1, 1, 1), paper.title, paper.sources[0].file
        )
    ),
    "doctor": lambda paper: printed(
        lambda console: show_check(console, ok("library", paper.title, paper.abstract))
    ),
    "error": shown_error,
}


class Skeleton(HTMLParser):
    """The elements of a page, the names of their attributes, and addresses that are followed."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        self.parts.append((tag, sorted(name for name, _ in attrs), address.split(":")[0]))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(tag)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("outlet", PAGE)
def test_the_page_has_the_same_elements_whatever_a_field_holds(outlet: str, text: str) -> None:
    for field, paper_of in FIELDS.items():
        hostile, plain = (Skeleton(PAGE[outlet](paper_of(t))) for t in (TEXTS[text], HARMLESS))
        if field not in {"DOI", "arXiv id", "valid DOI", "abstract"}:  # which change what is there
            assert hostile.parts == plain.parts, field
        schemes = {part[2] for part in hostile.parts if isinstance(part, tuple)}
        assert schemes <= {"", "https"}, field
        assert {part[0] for part in hostile.parts if isinstance(part, tuple)} <= {
            part[0] for part in Skeleton(PAGE[outlet](PAPER)).parts if isinstance(part, tuple)
        } | {"p"}, field


@needs_browser
def test_a_browser_runs_and_fetches_nothing_of_it(browser: Browser) -> None:
    """All fields, texts and outlets on one page, without the policy that guards the real one."""
    context = browser.new_context(offline=True)
    complaints = watched(context, "about:")
    page = context.new_page()
    papers = [paper_of(text) for paper_of in FIELDS.values() for text in TEXTS.values()]
    page.set_content("".join(show(paper) for paper in papers for show in PAGE.values()))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = page.locator("img, script, iframe, object, embed, link, style, base, form")
    named = found.evaluate_all("all => all.map(each => each.dataset.rating ?? each.className)")
    assert named == ["saved-part", "down"] * len(papers)
    assert complaints == []
    context.close()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("outlet", TERMINAL)
def test_nothing_steers_a_terminal(outlet: str, text: str) -> None:
    for paper_of in FIELDS.values():
        assert_harmless_on_a_terminal(TERMINAL[outlet](paper_of(TEXTS[text])))


def files(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield all exports by the name of their format."""
    for wanted in ExportFormat:
        yield wanted.name, export_text(answer_of(paper), wanted)
    for of_library in LibraryFormat:
        yield of_library.name, "".join(library_parts([paper], of_library))
    yield "MARKDOWN", conversation_markdown(conversation_of(paper))


def assert_one_record(name: str, content: str) -> None:
    """Insist that a file has one record, as its format's own readers read it."""
    if name == "BIBTEX":
        library = bibtexparser.parse_string(content)
        assert (len(library.entries), library.failed_blocks) == (1, [])
        assert not re.search(r"(?<!\\)\\(?:input|write18)", content)
    elif name == "RIS":
        assert len(rispy.loads(content)) == 1
        assert re.findall(r"^(?:TY|ER)  - ", content, re.MULTILINE) == ["TY  - ", "ER  - "]
    elif name == "CSV":
        rows = list(csv.reader(io.StringIO(content)))
        assert {len(row) for row in rows} == {len(rows[0])}
        cells = [cell for row in rows for cell in row]
        assert [each for each in cells if each.lstrip().startswith(("=", "+", "-", "@"))] == []
    elif name == "JSON_LINES":
        [line] = content.splitlines()
        assert isinstance(json.loads(line), dict)
    else:
        assert_plain_markdown(content, {"1"})


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", FIELDS)
def test_an_export_has_one_record_whatever_a_field_holds(field: str, text: str) -> None:
    paper = FIELDS[field](TEXTS[text])
    for name, content in files(paper):
        assert_one_record(name, content)
    assert "\n" not in reference(paper)
    assert re.fullmatch(r"[\w .,()’'-]{1,120}", conversation_file_name(paper.title))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", FIELDS)
def test_json_holds_it_as_it_is(field: str, text: str) -> None:
    paper = FIELDS[field](TEXTS[text])
    for value in (answer_object(answer_of(paper)), hit_object(hit_of(paper))):
        line = json.dumps(value)
        assert json.loads(line) == json.loads(json.dumps(value, ensure_ascii=False))
        assert line.isascii()
        assert line.isprintable()
