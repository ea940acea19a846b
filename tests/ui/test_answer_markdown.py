"""Answers as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

from answers import ANSWER
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Block, BlockKind, Claim
from ui.answer_markdown import answer_markdown


def test_whole_answer() -> None:
    assert answer_markdown(ANSWER) == (
        "## Salt\n"
        "\n"
        "The abstracts say:\n"
        "\n"
        "- **Salt \\[for\\] \\*Soup\\***: 12 grams are enough. [1]\n"
        "- See \\[2\\] and \x1b\\[31m\\<b\\> (no quoted sentence bears this out)\n"
        "\n"
        "Done [1]"
    )


@given(st.text(), st.text())
def test_text_never_makes_a_marker_or_a_line(lead: str, text: str) -> None:
    block = Block(BlockKind.ITEM, (Claim(text),), lead)
    markdown = answer_markdown(replace(ANSWER, blocks=(block,)))
    assert not re.search(r"\[\d+\]", markdown)
    assert "\n" not in markdown
