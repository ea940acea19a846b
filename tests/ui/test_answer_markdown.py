"""Answers as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answers import ANSWER
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer import Block, BlockKind, Claim
from ui.answer_markdown import answer_markdown

PARAGRAPH = {"paragraph_open", "paragraph_close"}
LIST = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
LAYOUT = {
    BlockKind.PARAGRAPH: PARAGRAPH,
    BlockKind.ITEM: PARAGRAPH | LIST,
    BlockKind.HEADING: {"heading_open", "heading_close"},
}


def test_whole_answer() -> None:
    assert answer_markdown(ANSWER) == (
        "## Salt\n"
        "\n"
        "The abstracts say:\n"
        "\n"
        "- **Salt \\[for\\] \\*Soup\\***: 12 grams are enough. [1]\n"
        "- See \\[2\\] and \x1b\\[31m\\<b\\> (no source cited)\n"
        "\n"
        "Done [1]"
    )


HOSTILE = [
    "Known &lbrack;7&rbrack; and &lt;b&gt;",
    "1. first",
    "- a list",
    "+ a list",
    "# heading",
    "===",
    "https://evil.example and www.evil.example and a@evil.example",
    "![x](http://evil.example) [y](javascript:z)",
    "a  \n\n    code",
    "| a | b |",
    "~~gone~~ __bold__ `code` $x$",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", BlockKind)
def test_text_renders_as_the_text_it_is(text: str, kind: BlockKind) -> None:
    assert rendered_text(Block(kind, (Claim(text),))) == " ".join(text.split())


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.sampled_from(BlockKind))
def test_any_text_renders_as_the_text_it_is(text: str, kind: BlockKind) -> None:
    assert rendered_text(Block(kind, (Claim(text),))) == " ".join(text.split())


def rendered_text(block: Block) -> str:
    """Return what a Markdown renderer shows of the block, having checked that it adds nothing."""
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(answer_markdown(replace(ANSWER, blocks=(block,))))
    )
    parts = [part for token in tokens if token.type == "inline" for part in token.children or ()]
    assert {part.type for part in parts} <= {"text", "text_special"}
    layout = {token.type for token in tokens} - {"inline"}
    assert layout <= LAYOUT[block.kind]
    return "".join(part.content for part in parts)
