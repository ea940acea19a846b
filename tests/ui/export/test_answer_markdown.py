"""Answers as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from answers import ANSWER, TABLE
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer import Block, BlockKind, Claim
from ui.export.answer_markdown import answer_markdown

PARAGRAPH = {"paragraph_open", "paragraph_close"}
LIST = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
LAYOUT = {
    BlockKind.PARAGRAPH: PARAGRAPH,
    BlockKind.ITEM: PARAGRAPH | LIST,
    BlockKind.HEADING: {"heading_open", "heading_close"},
    BlockKind.TABLE: {
        f"{part}_{end}"
        for part in ("table", "thead", "tbody", "tr", "th", "td")
        for end in ("open", "close")
    },
}


def test_whole_answer() -> None:
    assert answer_markdown(ANSWER) == (
        "## Salt\n"
        "\n"
        "The abstracts say:\n"
        "\n"
        "- **Salt \\[for\\] \\*Soup\\***: 12 grams are enough. [1]\n"
        "- See \\[2\\] and \x1b\\[31m\\<b\\> (no source says this)\n"
        "\n"
        "Done [1]"
    )


def test_a_table() -> None:
    assert answer_markdown(replace(ANSWER, blocks=(*ANSWER.blocks[:1], TABLE))) == (
        "## Salt\n"
        "\n"
        "|  | Salt \\| pepper | Taste |\n"
        "| --- | --- | --- |\n"
        "| Soup | 12 grams of salt [1] or a\\|b. [1] "
        "| Fine: 82%. [1] (not all of it is in the cited sentence: 82%) |\n"
        "| Bread |  | Dull. (no source says this) |"
    )


def test_a_table_that_grows_has_empty_cells() -> None:
    growing = replace(TABLE, rows=((TABLE.rows[0][0],),))
    assert answer_markdown(replace(ANSWER, blocks=(growing,))) == (
        "|  | Salt \\| pepper | Taste |\n| --- | --- | --- |\n| Soup |  |  |"
    )


@pytest.mark.parametrize(
    ("claims", "markdown"),
    [
        ((Claim("", (1,)),), "- **A title** [1]"),
        ((Claim("", (1,)), Claim("More.", (2,))), "- **A title** [1] More. [2]"),
        ((Claim("Said.", (1,)),), "- **A title**: Said. [1]"),
        ((), "- **A title**"),
    ],
)
def test_a_lead_and_what_follows(claims: tuple[Claim, ...], markdown: str) -> None:
    item = Block(BlockKind.ITEM, claims, "A title")
    assert answer_markdown(replace(ANSWER, blocks=(item,))) == markdown


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
@pytest.mark.parametrize("kind", LAYOUT)
def test_text_renders_as_the_text_it_is(text: str, kind: BlockKind) -> None:
    assert rendered_text(block_of(kind, text)) == " ".join(text.split())


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.sampled_from(list(LAYOUT)))
def test_any_text_renders_as_the_text_it_is(text: str, kind: BlockKind) -> None:
    assert rendered_text(block_of(kind, text)) == " ".join(text.split())


def block_of(kind: BlockKind, text: str) -> Block:
    """Return a block that says `text` alone: a table in its only cell, its heading empty."""
    if kind is BlockKind.TABLE:
        return Block(kind, columns=("",), rows=(((Claim(text),),),))
    return Block(kind, (Claim(text),))


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
