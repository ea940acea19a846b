"""A whole conversation as one document in Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from answers import ANSWER

from assistant.answer import Block, BlockKind, Citation, Claim, Intent, Plan
from assistant.conversations.exchange_record import Ending, StoredExchange
from assistant.conversations.saved import Place, SavedConversation, SavedExchange
from ui.export.conversation_markdown import conversation_file_name, conversation_markdown

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def conversation(title: str, *exchanges: StoredExchange) -> SavedConversation:
    saved = (
        SavedExchange(Place("c", position, position + 1), NOON, exchange)
        for position, exchange in enumerate(exchanges)
    )
    return SavedConversation("c", title, tuple(saved))


def test_each_answer_has_its_own_sources() -> None:
    first = replace(
        ANSWER,
        blocks=(
            Block(BlockKind.HEADING, (Claim("Salt"),)),
            Block(BlockKind.PARAGRAPH, (Claim("12 grams are enough.", (1,)),)),
        ),
    )
    second = replace(
        first,
        plan=Plan("# And pepper?", Intent.FACT),
        blocks=(Block(BlockKind.PARAGRAPH, (Claim("# None.", (1,)),)),),
    )
    text = conversation_markdown(
        conversation(
            "Salt & *soup*",
            StoredExchange("How much salt?", answer=first),
            StoredExchange("# And pepper?", Ending.STOPPED, second),
        )
    )
    source = "[1] **Salt \\[for\\] \\*Soup\\***: Kitchen, 2024-05-06\n\n> 12 grams are enough.\n"
    assert text == (
        "# Salt \\& \\*soup\\*\n\n"
        "## How much salt?\n\n### Salt\n\n12 grams are enough. [1]\n\n### Sources\n\n"
        f"{source}\n"
        "## \\# And pepper?\n\n\\# None. [1]\n\n### Sources\n\n"
        f"{source}\n"
        "*Stopped.*\n"
    )


def test_what_failed_is_told() -> None:
    failed = StoredExchange("Why?", Ending.FAILED, problem="No *model*.", hint="Start it.")
    assert conversation_markdown(conversation("Why?", failed)) == (
        "# Why?\n\n## Why?\n\n*No \\*model\\*.*\n\n*Start it.*\n"
    )


def test_a_quote_that_is_gone_is_left_out() -> None:
    [cited] = ANSWER.citations
    lost = Citation(1, replace(cited.paper, abstract="Other words."), cited.quotes)
    answer = replace(ANSWER, citations=(lost,), blocks=())
    text = conversation_markdown(conversation("Salt", StoredExchange("Salt", answer=answer)))
    assert text.endswith("Left out: 1 quote that cannot be found in the stored abstract.\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How much salt?", "how-much-salt.md"),
        ("Crème brûlée…", "creme-brulee.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("面包", "conversation.md"),
    ],
)
def test_the_file_is_named_by_the_title(title: str, name: str) -> None:
    assert conversation_file_name(title) == name
