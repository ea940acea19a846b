from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import BlockKind
from assistant.checking.reply import ReplyParser
from assistant.checking.reply_wrapping import WithoutWrapping
from assistant.checking.sentence_ids import SENTENCE_ID
from assistant.draft import Cite, Piece, StartBlock, Text

PARAGRAPH = StartBlock(BlockKind.PARAGRAPH)
HEADING = StartBlock(BlockKind.HEADING)
ITEM = StartBlock(BlockKind.ITEM)


def parse(chunks: Iterable[str]) -> list[Piece]:
    """Return the pieces of a reply, with texts that follow one another as one."""
    parser = ReplyParser()
    pieces = [piece for chunk in chunks for piece in parser.feed(chunk)]
    merged: list[Piece] = []
    for piece in [*pieces, *parser.finish()]:
        if isinstance(piece, Text) and merged and isinstance(merged[-1], Text):
            piece = Text(merged.pop().text + piece.text)
        merged.append(piece)
    return merged


BLOCKS = {
    "paragraph": ("One.", [PARAGRAPH, Text("One.")]),
    "paragraphs": ("One.\n\nTwo.", [PARAGRAPH, Text("One."), PARAGRAPH, Text("Two.")]),
    "lines of a paragraph": ("One\r\ntwo.", [PARAGRAPH, Text("One two.")]),
    "heading": ("## H\nOne.", [HEADING, Text("H"), PARAGRAPH, Text("One.")]),
    "deep heading": ("#### H\n", [HEADING, Text("H")]),
    "dashes": ("- a\n- b", [ITEM, Text("a"), ITEM, Text("b")]),
    "stars": ("* a\n* b", [ITEM, Text("a"), ITEM, Text("b")]),
    "numbers": ("1. a\n12) b", [ITEM, Text("a"), ITEM, Text("b")]),
    "item after text": ("Two:\n- a", [PARAGRAPH, Text("Two:"), ITEM, Text("a")]),
    "item over two lines": ("- a\n  b\n\nc", [ITEM, Text("a b"), PARAGRAPH, Text("c")]),
    "text after item": ("- a\nb", [ITEM, Text("a"), PARAGRAPH, Text("b")]),
    "nested item": ("- a\n  - b", [ITEM, Text("a"), ITEM, Text("b")]),
    "rule": ("One\n---\nTwo", [PARAGRAPH, Text("One"), PARAGRAPH, Text("Two")]),
    "stars as a rule": ("***\nTwo", [PARAGRAPH, Text("Two")]),
    "empty item": ("-\n- a\n-", [ITEM, Text("a")]),
    "number at the start": ("3 of them.\n2.5 more", [PARAGRAPH, Text("3 of them. 2.5 more")]),
    "number alone": ("42", [PARAGRAPH, Text("42")]),
    "year at the start": ("2024. It", [PARAGRAPH, Text("2024. It")]),
    "hash without space": ("#1 is", [PARAGRAPH, Text("#1 is")]),
    "spaces": ("  a \t  b  ", [PARAGRAPH, Text("a b")]),
    "nothing": ("\n \n", []),
    "footnotes below": (
        "One [^s3k9x].\n\n[^s2b2b]: Two",
        [PARAGRAPH, Text("One."), Cite(("s3k9x",)), PARAGRAPH, Text("Two"), Cite(("s2b2b",))],
    ),
    "fences": ("```\nOne.\n```", [PARAGRAPH, Text("One.")]),
    "fences with a language": ("```markdown\n- a\n```\nb", [ITEM, Text("a"), PARAGRAPH, Text("b")]),
    "code at the start": ("```b``` and\n``c``", [PARAGRAPH, Text("b and c")]),
}

EMPHASIS = {
    "bold": ("**a** and __b__", "a and __b__"),
    "bold at the start": ("**Note:** a", "Note: a"),
    "italic": ("an *a b* c", "an a b c"),
    "both": ("***a***, **b *c* d**", "a, b c d"),
    "code": ("`a` and ```b```", "a and b"),
    "A*": ("**A* search** and A*", "A* search and A*"),
    "products": ("2*3, 2 * 3, 2**10", "2*3, 2 * 3, 2**10"),
    "many stars": ("a ***** b", "a ***** b"),
    "snake case": ("max_new_tokens", "max_new_tokens"),
}

