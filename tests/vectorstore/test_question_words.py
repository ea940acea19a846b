from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.question_words import STOP_WORDS, question_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", ()),
        ("?!… –", ()),
        ("Which papers are about these, please?", ("please",)),
        ("Which papers discuss KV cache reduction?", ("kv", "cache", "reduction")),
        ("cache CACHE Cache", ("cache",)),
        ("key-value_cache/GPT-4's 3.5x", ("key", "value", "cache", "gpt", "4", "s", "3", "5x")),
        ('title:"a" OR b* NEAR(c, 2) ^d', ("title", "b", "near", "c", "2", "d")),
        ("Mélange", ("mélange",)),
        ("Me\N{COMBINING ACUTE ACCENT}lange", ("mélange",)),
        ("Straße", ("straße",)),
        ("ＬＬＭ", ("llm",)),
        ("大模型 推理", ("大模型", "推理")),
        ("caf\udce9 a\0b", ("caf", "b")),
    ],
)
def test_words(question: str, words: tuple[str, ...]) -> None:
    assert question_words(question) == words


@given(st.text())
def test_any_question(question: str) -> None:
    words = question_words(question)
    assert len(set(words)) == len(words)
    assert not STOP_WORDS & set(words)
    assert all(character.isalnum() for word in words for character in word)
