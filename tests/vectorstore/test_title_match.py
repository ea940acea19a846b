from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.title_match import MAX_QUESTION_WORDS, NamedTitle, TitleMatcher
from vectorstore.title_words import words_of

PAPERS = 400
# How many of the papers have each word; the words of titles that are not here are in one paper.
COMMON = {
    **dict.fromkeys("efficient language large model models llm llms".split(), 200),
    **dict.fromkeys(
        "attention inference neural networks training deep serving fast a the".split(), 120
    ),
    **dict.fromkeys("survey methods scaling scale selective memory architecture moe".split(), 50),
    **dict.fromkeys("help quantization data selection search compute resource".split(), 30),
    **dict.fromkeys("prefill decoding flash importance exact transformer".split(), 8),
}
TITLES = (
    "DistServe: Disaggregating Prefill and Decoding for Goodput-optimized Model Serving",  # 0
    "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",  # 1
    "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning",  # 2
    "PowerInfer-2: Fast Large Language Model Inference on a Smartphone",  # 3
    "HELP: Hardware-Adaptive Efficient Latency Prediction via Meta-Learning",  # 4
    "Efficient Deep Neural Networks",  # 5
    "A Survey of Quantization Methods for Efficient Neural Network Inference",  # 6
    "Kolmogorov-Arnold Transformer",  # 7
    "Data Selection via Importance Resampling",  # 8
    "A$^2$ATS: Retrieval-Based Cache Reduction via Windowed Rotary Position Embedding",  # 9
    "Large Language Monkeys: Scaling Inference Compute with Repeated Sampling",  # 10
    "GPTQ: Accurate Post-Training Quantization for Generative Transformers",  # 11
    "ETS: Efficient Tree Search for Inference",  # 12
    "AsCAN: Asymmetric Convolution-Attention Networks",  # 13
)
IN_TITLES = {text for title in TITLES for text in words_of(title).texts}


def rarity(word: str) -> float:
    having = COMMON.get(word, 1 if word in IN_TITLES else 0)
    return math.log1p((PAPERS - having + 0.5) / (having + 0.5))


def scores(question: str, aliases: Mapping[int, Sequence[str]] | None = None) -> dict[int, float]:
    found = TitleMatcher(TITLES, rarity, aliases).scores(question)
    return {position: round(score, 2) for position, score in found.items() if score >= 0.3}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does DistServe do?", {0: 1.0}),
        ("what does distserve do", {0: 1.0}),
        ("Dist Serve latency", {0: 1.0}),
        ("distservee latency", {0: 0.8}),
        ("dstservee latency", {0: 0.7}),
        ("How fast is FlashAttention?", {1: 1.0, 2: 0.7}),
        ("How fast is FlashAttention-2?", {1: 0.5, 2: 1.0}),
        ("PowerInfer on phones", {3: 0.7}),
        ("A2ATS", {9: 1.0}),
        ("the A^2ATS paper", {9: 1.0}),
        ("gptq", {11: 1.0}),
        ("Which papers beat GPTQ?", {11: 1.0}),
        ("ETS", {12: 1.0}),
        ("ets", {12: 0.5}),
    ],
)
def test_name(question: str, named: dict[int, float]) -> None:
    assert scores(question) == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Does HELP predict latency?", {4: 0.75}),
        ("Can models help with latency?", {}),
        ("CAN BIG MODELS HELP ME", {}),
        ("how can a scan be read", {}),  # no AsCAN
        ("ascan", {13: 1.0}),
    ],
)
def test_name_that_is_also_a_word(question: str, named: dict[int, float]) -> None:
    assert scores(question) == named


@pytest.mark.parametrize(
    ("question", "position"),
    [
        ("Disaggregating Prefill and Decoding", 0),
        ("the paper on disaggregating prefill and decoding for goodput", 0),
        ("disagregating prefill decoding goodput optimised model serving", 0),
        ("large language monkeys", 10),
        ("monkeys: scaling inference compute with repeated samplng", 10),
        ("Kolmogorov-Arnold Transformers", 7),
        ("kolmogorv arnold transformer", 7),
        ("data selection via importance resampling", 8),
    ],
)
def test_part_of_a_title(question: str, position: int) -> None:
    found = scores(question)
    assert max(found, key=found.__getitem__) == position
    assert found[position] >= 0.6


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?!",
        "which papers cover quantization of language models",
        "efficient inference of large language models",
        "a survey of neural networks",
        "training and serving of large models",
        "prefill or decoding?",
        "LLM",
        "MoE",
        "Does anything here treat popcorn?",
    ],
)
def test_topic(question: str) -> None:
    assert max(scores(question).values(), default=0) < 0.4


