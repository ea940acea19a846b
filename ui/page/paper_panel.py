"""The panel with one paper, beside whatever it was opened from.

Owns its wiring. A paper is opened from an answer, with the sentences that the answer quotes, or by
itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.answer import Citation
from ui.export.export_bibtex import paper_bibtex
from ui.export.reference import reference
from ui.html.paper_card import NAMED_DOUBLES, PANEL_TEMPLATE, CardSource, card_html
from ui.html.similar_html import similar_html
from ui.page.calls import Answered, Asked, CallError, call, common_call, number, text
from ui.page.desk import Desk
from ui.page.scripts import script
from vectorstore.catalog_doubles import same_abstract_ids
from vectorstore.records import Paper, Span
from vectorstore.similar import similar_papers

if TYPE_CHECKING:
    import gradio as gr

SIMILAR_PAPERS = 6
_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})")


def paper_panel(desk: Desk) -> gr.HTML:
    """Return the panel, wired."""
    import gradio as gr

    return gr.HTML(
        elem_id="paper-panel",
        html_template=PANEL_TEMPLATE,
        js_on_load=script("paper_panel.js"),
        server_functions=_functions(desk),
        apply_default_css=False,
    )


def _functions(desk: Desk) -> list[Callable[..., Answered]]:
    """Return what the script calls."""

    def opened(asked: Asked, visitor: str) -> Answered:
        if text(asked, "conversation") and number(asked, "number", 0):
            paper, source = _cited(desk, asked, visitor)
        else:
            paper, source = _paper(desk, asked), None
        html = card_html(paper, source, _doubles(desk, paper), with_folders=not desk.shared)
        return {"html": html, "paper": paper.id, "title": paper.title}

    def similar(asked: Asked) -> Answered:
        found = similar_papers(desk.library, _paper(desk, asked).id, SIMILAR_PAPERS)
        return {"html": similar_html(found)}

    def cited_as(asked: Asked) -> Answered:
        paper = _paper(desk, asked)
        return {"bibtex": paper_bibtex(paper), "reference": reference(paper)}

    common = [common_call(each, shared=desk.shared) for each in (similar, cited_as)]
    return [call(opened, shared=desk.shared), *common]


def _paper(desk: Desk, asked: Asked) -> Paper:
    paper_id = text(asked, "paper")
    found = desk.library.catalog.papers([paper_id]).get(paper_id)
    if found is None:
        raise CallError("This paper is no longer in the library")
    return found


def _doubles(desk: Desk, paper: Paper) -> list[Paper]:
    """Return other papers with the same abstract, one more than are named on the card."""
    catalog = desk.library.catalog
    ids = same_abstract_ids(catalog.file, paper.id, NAMED_DOUBLES + 1)
    papers = catalog.papers(ids)
    return [papers[each] for each in ids if each in papers]


def _cited(desk: Desk, asked: Asked, visitor: str) -> tuple[Paper, CardSource]:
    """Return a source of an answer, as it was when the answer was given."""
    conversation, position = text(asked, "conversation"), number(asked, "position")
    saved = desk.conversations.read_exchange(visitor, conversation, position)
    answer, wanted = saved.exchange.answer, number(asked, "number")
    citations = {citation.number: citation for citation in answer.citations} if answer else {}
    if answer is None or wanted not in citations:
        raise CallError("The answer has no such source", hint="Load the page again.")
    citation = citations[wanted]
    hits = {hit.paper.id: hit for hit in answer.ranking}
    own = _own(citation, text(asked, "spans", 10_000))
    return citation.paper, CardSource(citation, own, hits.get(citation.paper.id))


def _own(citation: Citation, places: str) -> tuple[Span, ...]:
    """Return the quoted sentences that the pressed marker stands for."""
    wanted = {Span(int(start), int(end)) for start, end in _PLACE.findall(places)}
    return tuple(quote.span for quote in citation.quotes if quote.span in wanted)
