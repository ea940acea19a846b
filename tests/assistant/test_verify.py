"""The verifier: what a draft may claim, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, source

from assistant.answer import Block, BlockKind, Citation, Claim, Quote
from assistant.draft import Cite, Piece, PromptSize, Remark, SourcePaper, StartBlock, Text
from assistant.verify import Verifier
from vectorstore.records import Span

SOURCES = (source(BREAD), source(SOUP))
ITEM, PARAGRAPH = BlockKind.ITEM, BlockKind.PARAGRAPH


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
        Block(ITEM, (Claim("12 grams suffice.", (1,)),), "Salt"),
        Block(ITEM, (Claim("It rises 3.5 times faster.", (2,)),), "Bread"),
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
    ("text", "ids", "supported"),
    [
        ("It rises 3.5 times faster.", ("bread-1",), True),
        ("It rises 35 times faster.", ("bread-1",), False),
        ("It rises faster.", ("bread-1",), True),
        ("Forty bowls need 12 grams.", ("soup-1",), True),
        ("40 bowls need 12 grams, and rise 3.5 times.", ("soup-1", "bread-1"), True),
        ("Soup is best.", (), False),
        ("The papers say:", (), True),
        ("Accuracy rises by 87 points, as all agree:", (), False),
    ],
)
def test_a_claim_is_borne_out_by_the_figures_of_its_sentences(
    text: str, ids: tuple[str, ...], supported: bool
) -> None:
    [block] = verified(StartBlock(PARAGRAPH), Text(text), Cite(ids)).blocks
    assert [claim.supported for claim in block.claims] == [supported]


@pytest.mark.parametrize(("heading", "supported"), [("Bread", True), ("99.9% of Bread", False)])
def test_headings_without_figures_state_nothing(heading: str, supported: bool) -> None:
    [block] = verified(StartBlock(BlockKind.HEADING), Text(heading)).blocks
    assert block == Block(BlockKind.HEADING, (Claim(heading, supported=supported),))


def test_a_remark_is_no_claim() -> None:
    [block] = verified(StartBlock(PARAGRAPH), Remark("22 papers match:")).blocks
    assert block == Block(PARAGRAPH, (Claim("22 papers match:"),))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [7].", "See (7)."),
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
    for piece in (PromptSize(9), StartBlock(ITEM, "Soup"), Text("Salt"), Text(" it."), Cite(())):
        verifier.feed(piece)
        shown.append(verifier.blocks)
    assert shown == [
        (),
        (Block(ITEM, (), "Soup"),),
        (Block(ITEM, (Claim("Salt"),), "Soup"),),
        (Block(ITEM, (Claim("Salt it."),), "Soup"),),
        (Block(ITEM, (Claim("Salt it.", verdict=Verdict.UNSUPPORTED),), "Soup"),),
    ]


IDS = st.sampled_from(["bread-0", "bread-1", "soup-0", "soup-1", "tea-0", "[1]"])
PIECES = st.one_of(
    st.builds(StartBlock, st.sampled_from(BlockKind), st.text(max_size=5)),
    st.builds(Text, st.text(max_size=20)),
    st.builds(Cite, st.lists(IDS, max_size=3).map(tuple)),
    st.builds(Remark, st.text(max_size=20)),
    st.builds(PromptSize, st.integers(0, 9)),
)


@given(st.lists(PIECES, max_size=30))
def test_every_number_resolves_and_every_quote_is_a_slice(pieces: list[Piece]) -> None:
    verifier = verified(*pieces)
    numbers = [citation.number for citation in verifier.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    used = {n for block in verifier.blocks for claim in block.claims for n in claim.citations}
    assert used == set(numbers)
    for citation in verifier.citations:
        assert citation.quotes
        for quote in citation.quotes:
            assert quote.text == citation.paper.abstract[quote.span.start : quote.span.end]
