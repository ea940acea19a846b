"""Which hits an answer may use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import BREAD, SOUP, hit

from assistant.answer import Intent
from assistant.draft import Count
from assistant.select import as_sources, count_listing, select_borderline, select_hits
from assistant.settings import AssistantSettings
from vectorstore.records import Hit, Paper

SETTINGS = AssistantSettings(
    list_relevance=0.5, list_papers=3, support_relevance=0.7, summary_papers=2, fact_papers=1
)
BORDERLINE = AssistantSettings(
    list_relevance=0.5, borderline_relevance=0.3, borderline_papers=5, ranking_papers=50
)
HITS = tuple(hit(Paper(str(n), f"Paper {n}", "Text."), (9 - n) / 10) for n in range(9))


@pytest.mark.parametrize(
    ("intent", "hits", "chosen"),
    [
        (Intent.LIST, HITS, "012"),
        (Intent.LIST, HITS[3:], "34"),
        (Intent.SUMMARY, HITS, "01"),
        (Intent.SUMMARY, HITS[2:], "2"),
        (Intent.FACT, HITS, "0"),
        (Intent.FACT, HITS[8:], "8"),
        (Intent.LIST, (), ""),
        (Intent.LIST, HITS[8:], ""),
    ],
)
def test_hits_above_the_line_and_for_prose_at_least_one(
    intent: Intent, hits: tuple[Hit, ...], chosen: str
) -> None:
    selected = select_hits(intent, hits, SETTINGS)
    assert "".join(selected_hit.paper.id for selected_hit in selected) == chosen


@pytest.mark.parametrize(
    ("hits", "chosen"), [(HITS, "56"), (HITS[:5], ""), (HITS[6:], "6"), (HITS[7:], ""), ((), "")]
)
def test_borderline_hits_are_below_the_line_of_a_list(hits: tuple[Hit, ...], chosen: str) -> None:
    assert "".join(hit.paper.id for hit in select_borderline(hits, BORDERLINE)) == chosen


def test_borderline_hits_are_the_best_few() -> None:
    settings = replace(BORDERLINE, borderline_papers=1)
    assert [hit.paper.id for hit in select_borderline(HITS, settings)] == ["5"]


@pytest.mark.parametrize(
    ("ranking_papers", "matching", "borderline"),
    [
        (10, Count(5), Count(2)),
        (9, Count(5), Count(2)),
        (7, Count(5), Count(2, at_least=True)),
        (6, Count(5), Count(1, at_least=True)),
        (5, Count(5, at_least=True), Count(0)),
        (3, Count(3, at_least=True), Count(0)),
    ],
)
def test_counts_are_least_numbers_where_the_ranking_ends_within_them(
    ranking_papers: int, matching: Count, borderline: Count
) -> None:
    settings = replace(BORDERLINE, ranking_papers=ranking_papers)
    assert count_listing(HITS[:ranking_papers], settings) == (matching, borderline)


def test_sources_carry_every_sentence_under_an_id_of_its_own() -> None:
    sources = as_sources((hit(BREAD, 0.9, 0.1, 0.2, 0.3), hit(SOUP, 0.8, 0.4, 0.5)))
    assert [(source.paper, source.relevance) for source in sources] == [(BREAD, 0.9), (SOUP, 0.8)]
    sentences = [sentence for source in sources for sentence in source.sentences]
    assert [sentence.similarity for sentence in sentences] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert len({sentence.id for sentence in sentences}) == 5
    assert " ".join(sentence.text for sentence in sentences) == f"{BREAD.abstract} {SOUP.abstract}"


def test_ids_differ_from_question_to_question() -> None:
    hits = (hit(BREAD, 0.9),)
    ids = [{sentence.id for sentence in as_sources(hits)[0].sentences} for _ in range(2)]
    assert ids[0] != ids[1]
