"""Shows an answer: what came of the question, the blocks of text with their markers, and the facts.

Invariant: every text of an answer appears as that text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.answer import Answer, Block, BlockKind, Verdict
from ui.answer_facts import BORDERLINE, answer_facts, counted, outcome_line
from ui.html.claim_html import Markers, claims_html
from ui.html.plain_text import escaped, text_html
from ui.html.table_html import table_html


def answer_html(answer: Answer) -> str:
    """Return an answer: what is to be known about it, its blocks, and how it came about."""
    return "".join(
        (
            _notice(answer),
            _outcome(answer),
            _blocks(answer.blocks, Markers.of(answer)),
            _borderline(answer),
            _facts(answer),
        )
    )


def _notice(answer: Answer) -> str:
    return f'<p class="notice">{text_html(answer.notice)}</p>' if answer.notice else ""


def _outcome(answer: Answer) -> str:
    line = outcome_line(answer)
    return f'<p class="verdict">{line}</p>' if line else ""


def _blocks(blocks: Sequence[Block], markers: Markers) -> str:
    parts = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        contents = [_block(block, markers) for block in run]
        if kind is BlockKind.ITEM:
            parts.append(f"<ul>{''.join(f'<li>{content}</li>' for content in contents)}</ul>")
        elif kind is BlockKind.TABLE:
            parts.extend(contents)
        else:
            tag = "h3" if kind is BlockKind.HEADING else "p"
            parts.extend(f"<{tag}>{content}</{tag}>" for content in contents)
    return "".join(parts)


def _block(block: Block, markers: Markers) -> str:
    if block.kind is BlockKind.TABLE:
        return table_html(block, markers)
    if not block.lead:
        return claims_html(block.claims, markers)
    bare = markers.html(block.claims[0]) if _is_title_only(block) else ""
    lead = f'<strong class="lead">{text_html(block.lead)}{bare}</strong>'
    claims = claims_html(block.claims[1:] if bare else block.claims, markers)
    return " ".join(part for part in (lead, claims) if part)


def _is_title_only(block: Block) -> bool:
    """Tell whether the first claim says nothing beyond the lead, which takes its markers."""
    first = next(iter(block.claims), None)
    return first is not None and not first.text and first.verdict is Verdict.SUPPORTED


def _borderline(answer: Answer) -> str:
    """Return the papers just below the line, folded away; below an answer that still grows they
    would move.
    """
    if not (answer.complete and answer.borderline):
        return ""
    items = "".join(
        f'<li><span class="relevance">{hit.relevance:.2f}</span> '
        f'<button type="button" class="title" data-open-paper="{escaped(hit.paper.id)}">'
        f"{text_html(hit.paper.title)}</button></li>"
        for hit in answer.borderline
    )
    papers = counted(len(answer.borderline), "paper")
    return (
        f'<details class="borderline"><summary>{BORDERLINE}: {papers}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _facts(answer: Answer) -> str:
    if not answer.complete:
        return ""
    return f'<p class="answer-facts">{text_html(" · ".join(answer_facts(answer)))}</p>'
