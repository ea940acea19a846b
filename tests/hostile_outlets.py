"""How outlets show text from strangers: page, Markdown, terminal, JSON and files, as text alone."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from rich.console import Console

from assistant.answer import Answer
from ui.answer_json import answer_object
from ui.console.terminal import show_answer
from ui.export.answer_markdown import answer_markdown
from ui.export.export import ExportFormat, export_text
from ui.html.answer_html import answer_html
from ui.html.paper_card import CardSource, card_html

OF_ANSWERS = {
    *("p h3 ul li strong bdi span button details summary".split()),
    *("div table thead tbody tr th td".split()),
}
OF_CARDS = set("article header p span div button h2 h3 bdi mark".split())
ATTRIBUTES = {
    *("class type data-number data-paper data-spans data-quote data-open-paper".split()),
    *("data-does data-sort aria-label aria-labelledby aria-hidden aria-expanded".split()),
    *("id dir role tabindex scope".split()),
}
# Values of attributes in which text of a paper stands; all others are ours alone.
WITH_TEXT = {"aria-label", "data-quote", "data-paper", "data-open-paper"}
OURS = re.compile(r"[\w ,-]*")
MARKDOWN_BLOCKS = {
    f"{name}_{side}"
    for name in (
        "paragraph heading bullet_list list_item blockquote table thead tbody tr th td".split()
    )
    for side in ("open", "close")
}
MARKDOWN_PARTS = {"text", "text_special", "strong_open", "strong_close"}
MARKER = re.compile(r"(?<!\\)\[([^\]]*)\]")


def assert_shown_as_text(answer: Answer, secret: str) -> None:
    """Insist on it for the page, for Markdown, for the terminal, for JSON and for files."""
    page = Tags(answer_html(answer))
    assert page.names <= OF_ANSWERS
    sources = [CardSource(citation) for citation in answer.citations]
    cards = [Tags(card_html(source.citation.paper, source)) for source in sources]
    assert all(card.names <= OF_CARDS for card in cards)
    for tags in (page, *cards):
        assert {name for name, _ in tags.attributes} <= ATTRIBUTES
        ours = [value for name, value in tags.attributes if name not in WITH_TEXT]
        assert [value for value in ours if not OURS.fullmatch(value)] == []
    numbers = {str(citation.number) for citation in answer.citations}
    assert_plain_markdown(answer_markdown(answer), numbers)
    assert_harmless_on_a_terminal(terminal(answer))
    assert json.loads(json.dumps(answer_object(answer)))["answer"] == answer_markdown(answer)
    files = [export_text(answer, wanted) for wanted in ExportFormat]
    assert all(text.encode("utf-8") for text in files if text)
    assert_no_formulas(export_text(answer, ExportFormat.CSV))
    shown = (page.text, answer_markdown(answer), terminal(answer), *files)
    assert not [text for text in shown if secret in text]


class Tags(HTMLParser):
    """The elements and attributes that a parser finds, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a section: {data}")


def assert_plain_markdown(markdown: str, numbers: set[str]) -> None:
    """Insist that rendering adds nothing but our layout, and that markers are these numbers."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    assert {token.type for token in tokens} - {"inline"} <= MARKDOWN_BLOCKS
    parts = [part for token in tokens if token.type == "inline" for part in token.children or ()]
    assert {part.type for part in parts} <= MARKDOWN_PARTS
    assert set(MARKER.findall(markdown.replace("\\\\", ""))) <= numbers


def terminal(answer: Answer) -> str:
    """Return what is printed for the answer."""
    console = Console(file=io.StringIO(), width=80, color_system=None)
    show_answer(console, answer)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def assert_harmless_on_a_terminal(printed: str) -> None:
    """Insist that nothing steers the terminal or turns its lines round."""
    signs = printed.replace("\n", "")
    steering = [sign for sign in signs if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"}]
    assert steering == []


def assert_no_formulas(text: str) -> None:
    """Insist that no cell begins as a formula."""
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
