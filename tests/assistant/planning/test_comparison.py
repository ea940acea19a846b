"""What a question sets side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.comparison import MOST_SIDES, compares_explicitly, is_like_a_name, sides_of


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("compare mixture of experts and dense models", ("mixture of experts", "dense models")),
        ("Compare GPTQ with MARLIN in terms of speed", ("GPTQ", "MARLIN")),
        ("Can you compare rye, wheat and PC-oats, please", ("rye", "wheat", "PC-oats")),
        ("compare rye to wheat", ("rye", "wheat")),
        ("what's the difference between rye and wheat?", ("rye", "wheat")),
        ("differences between a cluster, a PC and a card", ("a cluster", "a PC", "a card")),
        ("how do GPTQ and MR-GPTQ compare?", ("GPTQ", "MR-GPTQ")),
        (
            "How does a 1B model compare in accuracy with GPT-4.1 on shopping queries?",
            ("a 1B model", "GPT-4.1 on shopping queries"),
        ),
        ("how is Nexus different from DistServe?", ("Nexus", "DistServe")),
        ("rye vs wheat vs oats", ("rye", "wheat", "oats")),
        ("DistServe vs. vLLM: which is faster?", ("DistServe", "vLLM")),
        ("compare approaches to baking", ()),
        ("compare rye with itself", ()),
        ("compare papers on baking", ()),
        ("Anything on a comparison of ovens with rules for tuning?", ()),
        ("Attention ignores differences between types and is too slow", ()),
        ("how fast is rye?", ()),
    ],
)
def test_sides(question: str, sides: tuple[str, ...]) -> None:
    assert sides_of(question) == sides


@pytest.mark.parametrize(
    ("question", "explicit"),
    [
        ("please compare rye and wheat", True),
        ("what is the main difference between rye and wheat", True),
        ("rye vs wheat", False),
        ("how does rye compare with wheat", False),
        ("it ignores differences between types", False),
    ],
)
def test_a_comparison_in_so_many_words(question: str, explicit: bool) -> None:
    assert compares_explicitly(question) is explicit


@pytest.mark.parametrize(
    ("side", "name"),
    [("vLLM", True), ("MR-GPTQ", True), ("fp8", True), ("wheat", False), ("Dark rye", False)],
)
def test_what_is_like_a_name(side: str, name: bool) -> None:
    assert is_like_a_name(side) is name


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_no_side_or_a_few(one: str, other: str) -> None:
    sides = sides_of(f"{one} vs {other}")
    assert len(sides) in {0, *range(2, MOST_SIDES + 1)}
    assert all(sides)
