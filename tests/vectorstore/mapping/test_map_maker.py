"""The map in the background: made once for each version, kept, and renewed when papers change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.embedding import Embedder
from vectorstore.errors import LibraryError
from vectorstore.library import Library
from vectorstore.mapping.collection_map import (
    CollectionMap,
    MapStep,
    library_version,
    make_map,
)
from vectorstore.mapping.map_maker import MapMaker, MapState
from vectorstore.records import Paper

MakeLibrary = Callable[[Sequence[Paper], Embedder], Library]

PAPERS = (Paper("a", "Rye Bread", "We bake."), Paper("b", "Fish Soup", "We boil."))


class Gate:
    """Makes maps, but only when it is opened."""

    def __init__(self) -> None:
        self.open = Event()
        self.naming = Event()
        self.made: list[CollectionMap] = []

    def make(self, library: Library, on_progress: Callable[[MapStep], None]) -> CollectionMap:
        on_progress(MapStep.NAMING)
        self.naming.set()
        assert self.open.wait(10)
        self.made.append(make_map(library))
        return self.made[-1]


def test_shown_when_it_is_ready(make_library: MakeLibrary) -> None:
    gate = Gate()
    maker = MapMaker(make_library(PAPERS, WordEmbedder()), gate.make)
    assert not maker.state().is_current
    assert gate.naming.wait(10)
    assert maker.state() == MapState(None, is_current=False, step=MapStep.NAMING)
    gate.open.set()
    maker.wait()
    assert maker.state() == MapState(gate.made[0], is_current=True, step=None)
    assert len(gate.made) == 1


def test_a_map_that_was_kept(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    first = MapMaker(library)
    first.state()
    first.wait()
    gate = Gate()
    again = MapMaker(library, gate.make)
    again.state()
    again.wait()
    assert again.state() == MapState(make_map(library), is_current=True, step=None)
    assert gate.made == []


def test_renewed_when_papers_change(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    gate = Gate()
    maker = MapMaker(library, gate.make)
    gate.open.set()
    maker.state()
    maker.wait()
    gate.open.clear()
    library.add([Paper("c", "Apple Pie", "We peel.")])
    index_pending(library)
    old = maker.state()
    assert (old.map, old.is_current, old.step is None) == (gate.made[0], False, False)
    gate.open.set()
    maker.wait()
    assert [p.paper_id for p in gate.made[1].points] == ["a", "b", "c"]
    assert maker.state() == MapState(gate.made[1], is_current=True, step=None)
    library.remove(["a"])
    maker.state()
    maker.wait()
    assert maker.state().map == make_map(library)


def test_papers_that_change_while_it_begins_and_change_back(make_library: MakeLibrary) -> None:
    library = make_library(PAPERS, WordEmbedder())
    gate = Gate()
    maker = MapMaker(library, gate.make)
    maker.state()
    assert gate.naming.wait(10)
    library.add([Paper("c", "Apple Pie", "We peel.")])
    index_pending(library)
    gate.open.set()
    maker.wait()
    library.remove(["c"])
    assert maker.state() == MapState(gate.made[0], is_current=False, step=MapStep.PLACING)
    maker.wait()
    assert maker.state() == MapState(make_map(library), is_current=True, step=None)


def test_the_version_is_worked_out_when_papers_change(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def version(library: Library) -> str:
        asked.append(library_version(library))
        return asked[-1]

    monkeypatch.setattr("vectorstore.mapping.map_maker.library_version", version)
    library = make_library(PAPERS, WordEmbedder())
    maker = MapMaker(library)
    for _ in range(3):
        maker.state()
        maker.wait()
    library.remove(["a"])
    maker.state()
    maker.wait()
    assert len(asked) == len(set(asked)) == 2


@pytest.mark.parametrize("error", [LibraryError("The disk is full"), ZeroDivisionError()])
def test_failure_is_not_tried_again_until_papers_change(
    make_library: MakeLibrary, error: Exception
) -> None:
    library = make_library(PAPERS, WordEmbedder())
    tries: list[int] = []

    def fail(*_: object) -> CollectionMap:
        tries.append(1)
        raise error

    maker = MapMaker(library, fail)
    maker.state()
    maker.wait()
    assert maker.state() == MapState(None, is_current=False, step=None)
    assert len(tries) == 1
    library.remove(["a"])
    assert maker.state().step == MapStep.PLACING
    maker.wait()
    assert len(tries) == 2
