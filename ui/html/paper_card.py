"""Shows one source of an answer: the paper's card with the quoted sentences highlighted.

Owns the HTML of the panel beside the conversation; `page` decides when it opens. Invariant: taking
the tags out of the abstract on the card leaves the stored abstract.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from assistant.answer import Citation
from ui.html.paper_why import why_html
from ui.html.plain_text import escaped, text_html
from vectorstore.records import Hit, Paper, Source, Span

# Only these may be followed from the page: a "javascript:" address would run in it.
LINKED_SCHEMES = frozenset({"http", "https"})
# More names than this push the abstract out of sight.
NAMED_AUTHORS = 8


def card_html(citation: Citation, hit: Hit | None = None) -> str:
    """Return the card of a citation's paper; its first `mark` is the first quoted sentence.

    With `hit`, how the search found the paper, it tells why the paper is there.
    """
    paper = citation.paper
    spans = (quote.span for quote in citation.quotes)
    return (
        '<article class="card" aria-labelledby="card-title">'
        '<header class="card-head">'
        f'<p class="card-number">Source {citation.number}</p>'
        '<button type="button" class="card-close">Close</button>'
        "</header>"
        f'<h2 id="card-title">{text_html(paper.title)}</h2>'
        f"{_facts(paper)}{_authors(paper)}{_link(paper.url)}"
        "<h3>Abstract</h3>"
        f'<p class="abstract" dir="auto">{highlighted(paper.abstract, spans)}</p>'
        f"{why_html(hit) if hit else ''}"
        f"{_origins(paper.sources)}"
        "</article>"
    )


def highlighted(abstract: str, spans: Iterable[Span]) -> str:
    """Return the whole abstract, escaped, with every span in a `mark`."""
    parts = []
    end = 0
    for span in merged(spans):
        parts.append(escaped(abstract[end : span.start]))
        parts.append(f"<mark>{escaped(abstract[span.start : span.end])}</mark>")
        end = span.end
    parts.append(escaped(abstract[end:]))
    return "".join(parts)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch or overlap made one."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if result and span.start <= result[-1].end:
            last = result.pop()
            result.append(Span(last.start, max(last.end, span.end)))
        elif span.end > span.start:
            result.append(span)
    return tuple(result)


def _facts(paper: Paper) -> str:
    facts = []
    if paper.published is not None:
        facts.append(_day(paper.published))
    if paper.organization:
        facts.append(text_html(paper.organization))
    if paper.author_count is not None:
        facts.append("1 author" if paper.author_count == 1 else f"{paper.author_count} authors")
    if not facts:
        return ""
    return f'<p class="card-facts">{" · ".join(facts)}</p>'


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _authors(paper: Paper) -> str:
    if not paper.authors:
        return ""
    names = ", ".join(text_html(name) for name in paper.authors[:NAMED_AUTHORS])
    more = len(paper.authors) - NAMED_AUTHORS
    rest = f" and {more} more" if more > 0 else ""
    return f'<p class="card-authors">{names}{rest}</p>'


def _link(url: str | None) -> str:
    if not url:
        return ""
    if not _may_be_followed(url):
        return f'<p class="card-link">{text_html(url)}</p>'
    return (
        f'<p class="card-link"><a href="{escaped(url)}" target="_blank" '
        f'rel="noopener noreferrer">{text_html(url)}</a></p>'
    )


def _may_be_followed(url: str) -> bool:
    try:
        return urlsplit(url).scheme in LINKED_SCHEMES
    except ValueError:  # an address that Python cannot read is shown, not followed
        return False


def _origins(sources: tuple[Source, ...]) -> str:
    if not sources:
        return ""
    items = "".join(f"<li>{text_html(source.file)}, line {source.line}</li>" for source in sources)
    return f'<h3>Where to find it</h3><ul class="card-origins">{items}</ul>'