# All begin with a paragraph; a list of ids stands for a citation.
CITATIONS: dict[str, tuple[str, list[str | list[str]]]] = {
    "one": ("One [s3k9x].", ["One.", ["s3k9x"]]),
    "several": ("One [s3k9x, s2b2b].", ["One.", ["s3k9x", "s2b2b"]]),
    "other separators": ("One [s3k9x; s2b2b s4444]", ["One", ["s3k9x", "s2b2b", "s4444"]]),
    "twice": ("One [s3k9x, s3k9x]", ["One", ["s3k9x"]]),
    "adjacent": ("One [s3k9x][s2b2b] two", ["One", ["s3k9x", "s2b2b"], " two"]),
    "in a row": ("One [s3k9x], [s2b2b] and [s4444].", ["One.", ["s3k9x", "s2b2b", "s4444"]]),
    "two claims": ("One [s3k9x]. Two [s2b2b].", ["One.", ["s3k9x"], " Two.", ["s2b2b"]]),
    "two in a sentence": ("One [s3k9x], two [s2b2b].", ["One,", ["s3k9x"], " two.", ["s2b2b"]]),
    "and": ("One [s3k9x] and two [s2b2b]", ["One", ["s3k9x"], " and two", ["s2b2b"]]),
    "an article": ("One [s3k9x] a [s2b2b]", ["One", ["s3k9x"], " a", ["s2b2b"]]),
    "after the stop": ("One. [s3k9x] Two", ["One.", ["s3k9x"], " Two"]),
    "stop on both sides": ("One. [s3k9x]. Two", ["One.", ["s3k9x"], " Two"]),
    "stop between": ("One [s3k9x]. [s2b2b] Two", ["One.", ["s3k9x", "s2b2b"], " Two"]),
    "space before the stop": ("One [s3k9x] .", ["One.", ["s3k9x"]]),
    "no space before": ("One[s3k9x] two", ["One", ["s3k9x"], " two"]),
    "spaces inside": ("One [ s3k9x , s2b2b ]", ["One", ["s3k9x", "s2b2b"]]),
    "wide brackets": ("One 【s3k9x】。", ["One。", ["s3k9x"]]),
    "labelled": ("One [id: s3k9x] [ids s2b2b]", ["One", ["s3k9x", "s2b2b"]]),
    "round": ("One (s3k9x, s2b2b).", ["One.", ["s3k9x", "s2b2b"]]),
    "in round": ("One ([s3k9x]).", ["One.", ["s3k9x"]]),
    "two in round": ("One ([s3k9x], [s2b2b]).", ["One.", ["s3k9x", "s2b2b"]]),
    "see": ("One (see [s3k9x]).", ["One.", ["s3k9x"]]),
    "doubled": ("One [[s3k9x]].", ["One.", ["s3k9x"]]),
    "with words": ("One [Smith 2020, s3k9x].", ["One.", ["s3k9x"]]),
    "in bold": ("One **[s3k9x]**.", ["One.", ["s3k9x"]]),
    "in code": ("One `[s3k9x]`.", ["One.", ["s3k9x"]]),
    "at the end of round text": ("One (two [s3k9x]). X", ["One (two).", ["s3k9x"], " X"]),
    "at the start of round text": ("One ([s3k9x] only) x", ["One", ["s3k9x"], " (only) x"]),
    "on the next line": ("One\n[s3k9x].", ["One.", ["s3k9x"]]),
    "over two lines": ("One [s3k9x,\ns2b2b].", ["One.", ["s3k9x", "s2b2b"]]),
    "before the claim": ("[s3k9x] One. Two", ["One. Two", ["s3k9x"]]),
    "before and after": ("[s3k9x]: One [s2b2b].", ["One.", ["s3k9x", "s2b2b"]]),
    "alone below": ("One.\n\n[s3k9x]", ["One.", ["s3k9x"]]),
    "alone": ("[s3k9x]", []),
    "made-up number": ("One [1]. Two [12][3].", ["One. Two."]),
    "number and id": ("One [1] [s3k9x].", ["One.", ["s3k9x"]]),
    "made-up numbers": ("One [1, 2] and [3-5].", ["One (1, 2) and (3-5)."]),
    "interval": ("One in [0, 1] or [0.5, 1].", ["One in [0, 1] or [0.5, 1]."]),
    "year": ("One [2024].", ["One [2024]."]),
    "sic": ("One [sic] two.", ["One [sic] two."]),
    "a word like an id": ("One [state] [s2orc].", ["One [state] [s2orc]."]),
    "enumeration": ("One (1) two (a).", ["One (1) two (a)."]),
    "bracket in a bracket": ("One [two [s3k9x] x]", ["One [two", ["s3k9x"], " x]"]),
    "bare": ("One s3k9x. Two s2b2b", ["One.", ["s3k9x"], " Two", ["s2b2b"]]),
    "bare in a row": ("One s3k9x, s2b2b and s4444.", ["One.", ["s3k9x", "s2b2b", "s4444"]]),
    "bare behind another script": ("发酵很慢s3k9x。", ["发酵很慢。", ["s3k9x"]]),
    "bare in code": ("One `s3k9x`, two.", ["One,", ["s3k9x"], " two."]),
    "bare in bold": ("One **s3k9x**.", ["One.", ["s3k9x"]]),
    "raised": ("One^s3k9x two ^s2b2b.", ["One", ["s3k9x"], " two.", ["s2b2b"]]),
    "as a footnote": ("One [^s3k9x].", ["One.", ["s3k9x"]]),
    "source": ("One. Source: s3k9x. Two", ["One.", ["s3k9x"], " Two"]),
    "sources": ("One. (Sources: s3k9x, s2b2b) Two", ["One.", ["s3k9x", "s2b2b"], " Two"]),
    "bare sources": ("One. Sources: s3k9x, s2b2b", ["One.", ["s3k9x", "s2b2b"]]),
    "source in brackets": ("One. Source: [s3k9x]", ["One.", ["s3k9x"]]),
    "sources below": ("One.\n\nReferences: [s3k9x]", ["One.", ["s3k9x"]]),
    "source of something else": ("Source: [sic] id: s2 ref", ["Source: [sic] id: s2 ref"]),
    "no id": ("A source of ids, s3k9xx, as3k9x, S3K9X", ["A source of ids, s3k9xx, as3k9x, S3K9X"]),
    "link": ("One [s3k9x](http://x.org/a). Two", ["One.", ["s3k9x"], " Two"]),
    "link with a title": ('One [s3k9x](#s3k9x "Two").', ["One.", ["s3k9x"]]),
    "numbered link": ("One [1](http://x.org/s3k9x).", ["One."]),
    "other link": ("One [two](http://x.org).", ["One [two](http://x.org)."]),
    "round after square": ("One [s3k9x](s2b2b).", ["One.", ["s3k9x", "s2b2b"]]),
    "remark after it": ("One [s3k9x] (two) x", ["One", ["s3k9x"], " (two) x"]),
    "in an open bracket": ("One [two s3k9x [x", ["One [two", ["s3k9x"], " [x"]),
    "unclosed": ("One [two", ["One [two"]),
    "empty": ("One [] ()", ["One [] ()"]),
}

