"""How topics are told apart: by seven hues, and further topics by another mark too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.mapping.collection_map import MapCluster

HUES = 7


@dataclass(frozen=True, slots=True)
class TopicMark:
    """A topic's hue, from 0, and whether it is the second topic that has it."""

    hue: int
    is_second: bool = False


def topic_marks(clusters: Sequence[MapCluster]) -> tuple[TopicMark, ...]:
    """Return a mark for each topic; topics of one hue lie as far apart as may be."""
    first = clusters[:HUES]
    marks = [TopicMark(hue) for hue in range(len(first))]
    free = set(range(len(first)))
    for cluster in clusters[HUES:]:
        _, hue = max((_distance(cluster, first[hue]), hue) for hue in free or range(HUES))
        free.discard(hue)
        marks.append(TopicMark(hue, is_second=True))
    return tuple(marks)


def _distance(one: MapCluster, other: MapCluster) -> float:
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2
