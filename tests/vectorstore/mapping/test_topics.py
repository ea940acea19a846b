"""Which papers make a topic, and how many topics there are."""

from __future__ import annotations

import numpy as np
import pytest

from vectorstore.mapping.topics import divide, topic_count


@pytest.mark.parametrize(
    ("papers", "topics"),
    [(0, 0), (1, 1), (2, 1), (5, 1), (6, 2), (20, 3), (100, 6), (365, 12), (500, 14), (20_000, 14)],
)
def test_topic_count(papers: int, topics: int) -> None:
    assert topic_count(papers) == topics


@pytest.mark.parametrize("papers", [0, 1, 5])
def test_few_papers_are_one_topic(papers: int) -> None:
    assert divide(np.zeros((papers, 2))).tolist() == [0] * papers


def test_regions_numbered_from_the_largest() -> None:
    middles = np.array([(-1, 0)] * 3 + [(1, 1)] * 10 + [(1, -1)] * 7)
    places = middles + np.linspace(0, 0.01, 20)[:, None]
    assert divide(places).tolist() == [2] * 3 + [0] * 10 + [1] * 7


def test_papers_in_one_place() -> None:
    with pytest.warns(match="distinct clusters"):
        topics = divide(np.zeros((30, 2)))
    assert topics.tolist() == [0] * 30
