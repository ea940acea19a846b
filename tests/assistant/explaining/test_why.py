"""Why a paper is on a list or not, from the title as it is typed to the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from embedders import WordEmbedder

from assistant.answer import BlockKind, Intent
from assistant.answering import Assistant
from assistant.errors import AssistantError, QuestionError
from assistant.explaining.standing import Standing
from assistant.explaining.why import Explanation, explain
from assistant.settings import AssistantSettings
from vectorstore.candidates import CandidateSettings
from vectorstore.coverage import CoverageSettings
from vectorstore.embedding import Embedder
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.question import Correction
from vectorstore.records import Paper
from vectorstore.scores import FusionSettings
from vectorstore.search import SearchSettings, search

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

QUESTION = "papers on LLM serving"
PAPERS = (
    Paper("a", "Paged Caches", "Zebra caches are paged. Code is free.", date(2024, 5, 6)),
    Paper("b", "Striped Horses", "A zebra is no horse. It grazes on grass."),
    Paper("c", "Looms", "A weaver sees patterns."),
    Paper("d", "Empty", ""),
)
# Nothing is declined.
PLAIN = SearchSettings(
    fusion=FusionSettings(pooled=0.25, late=0.25, lexical=0.25, title=0.0),
    coverage=CoverageSettings(intercept=9.0),
)
SETTINGS = AssistantSettings(search=PLAIN)


@pytest.fixture
def library(make_library: MakeLibrary) -> Library:
    return make_library(PAPERS, WordEmbedder(token_dimension=4096))


def test_a_listed_paper(shipped_library: Library) -> None:
    explanation = explain(shipped_library, QUESTION, "llumnx")
    found = search(shipped_library, QUESTION, 400)
    listed = [hit for hit in found.hits if hit.relevance >= AssistantSettings().list_relevance]
    assert explanation.hit.paper.title.startswith("Llumnix: Dynamic Scheduling")
    assert explanation.rank
    assert explanation.hit == found.hits[explanation.rank - 1]
    assert explanation.standing is Standing.LISTED
    assert explanation.reason == (
        f"It is on the list: number {explanation.rank} of {len(listed)} papers."
    )
    assert (explanation.best, explanation.ranked) == (found.hits[0], len(found.hits))
    assert [word.word for word in explanation.answered] == ["llm", "serving"]
    assert (explanation.unanswered, explanation.corrections, explanation.uncovered) == ((), (), ())
    assert sum(share.contribution for share in explanation.parts) == pytest.approx(
        explanation.hit.fused, abs=1e-5
    )
    assert sum(share.other_contribution for share in explanation.parts) == pytest.approx(
        found.hits[0].fused, abs=1e-5
    )


def test_an_explanation_agrees_with_the_answer(shipped_library: Library) -> None:
    assistant = Assistant(shipped_library)
    answer = assistant.ask(QUESTION)
    cited = [citation.paper for citation in answer.citations]
    borderline = [hit.paper for hit in answer.borderline]
    assert answer.plan.intent is Intent.LIST
    assert answer.plan.topic == "LLM serving"
    for paper, standing in [
        (cited[0], Standing.LISTED),
        (cited[-1], Standing.LISTED),
        (borderline[0], Standing.BORDERLINE),
        (borderline[-1], Standing.BORDERLINE),
        (answer.ranking[-1].paper, Standing.BELOW),
    ]:
        assert assistant.explain(QUESTION, paper.title).standing is standing


def test_the_sentence_is_what_the_list_quotes(shipped_library: Library) -> None:
    assistant = Assistant(shipped_library)
    items = [block for block in assistant.ask(QUESTION).blocks if block.kind is BlockKind.ITEM]
    quoted = {block.lead: [claim.text for claim in block.claims] for block in items}
    assert len(quoted) == len(items) > 10
    for title, texts in quoted.items():
        assert texts in ([""], [assistant.explain(QUESTION, title).sentence])


def test_words_that_it_does_not_answer(library: Library) -> None:
    explanation = explain(library, "zebra caches", "striped horses", settings=SETTINGS)
    assert [(word.word, word.match) for word in explanation.answered] == [("zebra", 1.0)]
    assert [(word.word, word.match) for word in explanation.unanswered] == [("caches", 0.0)]
    assert explanation.sentence == "It grazes on grass."  # what it does itself
    assert (explanation.rank, explanation.best.paper.id) == (2, "a")
    assert explain(library, "zebra caches", "Empty", settings=SETTINGS).sentence == ""


def test_corrections_are_those_of_the_search(shipped_library: Library) -> None:
    explanation = explain(shipped_library, "papers on mergng models", "PLeaS")
    assert explanation.corrections == (Correction("mergng", "merging"),)
    assert [word.word for word in explanation.answered] == ["merging", "models"]


def test_what_nothing_covers(library: Library) -> None:
    explanation = explain(library, "zebra in kilns", "looms", settings=SETTINGS)
    assert explanation.uncovered == ("kilns",)


def test_a_paper_that_filters_leave_out_is_seen_without_them(library: Library) -> None:
    plain = explain(library, "zebra caches", "paged caches", settings=SETTINGS)
    filters = Filters(published_to=date(2023, 12, 31), order=Order.NEWEST)
    explanation = explain(library, "zebra caches", "paged caches", filters, SETTINGS)
    assert explanation == replace(
        plain,
        standing=Standing.FILTERED,
        reason="A filter leaves it out: it is of 2024-05-06, after 2023-12-31.",
    )


def test_an_undated_paper(library: Library) -> None:
    filters = Filters(published_from=date(2020, 1, 1))
    explanation = explain(library, "zebra caches", "striped horses", filters, SETTINGS)
    assert explanation.standing is Standing.UNDATED


def test_what_passes_the_filters_is_ranked_within_them(library: Library) -> None:
    filters = Filters(published_from=date(2020, 1, 1), order=Order.OLDEST)
    explanation = explain(library, "zebra caches", "paged caches", filters, SETTINGS)
    assert (explanation.rank, explanation.ranked) == (1, 1)


def test_a_paper_that_was_no_candidate_is_scored_beside_the_best(library: Library) -> None:
    few = CandidateSettings(all_papers=1, exact_papers=10, nearest=1, word_matches=1)
    settings = replace(SETTINGS, search=replace(PLAIN, candidates=few))
    whole = explain(library, "zebra caches", "looms", settings=SETTINGS)
    explanation = explain(library, "zebra caches", "looms", settings=settings)
    assert explanation == replace(
        whole,
        rank=None,
        ranked=1,
        standing=Standing.NO_CANDIDATE,
        reason="It was not among the candidates: of 4 papers, the 1 that are nearest or have the"
        " rarest words of the question are scored in full.",
    )


def test_a_question_that_is_declined(library: Library) -> None:
    declined = replace(PLAIN, coverage=CoverageSettings(intercept=-9.0))
    settings = replace(SETTINGS, search=declined)
    explanation = explain(library, "zebra in kilns", "striped horses", settings=settings)
    assert (explanation.standing, explanation.reason) == (
        Standing.DECLINED,
        "The whole question was judged unanswerable from this collection: nothing covers “kilns”.",
    )


def test_what_is_wrong_with_the_question_or_the_title_is_said(library: Library) -> None:
    assistant = Assistant(library, settings=SETTINGS)
    with pytest.raises(QuestionError, match="The question is empty"):
        assistant.explain("  ", "looms")
    with pytest.raises(AssistantError, match="No paper here is called “porcelain”"):
        assistant.explain("zebra", "porcelain")


def test_an_empty_library(make_library: MakeLibrary) -> None:
    with pytest.raises(AssistantError, match="There are no papers to answer from yet"):
        Assistant(make_library([], WordEmbedder())).explain("zebra", "looms")


def test_the_sentence_is_of_the_abstract(library: Library) -> None:
    explained: list[Explanation] = [
        explain(library, "zebra caches", paper.title, settings=SETTINGS) for paper in PAPERS
    ]
    assert all(item.sentence in item.hit.paper.abstract for item in explained)
