"""Coverage: figures worked out by hand, the parts of a question, and the shipped library."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.settings import AssistantSettings
from vectorstore.catalog import StoredVectors
from vectorstore.content_tokens import content_words
from vectorstore.coverage import (
    COVERING_PAPERS,
    Coverage,
    CoverageSettings,
    Facet,
    Features,
    cover,
    coverage_features,
    facet_places,
)
from vectorstore.embedding import QuestionVectors
from vectorstore.library import Library
from vectorstore.question import Question
from vectorstore.scores import Scores
from vectorstore.search import search
from vectorstore.vector_block import make_block

FLOOR = AssistantSettings().answerability_floor
RARITY = {"paged": 2.0, "caches": 4.0, "CoSQL": 3.0, "zebras": 1.0}
WORDS = re.compile(r"[^\W_]+")


def asked(text: str) -> Question:
    """Return a question whose content words are those that have a rarity, the highest being 4."""
    words = tuple(word for word in WORDS.findall(text) if word in RARITY)
    return Question(
        typed=text,
        text=text,
        corrections=(),
        vectors=QuestionVectors(np.zeros(2, np.float32), words),
        rarity=np.array([RARITY[word] for word in words], np.float32),
        highest_rarity=4.0,
    )


def rows(*matches: tuple[float, ...]) -> Features:
    return np.array(matches, np.float64)


@pytest.mark.parametrize(
    ("text", "matches", "features"),
    [
        # Fewer words than a pair or three: all that there are.
        ("caches", rows((0.25,), (0.75,)), (0.25, 0.25, 0.0, 0.25, 0.5)),
        # Missed by the first paper: 0.5 * 0.5 and 0.2; by the second: 0 and 1.
        ("paged caches", rows((0.5, 0.8), (1.0, 0.0)), (0.45, 0.45, 0.0, 0.2, 0.5)),
        # The first misses 0.1, 0.5, 0.6 and 0.05, the second 0.5, 0.2, 0.3 and 0.
        (
            "paged caches of CoSQL zebras",
            rows((0.8, 0.5, 0.2, 0.8), (0.0, 0.8, 0.6, 1.0)),
            (0.8, 1.0, 0.6, 0.1 + 0.2 + 0.3, 0.5),
        ),
        # The pair is missed least by the first paper, three by the second.
        (
            "paged caches of CoSQL",
            rows((0.4, 0.7, 0.6), (1.0, 0.65, 0.6)),
            (0.6, 0.65, 0.3, 0.0 + 0.3 + 0.3, 0.5),
        ),
        # A name alone: only the best paper counts for it.
        ("CoSQL", rows((0.0,), (1.0,)), (0.0, 0.0, 0.75, 0.0, 0.5)),
        ("CoSQL", rows((1.0,), (0.0,)), (0.0, 0.0, 0.0, 0.0, 0.5)),
        # A match below zero lacks more than all of 1.
        ("caches", rows((-0.5,)), (1.5, 1.5, 0.0, 1.5, 0.5)),
        # No words, or no papers: nothing to judge by, whatever late interaction says.
        ("?", rows((), ()), (0.0, 0.0, 0.0, 0.0, 0.0)),
        ("caches", np.zeros((0, 1)), (0.0, 0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_features(text: str, matches: Features, features: tuple[float, ...]) -> None:
    found = coverage_features(asked(text), matches, 0.5)
    assert found == pytest.approx(features)


@pytest.mark.parametrize("word", ["CoSQL", "W8A8", "GPT4", "iPhone", "LLMs"])
def test_words_shaped_as_names(word: str) -> None:
    question = replace(
        asked("caches"), vectors=QuestionVectors(np.zeros(2, np.float32), (word,)), text=word
    )
    assert coverage_features(question, rows((0.25,)), 0.0)[2] == pytest.approx(0.75)


@pytest.mark.parametrize("word", ["caches", "Caches", "LLM", "MOE", "été"])
def test_words_not_shaped_as_names(word: str) -> None:
    question = replace(
        asked("caches"), vectors=QuestionVectors(np.zeros(2, np.float32), (word,)), text=word
    )
    assert coverage_features(question, rows((0.25,)), 0.0)[2] == 0


def scored(fused: list[float], late: list[float], words: Features) -> Scores:
    """Return scores of papers; `cover` reads no more of them."""
    papers = len(fused)
    none = np.zeros(papers, np.float32)
    return Scores(
        pooled=none,
        late=np.array(late, np.float32),
        lexical=none,
        title=none,
        fused=np.array(fused, np.float32),
        relevance=none,
        words=words.astype(np.float32),
        at=np.arange(papers),
        block=make_block([StoredVectors(1, b"\x01\x00", "[]", b"", b"", 2)]),
        similarities=none,
    )


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


WEIGHTS = CoverageSettings(intercept=0.5, weights=(-1.0, 2.0, -3.0, 4.0, 5.0), covered=0.75)


def test_cover() -> None:
    # The second paper is the best; late interaction is highest in the first.
    matches = rows((0.0, 0.8, 0.6, 1.0), (0.8, 0.5, 0.2, 0.8))
    question = asked("Are paged caches of CoSQL, zebras?")
    found = cover(question, scored([0.3, 0.9], [0.4, 0.2], matches), WEIGHTS)
    features = (0.8, 1.0, 0.6, 0.6, 0.4)
    assert found.features == pytest.approx(features)
    # 0.5 - 0.8 + 2 * 1.0 - 3 * 0.6 + 4 * 0.6 + 5 * 0.4
    assert found.answerability == pytest.approx(logistic(4.3))
    assert found.facets == (
        # (2 * 0.8 + 4 * 0.5) / 6 in the second, (4 * 0.8) / 6 in the first
        Facet("paged caches", pytest.approx(0.6), covered=False),
        Facet("CoSQL", pytest.approx(0.6), covered=False),
        Facet("zebras", pytest.approx(1.0), covered=True),
    )


@pytest.mark.parametrize(("text", "answerability"), [("?", 0.0), ("Paged caches", 1.0)])
def test_without_matches(text: str, answerability: float) -> None:
    # Without words nothing is asked; of words without token vectors nothing can be said.
    found = cover(asked(text), scored([0.3, 0.9], [0.0, 0.0], rows((), ())), WEIGHTS)
    assert found == Coverage(answerability, (0.0,) * 5, ())


LONG = (
    "My tomato plants have yellow leaves with brown spots, and aphids crawl along their stems;"
    " which organic sprays and companion flowers would gardeners recommend before autumn frost"
    " arrives?"
)


def test_length_does_not_make_a_question_answerable(shipped_library: Library) -> None:
    assert search(shipped_library, LONG, 1).answerability < 0.1


def test_only_the_best_papers_cover() -> None:
    # The last but one paper, alike but for its place, has the word; the last scores highest.
    papers = COVERING_PAPERS + 1
    fused = [0.5] * (papers - 1) + [0.9]
    late = [0.0] * (papers - 2) + [1.0, 0.5]
    matches = rows(*[(0.0,)] * (papers - 2), (1.0,), (0.5,))
    found = cover(asked("caches"), scored(fused, late, matches), WEIGHTS)
    assert found.features == pytest.approx((0.5, 0.5, 0.0, 0.5, 0.5))
    assert found.facets == (Facet("caches", pytest.approx(0.5), covered=False),)
    fused[-2] = 0.6
    found = cover(asked("caches"), scored(fused, late, matches), WEIGHTS)
    assert found.features == pytest.approx((0.0, 0.0, 0.0, 0.0, 1.0))
    assert found.facets == (Facet("caches", pytest.approx(1.0), covered=True),)


@pytest.mark.parametrize(("match", "covered"), [(0.75, True), (0.74, False), (0.76, True)])
def test_covered_line(match: float, covered: bool) -> None:
    found = cover(asked("caches"), scored([0.5], [match], rows((match,))), WEIGHTS)
    assert found.facets == (Facet("caches", pytest.approx(match), covered),)


def test_facet_is_covered_by_one_paper_not_by_several_together() -> None:
    matches = rows((1.0, 0.0), (0.0, 1.0))
    found = cover(asked("paged caches"), scored([0.9, 0.5], [0.0, 0.0], matches), WEIGHTS)
    assert found.facets == (Facet("paged caches", pytest.approx(4 / 6), covered=False),)
    apart = cover(asked("paged, caches"), scored([0.9, 0.5], [0.0, 0.0], matches), WEIGHTS)
    assert apart.facets == (Facet("paged", 1.0, covered=True), Facet("caches", 1.0, covered=True))


@pytest.mark.parametrize(
    ("text", "words", "facets"),
    [
        ("", "", []),
        ("What is it?", "", []),
        ("caches", "caches", [[0]]),
        ("paged caches", "paged caches", [[0, 1]]),
        # A stop word or a punctuation mark is between two.
        ("LLM serving for gene therapy", "LLM serving gene therapy", [[0, 1], [2, 3]]),
        ("caches, zebras; looms: kilns. clay", "caches zebras looms kilns", [[0], [1], [2], [3]]),
        ("MoE (mixture of experts)", "MoE mixture experts", [[0], [1], [2]]),
        ("key_value store's", "key value store s", [[0], [1, 2], [3]]),
        ("caches — zebras", "caches zebras", [[0], [1]]),
        # A space of any kind, a hyphen and a slash are not, together or repeated.
        ("key-value cache", "key value cache", [[0, 1, 2]]),
        ("CPU/GPU \t\n memory - - bandwidth", "CPU GPU memory bandwidth", [[0, 1, 2, 3]]),
        ("text-to-SQL", "text SQL", [[0], [1]]),
        # Words that come again.
        ("caches caches of caches", "caches caches caches", [[0, 1], [2]]),
        # What the tokenizer dropped: between, before and behind the others.
        ("paged zebras caches", "paged caches", [[0], [1]]),
        ("zebras paged caches", "paged caches", [[0, 1]]),
        ("paged caches zebras", "paged caches", [[0, 1]]),
        # Nothing but stop words, all of which are kept.
        ("which papers are", "which papers are", [[0, 1, 2]]),
        # The end of the text was not read, and its last word only in part: in no facet.
        ("paged caches zebras", "paged cac", [[0]]),
    ],
    ids=ascii,
)
def test_facet_places(text: str, words: str, facets: list[list[int]]) -> None:
    assert facet_places(text, words.split()) == facets


PIECES = st.one_of(
    st.sampled_from(["of", "The", "which", "cache", "Zebras", "LLMs", "of cache", "3"]),
    st.sampled_from([" ", " ", "-", "/", "_", ", ", "?", "\n"]),
    st.text(max_size=3),
)
TEXTS = st.lists(PIECES, max_size=16).map("".join)


@given(text=TEXTS, data=st.data())
def test_facets_share_out_all_words(text: str, data: st.DataObject) -> None:
    tokens = [match.span() for match in WORDS.finditer(text)]
    dropped = data.draw(st.sets(st.integers(0, len(tokens)), max_size=3))
    kept = [token for at, token in enumerate(tokens) if at not in dropped]
    words = content_words(text, kept)
    facets = facet_places(text, [word.text for word in words])
    # They rise, and every word is in one facet.
    assert [place for facet in facets for place in facet] == list(range(len(words)))
    assert all(facets)


@given(text=TEXTS)
def test_words_of_a_facet_are_next_to_each_other(text: str) -> None:
    words = content_words(text, [match.span() for match in WORDS.finditer(text)])
    ends = [word.start + len(word.text) for word in words]
    facets = facet_places(text, [word.text for word in words])
    joined = {(one, two) for facet in facets for one, two in pairwise(facet)}
    for at in range(len(words) - 1):
        between = text[ends[at] : words[at + 1].start]
        near = all(sign.isspace() or sign in "-/" for sign in between)
        assert ((at, at + 1) in joined) == near


@given(text=st.one_of(st.text(max_size=200), TEXTS))
@settings(max_examples=30)
def test_answerability_of_any_text(shipped_library: Library, text: str) -> None:
    found = search(shipped_library, text, 1)
    assert 0 <= found.answerability <= 1
    assert all(facet.covered == (facet.coverage >= 0.6) for facet in found.facets)
    if not text.strip():
        assert found.coverage == Coverage()


@pytest.mark.parametrize(
    "question",
    [
        "Who won the cheese rolling race at Cooper's Hill?",
        "How did medieval falconry train hawks?",
        "How long should I proof sourdough bread?",
        "Which cheeses did Tudor monks ripen in caves?",
        "What is the offside rule in football?",
        "How do I prune roses in winter?",
        "When was the Suez Canal opened?",
        "LLM serving for gene therapy",
    ],
)
def test_what_no_shipped_paper_answers(shipped_library: Library, question: str) -> None:
    found = search(shipped_library, question, 1)
    assert found.answerability < FLOOR
    assert not all(facet.covered for facet in found.facets)


@pytest.mark.parametrize(
    "question",
    [
        "How are mixtures of experts served on many GPUs?",
        "predicting brain tumor growth",
        "How is the key-value cache compressed?",
        "quantization of large language models to few bits",
        "text-to-SQL with several agents",
        "learning to operate a computer from videos",
        "benchmark for click-through rate prediction",
        "energy use of quantum computers",
        "traffic monitoring with distributed acoustic sensing",
        "decoding images from EEG",
    ],
)
def test_what_shipped_papers_answer(shipped_library: Library, question: str) -> None:
    found = search(shipped_library, question, 1)
    assert found.answerability > FLOOR
    assert all(facet.covered for facet in found.facets)


def test_the_part_that_is_not_covered(shipped_library: Library) -> None:
    facets = search(shipped_library, "LLM serving for gene therapy", 1).facets
    assert [(facet.text, facet.covered) for facet in facets] == [
        ("llm serving", True),
        ("gene therapy", False),
    ]
