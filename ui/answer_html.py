"""Shows the conversation: questions, and answers with numbered markers for their sources.

Owns the HTML of the transcript, as pure functions; `page` decides when it is shown. Invariant:
every text of a question or an answer appears as that text, and every marker names the exchange and
the citation that it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.answer import EXTRACTIVE, Answer, Block, BlockKind, Claim, Outcome, Verdict
from ui.conversation import Exchange, Progress
from ui.plain_text import escaped, text_html
from ui.verdicts import BORDERLINE, verdict

# What a claim may begin with and still follow the one before without a space.
CLOSING = ",.;:!?)]}’”%"


def transcript_html(exchanges: Sequence[Exchange], first_turn: int = 0) -> str:
    """Return the exchanges, oldest first; markers count turns from `first_turn`."""
    return "".join(
        exchange_html(exchange, turn) for turn, exchange in enumerate(exchanges, first_turn)
    )


def exchange_html(exchange: Exchange, turn: int) -> str:
    """Return one question and its answer so far.

    While it grows it is marked busy, so that a screen reader waits until the answer stands.
    """
    busy = "true" if exchange.progress is Progress.RUNNING else "false"
    answer = answer_html(exchange.answer, turn) if exchange.answer else ""
    return (
        f'<article class="exchange" aria-busy="{busy}">'
        f'<h2 class="question">{text_html(exchange.question)}</h2>'
        f'<div class="answer">{answer}{_ending(exchange)}</div>'
        "</article>"
    )


def answer_html(answer: Answer, turn: int) -> str:
    """Return an answer: what is to be known about it, its blocks, and how it came about."""
    titles = {citation.number: citation.paper.title for citation in answer.citations}
    return "".join(
        (
            _notice(answer),
            _verdict(answer),
            _blocks(answer.blocks, turn, titles),
            _borderline(answer),
            _facts(answer),
        )
    )


def _notice(answer: Answer) -> str:
    return f'<p class="notice">{text_html(answer.notice)}</p>' if answer.notice else ""


def _verdict(answer: Answer) -> str:
    if answer.outcome is not Outcome.NOT_FOUND:
        return ""
    return '<p class="verdict">Not found in this collection</p>'


def _blocks(blocks: Sequence[Block], turn: int, titles: dict[int, str]) -> str:
    parts = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        contents = [_block(block, turn, titles) for block in run]
        if kind is BlockKind.ITEM:
            parts.append(f"<ul>{''.join(f'<li>{content}</li>' for content in contents)}</ul>")
        else:
            tag = "h3" if kind is BlockKind.HEADING else "p"
            parts.extend(f"<{tag}>{content}</{tag}>" for content in contents)
    return "".join(parts)


def _block(block: Block, turn: int, titles: dict[int, str]) -> str:
    parts = [f'<strong class="lead">{text_html(block.lead)}</strong>'] if block.lead else []
    for claim in block.claims:
        if parts and not claim.text.startswith(tuple(CLOSING)):
            parts.append(" ")
        parts.append(_claim(claim, turn, titles))
    return "".join(parts)


def _claim(claim: Claim, turn: int, titles: dict[int, str]) -> str:
    markers = "".join(_marker(turn, number, titles.get(number, "")) for number in claim.citations)
    if claim.verdict is Verdict.SUPPORTED:
        return f'<span class="claim">{text_html(claim.text)}{markers}</span>'
    return (
        f'<span class="claim unsupported">{text_html(claim.text)}{markers}'
        f' <span class="flag">{verdict(claim)}</span></span>'
    )


def _marker(turn: int, number: int, title: str) -> str:
    return (
        f'<button type="button" class="cite" data-turn="{turn}" data-number="{number}" '
        f'aria-label="Source {number}: {escaped(title)}">[{number}]</button>'
    )


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
    papers = _counted(len(answer.borderline), "paper")
    return (
        f'<details class="borderline"><summary>{BORDERLINE}: {papers}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _facts(answer: Answer) -> str:
    if not answer.complete:
        return ""
    facts = [
        _counted(len(answer.citations), "source"),
        EXTRACTIVE if answer.mode == EXTRACTIVE else text_html(answer.mode),
        f"{answer.seconds:.1f} s",
    ]
    if answer.dropped_citations:
        dropped = _counted(answer.dropped_citations, "reference")
        facts.append(f"{dropped} to unknown sentences left out")
    return f'<p class="answer-facts">{" · ".join(facts)}</p>'


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


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
