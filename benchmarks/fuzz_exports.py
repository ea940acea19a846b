"""What is given out: exports of answers and of libraries, and the HTML of the page.

Libraries are read back as well, and have to come out as they went in.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from benchmarks.fuzz_checks import check_claims, insist
from benchmarks.fuzz_input import Draw
from benchmarks.fuzz_seeds import RECORDS, numbered
from benchmarks.fuzz_target import Check, Target

if TYPE_CHECKING:
    from assistant.answer import Answer
    from vectorstore.records import Paper

NUMBERED = re.compile(r"(?<!\\)\[(\d+)\](?!\()")
RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - .*|")
FORMULA = re.compile(r"[\s'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")
# Reading any file takes a mark of byte order off the beginning of a line.
MARK_OF_LINE = re.compile("^\ufeff+", re.MULTILINE)
UNSAFE = frozenset("script style iframe object embed base link meta form svg img video".split())


def targets() -> tuple[Target, ...]:
    """Return the targets."""
    seeds = partial(numbered, RECORDS, 12)
    return (
        Target("exports", _exports, seeds, 1_500),
        Target("exported-libraries", _libraries, seeds, 1_000),
    )


def _paper(draw: Draw) -> Paper:
    from vectorstore.records import DatePrecision, Paper

    precision = draw.pick(list(DatePrecision))
    month = 1 if precision is DatePrecision.YEAR else 1 + draw.number(12)
    day = 1 + draw.number(28) if precision is DatePrecision.DAY else 1
    return Paper(
        id=f"{draw.number(3):016x}",
        title=draw.text(),
        abstract=draw.text(),
        published=date(1900 + draw.number(200), month, day) if draw.number(4) else None,
        author_count=draw.number(5) or None,
        authors=tuple(filter(None, (draw.text() for _ in range(draw.number(4))))),
        organization=draw.text() or None,
        url=draw.text() or None,
        doi=draw.text() or None,
        arxiv_id=draw.text() or None,
        venue=draw.text() or None,
        categories=tuple(filter(None, (draw.text() for _ in range(draw.number(3))))),
        date_precision=precision,
    )


def _answer(draw: Draw) -> Answer:
    """Return an answer of drawn texts, whose quotes stand in their abstracts."""
    from assistant.answer import (
        Answer,
        Block,
        BlockKind,
        Citation,
        Claim,
        Intent,
        Outcome,
        Plan,
        Quote,
        Verdict,
    )
    from vectorstore.records import Span

    papers = [_paper(draw) for _ in range(1 + draw.number(2))]
    cited = [paper for paper in papers if paper.abstract.strip()]
    citations = tuple(
        Citation(number, paper, (Quote(Span(0, len(paper.abstract)), paper.abstract),))
        for number, paper in enumerate(cited, 1)
    )
    blocks = []
    for _ in range(draw.number(4)):
        numbers = (draw.number(len(cited)) + 1,) if cited else ()
        claim = Claim(draw.text(), numbers, draw.pick(list(Verdict)), (draw.text(),))
        kind = draw.pick(list(BlockKind))
        if kind is BlockKind.TABLE:
            blocks.append(Block(kind, columns=(draw.text(), "b"), rows=(((claim,), ()),)))
        else:
            blocks.append(Block(kind, (claim,), draw.text()))
    plan = Plan(draw.text(), Intent.LIST, draw.text())
    return Answer(plan, Outcome.ANSWERED, tuple(blocks), citations, (), "tiny", complete=True)


def _exports() -> Check:
    from assistant.conversations.exchange_record import (
        StoredExchange,
        pack_exchange,
        unpack_exchange,
    )
    from ui.export.export import ExportFormat, export_text
    from ui.export.reference import reference
    from ui.html.exchange_html import exchange_html
    from ui.page.conversation import Exchange, Progress

    def check(data: bytes) -> None:
        draw = Draw(data)
        answer = _answer(draw)
        check_claims(answer.blocks, answer.citations)
        texts = {wanted: export_text(answer, wanted) for wanted in ExportFormat}
        for text in texts.values():
            text.encode("utf-8")
        _check_markdown(texts[ExportFormat.MARKDOWN], len(answer.citations))
        _check_bibtex(texts[ExportFormat.BIBTEX])
        lines = texts[ExportFormat.RIS].split("\r\n")
        insist(all(RIS_LINE.fullmatch(line) for line in lines), "no line of RIS", lines)
        _check_csv(texts[ExportFormat.CSV])
        for citation in answer.citations:
            insist(len(reference(citation.paper).splitlines()) == 1, "lines", citation)
        shown = exchange_html(Exchange(answer.plan.question, answer, Progress.DONE))
        shown.encode("utf-8")
        _check_html(shown)
        if draw.number(8) == 7:  # to pack it takes longer than all the rest
            stored = StoredExchange(answer.plan.question, answer=answer)
            kept = unpack_exchange(pack_exchange(stored))
            insist(kept.answer and len(kept.answer.blocks) == len(answer.blocks), "lost", kept)

    return check


def _check_markdown(text: str, sources: int) -> None:
    numbers = {int(number) for number in NUMBERED.findall(text)}
    insist(numbers <= set(range(1, sources + 1)), "it passes for a citation", text)
    insist(not re.search(r"(?<!\\)[<`]", text), "markup", text)


def _check_bibtex(text: str) -> None:
    depth = 0
    for sign in re.findall(r"[{}]", text):
        depth += 1 if sign == "{" else -1
        insist(depth >= 0, "a brace too many", text)
    insist(depth == 0, "an open brace", text)


def _check_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    insist(len({len(row) for row in rows}) == 1, "rows of other lengths", rows)
    guarded = [cell for row in rows for cell in row if cell.lstrip().startswith("'")]
    formulas = [cell for row in rows for cell in row if FORMULA.match(cell)]
    insist(set(formulas) <= set(guarded), "a formula", formulas)


class _Tags(HTMLParser):
    """Insists that what a browser would run or fetch is not there."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        insist(tag not in UNSAFE, "an element of its own", tag)
        for name, value in attrs:
            insist(not name.startswith("on"), "a handler", name)
            if name in {"href", "src", "action"}:
                safe = re.match(r"https?://|mailto:|#", value or "")
                insist(safe, "an address of another kind", value)


