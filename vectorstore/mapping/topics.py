"""Divides a map into topics: regions of papers that lie together.

They are found on the plane and not among the vectors, so that a topic is one region of the map and
its name stands in the middle of it. Topics are numbered from the largest.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from vectorstore.mapping.layout import SEED, Places

Topics = npt.NDArray[np.int64]  # the topic of each paper, from 0

MOST_TOPICS = 14  # as many as a reader takes in, and as colours can be told apart with marks
STARTS = 4


def topic_count(papers: int) -> int:
    """Return how many topics suit so many papers: 12 for 365, and the most for 500 and above."""
    return min(MOST_TOPICS, max(1, round(math.sqrt(papers / 2.5)))) if papers else 0


def divide(places: Places) -> Topics:
    """Return the topic of each place; every topic has a paper."""
    count = topic_count(len(places))
    if count <= 1:
        return np.zeros(len(places), np.int64)
    from sklearn.cluster import KMeans

    found = KMeans(count, n_init=STARTS, random_state=SEED).fit_predict(places)
    _, numbers, sizes = np.unique(found, return_inverse=True, return_counts=True)
    ranks = np.empty(len(sizes), np.int64)
    ranks[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    topics: Topics = ranks[numbers]
    return topics
