"""The map of a library: every indexed paper at its place, in a topic that has a name.

Owns the order of the work and what a map depends on. Papers that wait to be indexed have no vector
and so no place yet. Invariant: a map's `version` is that of the papers it was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.library import Library
    from vectorstore.mapping.layout import Places
    from vectorstore.mapping.topics import Topics
    from vectorstore.snapshot import Snapshot

MAP_FORMAT = "1"  # to be raised when the same papers get another map, or its file another form
DECIMALS = 4  # of places: a pixel of a wide screen
NAMED_FROM = 150  # papers of a topic whose words name it; those of more say the same


class MapStep(StrEnum):
    """What is being done, in this order."""

    PLACING = "placing"
    DIVIDING = "dividing"
    NAMING = "naming"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A paper on the map; x and y within [-1, 1], `cluster` a position in `clusters`."""

    paper_id: str
    title: str
    x: float
    y: float
    cluster: int
    published: date | None


@dataclass(frozen=True, slots=True)
class MapCluster:
    """A topic: its name, the middle of its papers, and how many they are."""

    name: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True)
class CollectionMap:
    """The map of the library that has this version; `clusters` are in order of size."""

    version: str
    points: tuple[MapPoint, ...]
    clusters: tuple[MapCluster, ...]


def library_version(library: Library) -> str:
    """Return what stays the same as long as the map does, for any process that opens the library.

    It follows the model, and of every indexed paper its id, title, date and vector.
    """
    return _version(library, library.snapshot())


def make_map(
    library: Library, on_progress: Callable[[MapStep], None] | None = None
) -> CollectionMap:
    """Make the map; 365 papers take a second or two, 20,000 some 30 s, on one core.

    Says before each step which it is. Raises LibraryError if the library cannot be read.
    """
    import numpy as np

    from vectorstore.mapping.layout import lay_out
    from vectorstore.mapping.one_core import one_core
    from vectorstore.mapping.topics import divide

    say = on_progress or (lambda _step: None)
    snapshot = library.snapshot()
    index = snapshot.index
    with one_core():
        say(MapStep.PLACING)
        places = lay_out(index.units(np.arange(len(index))))
        say(MapStep.DIVIDING)
        topics = divide(places)
    say(MapStep.NAMING)
    names = _names(library, snapshot, topics)
    places = places.round(DECIMALS)
    return CollectionMap(
        _version(library, snapshot),
        _points(snapshot, places, topics),
        _clusters(names, places, topics),
    )


def _version(library: Library, snapshot: Snapshot) -> str:
    index = snapshot.index
    digest = hashlib.sha256()
    for fact in (MAP_FORMAT, library.embedder.name, *index.row_by_id, *index.titles):
        digest.update(fact.encode("utf-8", "surrogatepass") + b"\0")
    digest.update(index.published.tobytes())
    digest.update(index.whole.tobytes())
    return digest.hexdigest()


def _names(library: Library, snapshot: Snapshot, topics: Topics) -> tuple[str, ...]:
    """Return the topics' names, from papers spread evenly over each where it has very many."""
    import numpy as np

    from vectorstore.mapping.topic_names import name_topics

    count = int(topics.max()) + 1 if len(topics) else 0
    rows: list[int] = []
    for topic in range(count):
        own = np.flatnonzero(topics == topic)
        picked = np.linspace(0, len(own) - 1, min(len(own), NAMED_FROM)).astype(np.int64)
        rows += own[picked].tolist()
    numbers = snapshot.index.numbers
    topic_of = {int(numbers[row]): int(topics[row]) for row in rows}
    by_id = dict(zip(snapshot.index.row_by_id, numbers.tolist(), strict=True))
    found = library.catalog.papers_by_number(list(topic_of))
    # Papers change meanwhile, and a new one may be given the number of one that left.
    papers = [paper for paper in found if by_id.get(paper.id) in topic_of]
    short_forms = [
        (short, long)
        for number, short, long in library.catalog.abbreviations()
        if number in topic_of
    ]
    return name_topics(papers, [topic_of[by_id[p.id]] for p in papers], count, short_forms)


def _points(snapshot: Snapshot, places: Places, topics: Topics) -> tuple[MapPoint, ...]:
    from vectorstore.paper_columns import UNKNOWN

    index = snapshot.index
    columns = zip(
        index.row_by_id,
        index.titles,
        places.tolist(),
        topics.tolist(),
        index.published.tolist(),
        strict=True,
    )
    return tuple(
        MapPoint(
            paper_id=paper_id,
            title=title,
            x=x,
            y=y,
            cluster=topic,
            published=None if day == UNKNOWN else date.fromordinal(day),
        )
        for paper_id, title, (x, y), topic, day in columns
    )


def _clusters(names: Sequence[str], places: Places, topics: Topics) -> tuple[MapCluster, ...]:
    import numpy as np

    found = []
    for topic, name in enumerate(names):
        own = places[topics == topic]
        x, y = np.median(own, axis=0).round(DECIMALS).tolist()
        found.append(MapCluster(name, x, y, len(own)))
    return tuple(found)