def _check_html(text: str) -> None:
    parser = _Tags()
    parser.feed(text)
    parser.close()


def _libraries() -> Check:
    """Export a paper that could be in a library, and read it back."""
    from dataclasses import replace

    from ingest.entries import Entry
    from ingest.files import read_data
    from ingest.readers.fields import clean_text, folded, known
    from ui.export.library_export import LibraryFormat, library_parts
    from vectorstore import identifiers
    from vectorstore.records import title_key

    suffixes = {
        LibraryFormat.JSON_LINES: ".jsonl",
        LibraryFormat.BIBTEX: ".bib",
        LibraryFormat.RIS: ".ris",
        LibraryFormat.CSV: ".csv",
    }

    def text(drawn: str) -> str:
        return MARK_OF_LINE.sub("", clean_text(drawn))

    def storable(paper: Paper) -> Paper | None:
        """Return the paper as a reader would give it; None where no reader takes it."""
        if not (title_key(text(paper.title)) and text(paper.abstract).strip()):
            return None
        return replace(
            paper,
            title=text(paper.title),
            abstract=text(paper.abstract),
            authors=known(map(text, paper.authors)),
            organization=folded(text(paper.organization or "")) or None,
            venue=folded(text(paper.venue or "")) or None,
            categories=known(map(text, paper.categories)),
            doi=identifiers.doi(text(paper.doi or "")),
            arxiv_id=identifiers.arxiv_id(paper.arxiv_id or ""),
            url=None,
        )

    def record(read: Entry | Paper) -> tuple[object, ...]:
        return (
            *(read.title, read.abstract, read.authors, read.organization, read.venue),
            *(read.categories, read.doi, read.arxiv_id, read.published, read.author_count),
        )

    def check(data: bytes) -> None:
        paper = storable(_paper(Draw(data)))
        if paper is None:
            return
        for wanted, suffix in suffixes.items():
            written = "".join(library_parts([paper], wanted))
            found = list(read_data(written.encode("utf-8"), f"library{suffix}"))
            insist(len(found) == 1 and isinstance(found[0], Entry), wanted.value, written, found)
            insist(record(found[0]) == record(paper), wanted.value, written, found[0])

    return check