def test_title_of_common_words_scores_low_even_when_whole() -> None:
    assert scores("efficient deep neural networks") == {5: 0.43}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("KAT", {7: 0.8}),
        ("What is DSIR?", {8: 0.8}),
        ("what is dsir", {8: 0.8}),
        ("what is kat", {}),  # three letters are too few to be known without capitals
        ("LLM", {}),  # the initials of "Large Language Monkeys", but every paper's word
    ],
)
def test_initials(question: str, named: dict[int, float]) -> None:
    assert scores(question) == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("does RLZT-X scale", {6: 0.8}),
        ("does rlzt-x scale", {6: 0.8}),
        ("WQ", {6: 0.8}),
        ("wq", {6: 0.4}),
        ("LLM", {}),
    ],
)
def test_aliases(question: str, named: dict[int, float]) -> None:
    assert scores(question, {6: ("RLZT-X", "WQ", "LLM", "")}) == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        # The initials of "Kolmogorov-Arnold Transformer" and the name of another paper.
        ("What is KAT?", {6: 0.8}),
        ("What is KAT-2?", {6: 0.8}),
        # A name of two words that begins with these initials leaves them as they are.
        ("What is DSIR flow?", {2: 0.8, 8: 0.4}),
        ("What is DSIR?", {8: 0.8}),
        # Too common a word to be a name of a paper is none that initials give way to either.
        ("LLM", {}),
    ],
)
def test_initials_of_a_title_that_are_the_name_of_another(
    question: str, named: dict[int, float]
) -> None:
    assert scores(question, {6: ("KAT",), 2: ("DSIR flow",), 3: ("LLM",)}) == named


def test_word_in_other_case_than_a_name_may_still_be_initials() -> None:
    """A word that no name is trusted for may be meant for the initials of a title."""
    titles = ("Able: Looms", "Adaptive Bricks for Large Equipment")
    matcher = TitleMatcher(titles, lambda word: 0.5 if word == "able" else 1.0)
    assert matcher.names("ABLE") == (NamedTitle("ABLE", 1, pytest.approx(0.6)),)
    assert matcher.names("Able") == (NamedTitle("Able", 0, pytest.approx(0.75)),)


ALIASES = {6: ("RLZT-X", "KAT"), 11: ("gptq",)}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Is GPTQ faster than DistServe?", [("GPTQ", 11, 1.0), ("DistServe", 0, 1.0)]),
        ("DistServe or gptq or GPTQ", [("DistServe", 0, 1.0), ("gptq", 11, 1.0)]),
        ("the Dist Serve paper", [("Dist Serve", 0, 1.0)]),
        ("distservee", [("distservee", 0, 0.8)]),
        ("rlzt-x and KAT", [("rlzt x", 6, 0.8), ("KAT", 6, 0.8)]),
        # The papers of a name come surest first, a part of a longer name behind it.
        ("FlashAttention", [("FlashAttention", 1, 1.0), ("FlashAttention", 2, 0.7)]),
        (
            "FlashAttention-2",
            [
                ("FlashAttention 2", 2, 1.0),
                ("FlashAttention", 1, 0.5),
                ("FlashAttention", 2, 0.35),
            ],
        ),
        # What repeats a title's words does not name it by these words.
        ("Disaggregating Prefill and Decoding", []),
        ("which papers cover quantization", []),
        ("", []),
        ("the " * MAX_QUESTION_WORDS + "GPTQ", []),
    ],
)
def test_names(question: str, named: list[tuple[str, int, float]]) -> None:
    found = TitleMatcher(TITLES, rarity, ALIASES).names(question)
    rounded = [NamedTitle(title.name, title.position, round(title.score, 2)) for title in found]
    assert rounded == [NamedTitle(*title) for title in named]


def test_no_titles() -> None:
    assert TitleMatcher((), rarity).scores("DistServe") == {}
    assert TitleMatcher(("", ":", "?"), rarity).scores("DistServe") == {}


def test_nothing_is_rare_in_an_empty_collection() -> None:
    assert TitleMatcher(TITLES, lambda _: 0.0).scores("distserve prefill") == {}


def test_twins_score_alike() -> None:
    matcher = TitleMatcher(("COMET: Serving", "Comet: Overlapping"), rarity)
    assert matcher.scores("Comet serving") == {0: 1.0, 1: 1.0}


@pytest.mark.parametrize("unit", ["distserve ", "a ", "$", "fast attention ", "flashatention", "É"])
def test_long_questions(unit: str) -> None:
    found = TitleMatcher(TITLES, rarity).scores(unit * 20_000)
    assert set(found) <= set(range(len(TITLES)))


TITLE_WORDS = st.sampled_from([*sorted(IN_TITLES), "HELP", "DistServe", "FlashAttention-2", "x:"])


@given(st.lists(TITLE_WORDS, max_size=12).map(" ".join) | st.text(max_size=50))
def test_any_question(question: str) -> None:
    matcher = TitleMatcher(TITLES, rarity, {0: ("DS",)})
    found = matcher.scores(question)
    assert all(0 < score <= 1 for score in found.values())
    assert set(found) <= set(range(len(TITLES)))
    named = matcher.names(question)
    assert all(0 < title.score <= found[title.position] and title.name for title in named)
    assert len({(title.name.lower(), title.position) for title in named}) == len(named)


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=30))
def test_any_titles(titles: list[str], question: str) -> None:
    found = TitleMatcher(titles, rarity).scores(question)
    assert all(0 < score <= 1 for score in found.values())
    assert set(found) <= set(range(len(titles)))
