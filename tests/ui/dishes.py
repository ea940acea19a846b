"""A map of papers on dishes, for tests of what is shown of maps."""

from __future__ import annotations

from datetime import date

from vectorstore.mapping.collection_map import CollectionMap, MapCluster, MapPoint
from vectorstore.records import Paper

DISHES = ("rye bread", "fish soup", "apple pie")
HOSTILE = '<b>Bold</b> <a href="javascript:alert(1)">pie</a> &lt;i&gt; %{x} ${x} {{y}} $x^2$'

BREAD = MapPoint("bread", "Rye Bread", -1.0, 0.5, 0, date(2024, 5, 17))
OLD = MapPoint("old", "Old Bread", -0.5, 0.25, 0, date(2023, 11, 2))
PIE = MapPoint("pie", HOSTILE, 1.0, -0.5, 1, None)
DISHES_MAP = CollectionMap(
    "v1",
    (BREAD, PIE, OLD),
    (MapCluster("Rye bread, crusts", -0.75, 0.375, 2), MapCluster("Apple pie", 1.0, -0.5, 1)),
)


def dish_papers(count: int) -> tuple[Paper, ...]:
    """Return papers on three dishes in turn, the first of which has a hostile title."""
    return tuple(
        Paper(
            id=f"p{at:02}",
            title=HOSTILE if not at else f"{DISHES[at % 3].title()} in Town {at}",
            abstract=f"We taste {DISHES[at % 3]}. Then {DISHES[at % 3]} is weighed in {at} towns.",
            published=date(2024, 1 + at % 12, 1) if at % 2 else None,
        )
        for at in range(count)
    )