# What is no answer in JSON stays as it is, but for the ids in it.
WRAPPED: dict[str, tuple[str, list[Piece]]] = {
    "answer": (
        '{"answer": "- One [s3k9x].\\n- Two.", "citations": ["s3k9x"]}',
        [ITEM, Text("One."), Cite(("s3k9x",)), ITEM, Text("Two.")],
    ),
    "ids apart": (
        '{"answer": "One.", "citations": ["s3k9x", {"id": "s2b2b"}]}',
        [PARAGRAPH, Text("One."), Cite(("s3k9x", "s2b2b"))],
    ),
    "fenced": ('```json\n{"response": "One."}\n```', [PARAGRAPH, Text("One.")]),
    "after thoughts": ('<think>x</think>\n{"text": "One."}', [PARAGRAPH, Text("One.")]),
    "no answer": ('{"x": 1}', [PARAGRAPH, Text('{"x": 1}')]),
    "answer of another kind": ('{"answer": 1}', [PARAGRAPH, Text('{"answer": 1}')]),
    "cut off": ('{"answer": "One [s3k9x]', [PARAGRAPH, Text('{"answer": "One'), Cite(("s3k9x",))]),
    "no JSON": ("{One} two", [PARAGRAPH, Text("{One} two")]),
}

THOUGHTS = {
    "before": ("<think>\nWhy [s3k9x]?\n</think>\n\nOne.", "One."),
    "other tag": ("\n<thinking>no</thinking>One.", "One."),
    "empty": ("<think></think>One.", "One."),
    "later": ("One <think>two</think>", "One <think>two</think>"),
    "another tag": ("<thin> One", "<thin> One"),
    "only the tag's beginning": ("<thi", "<thi"),
}


