"""A small answer, search and explanation to show, with every kind of block, and hostile text."""

from __future__ import annotations

from dataclasses import replace
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
    Verdict,
)
from assistant.explaining.score_shares import Part, PartShare
from assistant.explaining.standing import Standing
from assistant.explaining.why import Explanation
from vectorstore.coverage import Coverage, Facet
from vectorstore.filters import FilterReport
from vectorstore.question import Correction
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit, Source, Span, WordMatch
from vectorstore.search import SearchResult

PAPER = Paper(
    id="p1",
    title="Salt [for] *Soup*",
    abstract="Soup needs salt. 12 grams are enough.",
    published=date(2024, 5, 6),
    organization="Kitchen",
    sources=(Source("page.txt", 3),),
)
HIT = Hit(
    PAPER,
    relevance=0.91234,
    fused=0.9,
    parts=ScoreParts(pooled=0.5, late=0.75, lexical=1.0, title=0.0),
    sentences=(SentenceHit(Span(0, 16), 0.2), SentenceHit(Span(17, 37), 0.5)),
    words=(WordMatch("salt", 1.5, 0.9), WordMatch("<much>", 0.25, 0.12345)),
)
ANSWER = Answer(
    plan=Plan("How much salt?", Intent.FACT, "How much salt?"),
    outcome=Outcome.ANSWERED,
    blocks=(
        Block(BlockKind.HEADING, (Claim("Salt"),)),
        Block(BlockKind.PARAGRAPH, (Claim("The abstracts say:"),)),
        Block(BlockKind.ITEM, (Claim("12 grams are enough.", (1,)),), PAPER.title),
        Block(BlockKind.ITEM, (Claim("See [2] and \x1b[31m<b>", (), verdict=Verdict.WEAK),)),
        Block(BlockKind.PARAGRAPH, (Claim("Done", (1,)),)),
    ),
    citations=(Citation(1, PAPER, (Quote(Span(17, 37), "12 grams are enough."),)),),
    ranking=(HIT,),
    mode="extractive",
    notice="The model failed.",
    complete=True,
    seconds=0.123456,
)
TABLE = Block(
    BlockKind.TABLE,
    columns=("", "Salt | pepper", "Taste"),
    rows=(
        (
            (Claim("Soup"),),
            (Claim("12 grams\nof salt", (1,)), Claim("or a|b.", (1,))),
            (Claim("Fine: 82%.", (1,), Verdict.WEAK, ("82%",)),),
        ),
        ((Claim("Bread"),), (), (Claim("Dull.", (), Verdict.UNSUPPORTED),)),
    ),
)
SEARCH = SearchResult(
    (HIT,),
    (Correction("slat", "salt"),),
    FilterReport(1, undated=3),
    Coverage(
        0.5, (), (Facet("salt", 0.9, covered=True), Facet("gene therapy", 0.2, covered=False))
    ),
)
BEST = replace(HIT, paper=Paper("p2", "[bold]Best[/bold]", ""), relevance=0.96, fused=1.0)
EXPLANATION = Explanation(
    question="How much slat?",
    hit=HIT,
    standing=Standing.BELOW,
    reason="It is below the line of the list.",
    rank=2,
    ranked=365,
    list_relevance=0.95,
    borderline_relevance=0.92,
    parts=(
        PartShare(Part.POOLED, 0.5, 0.5, 1.0, 0.25, 0.5),
        PartShare(Part.LEXICAL, 0.1, 1.0, 0.5, 0.1, 0.05),
    ),
    best=BEST,
    answered=HIT.words[:1],
    unanswered=HIT.words[1:],
    corrections=SEARCH.corrections,
    uncovered=("gene therapy",),
    sentence="12 grams are enough.",
)
