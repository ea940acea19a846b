"""What every export takes of an answer: its checked sources, and text that steers no reader.

Owns the last check of a quote before it leaves the program. Invariant: what is exported of a paper
is one line without control characters, and a quote is a slice of the stored abstract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.answer import Answer, Citation, Quote
from ui.html.plain_text import readable
from vectorstore.records import Paper

# Controls that are no white space, marks of direction, and the mark of byte order, which a reader
# of files takes for one.
_STEERING = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# The controls that a library may hold, since broken encodings are mended by them: terminals may
# take them for the beginning of an order. U+0085 is white space.
CONTROLS = "\x80-\x84\x86-\x9f"
_CONTROL = re.compile(f"[{CONTROLS}]")


def plain_line(text: str) -> str:
    """Return `text` on one line: no controls, no marks of direction, single spaces."""
    return " ".join(readable(_STEERING.sub("", text)).split())


def without_controls(text: str) -> str:
    """Return the text of a library without controls, and else as it is."""
    return _CONTROL.sub("", text)


def plain_paper(paper: Paper) -> Paper:
    """Return the paper with all that is shown of it on one line each; what is empty is unknown."""
    return replace(
        paper,
        title=plain_line(paper.title),
        authors=_plain_lines(paper.authors),
        organization=plain_line(paper.organization or "") or None,
        url=plain_line(paper.url or "") or None,
        arxiv_id=plain_line(paper.arxiv_id or "") or None,
        doi=plain_line(paper.doi or "") or None,
        venue=plain_line(paper.venue or "") or None,
        categories=_plain_lines(paper.categories),
    )


def exported_sources(answer: Answer) -> tuple[Citation, ...]:
    """Return the citations with the quotes that stand in their abstracts, less those with none."""
    checked = (
        replace(citation, quotes=tuple(q for q in citation.quotes if _stands(q, citation.paper)))
        for citation in answer.citations
    )
    return tuple(citation for citation in checked if citation.quotes)


def left_out(answer: Answer) -> tuple[Quote, ...]:
    """Return the quotes that no export has, since they do not stand in their abstracts."""
    return tuple(
        quote
        for citation in answer.citations
        for quote in citation.quotes
        if not _stands(quote, citation.paper)
    )


def _plain_lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in map(plain_line, texts) if line)


def _stands(quote: Quote, paper: Paper) -> bool:
    stored = paper.abstract[quote.span.start : quote.span.end]
    return bool(stored.strip()) and stored == quote.text