@pytest.mark.parametrize(("reply", "pieces"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(reply: str, pieces: list[Piece]) -> None:
    assert parse([reply]) == pieces
    assert parse(reply) == pieces


@pytest.mark.parametrize(("reply", "text"), EMPHASIS.values(), ids=EMPHASIS)
def test_emphasis(reply: str, text: str) -> None:
    assert parse([reply]) == parse(reply) == [PARAGRAPH, Text(text)]


@pytest.mark.parametrize(("reply", "claims"), CITATIONS.values(), ids=CITATIONS)
def test_citations(reply: str, claims: list[str | list[str]]) -> None:
    pieces = [Text(part) if isinstance(part, str) else Cite(tuple(part)) for part in claims]
    expected = [PARAGRAPH, *pieces] if pieces else []
    assert parse([reply]) == expected
    assert parse(reply) == expected


@pytest.mark.parametrize(("reply", "text"), THOUGHTS.values(), ids=THOUGHTS)
def test_thoughts(reply: str, text: str) -> None:
    assert parse([reply]) == parse(reply) == [PARAGRAPH, Text(text)]


@pytest.mark.parametrize(("reply", "pieces"), WRAPPED.values(), ids=WRAPPED)
def test_a_reply_in_json(reply: str, pieces: list[Piece]) -> None:
    assert parse([reply]) == parse(reply) == pieces


def test_a_thought_without_end_is_no_reply() -> None:
    assert parse(["<think>One [s3k9x]. ", "Two"]) == []


def test_a_whole_reply() -> None:
    reply = (
        "Two papers serve models [s3k9x].\n\n"
        "- **Fast**: is fast [s2b2b].\n"
        "- [s4444] **Small**: is small.\n\n"
        "## Open\n"
        "The sources do not say more."
    )
    assert parse([reply]) == [
        PARAGRAPH,
        Text("Two papers serve models."),
        Cite(("s3k9x",)),
        ITEM,
        Text("Fast: is fast."),
        Cite(("s2b2b",)),
        ITEM,
        Text("Small: is small."),
        Cite(("s4444",)),
        HEADING,
        Text("Open"),
        PARAGRAPH,
        Text("The sources do not say more."),
    ]


def test_text_is_passed_on_at_once() -> None:
    parser = ReplyParser()
    assert parser.feed("One tw") == [PARAGRAPH, Text("One tw")]
    assert parser.feed("o [s3k") == [Text("o")]
    assert parser.feed("9x]. Th") == [Text("."), Cite(("s3k9x",)), Text(" Th")]
    assert parser.feed("ree") == [Text("ree")]
    assert parser.finish() == []


PARTS = st.sampled_from(
    [
        *(
            "[s3k9x]",
            "[s2b2b, s4444]",
            "([s3k9x])",
            "【s3k9x】",
            "[1]",
            "[0, 1]",
            "[sic]",
            "[",
            "]",
        ),
        *(
            "(",
            ")",
            ",",
            ".",
            " ",
            "  ",
            "\n",
            "\n\n",
            "- ",
            "## ",
            "1. ",
            "*",
            "**",
            "`",
            "a",
            "s",
        ),
        *(
            "and",
            "<think>",
            "</think>",
            "s3k9x",
            "Source: ",
            "^",
            "](",
            "{",
            "```json\n",
            '"answer":',
            "[s3k",
            "9x]",
            "One",
            "2",
            "#",
            "-",
            "…",
            ":",
        ),
    ]
)
REPLIES = st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=30).map("".join))


