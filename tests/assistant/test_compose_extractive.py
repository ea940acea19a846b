"""The extractive composer: which sentences it takes, and in which layout."""

from __future__ import annotations

from threading import Event

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import BlockKind, Intent, Plan
from assistant.compose_extractive import ExtractiveComposer
from assistant.draft import Cite, Piece, Remark, StartBlock, Task, Text

SOURCES = (source(BREAD, 0.5, 0.45, 0.9), source(SOUP, 0.2, 0.6))


def draft(intent: Intent, stop: Event | None = None) -> list[Piece]:
    """Return the whole draft of both sources."""
    task = Task(Plan("q", intent), SOURCES)
    return list(ExtractiveComposer().compose(task, stop or Event()))


def test_a_list_has_one_sentence_a_paper_and_prefers_what_the_paper_does() -> None:
    assert draft(Intent.LIST) == [
        StartBlock(BlockKind.PARAGRAPH),
        Remark("2 papers in this collection match:"),
        StartBlock(BlockKind.ITEM, BREAD.title),
        Text("We present Levain, a starter that rises 3.5 times faster."),
        Cite(("bread-1",)),
        StartBlock(BlockKind.ITEM, SOUP.title),
        Text("We show that 12 grams are enough for 40 bowls."),
        Cite(("soup-1",)),
    ]


def test_a_fact_has_more_of_the_first_paper_and_links_last() -> None:
    assert [piece for piece in draft(Intent.FACT) if isinstance(piece, Cite)] == [
        Cite(("bread-0",)),
        Cite(("bread-1",)),
        Cite(("bread-2",)),
        Cite(("soup-1",)),
    ]


def test_a_summary_keeps_the_order_of_the_abstract() -> None:
    pieces = draft(Intent.SUMMARY)
    assert pieces[1] == Remark("What 2 papers in this collection report:")
    cited = [piece.sentence_ids[0] for piece in pieces if isinstance(piece, Cite)]
    assert cited == ["bread-0", "bread-1", "bread-2", "soup-0", "soup-1"]


def test_a_list_within_a_scope_says_so() -> None:
    task = Task(Plan("q", Intent.LIST, scope=("bread", "soup")), SOURCES[:1])
    assert list(ExtractiveComposer().compose(task, Event()))[1] == Remark(
        "1 of those papers matches:"
    )


def test_stopping_ends_the_draft() -> None:
    stop = Event()
    stop.set()
    assert draft(Intent.LIST, stop) == [
        StartBlock(BlockKind.PARAGRAPH),
        Remark("2 papers in this collection match:"),
    ]


@pytest.mark.parametrize("intent", Intent)
def test_what_nothing_covers_is_said_last(intent: Intent) -> None:
    task = Task(Plan("q", intent), SOURCES, uncovered=("gene therapy",))
    whole = draft(intent)
    assert list(ExtractiveComposer().compose(task, Event())) == [
        *whole,
        StartBlock(BlockKind.PARAGRAPH),
        Remark("Nothing here covers “gene therapy”."),
    ]


def test_stopping_ends_the_draft_before_what_nothing_covers() -> None:
    stop = Event()
    stop.set()
    task = Task(Plan("q", Intent.LIST), SOURCES, uncovered=("gene therapy",))
    assert list(ExtractiveComposer().compose(task, stop)) == draft(Intent.LIST, stop)


def test_the_closest_papers_where_nothing_answers() -> None:
    task = Task(Plan("q", Intent.LIST), SOURCES[1:], uncovered=("gene therapy",))
    assert list(ExtractiveComposer().compose_closest(task)) == [
        StartBlock(BlockKind.PARAGRAPH),
        Remark("Nothing in this collection covers “gene therapy”. The closest papers are:"),
        StartBlock(BlockKind.ITEM, SOUP.title),
        Text("We show that 12 grams are enough for 40 bowls."),
        Cite(("soup-1",)),
    ]
