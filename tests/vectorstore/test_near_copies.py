"""Which abstracts are near copies, and what a search makes of a flood of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flooded_papers import ABSTRACT, TOPIC, different_papers, near_copies

from vectorstore.browse import browse
from vectorstore.candidates import CandidateSettings
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.near_copies import (
    SAME_PAIRS,
    are_near_copies,
    browse_distinct,
    copy_groups,
    search_distinct,
    without_copies,
    word_pairs,
)
from vectorstore.search import SearchSettings, search
from vectorstore.similar import similar_papers

OWN, COPIES = different_papers(30), near_copies(500)
OTHER = different_papers(1)[0].abstract
WORDS = ABSTRACT.split()
CHINESE = (
    "我们研究酸面团并报告它在我们的厨房里需要什么每天黎明用黑麦喂养的酵头使面包整整一周保持湿润"
)
QUESTION = "What is known of sourdough in a kitchen?"


@pytest.mark.parametrize(
    ("one", "other", "copies"),
    [
        (ABSTRACT, ABSTRACT, True),
        (ABSTRACT, ABSTRACT.upper(), True),
        (ABSTRACT, " ".join("x" if at % 8 == 0 else word for at, word in enumerate(WORDS)), True),
        (ABSTRACT, " ".join("x" if at % 3 == 0 else word for at, word in enumerate(WORDS)), False),
        (ABSTRACT, f"{ABSTRACT} {OTHER}", True),
        (ABSTRACT, f"{ABSTRACT} {OTHER} {OTHER.upper()} {' '.join(OTHER.split()[::-1])}", False),
        (ABSTRACT, OTHER, False),
        (f"{TOPIC} It ends.", f"{TOPIC} It begins.", False),  # too short to tell
        (TOPIC, TOPIC, True),
        ("No abstract available.", "No abstract available.", False),
        ("", "", False),
        (CHINESE, CHINESE.replace("黎明", "清晨"), True),
        (CHINESE, CHINESE[::-1], False),
    ],
)
def test_near_copies(one: str, other: str, copies: bool) -> None:
    assert are_near_copies(one, other, word_pairs(one), word_pairs(other)) is copies
    assert are_near_copies(other, one, word_pairs(other), word_pairs(one)) is copies


def test_shipped_papers_are_no_copies_of_one_another(shipped_library: Library) -> None:
    """So that folding changes no answer from them; the share is far from the line."""
    papers = list(shipped_library.catalog.papers().values())
    groups = copy_groups(shipped_library.snapshot().index, papers)
    assert groups == tuple((at,) for at in range(len(papers)))
    pairs = [word_pairs(paper.plain_abstract or paper.abstract) for paper in papers]
    shares = [
        len(one & other) / max(1, len(one | other))
        for at, one in enumerate(pairs)
        for other in pairs[:at]
    ]
    assert max(shares) < SAME_PAIRS / 2


@pytest.mark.parametrize("question", ["sparse attention", "which papers quantise?", "robots"])
def test_without_copies_a_search_is_as_it_was(shipped_library: Library, question: str) -> None:
    assert search_distinct(shipped_library, question, 50) == search(shipped_library, question, 50)


@pytest.mark.parametrize("limit", [2, 10, 50])
@pytest.mark.parametrize("few_candidates", [False, True])
def test_a_flood_takes_one_place(flooded: Library, limit: int, few_candidates: bool) -> None:
    candidates = CandidateSettings(all_papers=100, nearest=20, word_matches=20, scored=30)
    settings = SearchSettings(candidates) if few_candidates else SearchSettings()
    plain = search(flooded, QUESTION, 20, settings=settings)
    assert len([hit for hit in plain.hits if hit.paper in COPIES]) > 10  # what it is about
    found = search_distinct(flooded, QUESTION, limit, settings=settings)
    copies = [hit for hit in found.hits if hit.paper in COPIES]
    if not few_candidates:
        assert len(found.hits) == min(limit, 1 + len(OWN))
        assert (found.folded, found.looked_at) == (499, 530)
    assert [hit.paper for hit in copies] == [COPIES[0]]  # the first that was added
    assert len(set(copies[0].copies)) == found.folded
    assert not set(copies[0].copies) & {paper.id for paper in (*OWN, COPIES[0])}


def test_the_copy_that_is_named_stands_for_the_others(flooded: Library) -> None:
    found = search_distinct(flooded, f"{QUESTION} As in “{COPIES[77].title}”", 31)
    [named] = [hit for hit in found.hits if hit.copies]
    assert (named.paper, len(named.copies)) == (COPIES[77], 499)


def test_with_an_order_the_first_stands_for_the_others(flooded: Library) -> None:
    found = search_distinct(flooded, QUESTION, 5, Filters(order=Order.NEWEST))
    assert [bool(hit.copies) for hit in found.hits] == [True, False, False, False, False]


def test_papers_that_were_chosen_are_all_kept(flooded: Library) -> None:
    chosen = Filters(scope=tuple(paper.id for paper in COPIES[:7]))
    assert len(search_distinct(flooded, QUESTION, 10, chosen).hits) == 7
    assert len(browse_distinct(flooded, 10, chosen).hits) == 7


def test_papers_by_their_dates_alone(flooded: Library) -> None:
    assert len({hit.paper.id for hit in browse(flooded, 50, Filters()).hits}) == 50
    found = browse_distinct(flooded, 50, Filters())
    assert len(found.hits) == 1 + len(OWN)
    assert (found.folded, found.looked_at, found.filtered.matching) == (499, 530, 530)


def test_more_like_this_is_not_filled_with_copies(flooded: Library) -> None:
    found = similar_papers(flooded, OWN[3].id, 6)
    assert len([each for each in found if each.paper in COPIES]) <= 1
    assert len(found) == 6


def test_groups_are_told_in_the_order_of_their_first(flooded: Library) -> None:
    papers = [OWN[0], COPIES[1], OWN[1], COPIES[2], COPIES[3], OWN[0]]
    groups = copy_groups(flooded.snapshot().index, papers)
    assert groups == ((0, 5), (1, 3, 4), (2,))
    assert copy_groups(flooded.snapshot().index, []) == ()
    strangers = [replace(paper, id=f"gone {paper.id}") for paper in COPIES[:2]]
    assert copy_groups(flooded.snapshot().index, strangers) == ((0,), (1,))


def test_hits_without_copies(flooded: Library) -> None:
    hits = search(flooded, QUESTION, 530).hits
    assert len(without_copies(flooded, hits)) == 1 + len(OWN)
    assert np.all(np.diff([hit.fused for hit in without_copies(flooded, hits)]) <= 0)
