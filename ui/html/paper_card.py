"""Shows one paper: what is known of it, and its abstract with the quoted sentences highlighted.

Owns the HTML of the panel. Invariant: taking the tags out of the abstract on the card leaves the
stored abstract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.answer import Citation
from assistant.paper_dates import DateForm, paper_date
from ui.html.paper_why import why_html
from ui.html.plain_text import escaped, text_html
from ui.paper_facts import (
    foreign_language,
    is_identifier,
    linked_identifiers,
    shortened,
    suspicion,
)
from vectorstore.records import Hit, Paper, Source, Span

# Only these may be followed from the page: a "javascript:" address would run in it.
LINKED_SCHEMES = frozenset({"http", "https"})
# More names than this push the abstract out of sight.
NAMED_AUTHORS = 8
NAMED_CATEGORIES = 8
NAMED_DOUBLES = 5

PANEL_TEMPLATE = '<aside class="panel-body" aria-label="Paper"></aside>'


@dataclass(frozen=True, slots=True)
class CardSource:
    """A paper as a source of an answer: `own` are the places of the sentences that the pressed
    marker stands for, `hit` is how the search found it.
    """

    citation: Citation
    own: tuple[Span, ...] = ()
    hit: Hit | None = None


def card_html(
    paper: Paper,
    source: CardSource | None = None,
    doubles: Sequence[Paper] = (),
    *,
    with_folders: bool = True,
) -> str:
    """Return the card of a paper; as a source, it has what the answer quotes highlighted, most of
    all the marker's own sentences, and tells why the paper is there.

    `doubles` are other papers with its abstract. The files that list it are named `with_folders`,
    or by their own names alone.
    """
    quoted = tuple(quote.span for quote in source.citation.quotes) if source else ()
    abstract = highlighted(paper.abstract, quoted, source.own if source else ())
    return (
        f'<article class="card" aria-labelledby="card-title" data-paper="{escaped(paper.id)}">'
        '<header class="card-head">'
        f'<p class="card-number">{f"Source {source.citation.number}" if source else "Paper"}'
        f'<span class="card-name" aria-hidden="true"> {text_html(paper.title)}</span></p>'
        '<button type="button" class="button card-close">Close</button>'
        "</header>"
        f'<h2 id="card-title">{text_html(paper.title)}</h2>'
        f"{_facts(paper)}{_names('card-authors', paper.authors, NAMED_AUTHORS)}"
        f"{_links(paper)}{_names('card-categories', paper.categories, NAMED_CATEGORIES)}"
        f"{_mark(paper)}{_doubles(doubles)}"
        "<h3>Abstract</h3>"
        f'<p class="abstract" dir="auto"{_language(paper)}>{abstract}</p>'
        f"{_ACTIONS}"
        f"{why_html(source.hit) if source and source.hit else ''}"
        f"{_origins(paper.sources, with_folders=with_folders)}"
        "</article>"
    )


_ACTIONS = (
    '<div class="card-actions" role="group" aria-label="This paper">'
    '<button type="button" class="button" data-does="only">Ask about this paper only</button>'
    '<button type="button" class="button" data-does="similar" aria-expanded="false">'
    "More like this</button>"
    '<button type="button" class="button" data-does="reference">Copy reference</button>'
    '<button type="button" class="button" data-does="bibtex">Copy BibTeX</button>'
    '</div><div class="card-similar"></div>'
)


def highlighted(abstract: str, spans: Iterable[Span], own: Iterable[Span] = ()) -> str:
    """Return the whole abstract, escaped, with every span in a `mark`; those that are `own` too are
    of the class "own".
    """
    strong = set(own)
    runs = [(span, True) for span in merged(strong)]
    runs += [(span, False) for span in merged(set(spans) - strong)]
    parts = []
    end = 0
    for span, is_own in sorted(runs, key=lambda run: run[0].start):
        start = max(end, span.start)
        if start >= span.end:
            continue
        parts.append(escaped(abstract[end:start]))
        kind = ' class="own"' if is_own else ""
        parts.append(f"<mark{kind}>{escaped(abstract[start : span.end])}</mark>")
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
    facts = [
        paper_date(paper, DateForm.LONG),
        *(text_html(name) for name in (paper.venue, paper.organization) if name),
        _author_count(paper.author_count),
        escaped(foreign_language(paper)),
    ]
    known = " · ".join(fact for fact in facts if fact)
    return f'<p class="card-facts">{known}</p>' if known else ""


def _author_count(count: int | None) -> str:
    if count is None:
        return ""
    return "1 author" if count == 1 else f"{count} authors"


def _names(kind: str, names: tuple[str, ...], most: int) -> str:
    named, more = shortened(names, most)
    listed = ", ".join(map(text_html, named))
    return f'<p class="{kind}">{listed}{more}</p>' if listed else ""


def _mark(paper: Paper) -> str:
    found = suspicion(paper)
    return f'<p class="card-mark">This paper {escaped(found)}.</p>' if found else ""


def _doubles(papers: Sequence[Paper]) -> str:
    titles = ", ".join(
        f'<button type="button" class="title" data-open-paper="{escaped(paper.id)}">'
        f"{text_html(paper.title)}</button>"
        for paper in papers[:NAMED_DOUBLES]
    )
    more = " and others" if len(papers) > NAMED_DOUBLES else ""
    return f'<p class="card-doubles">Same abstract as: {titles}{more}</p>' if papers else ""


def _language(paper: Paper) -> str:
    """Return the attribute by which a screen reader speaks the abstract as it should be."""
    return f' lang="{escaped(paper.language or "")}"' if foreign_language(paper) else ""


def _links(paper: Paper) -> str:
    """Return the identifiers, and the address where it is none of them."""
    links = [_link(each.address, each.shown) for each in linked_identifiers(paper)]
    if paper.url and not is_identifier(paper.url, paper):
        links.append(_link(paper.url, paper.url))
    return f'<p class="card-link">{" · ".join(links)}</p>' if links else ""


def _link(address: str, shown: str) -> str:
    if not _may_be_followed(address):
        return text_html(shown)
    return (
        f'<a href="{escaped(address)}" target="_blank" rel="noopener noreferrer">'
        f"{text_html(shown)}</a>"
    )


def _may_be_followed(url: str) -> bool:
    try:
        return urlsplit(url).scheme in LINKED_SCHEMES
    except ValueError:  # an address that Python cannot read is shown, not followed
        return False


def _origins(sources: tuple[Source, ...], *, with_folders: bool) -> str:
    if not sources:
        return ""
    items = "".join(
        f"<li>{text_html(source.file if with_folders else _own_name(source.file))},"
        f" line {source.line}</li>"
        for source in sources
    )
    return f'<h3>Where to find it</h3><ul class="card-origins">{items}</ul>'


def _own_name(file: str) -> str:
    return re.split(r"[/\\]", file.rstrip("/\\"))[-1]
