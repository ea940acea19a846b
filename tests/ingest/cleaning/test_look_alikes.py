"""Titles that are spelt with letters of another alphabet."""

from __future__ import annotations

import pytest

from ingest.cleaning.look_alikes import passes_for_latin


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Sourdough at Dawn", False),
        ("Sоurdough at Dawn", True),  # a Cyrillic o
        ("Sourdough аt Dawn", True),  # a word that begins with a Cyrillic a
        ("А Study of Bread", True),  # a word of one Cyrillic letter
        ("Sοurdough at Dawn", True),  # a Greek o
        ("Βread at Dawn", True),  # a Greek capital
        # What is no disguise
        ("Хлеб и BERT на рассвете", False),
        ("Рост хлеба", False),
        ("α-Synuclein, NF-κB and ΔT in 5 μm of TNFα", False),
        ("Bréad, Brød, Bröd", False),
        ("ＡＩ と Bread", False),
        ("面包 with Bread", False),
        ("", False),
    ],
)
def test_which_titles_pass_for_latin(title: str, found: bool) -> None:
    assert passes_for_latin(title) is found
