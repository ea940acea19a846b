"""How many papers of each topic appeared in each month."""

from __future__ import annotations

from datetime import date

from vectorstore.mapping.collection_map import CollectionMap, MapCluster, MapPoint
from vectorstore.mapping.timeline import Timeline, papers_per_month


def a_map(*papers: tuple[int, date | None], topics: int = 2) -> CollectionMap:
    points = (
        MapPoint(str(at), "Bread", 0.0, 0.0, topic, published)
        for at, (topic, published) in enumerate(papers)
    )
    return CollectionMap("v", tuple(points), (MapCluster("Bread", 0.0, 0.0, 1),) * topics)


def test_months_that_have_papers() -> None:
    timeline = papers_per_month(
        a_map(
            (0, date(2023, 11, 30)),
            (1, date(2024, 2, 1)),
            (1, date(2024, 2, 29)),
            (0, date(2024, 2, 3)),
            (0, None),
        )
    )
    assert timeline == Timeline(
        months=(date(2023, 11, 1), date(2024, 2, 1)),
        counts=((1, 1), (0, 2)),
        undated=(1, 0),
    )


def test_no_dates() -> None:
    assert papers_per_month(a_map((1, None))) == Timeline((), ((), ()), (0, 1))


def test_no_papers() -> None:
    assert papers_per_month(a_map(topics=0)) == Timeline((), (), ())
