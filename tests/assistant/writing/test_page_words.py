"""How long a draft is on the page, against the page itself."""

from __future__ import annotations

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import Answer, AnswerLength, BlockKind, Intent, Outcome, Plan, Usage
from assistant.checking.verify import Verifier
from assistant.draft import (
    Cite,
    Piece,
    Remark,
    Spent,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Text,
)
from assistant.writing.page_words import first_within, most_words, words_of
from ui.export.answer_markdown import answer_markdown

PARAGRAPH = StartBlock(BlockKind.PARAGRAPH)
GRAMS: tuple[Piece, ...] = (
    Text("We show that 12 grams are enough for 40 bowls."),
    Cite(("soup-1",)),
)
DRAFTS: list[list[Piece]] = [
    [],
    [Spent(Usage(5, 7))],
    [PARAGRAPH, Remark("2 papers match:"), *GRAMS, *GRAMS],
    [StartBlock(BlockKind.HEADING), Remark("Soup and bread"), PARAGRAPH, *GRAMS],
    [StartBlock(BlockKind.ITEM, BREAD.title), Cite(("bread-0",))],
    [StartBlock(BlockKind.ITEM, SOUP.title), *GRAMS],
    [
        StartTable(("", "Two words", "Last")),
        *(StartRow(), StartCell(), Remark("Result"), StartCell(), *GRAMS, StartCell(), Remark("–")),
        *(StartRow(), StartCell(), Remark("–"), StartCell(), Remark("–"), StartCell(), *GRAMS),
    ],
]


@pytest.mark.parametrize("draft", DRAFTS)
def test_words_are_counted_as_markdown_shows_them(draft: list[Piece]) -> None:
    verifier = Verifier((source(BREAD), source(SOUP)))
    for piece in draft:
        verifier.feed(piece)
    verifier.finish()
    plan = Plan("q", Intent.LIST)
    answer = Answer(plan, Outcome.ANSWERED, verifier.blocks, verifier.citations, (), "extractive")
    assert words_of(draft) == len(answer_markdown(answer).split())


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Intent.FACT, 250),
        (Intent.TITLE, 250),
        (Intent.COMPARE, 500),
        (Intent.LIST, 900),
        (Intent.COUNT, 900),
        (Intent.SUMMARY, 900),
    ],
)
def test_how_long_an_answer_may_be(intent: Intent, words: int) -> None:
    assert most_words(intent) == words


@pytest.mark.parametrize(("room", "chosen"), [(3, "a b c"), (2, "a b"), (1, "a"), (0, "a")])
def test_the_first_draft_for_which_there_is_room(room: int, chosen: str) -> None:
    drafts = [[Text("a b c")], [Text("a b")], [Text("a")]]
    assert first_within(room, iter(drafts)) == [Text(chosen)]


def test_no_draft() -> None:
    assert first_within(5, []) == ()


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Intent.FACT, (100, 250, 500)),
        (Intent.COMPARE, (200, 500, 1000)),
        (Intent.LIST, (360, 900, 1800)),
    ],
)
def test_words_by_length(intent: Intent, words: tuple[int, int, int]) -> None:
    assert tuple(most_words(intent, length) for length in AnswerLength) == words
    assert most_words(intent) == words[1]
