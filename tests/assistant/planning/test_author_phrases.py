"""How many authors a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.planning.author_phrases import find_authors


@pytest.mark.parametrize(
    ("text", "numbers", "words"),
    [
        ("single-author", (1, 1), "single-author"),
        ("only solo-authored papers", (1, 1), "only solo-authored"),
        ("solo papers", (1, 1), "solo "),
        ("papers by one author", (1, 1), "by one author"),
        ("work by a lone researcher", (1, 1), "by a lone researcher"),
        ("papers by two people", (2, 2), "by two people"),
        ("written by exactly three authors", (3, 3), "written by exactly three authors"),
        ("papers with 3-5 authors on ovens", (3, 5), "with 3-5 authors"),
        ("between two and five authors", (2, 5), "between two and five authors"),
        ("5 to 3 authors", (3, 5), "5 to 3 authors"),
        ("at least ten authors", (10, None), "at least ten authors"),
        ("20+ authors", (20, None), "20+ authors"),
        ("more than 20 authors", (21, None), "more than 20 authors"),
        ("over twenty authors", (21, None), "over twenty authors"),
        ("at most 3 authors", (None, 3), "at most 3 authors"),
        ("three or fewer authors", (None, 3), "three or fewer authors"),
        ("less than 4 authors", (None, 3), "less than 4 authors"),
    ],
)
def test_numbers_of_authors(text: str, numbers: tuple[int | None, int | None], words: str) -> None:
    found = find_authors(text)
    assert found is not None
    assert (found.fewest, found.most) == numbers
    assert text[found.span.start : found.span.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "text-to-motion of two people dancing together",
        "animating one person across many shots",
        "one person's own files",
        "solo recordings",
        "a single transformer",
        "who are the authors",
        "",
    ],
)
def test_people_and_singles_of_other_things(text: str) -> None:
    assert find_authors(text) is None


@given(st.text(max_size=200))
def test_any_text_has_a_range_or_none(text: str) -> None:
    found = find_authors(f"{text} authors")
    if found is not None and found.fewest is not None and found.most is not None:
        assert found.fewest <= found.most
