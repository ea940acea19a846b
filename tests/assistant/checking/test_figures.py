from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.figures import Figure, figures_in

ALIKE = {
    "1000": ("1000", "1,000", "1,000.0", "1k", "1K", "one thousand", "$1,000", "1-thousand"),
    "2": ("2", "2x", "2×", "2-fold", "2.0", "two times", "two-fold", "twofold", "twice", "doubles"),
    "50": ("50", "50%", "50 %", "50 percent", "50 per cent", "fifty per cent", "50\\%", "50GB"),
    "1500000000": ("1.5B", "1.5 billion", "1.5-billion", "1,5 billion", "1500M", "1.5bn"),
    "2300": ("$2,300", "2,300", "2.3k", "€2300"),
    "7000000000": ("7B", "7-billion", "seven billion"),
    "25": ("25", "twenty-five", "Twenty five"),
    "3": ("threefold", "triples", "thrice", "3 times", "3times"),
    "20240506": ("2024-05-06",),
}


@pytest.mark.parametrize(
    ("value", "text"), [(value, text) for value, texts in ALIKE.items() for text in texts]
)
def test_ways_to_write_a_figure(value: str, text: str) -> None:
    assert [int(figure.value) for figure in figures_in(f"about {text} of it")] == [int(value)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2.98x", ["2.98x"]),
        ("2-3x and 10–20%", ["2", "3x", "10", "20%"]),
        ("5 m, 5m, 5 b", ["5", "5", "5"]),
        ("H100, LLaMA2 and int8", []),
        ("a 32-GPU node with 4-bit weights", ["32", "4"]),
        ("9" * 50, []),
        ("١٢ papers", ["١٢"]),
    ],
)
def test_figures_as_they_are_written(text: str, found: list[str]) -> None:
    assert [figure.text for figure in figures_in(text)] == found


def test_small_number_words_may_only_count() -> None:
    found = [
        (figure.text, figure.start, figure.certain) for figure in figures_in("Once, two of 12")
    ]
    assert found == [("12", 13, True), ("Once", 0, False), ("two", 6, False)]


@given(st.text(st.characters() | st.sampled_from("0123456789.,kKMB%x ")))
def test_figures_stand_where_they_say(text: str) -> None:
    for figure in figures_in(text):
        assert isinstance(figure, Figure)
        assert text.startswith(figure.text, figure.start)
        assert figure.value.is_finite()
