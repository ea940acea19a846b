"""An answer as a document of its own in Markdown: the question, the answer, the quoted sources."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import Answer, Block, BlockKind, Citation, Claim
from assistant.paper_dates import paper_date
from ui.export.answer_markdown import answer_markdown
from ui.export.export_sources import exported_sources, left_out, plain_line
from ui.paper_facts import identifiers


def answer_markdown_document(answer: Answer) -> str:
    """Return the document; the numbers in the answer are those of the sources below it."""
    sources = exported_sources(answer)
    parts = [f"# {_escaped(answer, answer.plan.question)}", answer_markdown(answer)]
    parts += ["## Sources"] if sources else []
    parts += [_source(answer, source) for source in sources]
    parts += [_left_out(missing)] if (missing := len(left_out(answer))) else []
    text = "\n\n".join(part for part in parts if part)
    return "".join(f"{plain_line(line)}\n" for line in text.split("\n"))


def _source(answer: Answer, source: Citation) -> str:
    paper = source.paper
    origin = (paper.venue or "", paper.organization or "", paper_date(paper))
    known = (*paper.authors, *origin, *identifiers(paper), paper.url or "")
    head = _escaped(answer, ", ".join(filter(None, known)), lead=paper.title)
    quotes = "\n>\n".join(f"> {_escaped(answer, quote.text)}" for quote in source.quotes)
    return f"[{source.number}] {head}\n\n{quotes}"


def _left_out(count: int) -> str:
    quotes = "1 quote" if count == 1 else f"{count} quotes"
    return f"Left out: {quotes} that cannot be found in the stored abstract."


def _escaped(answer: Answer, text: str, lead: str = "") -> str:
    """Return text as a paragraph of the answer would have it."""
    claims = (Claim(text),) if text else ()
    block = Block(BlockKind.PARAGRAPH, claims, lead)
    return answer_markdown(replace(answer, blocks=(block,)))
