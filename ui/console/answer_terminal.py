"""Lays out an answer on a terminal: how the question was understood, blocks, sources, facts.

Invariant: as in `terminal`, text of papers and of questions is shown as text.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from assistant.answer import Answer, Block, BlockKind, Citation
from assistant.planning.plan_words import plan_sentence
from ui.answer_facts import BORDERLINE, answer_facts, outcome_line
from ui.console.claim_terminal import claims_text
from ui.console.table_terminal import table_layout
from ui.console.terminal_text import details, terminal_text
from ui.search_notes import understanding_notes


def answer_layout(answer: Answer, width: int) -> Iterator[RenderableType]:
    """Yield an answer and, below it, each source with the quotes that the answer does not show.

    `width` is that of the terminal, in columns: on a narrow one tables become lists.
    """
    yield from _introduction(answer)
    for block in answer.blocks:
        yield from _block(block, width)
    if answer.borderline:
        yield Text(f"\n{BORDERLINE}:", style="dim")
    for hit in answer.borderline:
        yield Text(f"{hit.relevance:.2f}  {terminal_text(hit.paper.title)}", style="dim")
    if answer.citations:
        yield Text("\nSources", style="bold")
    shown = frozenset(claim.text for block in answer.blocks for claim in block.all_claims())
    for citation in answer.citations:
        yield _source(citation, shown)
    yield Text(f"\n{terminal_text(' · '.join(answer_facts(answer)))}", style="dim")


def _introduction(answer: Answer) -> Iterator[Text]:
    if answer.notice:
        yield Text(terminal_text(answer.notice), style="yellow")
    notes = (plan_sentence(answer.plan), *understanding_notes(answer.corrections, ()))
    for note in filter(None, notes):
        yield Text(terminal_text(note), style="dim")
    if line := outcome_line(answer):
        yield Text(line, style="bold yellow")


def _block(block: Block, width: int) -> Iterator[RenderableType]:
    if block.kind is BlockKind.TABLE:
        yield from table_layout(block, width)
        return
    text = Text("\n• " if block.kind is BlockKind.ITEM else "\n")
    if block.lead:
        text.append(terminal_text(block.lead), style="bold")
    if block.lead and block.claims:
        text.append("\n  " if block.claims[0].text else " ")
    style = "bold" if block.kind is BlockKind.HEADING else ""
    yield text.append_text(claims_text(block.claims, style))


def _source(citation: Citation, shown: frozenset[str]) -> Text:
    paper = citation.paper
    text = Text(f"[{citation.number}] ", style="cyan")
    text.append(terminal_text(paper.title), style="default bold")
    text.append(details(paper), style="default dim")
    for quote in citation.quotes:
        if " ".join(quote.text.split()) not in shown:
            text.append(f"\n    “{terminal_text(quote.text)}”", style="default")
    return text
