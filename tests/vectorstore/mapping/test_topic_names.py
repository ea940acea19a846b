"""What topics are called: by what their own papers say and others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.mapping.topic_names import NO_NAME, name_topics
from vectorstore.records import Paper

BREAD = (
    ("Sourdough Starters in Winter", "A sourdough starter rises bread. We weigh crusts."),
    ("Feeding a Sourdough Starter", "Bread of a sourdough starter keeps well in crusts."),
    ("Which Flour?", "Flour for bread; a method for crusts."),
    ("Crust Colour", "Crusts of bread are measured by a method."),
)
SOUP = (
    ("Fish Stock", "Fish stock makes soup. A method for bowls."),
    ("Clear Fish Stock at Scale", "Soup of fish stock, by a method."),
    ("Soup Bowls", "Bowls keep soup warm. We use natural language processing (NLP)."),
    ("Cold Soup", "A soup for summer, by a method and NLP."),
)


def papers(*of: tuple[str, str]) -> list[Paper]:
    return [Paper(str(at), title, abstract) for at, (title, abstract) in enumerate(of)]


def test_phrases_of_the_topic_alone() -> None:
    topics = [0] * len(BREAD) + [1] * len(SOUP)
    names = name_topics(papers(*BREAD, *SOUP), topics, 2)
    assert names == ("Sourdough starter, crusts", "Fish stock, soup")


def test_one_topic_is_named_by_what_is_usual_in_it() -> None:
    assert name_topics(papers(*BREAD), [0] * 4, 1) == ("Sourdough starter, crusts",)


@pytest.mark.parametrize(
    ("of", "name"),
    [
        ([("Rye Bread", "We bake rye bread.")], "Rye bread"),
        ([("Rye Bread", "")], "Rye Bread"),
        ([("", "We bake.")], NO_NAME),
        ([("The", "")], NO_NAME),
        ([("7", "")], NO_NAME),
        ([("<script>alert(1)</script>", "")], "Script, alert"),
        ([("Image of Bread", ""), ("Images of Soup", "Images. Images. Image.")], "Images"),
    ],
    ids=lambda value: None if isinstance(value, list) else value,
)
def test_few_papers(of: list[tuple[str, str]], name: str) -> None:
    assert name_topics(papers(*of), [0] * len(of), 1) == (name,)


def test_an_abbreviation_and_its_long_form_are_one() -> None:
    of = papers(
        ("Large Ovens and LO Heat", "Large ovens (LO) get warm. LO is slow."),
        ("Large Ovens for Pies", "An LO for pies. Large ovens."),
        ("LO in Towns", "LO; large ovens; pies."),
    )
    apart = name_topics(of, [0] * 3, 1)
    assert apart == ("Large ovens, LO",)
    assert name_topics(of, [0] * 3, 1, [("LO", "large ovens")]) == ("Large ovens, pies",)


def test_no_phrase_is_in_two_names() -> None:
    [first, second] = name_topics(papers(*BREAD, *BREAD), [0] * 4 + [1] * 4, 2)
    assert set(first.lower().split(", ")).isdisjoint(second.lower().split(", "))


def test_no_topics() -> None:
    assert name_topics([], [], 0) == ()


TEXTS = st.text(max_size=60) | st.sampled_from([text for pair in (*BREAD, *SOUP) for text in pair])


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 2)), max_size=8))
def test_any_text_gives_every_topic_a_name(of: list[tuple[str, str, int]]) -> None:
    names = name_topics(papers(*((t, a) for t, a, _ in of)), [topic for *_, topic in of], 3)
    assert len(names) == 3
    assert all(names)
    assert not any(sign in name for name in names for sign in "<>&\n\0")
