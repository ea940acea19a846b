"""The first stage of a search: whichever way candidates are found, the best papers are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from embedders import WordEmbedder

from vectorstore.candidates import Candidates, CandidateSettings, find_candidates, look_up
from vectorstore.embedding import Embedder
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.question import match_expression, read_question
from vectorstore.records import Hit, Paper
from vectorstore.search import SearchSettings, search

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

ALL = CandidateSettings()
NEAREST = CandidateSettings(all_papers=0, nearest=60, word_matches=60)
PASSAGES = CandidateSettings(all_papers=0, most_papers=0, passages=200, word_matches=60)
WAYS = {"nearest abstracts": NEAREST, "nearest passages": PASSAGES}

QUESTIONS = (
    "How is the key-value cache of a language model made smaller?",
    "predicting the growth of a patient's brain tumour",
    "giving robots a sense of smell",
    "Which papers prune weights after training?",
    "MAC-SQL",
    "neural architecture search without training",
)


def candidates(
    library: Library,
    question: str,
    settings: CandidateSettings,
    filters: Filters | None = None,
) -> Candidates:
    snapshot = library.snapshot()
    filters = filters or Filters()
    rows, _ = snapshot.index.matching(filters)
    lookup = look_up(library, snapshot, question, settings, len(rows))
    return find_candidates(library, snapshot, lookup, rows, settings)


def best(
    library: Library, question: str, settings: CandidateSettings, filters: Filters | None = None
) -> tuple[Hit, ...]:
    chosen = SearchSettings(candidates=settings)
    return search(library, question, 3, filters=filters, settings=chosen).hits


def assert_same(found: tuple[Hit, ...], expected: tuple[Hit, ...]) -> None:
    """Compare hits; scores round a little with a paper's place in memory."""
    assert [hit.paper for hit in found] == [hit.paper for hit in expected]
    for hit, other in zip(found, expected, strict=True):
        assert (hit.fused, hit.relevance) == pytest.approx((other.fused, other.relevance))
        assert [s.span for s in hit.sentences] == [s.span for s in other.sentences]
        assert [s.similarity for s in hit.sentences] == pytest.approx(
            [s.similarity for s in other.sentences], abs=1e-6
        )


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("way", WAYS)
def test_same_best_papers(shipped_library: Library, question: str, way: str) -> None:
    found = candidates(shipped_library, question, WAYS[way])
    assert len(found.rows) < 250  # or this would say nothing
    expected = best(shipped_library, question, ALL)
    assert_same(best(shipped_library, question, WAYS[way]), expected)


FEW = Filters(source="001_", max_authors=6)  # 12 papers
MANY = Filters(published_from=date(2025, 3, 1))  # 94


