from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from embedders import WordEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import split_sentences
from vectorstore.embedding import Embedder, OnnxEmbedder
from vectorstore.library import Library
from vectorstore.question_words import question_words
from vectorstore.records import Paper, Span
from vectorstore.search import SearchResult, SearchSettings, search

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

PAPERS = (
    Paper("a", "Paged Caches", "Caches are paged to disk. They shrink."),
    Paper("b", "Zebras", "Zebras graze on grass. Zebras drink."),
    Paper("c", "Looms", "A weaver sees a cache of patterns."),
    Paper("d", "Kilns", "Clay is fired. It hardens."),
)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (
            "predicting the growth of a patient's brain tumour",
            "A for-loop is all you need. For solving the inverse problem in the case of"
            " personalized tumor growth modeling",
        ),
        (
            "Recognise which instruments play in a recorded song",
            "Show Me the Instruments: Musical Instrument Retrieval from Mixture Audio",
        ),
        (
            "giving robots a sense of smell",
            "Position: Olfaction Standardization is Essential for the Advancement of Embodied"
            " Artificial Intelligence",
        ),
        (
            "Is there an agent that plays Red Dead Redemption?",
            "Towards General Computer Control: A Multimodal Agent for Red Dead Redemption II as a"
            " Case Study",
        ),
        (
            "counting cars with fibre optic cables",
            "Edge Computing in Distributed Acoustic Sensing: An Application in Traffic Monitoring",
        ),
        (
            "Do quantum computers need less energy than classical ones?",
            "Energy-Consumption Advantage of Quantum Computation",
        ),
        (
            "cheap EEG headsets for decoding seen images",
            "Alljoined-1.6M: A Million-Trial EEG-Image Dataset for Evaluating Affordable"
            " Brain-Computer Interfaces",
        ),
        (
            "several agents that turn questions into SQL",
            "MAC-SQL: A Multi-Agent Collaborative Framework for Text-to-SQL",
        ),
        (
            "watching videos to learn how to operate a computer",
            "Watch and Learn: Learning to Use Computers from Online Videos",
        ),
        (
            "Which papers deal with click-through rate prediction?",
            "BARS-CTR: Open Benchmarking for Click-Through Rate Prediction",
        ),
    ],
)
def test_plain_question(shipped_library: Library, question: str, title: str) -> None:
    result = search(shipped_library, question, 5)
    assert result.hits[0].paper.title == title
    best, *others = [hit.relevance for hit in result.hits]
    assert best > 0.8 > max(others)
    assert result.answerability > 0.5


def test_every_title_finds_its_paper(shipped_library: Library) -> None:
    papers = list(shipped_library.catalog.papers().values())[::9]
    found = [search(shipped_library, paper.title, 1).hits[0].paper for paper in papers]
    assert found == papers


def test_what_no_paper_covers(shipped_library: Library) -> None:
    far = search(shipped_library, "Who won the cheese rolling contest in Gloucestershire?", 5)
    assert far.answerability < 0.25


def test_hits_are_in_order(shipped_library: Library) -> None:
    hits = search(shipped_library, "How is the key-value cache made smaller?", 400).hits
    fused = [hit.fused for hit in hits]
    assert fused == sorted(fused, reverse=True)
    assert len({hit.paper.id for hit in hits}) == len(hits) > 100
    assert all(0 <= hit.relevance <= 1 and 0 <= hit.lexical <= 1 for hit in hits)
    assert all(-1 <= hit.dense <= 1 for hit in hits)
    # Relevance weighs the parts otherwise than the order does, but falls from one to the next ten.
    tens = [np.mean([hit.relevance for hit in hits[n : n + 10]]) for n in (0, 10, 20, 50, 100)]
    assert tens == sorted(tens, reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 7])
def test_limit(shipped_library: Library, limit: int) -> None:
    question = "How are mixtures of experts served?"
    hits = search(shipped_library, question, 400).hits
    assert search(shipped_library, question, limit).hits == hits[:limit]


def test_sentences_of_a_hit_are_those_of_its_abstract(shipped_library: Library) -> None:
    hits = search(shipped_library, "quantization to few bits", 50).hits
    assert len(hits) == 50
    for hit in hits:
        spans = tuple(sentence.span for sentence in hit.sentences)
        assert spans == split_sentences(hit.paper.abstract)
        assert all(-1 <= sentence.similarity <= 1.001 for sentence in hit.sentences)


def test_best_sentence_says_it(shipped_library: Library) -> None:
    [hit] = search(shipped_library, "How many GPUs does ByteScale scale to?", 1).hits
    best = max(hit.sentences, key=lambda sentence: sentence.similarity).span
    assert "12,000 GPUs" in hit.paper.abstract[best.start : best.end]


def test_scope(shipped_library: Library) -> None:
    question = "giving robots a sense of smell"
    scope = sorted(shipped_library.catalog.papers())[:20]
    hits = search(shipped_library, question, 400, scope=[*scope, *scope, "unknown"]).hits
    assert sorted(hit.paper.id for hit in hits) == scope
    assert search(shipped_library, question, 400, scope=["unknown"]).hits == ()


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_no_question(shipped_library: Library, question: str) -> None:
    assert search(shipped_library, question, 5) == SearchResult((), 0.0)


