"""How texts are named in a sentence."""

from __future__ import annotations

import pytest

from assistant.wording import alternatives, shortened, uncovered
from vectorstore.coverage import Facet


@pytest.mark.parametrize(
    ("texts", "sentence_part"),
    [
        ([], ""),
        (["a"], "“a”"),
        (["a", "b"], "“a” or “b”"),
        (["a", "b", "c"], "“a”, “b” or “c”"),
    ],
)
def test_alternatives(texts: list[str], sentence_part: str) -> None:
    assert alternatives(texts) == sentence_part


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (" two\n words ", "two words"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 58 + " yz", "x" * 58 + "…"),
    ],
)
def test_long_texts_are_cut(text: str, short: str) -> None:
    assert shortened(text) == short


def test_only_what_nothing_covers_is_named_once_and_three_times_at_most() -> None:
    facets = [
        Facet("gene therapy", 0.2, covered=False),
        Facet("mice", 0.9, covered=True),
        Facet("gene therapy", 0.2, covered=False),
        *(Facet(f"part {number}", 0.1, covered=False) for number in range(3)),
    ]
    assert uncovered(facets) == ("gene therapy", "part 0", "part 1")
    assert uncovered(facets[1:2]) == ()


def test_only_what_is_covered_least_is_named_where_that_is_asked_for() -> None:
    facets = [Facet("mice", 0.4, covered=False), Facet("rats", 0.5, covered=False)]
    assert uncovered(facets, 0.5) == ("mice",)
    assert uncovered(facets) == ("mice", "rats")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("anyone", ()),
        ("Please answer", ()),
        ("answer engines", ("answer engines",)),
    ],
)
def test_what_a_question_says_of_the_asker_is_no_part_of_it(
    text: str, named: tuple[str, ...]
) -> None:
    assert uncovered([Facet(text, 0.1, covered=False)]) == named
