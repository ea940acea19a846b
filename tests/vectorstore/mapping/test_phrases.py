"""Which words of a text may name a topic."""

from __future__ import annotations

import pytest

from vectorstore.mapping.phrases import Phrase, read_phrases, stems_of


def test_every_phrase_with_its_place_in_its_run() -> None:
    assert list(read_phrases("Baking rye breads, slowly")) == [
        Phrase(("bake",), "Baking", begins=True, ends=False),
        Phrase(("bake", "rye"), "Baking rye", begins=True, ends=False),
        Phrase(("bake", "rye", "bread"), "Baking rye breads", begins=True, ends=True),
        Phrase(("rye",), "rye", begins=False, ends=False),
        Phrase(("rye", "bread"), "rye breads", begins=False, ends=True),
        Phrase(("bread",), "breads", begins=False, ends=True),
        Phrase(("slowli",), "slowly", begins=True, ends=True),
    ]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", []),
        ("We show that this is the case", ["case"]),
        ("A novel oven for bread", ["oven", "bread"]),
        ("Levain: Bread via yeast", ["Levain", "Bread", "yeast"]),
        ("Bread — and (warm) soup", ["Bread", "warm", "soup"]),
        ("Oven-to-Table soup", ["Oven-to-Table soup"]),
        ("bread 2024 soup", ["bread", "soup"]),
        (f"bread {'o' * 31} soup", ["bread", "soup"]),
        ("<b>Bread</b> & soup", ["b", "Bread", "b", "soup"]),
        (r"$k$-NN and \emph{Bread}", ["k", "NN", "emph", "Bread"]),
        ("面包", ["面包"]),
        ("bread " * 3 + "x" * 5_000, ["bread bread bread"]),
    ],
)
def test_runs(text: str, runs: list[str]) -> None:
    whole = [phrase.typed for phrase in read_phrases(text) if phrase.begins and phrase.ends]
    assert whole == runs


def test_stems_of_all_words() -> None:
    assert stems_of("Oven-to-table images of Soups") == ("oven", "to", "tabl", "imag", "of", "soup")
