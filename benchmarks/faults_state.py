"""All that a library holds, so that two that should be the same can be compared.

Left out is what differs between two runs that do the same: vectors to the last bit, which depend on
the batch that a paper was in, and which run of ingest saw what.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from benchmarks.faults_process import in_process
from benchmarks.kills_check import Looked, looked_at
from vectorstore.catalog_readings import readings_of
from vectorstore.chroma_place import ChromaPlace
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper


@dataclass(frozen=True, slots=True)
class State:
    """What a library holds, by the ids of papers, and what is wrong with it."""

    papers: dict[str, Paper]
    pending: tuple[str, ...]
    readings: frozenset[tuple[str, str, int, str]]
    keys: frozenset[tuple[str, str]]
    files: dict[str, bool]  # by name, whether the next sync need not read it
    passages: dict[str, str]
    looked: Looked

    @property
    def breaches(self) -> tuple[str, ...]:
        """Return what must not be, whatever happened to the library."""
        doubled = (f"doubled: {title}" for title in self.looked.doubled)
        return (*doubled, *self.looked.disagreements)

    def differences(self, other: State) -> tuple[str, ...]:
        """Return the names of what is not the same."""
        names = [field.name for field in fields(self)]
        return tuple(name for name in names if getattr(self, name) != getattr(other, name))


def as_read(state: State) -> State:
    """Return what answers are made of: no ids, which a disk may change, nor texts in Chroma."""
    return replace(
        state,
        papers={paper.title: replace(paper, id="") for paper in state.papers.values()},
        readings=frozenset(("", *rest) for _, *rest in state.readings),
        keys=frozenset(("", key) for _, key in state.keys),
        passages={"": str(len(state.passages))},
    )


def state_of(home: Path, place: ChromaPlace | None = None) -> State:
    """Open the library in `home`, which finishes removals, and read all of it; index nothing."""
    return in_process(_state_of, home, place)


def _state_of(home: Path, place: ChromaPlace | None) -> State:
    with open_library(home, OnnxEmbedder(), place) as library:
        return _read(library)


def _read(library: Library) -> State:
    file = library.catalog.file
    ids = dict(file.rows("SELECT number, id FROM papers"))
    readings = readings_of(file, list(ids))
    return State(
        papers=library.catalog.papers(),
        pending=tuple(
            i for (i,) in file.rows("SELECT id FROM papers WHERE state = 'pending' ORDER BY id")
        ),
        readings=frozenset(
            (ids[number], item.file, item.line, item.said)
            for number, group in readings.items()
            for item in group
        ),
        keys=frozenset(
            (ids[number], key) for key, number in file.rows("SELECT key, number FROM identifiers")
        ),
        files=dict(file.rows("SELECT name, fingerprint IS NOT NULL FROM files")),
        passages=_passages(library),
        looked=looked_at(library),
    )


def _passages(library: Library) -> dict[str, str]:
    found = library.chroma._collection.get(include=["documents"])
    return dict(zip(found["ids"], found["documents"], strict=True))
