"""Which names mean the same author, venue or category."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.name_words import has_words, is_author, is_part, is_whole, name_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Zoë O'Neill", ("zoe", "o", "neill")),
        ("Nguyễn Thị Hoa", ("nguyen", "thi", "hoa")),
        ("J.-P. DUPONT", ("j", "p", "dupont")),
        ("cs.CL", ("cs", "cl")),
        ("?", ()),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("wanted", "author", "means"),
    [
        ("baker", "Alice Baker", True),
        ("Alice Baker", "Alice M. Baker", True),
        ("A. Baker", "Alice Baker", True),
        ("Baker, Alice", "Alice Baker", True),
        ("Baker, A.", "Alice Baker", True),
        ("Alice Baker", "A. Baker", True),
        ("Alice Baker", "Baker A", True),
        ("Jean-Pierre Dupont", "J.-P. Dupont", True),
        ("Alice Baker", "Bo Baker", False),
        ("Alice Baker", "Alice", False),
        ("Alice Baker", "A. B.", False),
        ("A.", "Alice Baker", False),
        ("bak", "Alice Baker", False),
        ("Li Li", "Li Wei", False),
        ("Li Li", "Li Li", True),
        ("A. Ada Baker", "Ada Alice Baker", True),
    ],
)
def test_authors(wanted: str, author: str, means: bool) -> None:
    assert is_author(name_words(wanted), name_words(author)) is means


@pytest.mark.parametrize(
    ("wanted", "name", "part", "words", "whole"),
    [
        ("icml", "ICML", True, True, True),
        ("ICML", "ICML 2024", True, True, True),
        ("Bread Science", "Journal of Bread Science", True, True, False),
        ("bread sci", "Journal of Bread Science", True, False, False),
        ("cs", "cs.CL", True, True, False),
        ("cs.C", "cs.CL", True, False, False),
        ("read", "Bread", False, False, False),
        ("Science Bread", "Bread Science", False, False, False),
        ("", "Bread", False, False, False),
    ],
)
def test_parts(wanted: str, name: str, part: bool, words: bool, whole: bool) -> None:
    asked, given = name_words(wanted), name_words(name)
    assert (is_part(asked, given), has_words(asked, given), is_whole(asked, given)) == (
        part,
        words,
        whole,
    )


@given(st.text(max_size=40))
def test_every_name_means_itself(name: str) -> None:
    words = name_words(name)
    assert is_author(words, words) is bool(words)
    assert is_whole(words, words) is has_words(words, words) is is_part(words, words) is bool(words)
