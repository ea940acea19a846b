"""How many papers of each topic appeared in each month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from vectorstore.mapping.collection_map import CollectionMap


@dataclass(frozen=True, slots=True)
class Timeline:
    """Papers by month and topic.

    `months` are the first days of the months that have papers, rising. `counts` has a row for each
    topic, in the map's order, and in it a count for each month; `undated` has for each topic how
    many of its papers have no date.
    """

    months: tuple[date, ...]
    counts: tuple[tuple[int, ...], ...]
    undated: tuple[int, ...]


def papers_per_month(of: CollectionMap) -> Timeline:
    """Return the timeline of a map."""
    dated = Counter(
        (point.cluster, point.published.replace(day=1)) for point in of.points if point.published
    )
    undated = Counter(point.cluster for point in of.points if not point.published)
    months = tuple(sorted({month for _, month in dated}))
    topics = range(len(of.clusters))
    return Timeline(
        months=months,
        counts=tuple(tuple(dated[topic, month] for month in months) for topic in topics),
        undated=tuple(undated[topic] for topic in topics),
    )
