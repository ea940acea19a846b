"""What becomes of claims that say nothing, and of the citations that are dropped."""

from __future__ import annotations

import pytest
from papers import BREAD, SOUP, source

from assistant.answer import Block, BlockKind, Citation, Claim, Quote
from assistant.checking.verify import Verifier
from assistant.draft import Cite, Piece, StartBlock, Text
from vectorstore.records import Span

LEVAIN = Span(37, 94)  # the sentence "bread-1"
SALT = Span(17, 63)  # the sentence "soup-1"


def verified(*pieces: Piece) -> Verifier:
    """Return a verifier that took in a whole draft."""
    verifier = Verifier((source(BREAD), source(SOUP)))
    for piece in pieces:
        verifier.feed(piece)
    verifier.finish()
    return verifier


def test_what_states_nothing_keeps_its_citations_and_is_not_judged() -> None:
    said = "The abstracts do not say how warm ovens and cellars and pantries were."
    verifier = verified(StartBlock(BlockKind.ITEM), Text(said), Cite(("bread-1", "soup-1")))
    quotes = ((1, LEVAIN), (2, SALT))
    assert verifier.blocks == (Block(BlockKind.ITEM, (Claim(said, (1, 2), quotes=quotes),)),)
    assert verifier.citations == (
        Citation(1, BREAD, (Quote(LEVAIN, BREAD.abstract[37:94]),)),
        Citation(2, SOUP, (Quote(SALT, SOUP.abstract[17:]),)),
    )


def test_a_citation_without_a_claim_is_kept() -> None:
    [block] = verified(Cite(("soup-1",))).blocks
    assert block == Block(BlockKind.PARAGRAPH, (Claim("", (1,), quotes=((1, SALT),)),))


def test_all_dropped_citations_are_counted() -> None:
    verifier = verified(Text("Tea."), Cite(("tea-0", "tea-1")), Text("Milk."), Cite(("milk-0",)))
    assert (verifier.dropped_citations, verifier.citations) == (3, ())


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("x" * 4_000, [4_000]),
        ("x" * 4_002, [4_000, 2]),
        ("x" * 3_990 + " " + "y" * 20, [3_990, 20]),
        ("x " + "y" * 4_000, [1, 3_999, 1]),
    ],
    ids=["whole", "no space", "last space", "first space"],
)
def test_a_claim_that_does_not_end_is_ended(text: str, lengths: list[int]) -> None:
    [block] = verified(Text(text), Cite(("soup-1",))).blocks
    assert [len(claim.text) for claim in block.claims] == lengths
    assert [claim.citations for claim in block.claims] == [*[()] * (len(lengths) - 1), (1,)]


@pytest.mark.parametrize("text", ["In short:", "In short："])
def test_what_introduces_needs_no_source(text: str) -> None:
    assert verified(Text(text)).blocks == (Block(BlockKind.PARAGRAPH, (Claim(text),)),)


def test_a_heading_of_two_sentences_is_one_claim() -> None:
    heading = BlockKind.HEADING
    blocks = verified(StartBlock(heading), Text("Salt. Soup.")).blocks
    assert blocks == (Block(heading, (Claim("Salt. Soup."),)),)
