"""Shows the conversation: questions, how they were understood, and their answers.

Owns the HTML of the transcript, as pure functions; `page` decides when it is shown. Invariant:
every text of a question or an answer appears as that text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.answer import Answer, Block, BlockKind, Verdict
from ui.answer_facts import BORDERLINE, answer_facts, counted, outcome_line
from ui.html.claim_html import Markers, claims_html
from ui.html.plain_text import text_html
from ui.html.plan_html import plan_html
from ui.html.table_html import table_html
from ui.page.conversation import Exchange, Progress


def transcript_html(earlier: Sequence[Exchange]) -> str:
    """Return the exchanges before the last one, oldest first."""
    return "".join(
        exchange_html(exchange, turn, last=False) for turn, exchange in enumerate(earlier)
    )


def exchange_html(exchange: Exchange, turn: int, *, last: bool = True) -> str:
    """Return one question and its answer so far; markers name it as number `turn`, from 0.

    While it grows it is marked busy, so that a screen reader waits until the answer stands.
    """
    busy = "true" if exchange.progress is Progress.RUNNING else "false"
    answer = answer_html(exchange.answer, turn) if exchange.answer else ""
    return (
        f'<article class="exchange" aria-busy="{busy}">'
        f'<h2 class="question">{text_html(exchange.question)}</h2>'
        f"{plan_html(exchange, last=last)}"
        f'<div class="answer">{answer}{_ending(exchange)}</div>'
        "</article>"
    )


def answer_html(answer: Answer, turn: int) -> str:
    """Return an answer: what is to be known about it, its blocks, and how it came about."""
    return "".join(
        (
            _notice(answer),
            _outcome(answer),
            _blocks(answer.blocks, Markers.of(answer, turn)),
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
        f'<li><span class="relevance">{hit.relevance:.2f}</span> {text_html(hit.paper.title)}</li>'
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


def _ending(exchange: Exchange) -> str:
    if exchange.progress is Progress.RUNNING:
        doing = "Writing" if exchange.answer else "Searching the abstracts"
        return f'<p class="working">{doing}…</p>'
    if exchange.progress is Progress.STOPPED:
        return '<p class="stopped">Stopped.</p>'
    if exchange.progress is Progress.FAILED:
        hint = f"<p>{text_html(exchange.hint)}</p>" if exchange.hint else ""
        return f'<div class="failure" role="alert"><p>{text_html(exchange.problem)}</p>{hint}</div>'
    return ""
