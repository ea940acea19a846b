"""Letters that patterns take for others: no question, and no paper, breaks what reads its words."""

from __future__ import annotations

from datetime import date

import pytest
from turns import LISTING, turn

from assistant.alike_letters import plain_letters
from assistant.planning.author_phrases import find_authors
from assistant.planning.date_phrases import find_dates
from assistant.planning.ordinals import read_places

TODAY = date(2026, 11, 21)


def test_they_are_taken_for_what_they_look_like() -> None:
    text = "ſıx K\N{KELVIN SIGN} İ ß ü"
    assert (plain_letters(text), len(plain_letters(text))) == ("six Kk i ß ü", len(text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in the firſt half of 2024", date(2024, 1, 1), date(2024, 6, 30)),
        ("papers of the laſt 3 monthſ", date(2026, 8, 21), TODAY),
        ("papers from thıs week", date(2026, 11, 16), date(2026, 11, 22)),
        ("papers from yeſterday", date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_dates(text: str, first: date, last: date) -> None:
    found = find_dates(text, TODAY)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("what of the ſecond one?", ("b",)),
        ("compare the fırst three papers", ("a", "b", "c")),
        ("the fırst fİve papers", ("a", "b", "c", "d", "e")),
    ],
)
def test_places(question: str, papers: tuple[str, ...]) -> None:
    found = read_places(question, [turn("abcdef", LISTING)])
    assert found is not None
    assert found.papers == papers


def test_numbers_of_authors() -> None:
    found = find_authors("papers by ſıx authors")
    assert found is not None
    assert (found.fewest, found.most) == (6, 6)
