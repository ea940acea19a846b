"""An answer that grows piece by piece."""

from __future__ import annotations

from threading import Event

import pytest
from papers import SOUP, source

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
    Usage,
)
from assistant.draft import Cite, Piece, Received, Remark, Spent, StartBlock, Text
from assistant.growing import Growing
from assistant.receipts.trace import Trace
from vectorstore.records import Span

PLAN = Plan("How much salt?", Intent.FACT, "salt")
SOURCES = (source(SOUP),)
GRAMS = "We show that 12 grams are enough for 40 bowls."
PIECES: tuple[Piece, ...] = (
    Spent(Usage(300)),
    StartBlock(BlockKind.PARAGRAPH),
    Remark("It says:"),
    Text(GRAMS[:11]),
    Received("a reply"),
    Text(GRAMS[11:]),
    Cite(("soup-1", "unknown")),
    Spent(Usage(310, 25, 0.5)),
)
CITED = (Citation(1, SOUP, (Quote(Span(17, 63), GRAMS),)),)


def begun(stop: Event | None = None, trace: Trace | None = None) -> Growing:
    answer = Answer(PLAN, Outcome.ANSWERED, (), (), (), "tiny", usage=Usage(100, 10, 0.25))
    return Growing(answer, stop or Event(), trace)


def paragraph(*claims: Claim) -> tuple[Block, ...]:
    return (Block(BlockKind.PARAGRAPH, claims),)


def test_each_piece_has_a_snapshot_and_the_last_one_is_complete() -> None:
    snapshots = list(begun().snapshots(SOURCES, iter(PIECES)))
    said, whole = Claim("It says:"), Claim(GRAMS, (1,), quotes=((1, Span(17, 63)),))
    assert [snapshot.blocks for snapshot in snapshots] == [
        (),
        (),
        paragraph(said),
        paragraph(said, Claim("We show tha")),
        paragraph(said, Claim("We show tha")),
        paragraph(said, Claim(GRAMS)),
        paragraph(said, whole),
        paragraph(said, whole),
        paragraph(said, whole),
    ]
    assert [snapshot.citations for snapshot in snapshots] == [()] * 6 + [CITED] * 3
    assert [snapshot.dropped_citations for snapshot in snapshots] == [0] * 6 + [1] * 3
    assert [snapshot.complete for snapshot in snapshots] == [False] * 8 + [True]


def test_what_the_plan_took_is_added_to_what_the_composer_took() -> None:
    snapshots = list(begun().snapshots(SOURCES, iter(PIECES)))
    assert [snapshot.usage for snapshot in snapshots] == [Usage(400, 10, 0.25)] * 7 + [
        Usage(410, 35, 0.75)
    ] * 2


@pytest.mark.parametrize("pieces", [(), PIECES])
def test_a_stopped_answer_is_not_complete(pieces: tuple[Piece, ...]) -> None:
    stop = Event()
    stop.set()
    *_, last = begun(stop).snapshots(SOURCES, iter(pieces))
    assert not last.complete


def test_a_draft_without_pieces_is_an_empty_answer() -> None:
    [only] = begun().snapshots(SOURCES, iter(()))
    assert (only.blocks, only.citations, only.complete) == ((), (), True)


def test_the_trace_is_told_of_plan_sources_and_pieces() -> None:
    trace = Trace()
    list(begun(trace=trace).snapshots(SOURCES, iter(PIECES)))
    assert (trace.plan, trace.sources, trace.reply) == (PLAN, SOURCES, "a reply")
    assert trace.draft == (PIECES[1], PIECES[2], Text(GRAMS), PIECES[6])
