"""The map of a library: which papers are on it, and when it is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.library import Library
from vectorstore.mapping.collection_map import (
    CollectionMap,
    MapCluster,
    MapPoint,
    MapStep,
    library_version,
    make_map,
)
from vectorstore.records import Paper

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

DISHES = ("rye bread", "fish soup", "apple pie")


def papers(count: int) -> list[Paper]:
    """Return papers on three dishes in turn; every other one has a date."""
    return [
        Paper(
            id=f"p{at:02}",
            title=f"{DISHES[at % 3].title()} in Town {at}",
            abstract=f"We taste {DISHES[at % 3]}. Then {DISHES[at % 3]} is weighed in {at} towns.",
            published=date(2024, 1 + at % 12, 1) if at % 2 else None,
        )
        for at in range(count)
    ]


def test_empty_library(make_library: MakeLibrary) -> None:
    library = make_library((), WordEmbedder())
    assert make_map(library) == CollectionMap(library_version(library), (), ())


def test_one_paper(make_library: MakeLibrary) -> None:
    library = make_library(papers(2)[1:], WordEmbedder())
    assert make_map(library) == CollectionMap(
        version=library_version(library),
        points=(MapPoint("p01", "Fish Soup in Town 1", 0.0, 0.0, 0, date(2024, 2, 1)),),
        clusters=(MapCluster("Fish soup, towns", 0.0, 0.0, 1),),
    )


@pytest.mark.parametrize("count", [2, 5])
def test_few_papers_are_one_topic(make_library: MakeLibrary, count: int) -> None:
    made = make_map(make_library(papers(count), WordEmbedder()))
    assert [point.cluster for point in made.points] == [0] * count
    assert [cluster.size for cluster in made.clusters] == [count]


def test_a_paper_that_is_given_the_number_of_one_that_leaves(make_library: MakeLibrary) -> None:
    library = make_library(papers(6), WordEmbedder())

    def change(step: MapStep) -> None:
        if step is MapStep.NAMING:
            library.remove(["p05"])
            library.add([replace(papers(1)[0], id="new")])

    made = make_map(library, change)
    assert [point.paper_id for point in made.points] == [paper.id for paper in papers(6)]
    assert library.catalog.numbers_of(["new"]) == {"new": 6}
    assert made.version != library_version(library)


def test_papers_on_the_same_are_a_topic(make_library: MakeLibrary) -> None:
    library = make_library(papers(24), WordEmbedder())
    steps: list[MapStep] = []
    made = make_map(library, steps.append)
    assert steps == [MapStep.PLACING, MapStep.DIVIDING, MapStep.NAMING]
    assert [point.paper_id for point in made.points] == [paper.id for paper in papers(24)]
    assert [point.published for point in made.points] == [p.published for p in papers(24)]
    assert [cluster.size for cluster in made.clusters] == [8, 8, 8]
    by_dish = Counter((at % 3, point.cluster) for at, point in enumerate(made.points))
    assert sorted(by_dish.values()) == [8, 8, 8]
    named = {made.clusters[topic].name.split(",")[0] for _, topic in by_dish}
    assert named == {"Rye bread", "Fish soup", "Apple pie"}
    assert make_map(library) == made


def test_papers_that_wait_have_no_place(make_library: MakeLibrary) -> None:
    library = make_library(papers(3), WordEmbedder())
    library.add(papers(4)[3:])
    assert [point.paper_id for point in make_map(library).points] == ["p00", "p01", "p02"]
    index_pending(library)
    assert len(make_map(library).points) == 4


def test_version(make_library: MakeLibrary) -> None:
    library = make_library(papers(4), WordEmbedder())
    versions = [library_version(library)]
    library.add([], [replace(papers(1)[0], author_count=7)])  # nothing that is on the map
    assert library_version(library) == versions[0]
    changes: list[Callable[[], object]] = [
        lambda: library.add([], [replace(papers(1)[0], title="Rye")]),
        lambda: library.add([], [replace(papers(1)[0], title="Rye", published=date(2025, 1, 1))]),
        lambda: library.add([replace(papers(2)[1], abstract="Only salt.")]),
        lambda: index_pending(library),
        lambda: library.remove(["p03"]),
    ]
    for change in changes:
        change()
        versions.append(library_version(library))
    assert len(set(versions)) == len(versions)
    assert make_map(library).version == versions[-1]


def test_shipped_papers(shipped_library: Library) -> None:
    made = make_map(shipped_library)
    assert [point.paper_id for point in made.points] == list(shipped_library.catalog.papers())
    assert 6 <= len(made.clusters) <= 14
    assert sum(cluster.size for cluster in made.clusters) == len(made.points)
    assert min(cluster.size for cluster in made.clusters) > 5
    names = [cluster.name for cluster in made.clusters]
    assert len(set(names)) == len(names)
    assert all(len(name.split(", ")) == 2 for name in names)
    assert max(map(len, names)) < 60
