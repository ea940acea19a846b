"""The verifier: what a draft may claim, and what becomes of the rest."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, source

from assistant.answer import Block, BlockKind, Citation, Claim, Quote, Usage, Verdict
from assistant.checking.verify import Verifier
from assistant.draft import (
    Cite,
    Piece,
    Received,
    Remark,
    Sent,
    SourcePaper,
    Spent,
    StartBlock,
    StartCell,
    StartRow,
    StartTable,
    Text,
)
from assistant.model.chat_model import Message
from vectorstore.records import Span

SOURCES = (source(BREAD), source(SOUP))
ITEM, PARAGRAPH = BlockKind.ITEM, BlockKind.PARAGRAPH
SUPPORTED, WEAK, UNSUPPORTED = Verdict
LEVAIN = ((1, Span(37, 94)),)  # the sentence "bread-1", quoted by the first citation


def verified(*pieces: Piece) -> Verifier:
    """Return a verifier that took in a whole draft."""
    verifier = Verifier(SOURCES)
    for piece in pieces:
        verifier.feed(piece)
    verifier.finish()
    return verifier


def test_ids_become_numbered_citations_with_exact_quotes() -> None:
    verifier = verified(
        StartBlock(ITEM, "Salt"),
        Text("12 grams "),
        Text("suffice."),
        Cite(("soup-1",)),
        StartBlock(ITEM, "Bread"),
        Text("It rises 3.5 times faster."),
        Cite(("bread-1", "bread-0")),
    )
    assert verifier.blocks == (
        Block(ITEM, (Claim("12 grams suffice.", (1,), quotes=((1, Span(17, 63)),)),), "Salt"),
        Block(
            ITEM,
            (
                Claim(
                    "It rises 3.5 times faster.",
                    (2,),
                    quotes=((2, Span(37, 94)), (2, Span(0, 36))),
                ),
            ),
            "Bread",
        ),
    )
    assert verifier.citations == (
        Citation(1, SOUP, (Quote(Span(17, 63), SOUP.abstract[17:63]),)),
        Citation(
            2,
            BREAD,
            (Quote(Span(0, 36), BREAD.abstract[0:36]), Quote(Span(37, 94), BREAD.abstract[37:94])),
        ),
    )
    assert verifier.dropped_citations == 0


def test_unknown_ids_are_dropped_and_counted() -> None:
    verifier = verified(StartBlock(PARAGRAPH), Text("Tea is green."), Cite(("tea-1", "bread-9")))
    assert verifier.blocks == (
        Block(PARAGRAPH, (Claim("Tea is green.", (), verdict=Verdict.UNSUPPORTED),)),
    )
    assert (verifier.citations, verifier.dropped_citations) == ((), 2)


@pytest.mark.parametrize(
    ("text", "ids", "verdict", "missing"),
    [
        ("It rises 3.5 times faster.", ("bread-1",), SUPPORTED, ()),
        ("It rises 35 times faster than Orca.", ("bread-1",), WEAK, ("35", "Orca")),
        ("It rises faster.", ("bread-1",), SUPPORTED, ()),
        ("Forty bowls need 12 grams.", ("soup-1",), SUPPORTED, ()),
        ("Ninety bowls need 12 grams.", ("soup-1",), WEAK, ("Ninety",)),
        ("40 bowls need 12 grams, and rise 3.5 times.", ("soup-1", "bread-1"), SUPPORTED, ()),
        ("Trains to Vienna leave at night.", ("bread-1",), UNSUPPORTED, ()),
        ("Soup is best.", (), UNSUPPORTED, ()),
        ("The papers say:", (), SUPPORTED, ()),
        ("Accuracy rises by 87 points, as all agree:", (), UNSUPPORTED, ()),
        ("The abstracts do not say how long it takes.", (), SUPPORTED, ()),
        ("The abstracts do not say that, but it takes a day.", (), UNSUPPORTED, ()),
        ("The abstracts do not mention 80 grams.", (), UNSUPPORTED, ()),
    ],
)
def test_every_claim_gets_a_verdict(
    text: str, ids: tuple[str, ...], verdict: Verdict, missing: tuple[str, ...]
) -> None:
    [block] = verified(StartBlock(PARAGRAPH), Text(text), Cite(ids)).blocks
    [claim] = block.claims
    assert (claim.text, claim.verdict, claim.missing) == (text, verdict, missing)


@pytest.mark.parametrize(
    ("heading", "verdict"),
    [("Bread", SUPPORTED), ("99.9% of Bread", UNSUPPORTED), ("One Starter", SUPPORTED)],
)
def test_headings_without_figures_state_nothing(heading: str, verdict: Verdict) -> None:
    [block] = verified(StartBlock(BlockKind.HEADING), Text(heading)).blocks
    assert block == Block(BlockKind.HEADING, (Claim(heading, verdict=verdict),))


def test_a_remark_is_no_claim_and_keeps_its_place() -> None:
    pieces = StartBlock(PARAGRAPH), Text("Tea is green."), Remark("22 papers match [7]:")
    [block] = verified(*pieces).blocks
    assert block == Block(
        PARAGRAPH,
        (Claim("Tea is green.", verdict=UNSUPPORTED), Claim("22 papers match (7):")),
    )


UNCITED = "Tea is green. Levain is a starter that rises 3.5 times faster. Not stated."


@pytest.mark.parametrize("end", [[], [Cite(())], [Cite(("tea-1",))]])
def test_uncited_sentences_are_attributed_one_by_one(end: list[Piece]) -> None:
    verifier = verified(StartBlock(PARAGRAPH), Text(UNCITED), *end)
    assert verifier.blocks == (
        Block(
            PARAGRAPH,
            (
                Claim("Tea is green.", verdict=UNSUPPORTED),
                Claim("Levain is a starter that rises 3.5 times faster.", (1,), quotes=LEVAIN),
                Claim("Not stated."),
            ),
        ),
    )
    assert verifier.citations == (
        Citation(1, BREAD, (Quote(Span(37, 94), BREAD.abstract[37:94]),)),
    )


def test_a_line_that_introduces_vouches_for_no_sentence_before_it() -> None:
    [block] = verified(StartBlock(PARAGRAPH), Text("Tea is green. They say:")).blocks
    assert block.claims == (Claim("Tea is green.", verdict=UNSUPPORTED), Claim("They say:"))


def test_several_sentences_with_one_citation_stay_one_claim() -> None:
    text = "We present Levain. The starter rises 3.5 times faster."
    [block] = verified(StartBlock(PARAGRAPH), Text(text), Cite(("bread-1",))).blocks
    assert block.claims == (Claim(text, (1,), quotes=LEVAIN),)


def test_what_follows_a_title_is_judged_without_it() -> None:
    text = "Levain: Bread in a Hurry: Trains to Vienna leave early."
    [block] = verified(StartBlock(ITEM), Text(text), Cite(("bread-1",))).blocks
    assert block.claims == (Claim(text, (1,), UNSUPPORTED, quotes=LEVAIN),)


TABLE: tuple[Piece, ...] = (
    StartTable(("Paper", "Speed")),
    StartRow(),
    StartCell(),
    Text("Levain"),
    StartCell(),
    Text("3.5 times"),
    Cite(("bread-1",)),
    Text(" or 7 times"),
    StartRow(),
    StartCell(),
    Text("Salt"),
    StartCell(),
    Remark("—"),
    StartBlock(PARAGRAPH),
    Text("Done:"),
)
FIRST_ROW = (
    (Claim("Levain"),),
    (Claim("3.5 times", (1,), quotes=LEVAIN), Claim("or 7 times", verdict=UNSUPPORTED)),
)


def test_a_table() -> None:
    verifier = verified(*TABLE)
    assert verifier.blocks == (
        Block(
            BlockKind.TABLE,
            columns=("Paper", "Speed"),
            rows=(FIRST_ROW, ((Claim("Salt"),), (Claim("—"),))),
        ),
        Block(PARAGRAPH, (Claim("Done:"),)),
    )
    assert [citation.paper for citation in verifier.citations] == [BREAD]


def test_a_table_grows_cell_by_cell() -> None:
    verifier = Verifier(SOURCES)
    rows = []
    for piece in TABLE[:-4]:
        verifier.feed(piece)
        rows.append([block.rows for block in verifier.blocks])
    label = (Claim("Levain"),)
    speed = Claim("3.5 times")
    cited = Claim("3.5 times", (1,), quotes=LEVAIN)
    more = Claim("or 7 times")
    assert rows == [
        [],
        [],
        [(((),),)],
        [((label,),)],
        [((label, ()),)],
        [((label, (speed,)),)],
        [((label, (cited,)),)],
        [((label, (cited, more)),)],
        [(FIRST_ROW,)],
        [(FIRST_ROW, ((),))],
        [(FIRST_ROW, ((Claim("Salt"),),))],
    ]


@pytest.mark.parametrize(
    ("pieces", "blocks"),
    {
        "a cell without a row": (
            (StartTable(("A", "B")), StartCell(), Text("a"), StartCell(), Text("Not stated")),
            (
                Block(
                    BlockKind.TABLE,
                    columns=("A", "B"),
                    rows=(((Claim("a"),), (Claim("Not stated"),)),),
                ),
            ),
        ),
        "text without a cell": (
            (StartTable(("A", "B")), Text("a"), StartRow(), Text("b")),
            (
                Block(
                    BlockKind.TABLE,
                    columns=("A", "B"),
                    rows=(((Claim("a"),), ()), ((Claim("b"),), ())),
                ),
            ),
        ),
        "more cells than columns": (
            (StartTable(("A",)), StartCell(), Text("a:"), StartCell(), Text("b:")),
            (
                Block(
                    BlockKind.TABLE,
                    columns=("A",),
                    rows=(((Claim("a:"), Claim("b:")),),),
                ),
            ),
        ),
        "no table": (
            (StartRow(), StartCell(), Text("a:"), StartCell(), Text("b:")),
            (Block(PARAGRAPH, (Claim("a:"), Claim("b:"))),),
        ),
        "no columns": (
            (StartTable(()), StartRow(), StartCell(), Text("a:")),
            (Block(PARAGRAPH, (Claim("a:"),)),),
        ),
        "no rows": ((StartTable(("A",)), StartRow(), StartRow()), ()),
    }.values(),
)
def test_pieces_of_a_table_in_any_order(
    pieces: tuple[Piece, ...], blocks: tuple[Block, ...]
) -> None:
    assert verified(*pieces).blocks == blocks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [7]: bread.", "See (7): bread."),
        (
            "See [１], [1\u200b], 〔2〕, ⟦3⟧, [^4] and [5.].",
            "See (１), (1), (2), (3), (4) and (5).",
        ),
        ("In [0, 1], T[i] and [sic].", "In [0, 1], T[i] and [sic]."),
    ],
)
def test_a_bracketed_number_never_passes_for_a_citation(text: str, shown: str) -> None:
    [block] = verified(StartBlock(PARAGRAPH), Text(text), Cite(("bread-1",))).blocks
    assert block.claims[0].text == shown


def test_a_quote_that_is_not_in_the_abstract_is_never_cited() -> None:
    first, *rest = SOURCES[0].sentences
    forged = replace(first, text="Bread cures everything.")
    verifier = Verifier((SourcePaper(BREAD, 0.9, (forged, *rest)),))
    verifier.feed(StartBlock(PARAGRAPH))
    verifier.feed(Text("Bread cures everything."))
    verifier.feed(Cite((first.id,)))
    verifier.finish()
    assert (verifier.citations, verifier.dropped_citations) == ((), 1)
    assert verifier.blocks[0].claims == (
        Claim("Bread cures everything.", (), verdict=Verdict.UNSUPPORTED),
    )


def test_the_open_block_shows_as_it_grows() -> None:
    verifier = Verifier(SOURCES)
    shown = []
    for piece in (NOTHING[0], StartBlock(ITEM, "Soup"), Text("Salt"), Text(" it."), Cite(())):
        verifier.feed(piece)
        shown.append(verifier.blocks)
    assert shown == [
        (),
        (Block(ITEM, (), "Soup"),),
        (Block(ITEM, (Claim("Salt"),), "Soup"),),
        (Block(ITEM, (Claim("Salt it."),), "Soup"),),
        (Block(ITEM, (Claim("Salt it.", verdict=Verdict.UNSUPPORTED),), "Soup"),),
    ]


def test_a_claim_without_end_is_ended_in_time() -> None:
    began = time.process_time()
    verifier = Verifier(SOURCES)
    verifier.feed(StartBlock(PARAGRAPH))
    for _ in range(3_000):
        verifier.feed(Text("kneaded "))
        [block] = verifier.blocks
    verifier.finish()
    assert time.process_time() - began < 1.5
    [block] = verifier.blocks
    assert max(len(claim.text) for claim in block.claims) == 3_999
    assert " ".join(claim.text for claim in block.claims) == " ".join(["kneaded"] * 3_000)


def test_a_run_of_open_brackets_is_read_once() -> None:
    began = time.process_time()
    heading = "【" * 50_000
    verifier = verified(StartBlock(BlockKind.ITEM, heading))
    assert time.process_time() - began < 1
    assert verifier.blocks == (Block(ITEM, (), heading),)


NOTHING: tuple[Piece, ...] = (
    Spent(Usage(9)),
    Sent((Message("system", "Bread."),)),
    Received("Bread."),
)


def test_what_is_for_the_receipt_is_not_shown() -> None:
    assert verified(*NOTHING).blocks == ()


IDS = st.sampled_from(["bread-0", "bread-1", "soup-0", "soup-1", "tea-0", "[1]"])
PIECES = st.one_of(
    st.builds(StartBlock, st.sampled_from(BlockKind), st.text(max_size=5)),
    st.builds(Text, st.text(max_size=20) | st.sampled_from(["Bread rises slowly. ", "12 "])),
    st.builds(Cite, st.lists(IDS, max_size=3).map(tuple)),
    st.builds(Remark, st.text(max_size=20)),
    st.builds(StartTable, st.lists(st.text(max_size=3), max_size=3).map(tuple)),
    st.sampled_from([StartRow(), StartCell(), *NOTHING]),
)


@given(st.lists(PIECES, max_size=30))
def test_every_number_resolves_and_every_quote_is_a_slice(pieces: list[Piece]) -> None:
    verifier = verified(*pieces)
    numbers = [citation.number for citation in verifier.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    used = {n for block in verifier.blocks for claim in block.all_claims() for n in claim.citations}
    assert used == set(numbers)
    for citation in verifier.citations:
        assert citation.quotes
        for quote in citation.quotes:
            assert quote.text == citation.paper.abstract[quote.span.start : quote.span.end]


@given(st.lists(PIECES, max_size=30))
def test_rows_are_as_long_as_their_table_is_wide(pieces: list[Piece]) -> None:
    verifier = Verifier(SOURCES)
    for piece in pieces:
        verifier.feed(piece)
        for block in verifier.blocks:
            assert all(len(row) == len(block.columns) for row in block.rows[:-1])
            assert all(1 <= len(row) <= len(block.columns) for row in block.rows[-1:])
            assert block.lead or block.claims or block.rows
    verifier.finish()
    for block in verifier.blocks:
        assert {len(row) for row in block.rows} <= {len(block.columns)}


@given(st.lists(PIECES, max_size=30))
def test_no_text_is_lost(pieces: list[Piece]) -> None:
    written = "".join(piece.text for piece in pieces if isinstance(piece, Text | Remark))
    claims = [claim for block in verified(*pieces).blocks for claim in block.all_claims()]
    assert _letters("".join(claim.text for claim in claims)) == _letters(written)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