@pytest.mark.parametrize(
    "question",
    [
        "which papers are about that",
        "?!",
        "\N{ZERO WIDTH SPACE}",
        "\0",
        "caf\udce9",
        '"quoted" OR title:x AND NOT y* NEAR(',
        "'; DROP TABLE papers; --",
        "大模型推理",
        "\U0001f9e0" * 50,
        "why " * 20_000,
        " ".join(f"word{n}" for n in range(2_000)),
    ],
    ids=lambda question: ascii(question[:20]),
)
def test_odd_question(shipped_library: Library, question: str) -> None:
    result = search(shipped_library, question, 5)
    assert len(result.hits) == 5
    assert 0 <= result.answerability <= 1


@given(question=st.text(max_size=200))
@settings(max_examples=40)
def test_any_question(shipped_library: Library, question: str) -> None:
    hits = search(shipped_library, question, 30).hits
    assert len({hit.paper.id for hit in hits}) == len(hits)
    assert all(0 <= hit.relevance <= 1 for hit in hits)


def test_question_by_words_and_meaning(make_library: MakeLibrary, embedder: OnnxEmbedder) -> None:
    library = make_library(PAPERS, embedder)
    by_meaning = search(library, "pottery in an oven", 4).hits
    assert by_meaning[0].paper.id == "d"
    assert [hit.lexical for hit in by_meaning] == [0.0] * 4
    by_words = search(library, "Zebras", 4).hits
    assert (by_words[0].paper.id, by_words[0].lexical) == ("b", 1.0)


def cosines(question: str, texts: Sequence[str]) -> list[float]:
    asked = WordEmbedder().embed_query(question)
    return [float(WordEmbedder().embed_query(text) @ asked) for text in texts]


def test_parts_of_a_score(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    question = "Do zebras graze, or shrink a cache?"
    chosen = SearchSettings(dense_weight=0.6)
    hits = {hit.paper.id: hit for hit in search(library, question, 9, settings=chosen).hits}

    dense: dict[str, float] = {}
    for paper in PAPERS:
        spans = split_sentences(paper.abstract)
        sentences = cosines(question, [paper.abstract[span.start : span.end] for span in spans])
        # Abstracts of at most three sentences are one passage.
        [whole] = cosines(question, [paper.abstract])
        dense[paper.id] = (whole + max(sentences) + whole) / 3
        assert [s.span for s in hits[paper.id].sentences] == list(spans)
        assert [s.similarity for s in hits[paper.id].sentences] == pytest.approx(
            sentences, abs=1e-3
        )
    words = library.catalog.match_words(question_words(question), 9)
    lexical = {key: words.get(key, 0.0) / max(words.values()) for key in dense}
    best = max(dense.values())
    fused = {key: 0.6 * dense[key] + 0.4 * lexical[key] for key in dense}
    relevance = {
        key: 1
        / (
            1
            + math.exp(
                -chosen.relevance_intercept
                - chosen.relevance_fused * fused[key]
                - chosen.relevance_best_dense * best
            )
        )
        for key in dense
    }

    assert {key: hit.dense for key, hit in hits.items()} == pytest.approx(dense, abs=1e-3)
    assert {key: hit.lexical for key, hit in hits.items()} == pytest.approx(lexical)
    assert {key: hit.fused for key, hit in hits.items()} == pytest.approx(fused, abs=3e-3)
    assert {key: hit.relevance for key, hit in hits.items()} == pytest.approx(relevance, abs=1e-2)
    assert list(hits) == sorted(fused, key=lambda key: -fused[key])


def test_answerability_is_of_words_in_one_paper(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    chosen = SearchSettings(answerable_intercept=0, answerable_dense=0, answerable_words=1)

    def share(question: str) -> float:
        chance = search(library, question, 9, settings=chosen).answerability
        return math.log(chance / (1 - chance))

    # Of four papers "zebras" stands in one, "cache" in two and "unicorns" in none.
    one, two, none = (math.log1p((4 - n + 0.5) / (n + 0.5)) for n in (1, 2, 0))
    assert share("zebras") == pytest.approx(1)
    assert share("unicorns") == pytest.approx(0)
    assert share("Are zebras unicorns?") == pytest.approx(one / (one + none))
    # No paper has both.
    assert share("zebras in a cache") == pytest.approx(one / (one + two))
    assert share("weavers cache") == pytest.approx(1)


def test_rewritten_paper_is_found_when_it_is_indexed_again(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    library.add([Paper("b", "Zebras", "Horses run.")])
    waiting = search(library, "zebras graze", 9).hits
    assert "b" not in [hit.paper.id for hit in waiting]


def test_empty_library(make_library: MakeLibrary) -> None:
    library = make_library((), WordEmbedder())
    assert search(library, "zebras", 5) == SearchResult((), 0.0)


def test_nothing_indexed_yet(make_library: MakeLibrary) -> None:
    library = make_library((), WordEmbedder())
    library.add(PAPERS)
    assert search(library, "zebras", 5).hits == ()


def test_paper_without_an_abstract(make_library: MakeLibrary) -> None:
    paper = Paper("e", "Unicorns", "")
    library = make_library((*PAPERS, paper), WordEmbedder())
    [hit] = search(library, "unicorns", 1).hits
    assert (hit.paper, hit.sentences, hit.lexical) == (paper, (), 1.0)


def test_one_word(make_library: MakeLibrary) -> None:
    library = make_library((Paper("e", "Unicorns", "None"),), WordEmbedder())
    [hit] = search(library, "unicorns", 5).hits
    assert [sentence.span for sentence in hit.sentences] == [Span(0, 4)]
