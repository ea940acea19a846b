"""Replies that turn on one sign: a bracket that stays open, an object that is none."""

from __future__ import annotations

import pytest

from assistant.answer import BlockKind
from assistant.checking.reply import ReplyParser
from assistant.checking.reply_draft import ReplyDraft
from assistant.draft import Cite, Piece, StartBlock, Text


def parse(chunks: list[str] | str) -> list[Piece]:
    """Return the pieces of a reply, texts in a row as one."""
    parser, merged = ReplyParser(), list[Piece]()
    for piece in [*(piece for chunk in chunks for piece in parser.feed(chunk)), *parser.finish()]:
        if isinstance(piece, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return merged


# All begin with a paragraph; a list of ids stands for a citation.
@pytest.mark.parametrize(
    ("reply", "parts"),
    [
        ("One ([two", ["One ([two"]),
        ("One ([two s3k9x. x", ["One ([two.", ["s3k9x"], " x"]),
        ("One [two s3k9x. x [y", ["One [two.", ["s3k9x"], " x [y"]),
        ("One [s3k9x]x", ["One", ["s3k9x"], "x"]),
        ("One [s3k9x]! ?", ["One!?", ["s3k9x"]]),
        ("(One. [s3k9x].) X", ["(One.)", ["s3k9x"], " X"]),
        ("One (([s3k9x])) x", ["One", ["s3k9x"], " x"]),
        ("One [s3k9x]  and [s2b2b].", ["One.", ["s3k9x", "s2b2b"]]),
        ("One [s3k9x].  and [s2b2b]", ["One.", ["s3k9x", "s2b2b"]]),
        (f"One [s3k9x]{'!' * 12} x", [f"One{'!' * 12}", ["s3k9x"], " x"]),
        ("One [s3k9x](http://x.org) s2b2b", ["One", ["s3k9x", "s2b2b"]]),
        ("One ((([s3k9x]))) x", ["One", ["s3k9x"], " x"]),
        (f"One [{'x' * 293} s3k9x]", ["One", ["s3k9x"]]),
        (f"One [{'x' * 294} s3k9x]", [f"One [{'x' * 294}]", ["s3k9x"]]),
        ("One. Source: [1, 2]", ["One. Source: (1, 2)"]),
        ("[s3k9x] [s2b2b] One", ["One", ["s3k9x", "s2b2b"]]),
        ('{"answer": "One.\ntwo"}', ["One. two"]),
        ("{One}", ["{One}"]),
    ],
)
def test_what_a_reply_says(reply: str, parts: list[str | list[str]]) -> None:
    pieces = [Text(part) if isinstance(part, str) else Cite(tuple(part)) for part in parts]
    assert parse([reply]) == parse(reply) == [StartBlock(BlockKind.PARAGRAPH), *pieces]


def test_a_block_may_begin_as_an_id_does() -> None:
    paragraph = StartBlock(BlockKind.PARAGRAPH)
    assert parse("a\n\nsoup") == [paragraph, Text("a"), paragraph, Text("soup")]


def test_a_draft_begins_with_neither_block_nor_blank() -> None:
    draft = ReplyDraft()
    draft.end_claim(".")
    draft.write(" a  b")
    draft.cite(["s2b2b"])
    assert draft.take(last=True) == [Text("a b"), Cite(("s2b2b",))]
    plain = ReplyDraft()
    plain.write("a")
    assert plain.take() == [Text("a")]
