"""What the parts of a score add, and which words count as answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from embedders import WordEmbedder
from papers import BREAD, SOUP

from assistant.explaining.score_shares import SCORED, Part, part_shares, split_words
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.records import Hit, Paper, ScoreParts, WordMatch
from vectorstore.scores import FusionSettings
from vectorstore.search import SearchSettings, search

FUSION = FusionSettings(pooled=0.5, late=0.25, lexical=0.2, title=0.1, title_floor=0.4)
WORDS = (WordMatch("bread", 1.0, 0.9),)
MINE = Hit(SOUP, 0.1, 0.5, ScoreParts(0.4, 0.8, 0.5, 0.39), words=WORDS)
BEST = Hit(BREAD, 0.9, 0.7, ScoreParts(0.6, 0.4, 1.0, 1.0), words=WORDS)


def test_every_part_beside_that_of_another_hit() -> None:
    shares = part_shares(MINE, BEST, FUSION)
    assert [(share.part, share.weight, share.score, share.other_score) for share in shares] == [
        (Part.POOLED, 0.5, 0.4, 0.6),
        (Part.LATE, 0.25, 0.8, 0.4),
        (Part.LEXICAL, 0.2, 0.5, 1.0),
        (Part.TITLE, 0.1, 0.39, 1.0),
    ]
    assert [share.contribution for share in shares] == pytest.approx([0.2, 0.2, 0.1, 0.0])
    assert [share.other_contribution for share in shares] == pytest.approx([0.3, 0.1, 0.2, 0.1])
    assert [share.loss for share in shares] == pytest.approx([0.1, -0.1, 0.1, 0.1])


def test_what_a_reranker_made_of_the_score_is_a_part_of_its_own() -> None:
    *others, moved = part_shares(replace(MINE, fused=0.46), replace(BEST, fused=0.75), FUSION)
    assert tuple(others) == part_shares(MINE, BEST, FUSION)
    assert (moved.part, moved.weight) == (Part.RERANKER, 1.0)
    assert (moved.contribution, moved.other_contribution) == pytest.approx((-0.04, 0.05))
    assert moved.loss == pytest.approx(0.09)


@pytest.mark.parametrize("token_dimension", [0, 256])
def test_what_the_parts_add_is_the_fused_score_of_a_search(
    make_library: Callable[[Sequence[Paper], Embedder], Library], token_dimension: int
) -> None:
    library = make_library([BREAD, SOUP], WordEmbedder(token_dimension=token_dimension))
    settings = SearchSettings(fusion=FUSION)
    best, other = search(library, "Levain bread and salt", 2, settings=settings).hits
    for hit in (best, other):
        shares = part_shares(hit, best, FUSION)
        assert tuple(share.part for share in shares) == SCORED
        assert sum(share.contribution for share in shares) == pytest.approx(hit.fused, abs=1e-5)
    assert bool(best.words) == bool(token_dimension)


def test_words_are_answered_from_the_match_at_which_a_facet_is_covered() -> None:
    words = tuple(
        WordMatch(name, 1.0, match) for name, match in [("a", 0.6), ("b", 0.59), ("c", 1)]
    )
    assert split_words(words) == ((words[0], words[2]), (words[1],))
    assert split_words(()) == ((), ())
