from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.title_words import Words, max_slips, read_title, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", Words((), ())),
        ("?!–", Words((), ())),
        ("KV-Cache_2", Words(("kv", "cache", "2"), ("KV", "Cache", "2"))),
        ("A$^2$ATS", Words(("a2ats",), ("A2ATS",))),
        ("D^{2}MoE", Words(("d2moe",), ("D2MoE",))),
        ("ＬＬＭ", Words(("llm",), ("LLM",))),
    ],
)
def test_words(text: str, words: Words) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("DistServe: Disaggregating Prefill", ("distserve",)),
        ("Nexus:Proactive Disaggregation", ("nexus",)),
        ("PLeaS -- Merging Models", ("pleas",)),
        ("PLeaS – Merging Models", ("pleas",)),
        ("The Languini Kitchen: Language Modelling", ("languini", "kitchen")),
        ("FlashAttention-2: Faster", ("flashattention", "2")),
        ("One Two Three Four Five: Six", ("one", "two", "three", "four", "five")),
        ("One Two Three Four Five Six: Seven", ()),
        ("Efficient Deep-Learning", ()),
        ("Caches 1-2 and more", ()),
        (": no front", ()),
        ("", ()),
    ],
)
def test_name(title: str, name: tuple[str, ...]) -> None:
    assert read_title(title).name.texts == name


@pytest.mark.parametrize(
    ("title", "initials"),
    [
        ("", set()),
        ("Two Words", set()),
        ("Kolmogorov-Arnold Transformer", {"kat"}),
        ("Data Selection via Importance Resampling", {"dsvir", "dsir"}),
        ("Large Language Monkeys: Scaling with Samples", {"llmsws", "llmss", "llm", "sws"}),
    ],
)
def test_initials(title: str, initials: set[str]) -> None:
    assert set(read_title(title).initials()) == initials


def test_joined_part() -> None:
    words = words_of("The Dist Serve paper").part(1, 3)
    assert words == Words(("dist", "serve"), ("Dist", "Serve"))
    assert words.joined == "distserve"


@pytest.mark.parametrize(
    ("text", "slips"), [("", 0), ("gptq", 0), ("gptqq", 1), ("pipeline", 2), ("pipelines", 2)]
)
def test_slips(text: str, slips: int) -> None:
    assert max_slips(text) == slips


@given(st.text())
def test_any_title(text: str) -> None:
    title = read_title(text)
    assert title.words == words_of(text)
    assert len(title.words.texts) == len(title.words.typed)
    assert title.name.joined in title.words.joined
    assert all(initials.isalnum() for initials in title.initials())
