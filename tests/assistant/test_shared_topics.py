"""Topics drawn from titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.shared_topics import Topic, distinct, shared_topics
from assistant.title_phrases import stemmed


@pytest.mark.parametrize(
    ("titles", "topics"),
    [
        ([], ()),
        (["Slow Bread Baking"], ()),
        (["Slow Bread Baking", "Soup"], ()),
        (
            ["Towards Clear Onion Soup", "On Clear Onion Soup, Again", "Rye Ovens"],
            (Topic("clear onion soup", (0, 1)),),
        ),
        # Singular and plural are one; the commoner is shown, of equally common ones the plural.
        (["A Rye Roll", "Two Rye Rolls", "Rye Rolls"], (Topic("rye rolls", (0, 1, 2)),)),
        (["One Soup Bowl", "Soup Bowls"], (Topic("soup bowls", (0, 1)),)),
        # A part of a longer one is a topic where enough titles have it without the rest.
        (
            ["Clear Onion Soup", "Clear Onion Soup", "Onion Soup", "Onion Soup"],
            (Topic("onion soup", (0, 1, 2, 3)), Topic("clear onion soup", (0, 1))),
        ),
        (["SoupNet for RGB Ovens", "RGB Ovens: SoupNet"], (Topic("RGB ovens", (0, 1)),)),
        (["Sourdough Learning", "Sourdough Learning"], (Topic("sourdough learning", (0, 1)),)),
        (["Neural Soup Search", "Neural Soup Search"], (Topic("neural soup search", (0, 1)),)),
        # What is general, and what only describes, names no topic.
        (["Efficient Models", "Efficient Models"], ()),
        (["Bakery-Based", "Bakery-Based", "Soup Pre-Salted", "Soup Pre-Salted"], ()),
        (["<b>Rye</b> of Wheat", "Rye of Wheat"], ()),
    ],
)
def test_topics_that_titles_share(titles: list[str], topics: tuple[Topic, ...]) -> None:
    assert shared_topics(titles) == topics


def test_distinct_topics_share_no_word() -> None:
    topics = [Topic(name, (0, 1)) for name in ("rye rolls", "roll tins", "onion soup")]
    assert list(distinct(topics)) == [topics[0], topics[2]]


@given(st.lists(st.text(max_size=60) | st.sampled_from(["Rye Bread", "rye breads", "Rye-Bread"])))
def test_a_topic_stands_in_each_of_its_titles(titles: list[str]) -> None:
    for topic in shared_topics(titles):
        assert len(topic.titles) > 1
        assert all(stemmed(topic.name) in stemmed(titles[at]) for at in topic.titles)