@pytest.mark.parametrize("filters", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("way", WAYS)
def test_same_best_papers_of_those_filters_let_through(
    shipped_library: Library, filters: Filters, way: str
) -> None:
    question = "How is the key-value cache of a language model made smaller?"
    matching, _ = shipped_library.snapshot().index.matching(filters)
    assert set(candidates(shipped_library, question, WAYS[way], filters).rows) <= set(matching)
    expected = best(shipped_library, question, ALL, filters)
    assert_same(best(shipped_library, question, WAYS[way], filters), expected)


@pytest.mark.parametrize("settings", [ALL, NEAREST, PASSAGES], ids=["all", *WAYS])
def test_words_of_papers_that_filters_let_through(
    shipped_library: Library, settings: CandidateSettings
) -> None:
    # Sixty papers of all have these words better than those twelve, which are not crowded out.
    question = "models of language"
    shares = candidates(shipped_library, question, settings, FEW).lexical
    assert shares == candidates(shipped_library, question, ALL, FEW).lexical
    assert len(shares) > 6
    assert max(shares.values()) == 1.0


def test_every_paper(shipped_library: Library) -> None:
    found = candidates(shipped_library, QUESTIONS[0], ALL)
    assert found.rows.tolist() == list(range(365))


@pytest.mark.parametrize("nearest", [1, 7, 364, 365, 400])
def test_nearest_abstracts_and_those_with_the_words(shipped_library: Library, nearest: int) -> None:
    question = "giving robots a sense of smell"
    settings = CandidateSettings(all_papers=0, nearest=nearest, word_matches=3, scored=365)
    found = candidates(shipped_library, question, settings)
    index = shipped_library.snapshot().index
    assert len(found.lexical) == 3
    asked = shipped_library.embedder.embed_question(question).pooled
    similarities = index.similarities(asked, np.arange(len(index)))
    expected = {*np.argsort(-similarities)[:nearest], *index.rows_of(list(found.lexical))}
    assert found.rows.tolist() == sorted(expected)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_most_promising_of_them(shipped_library: Library, question: str) -> None:
    fewer = CandidateSettings(all_papers=0, scored=40, sure_words=5)
    found = candidates(shipped_library, question, fewer)
    assert len(found.rows) == 40
    index = shipped_library.snapshot().index
    everything = candidates(shipped_library, question, replace(fewer, scored=365))
    surest = index.rows_of(list(found.lexical)[:5]).tolist()
    asked = read_question(question, shipped_library.snapshot().vocabulary, shipped_library.embedder)
    similarities = index.similarities(asked.vectors.pooled, everything.rows).tolist()
    promise = {
        row: 5 * similarity + found.lexical.get(int(index.numbers[row]), 0.0)
        for row, similarity in zip(everything.rows.tolist(), similarities, strict=True)
    }
    left = sorted(promise.keys() - {*surest}, key=promise.__getitem__, reverse=True)
    assert set(found.rows.tolist()) == {*surest, *left[: 40 - len(surest)]}


def test_nearest_passages_and_those_with_the_words(shipped_library: Library) -> None:
    question = "giving robots a sense of smell"
    settings = CandidateSettings(all_papers=0, most_papers=0, passages=20, word_matches=3)
    found = candidates(shipped_library, question, settings)
    index = shipped_library.snapshot().index
    asked = shipped_library.embedder.embed_question(question).pooled
    expected = {
        *index.rows_of_ids(shipped_library.chroma.nearest(asked, 20)),
        *index.rows_of(list(found.lexical)),
    }
    assert found.rows.tolist() == sorted(expected)
    assert len(found.rows) < 24


def test_more_passages_are_asked_for_where_filters_let_few_papers_through(
    shipped_library: Library,
) -> None:
    question = "models of language"
    settings = CandidateSettings(all_papers=0, most_papers=0, passages=20, word_matches=0)
    matching, _ = shipped_library.snapshot().index.matching(FEW)
    # The 20 nearest passages of all papers hold next to none of these twelve.
    unfiltered = candidates(shipped_library, question, settings).rows
    assert len(set(unfiltered) & set(matching)) <= 1
    assert len(candidates(shipped_library, question, settings, FEW).rows) > 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_bm25_as_a_share_of_the_best(shipped_library: Library, question: str) -> None:
    snapshot = shipped_library.snapshot()
    asked = read_question(question, snapshot.vocabulary, shipped_library.embedder)
    expression = match_expression(asked.text, snapshot.vocabulary, 10**9)
    scores = shipped_library.catalog.match_words(expression, 365)
    top = max(scores.values())
    found = candidates(shipped_library, question, ALL).lexical
    assert found == pytest.approx({number: score / top for number, score in scores.items()})


def test_bm25_as_a_share_of_the_best_that_filters_let_through(shipped_library: Library) -> None:
    question = "predicting the growth of a patient's brain tumour"
    index = shipped_library.snapshot().index
    matching, _ = index.matching(MANY)
    everywhere = candidates(shipped_library, question, ALL).lexical
    within = candidates(shipped_library, question, ALL, MANY).lexical
    admitted = set(index.numbers[matching].tolist())
    shares = {number: share for number, share in everywhere.items() if number in admitted}
    top = max(shares.values())
    assert top < 1
    assert within == pytest.approx({number: share / top for number, share in shares.items()})


def test_words_that_no_paper_has(shipped_library: Library) -> None:
    assert candidates(shipped_library, "zzyzx", ALL).lexical == {}
    assert candidates(shipped_library, "which papers are about that", NEAREST).lexical == {}


@pytest.mark.parametrize("settings", [ALL, NEAREST, PASSAGES], ids=["all", *WAYS])
def test_library_too_large_to_stay_in_memory(
    shipped_library: Library,
    make_library: MakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
    settings: CandidateSettings,
) -> None:
    papers = list(shipped_library.catalog.papers().values())
    library = make_library(papers, WordEmbedder(token_dimension=64))
    resident = [best(library, question, ALL) for question in QUESTIONS]
    monkeypatch.setattr("vectorstore.snapshot.RESIDENT_PAPERS", 0)
    library.add([], papers[:1])  # so that it is read again
    assert library.snapshot().block is None
    for question, expected in zip(QUESTIONS, resident, strict=True):
        assert_same(best(library, question, settings), expected)
