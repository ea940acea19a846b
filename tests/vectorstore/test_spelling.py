from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.spelling import Speller

FORMS = {
    "adapter": 12,
    "attention": 80,
    "caches": 9,
    "caching": 7,
    "checked": 4,
    "constant": 3,
    "gpt4": 5,
    "inference": 90,
    "joint": 6,
    "medical": 8,
    "model": 200,
    "models": 190,
    "quantisation": 1,
    "quantization": 40,
    "raft": 1,
    "routing": 10,
    "rounding": 11,
    "serving": 30,
    "speculative": 14,
    "speech": 9,
    "tokens": 70,
    "transformer": 60,
    "vllm": 8,
    "wide": 20,
}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("quantizaton", "quantization"),
        ("quantizattion", "quantization"),
        ("quantizqtion", "quantization"),
        ("qauntization", "quantization"),
        ("uqantization", "quantization"),
        ("quantizatoin", "quantization"),
        ("quntizaton", "quantization"),  # two slips
        ("ttention", "attention"),
        ("bttention", "attention"),
        ("modl", "model"),
        ("mdoel", "model"),
        ("medel", "model"),
        ("tkoens", "tokens"),
        ("speeech", "speech"),
        ("routding", "rounding"),  # of two as near, the one of more papers
    ],
)
def test_a_slip_is_mended(word: str, meant: str) -> None:
    assert Speller(FORMS).corrected(word) == meant


@pytest.mark.parametrize(
    "word",
    [
        *FORMS,
        "",
        "modek1",  # no word
        "gpt5",
        "key-value",
        "wid",  # too short
        "wine",  # too short for a replaced letter
        "adapters",  # an inflection
        "adapting",
        "cached",
        "checker",  # another ending on the same stem
        "joins",
        "cardiology",
        "falcon",
        "jailbreaking",
        "itransformer",  # how names are made
        "teansfromrr",  # three slips
    ],
)
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert Speller(FORMS).corrected(word) is None


def test_a_word_of_usual_letters_is_no_slip() -> None:
    assert Speller({"blend": 5}).corrected("blind") == "blend"
    assert Speller({"blend": 5, "blinking": 1, "kind": 1}).corrected("blind") is None


def test_two_slips_need_more_than_one_paper() -> None:
    assert Speller({"quantization": 1}).corrected("quntizaton") is None
    assert Speller({"quantization": 2}).corrected("quntizaton") == "quantization"


def test_in_a_large_collection_rare_forms_are_not_trusted() -> None:
    assert Speller({"the": 9_999, "rounding": 1}).corrected("roundinng") == "rounding"
    assert Speller({"the": 10_000, "rounding": 1}).corrected("roundinng") is None
    assert Speller({"the": 10_000, "rounding": 2}).corrected("roundinng") == "rounding"
    assert Speller({"the": 10_000, "round": 9, "roundinng": 1}).corrected("roundinng") is None


def test_no_forms() -> None:
    assert Speller({}).corrected("quantizaton") is None


letters = st.text("abcdeé", max_size=9)


@given(st.dictionaries(letters, st.integers(1, 30_000)), letters)
def test_only_unknown_words_change_and_only_into_known_ones(
    forms: dict[str, int], word: str
) -> None:
    meant = Speller(forms).corrected(word)
    assert meant is None or (word not in forms and meant in forms)


@given(st.text(max_size=60))
def test_any_word(word: str) -> None:
    assert Speller(FORMS).corrected(word) in {None, *FORMS}