@settings(deadline=None)  # other work on the machine is no failure
@given(REPLIES, st.lists(st.integers(0, 200), max_size=8))
def test_chunks_make_no_difference(reply: str, cuts: list[int]) -> None:
    at = [0, *sorted(min(cut, len(reply)) for cut in cuts), len(reply)]
    chunks = [reply[start:end] for start, end in pairwise(at)]
    assert parse(chunks) == parse([reply])


@settings(deadline=None)  # other work on the machine is no failure
@given(REPLIES)
def test_drafts_are_well_formed(reply: str) -> None:
    """Every block has text, every citation ends a claim, and no text begins or ends in space."""
    pieces = parse([reply])
    assert not pieces or isinstance(pieces[0], StartBlock)
    for before, piece in pairwise(pieces):
        if isinstance(before, StartBlock):
            assert isinstance(piece, Text)
            assert piece.text == piece.text.lstrip()
        if isinstance(piece, Cite):
            assert isinstance(before, Text)
    assert all(piece.text.rstrip() for piece in pieces if isinstance(piece, Text))


@settings(deadline=None)  # other work on the machine is no failure
@given(REPLIES)
def test_no_id_is_ever_shown(reply: str) -> None:
    assert not [text for text in _texts(parse([reply])) if SENTENCE_ID.search(text)]


def _texts(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if isinstance(piece, Text)]


@settings(deadline=None)  # other work on the machine is no failure
@given(st.lists(PARTS.filter(lambda part: "s3k" not in part and "9x" not in part), max_size=20))
def test_no_citation_is_lost_or_shown(parts: list[str]) -> None:
    pieces = parse(["One " + "".join(parts).replace("<", "") + " [s9m4x]"])
    assert any(isinstance(piece, Cite) and "s9m4x" in piece.sentence_ids for piece in pieces)
    assert not any(isinstance(piece, Text) and "s9m4x" in piece.text for piece in pieces)


@pytest.mark.parametrize(
    "endless",
    [
        *(
            "x",
            "[",
            "(",
            "[a",
            "*",
            "`",
            " ",
            "\n",
            "- ",
            "<",
            "[s3k9x] ",
            "[s3k9x, ",
            "#",
            ". ",
            "1",
        ),
        *("s3k9x ", "source: ", "{", '{"answer": "', "```", "([", "](", "^"),
    ],
)
def test_an_endless_reply_is_passed_on_and_not_held(endless: str) -> None:
    parser = ReplyParser()
    for _ in range(200):
        parser.feed(endless * (500 // len(endless)))
    held = parser.finish()
    assert sum(len(piece.text) for piece in held if isinstance(piece, Text)) < 1_000


@pytest.mark.parametrize(
    "head",
    ["```json" + " " * 19_000, " " * 19_000, '{"answer": 1}' + " " * 19_000],
    ids=["fence", "spaces", "object"],
)
def test_blanks_where_an_object_might_begin_take_no_time(head: str) -> None:
    began = time.process_time()
    wrapping = WithoutWrapping()
    passed = [wrapping.feed(sign) for sign in f"{head}x"]
    assert "".join([*passed, wrapping.finish()]) == f"{head}x"
    assert time.process_time() - began < 0.5
