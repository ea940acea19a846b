"""How relevant papers are to a follow-up."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BREAD, SOUP, hit

from assistant.narrowing import kept, narrowed, narrowed_line, without_best
from assistant.settings import ScopeSettings
from vectorstore.records import Hit
from vectorstore.scores import FusionSettings

SETTINGS = ScopeSettings(intercept=-1.0, fused=4.0, best=-2.0, earlier=0.5, line=0.3)
HITS = (hit(BREAD, 0.5), hit(SOUP, 0.25))  # their fused scores are the same numbers


def relevances(hits: tuple[Hit, ...]) -> dict[str, float]:
    return {each.paper.id: each.relevance for each in hits}


def test_both_questions_count() -> None:
    even = {"bread": 0.5, "soup": 0.5}  # log-odds of 0
    first = relevances(narrowed(HITS, even, SETTINGS))
    assert first == pytest.approx({"bread": 0.5, "soup": 1 / (1 + math.e)})
    sure = narrowed(HITS, {"bread": 0.01, "soup": 0.99}, SETTINGS)
    assert [each.paper.id for each in sure] == ["soup", "bread"]


def test_what_was_not_ranked_before_hardly_counts() -> None:
    judged = relevances(narrowed(HITS, {"soup": 0.5}, SETTINGS))
    assert judged["bread"] < 0.02 < judged["soup"]


def test_what_was_shown_stays_above_the_line() -> None:
    assert relevances(kept(HITS, {"bread": 0.1, "soup": 0.6}, SETTINGS)) == {
        "soup": 0.6,
        "bread": 0.3,
    }
    assert relevances(kept(HITS, {}, SETTINGS)) == {"bread": 0.5, "soup": 0.3}


def test_without_the_paper_itself_the_next_best_sets_the_scale() -> None:
    settings = FusionSettings(relevance_best=-4.0)
    judged = relevances(without_best(HITS, 0.75, settings))
    assert judged == pytest.approx({"bread": 1 / (1 + math.exp(-1)), "soup": math.e / (math.e + 3)})
    assert without_best(HITS, 0.5, settings) == tuple(
        replace(each, relevance=pytest.approx(each.relevance)) for each in HITS
    )
    assert without_best((), 0.5, settings) == ()


@given(st.lists(st.floats(0, 1), max_size=5), st.floats(0, 1), st.floats(0, 1))
def test_relevance_is_a_chance(fused: list[float], earlier: float, best: float) -> None:
    hits = tuple(hit(BREAD, score) for score in fused)
    for judged in (
        narrowed(hits, {"bread": earlier}, ScopeSettings()),
        kept(hits, {"bread": earlier}, ScopeSettings()),
        without_best(hits, best, FusionSettings()),
    ):
        assert len(judged) == len(hits)
        assert all(0 <= each.relevance <= 1 for each in judged)


@pytest.mark.parametrize(("best", "line"), [(0.9, 0.135), (0.2, 0.05), (0.0, 0.05)])
def test_the_line_rises_with_the_best(best: float, line: float) -> None:
    settings = ScopeSettings(line=0.05, share=0.15)
    assert narrowed_line((hit(BREAD, best), hit(SOUP, 0.0)), settings) == pytest.approx(line)
    assert narrowed_line((), settings) == 0.05
