"""A receipt to write, read and replay: what a model said of bread and soup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from papers import BREAD, SOUP, source

from assistant.answer import Answer, BlockKind, Intent, Outcome, Plan, Usage
from assistant.checking.verify import Verifier
from assistant.draft import (
    Cite,
    Piece,
    Received,
    Remark,
    Sent,
    Spent,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Text,
)
from assistant.model.chat_model import Message
from assistant.receipts.receipt import Circumstances
from assistant.receipts.trace import Trace
from vectorstore.filters import Filters
from vectorstore.question import Correction
from vectorstore.records import Hit, Paper, ScoreParts

QUESTIONS = ("What of bread?", "And of soup?")
PROMPT = (Message("system", "Be brief."), Message("user", "And of soup?"))
PLAN = Plan(
    QUESTIONS[1],
    Intent.FACT,
    "soup",
    filters=Filters(published_from=date(2024, 1, 1), scope=("bread", "soup")),
)
REPLY = ("12 grams are ", "enough for 40 bowls [soup-1].")
PIECES: tuple[Piece, ...] = (
    Spent(Usage(90)),
    Sent(PROMPT),
    StartBlock(BlockKind.PARAGRAPH),
    Remark("The search found 2 papers:"),
    Received(REPLY[0]),
    StartBlock(BlockKind.ITEM, "Salt"),
    Text("12 grams are "),
    Received(REPLY[1]),
    Text("enough for 40 bowls."),
    Cite(("soup-1",)),
    StartTable(("Paper", "Says")),
    StartRow(),
    StartCell(),
    Text("Levain"),
    StartCell(),
    Text("We present Levain, a starter that rises 3.5 times faster."),
    Cite(("bread-1",)),
)
CIRCUMSTANCES = Circumstances(
    paperchat="0.1.0",
    made_at=datetime(2026, 1, 2, 3, 4, 5, 6, UTC),
    chat="tiny",
    reranker="",
    settings={"assistant.list_relevance": 0.35, "chat.temperature": None, "chat.retries": 1},
)


def answered(papers: Sequence[Paper] = (BREAD, SOUP)) -> tuple[Answer, Trace]:
    """Return the answer that the pieces make, and its trace."""
    sources = tuple(source(paper) for paper in papers)
    trace, verifier = Trace(), Verifier(sources)
    trace.selected(PLAN, sources)
    for piece in PIECES:
        trace.piece(piece)
        verifier.feed(piece)
    verifier.finish()
    answer = Answer(
        plan=PLAN,
        outcome=Outcome.ANSWERED,
        blocks=verifier.blocks,
        citations=verifier.citations,
        ranking=tuple(Hit(paper, 0.9, 0.9, ScoreParts(0.5, 0.25)) for paper in papers),
        mode="tiny",
        complete=True,
        seconds=1.5,
        usage=Usage(90, 12, 0.001),
        corrections=(Correction("suop", "soup"),),
        uncovered=("tea",),
    )
    return answer, trace
