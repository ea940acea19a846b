"""A small answer to show, with every kind of block, and hostile text in each."""

from __future__ import annotations

from datetime import date

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
)
from vectorstore.records import Hit, Paper, Source, Span

PAPER = Paper(
    id="p1",
    title="Salt [for] *Soup*",
    abstract="Soup needs salt. 12 grams are enough.",
    published=date(2024, 5, 6),
    organization="Kitchen",
    sources=(Source("page.txt", 3),),
)
ANSWER = Answer(
    plan=Plan("How much salt?", Intent.FACT, "How much salt?"),
    outcome=Outcome.ANSWERED,
    blocks=(
        Block(BlockKind.HEADING, (Claim("Salt"),)),
        Block(BlockKind.PARAGRAPH, (Claim("The abstracts say:"),)),
        Block(BlockKind.ITEM, (Claim("12 grams are enough.", (1,)),), PAPER.title),
        Block(BlockKind.ITEM, (Claim("See [2] and \x1b[31m<b>", (), supported=False),)),
        Block(BlockKind.PARAGRAPH, (Claim("Done", (1,)),)),
    ),
    citations=(Citation(1, PAPER, (Quote(Span(17, 37), "12 grams are enough."),)),),
    ranking=(Hit(PAPER, 0.91234, 0.9, 0.5, 1.0),),
    mode="extractive",
    notice="The model failed.",
    complete=True,
    seconds=0.123456,
)
