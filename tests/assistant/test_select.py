"""Which hits an answer may use, whether there is one, and how many papers a list has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import BREAD, SOUP, hit

from assistant.answer import AnswerLength, Intent, Plan
from assistant.draft import Count
from assistant.find_papers import Found
from assistant.select import (
    as_sources,
    count_listing,
    has_answer,
    is_answerable,
    select_borderline,
    select_hits,
)
from assistant.settings import AssistantSettings, ScopeSettings, sized
from vectorstore.coverage import Coverage, Facet
from vectorstore.filters import FilterReport, Filters
from vectorstore.records import Hit, Paper
from vectorstore.search import SearchResult

SETTINGS = AssistantSettings(
    list_relevance=0.5,
    list_papers=3,
    support_relevance=0.7,
    summary_papers=2,
    fact_papers=1,
    compared_papers=2,
    scope=ScopeSettings(line=0.15),
)
BORDERLINE = AssistantSettings(
    list_relevance=0.5, borderline_relevance=0.3, borderline_papers=5, ranking_papers=50
)
HITS = tuple(hit(Paper(str(n), f"Paper {n}", "Text."), (9 - n) / 10) for n in range(9))


def found_of(hits: tuple[Hit, ...], answerability: float = 1.0) -> Found:
    covered = Coverage(answerability=answerability)
    return Found(hits, SearchResult(hits, filtered=FilterReport(77), coverage=covered))


def ids(hits: tuple[Hit, ...]) -> str:
    return "".join(each.paper.id for each in hits)


@pytest.mark.parametrize(
    ("intent", "hits", "chosen"),
    [
        (Intent.LIST, HITS, "012"),
        (Intent.COUNT, HITS, "012"),
        (Intent.LIST, HITS[3:], "34"),
        (Intent.SUMMARY, HITS, "01"),
        (Intent.SUMMARY, HITS[2:], "2"),
        (Intent.FACT, HITS, "0"),
        (Intent.FACT, HITS[8:], "8"),
        (Intent.TITLE, HITS[8:], "8"),
        (Intent.LIST, (), ""),
        (Intent.LIST, HITS[8:], ""),
        (Intent.FACT, (), ""),
    ],
)
def test_hits_above_the_line_and_for_prose_at_least_one(
    intent: Intent, hits: tuple[Hit, ...], chosen: str
) -> None:
    assert ids(select_hits(Plan("q", intent), found_of(hits), SETTINGS)) == chosen


def test_a_list_that_was_narrowed_down_has_a_line_of_its_own() -> None:
    found = replace(found_of(HITS[6:]), line=0.15)
    assert ids(select_hits(Plan("q", Intent.LIST), found, SETTINGS)) == "67"
    assert count_listing(found, SETTINGS) == (Count(2), Count(0))


@pytest.mark.parametrize("intent", Intent)
def test_papers_that_the_question_is_about_are_those_to_answer_from(intent: Intent) -> None:
    found = replace(found_of(HITS), subjects=HITS[6:])
    assert ids(select_hits(Plan("q", intent), found, SETTINGS)) == "67"


@pytest.mark.parametrize(("coverage", "answerable"), [(0.6, True), (0.4, False)])
def test_within_a_scope_some_part_of_what_is_asked_must_be_covered(
    coverage: float, answerable: bool
) -> None:
    plan = Plan("q", Intent.LIST, "salt", context="soup", filters=Filters(scope=("1",)))
    facets = (Facet("salt", coverage, covered=False),)
    found = replace(found_of(HITS), result=SearchResult((), coverage=Coverage(0.0, (), facets)))
    assert is_answerable(plan, found, SETTINGS) is answerable
    assert is_answerable(replace(plan, topic="soup"), found, SETTINGS)


@pytest.mark.parametrize(("answerability", "answerable"), [(0.23, True), (0.22, False)])
def test_chosen_papers_are_judged_as_any_collection(answerability: float, answerable: bool) -> None:
    of_two = Filters(scope=("1", "2"))
    plan = Plan("q", Intent.LIST, "salt", filters=of_two, chosen=("1", "2"))
    facets = (Facet("salt", 0.9, covered=True),)
    result = SearchResult(HITS, coverage=Coverage(answerability, facets=facets))
    assert is_answerable(plan, Found(HITS, result), AssistantSettings()) is answerable
    narrowed = replace(plan, chosen=("1", "2", "3"))
    assert is_answerable(narrowed, Found(HITS, result), AssistantSettings())


def test_each_of_the_chosen_papers_is_used_where_nothing_is_asked_of_them() -> None:
    plan = Plan("q", Intent.SUMMARY, filters=Filters(scope=("0", "1")), chosen=("0", "1"))
    found = replace(found_of(HITS), browsed=True)
    assert ids(select_hits(plan, found, SETTINGS)) == "012"  # a page has as many as a list
    assert ids(select_hits(replace(plan, chosen=()), found, SETTINGS)) == "01"


@pytest.mark.parametrize(
    ("length", "papers"),
    [
        (AnswerLength.SHORT, (10, 2)),
        (AnswerLength.NORMAL, (20, 4)),
        (AnswerLength.LONG, (30, 6)),
    ],
)
def test_papers_in_prose_by_length(length: AnswerLength, papers: tuple[int, int]) -> None:
    sized_settings = sized(AssistantSettings(), length)
    assert (sized_settings.summary_papers, sized_settings.fact_papers) == papers
    assert replace(sized_settings, summary_papers=20, fact_papers=4) == AssistantSettings()


FACETS = (Facet("mice", 0.9, covered=True), Facet("gene therapy", 0.2, covered=False))


@pytest.mark.parametrize(
    ("answerability", "facets", "answered"),
    [
        (0.23, (), True),
        (0.22, (), False),
        (0.23, FACETS, True),
        (0.9, FACETS[1:], False),
    ],
)
def test_an_answer_needs_a_chance_and_a_part_of_the_question_that_is_covered(
    answerability: float, facets: tuple[Facet, ...], answered: bool
) -> None:
    result = SearchResult(HITS, coverage=Coverage(answerability, facets=facets))
    assert has_answer(result, AssistantSettings()) is answered
    plan = Plan("q", Intent.LIST, "q")
    assert is_answerable(plan, Found(HITS, result), AssistantSettings()) is answered


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (Plan("q", Intent.LIST, filters=Filters(scope=("1",))), found_of(HITS, 0.0)),
        (Plan("q", Intent.FACT), replace(found_of(HITS, 0.0), subjects=HITS[:1])),
        (Plan("q", Intent.LIST), replace(found_of(HITS, 0.0), browsed=True)),
    ],
)
def test_papers_that_were_named_are_never_declined(plan: Plan, found: Found) -> None:
    assert is_answerable(plan, found, AssistantSettings())


@pytest.mark.parametrize(
    ("hits", "chosen"), [(HITS, "56"), (HITS[:5], ""), (HITS[6:], "6"), (HITS[7:], ""), ((), "")]
)
def test_borderline_hits_are_below_the_line_of_a_list(hits: tuple[Hit, ...], chosen: str) -> None:
    assert ids(select_borderline(hits, BORDERLINE)) == chosen


def test_borderline_hits_are_the_best_few() -> None:
    assert ids(select_borderline(HITS, replace(BORDERLINE, borderline_papers=1))) == "5"


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
    found = found_of(HITS[:ranking_papers])
    assert count_listing(found, settings) == (matching, borderline)


def test_where_only_filters_were_asked_for_all_that_pass_them_are_counted() -> None:
    assert count_listing(replace(found_of(HITS), browsed=True), SETTINGS) == (Count(77), Count(0))


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
