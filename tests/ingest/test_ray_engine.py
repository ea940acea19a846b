from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from chroma_servers import chroma_server

from ingest.errors import IngestError
from ingest.indexing import index_pending
from ingest.ray_cluster import RaySettings, connected
from ingest.ray_engine import RayEngine
from vectorstore.chroma_passages import ChromaPassages
from vectorstore.chroma_server import ChromaServer
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

TWO_WORKERS = RaySettings(workers=2)
FOODS = "bread soup rice pasta cheese beans".split()
# More than one batch for each worker; sentences enough for several passages.
PAPERS = tuple(
    Paper(
        f"p{number}",
        f"The {food} of Kitchen {number}",
        f"Large Oven Models (LOM) bake {food}. Dough «{number}» rises slowly.\nIt is salted."
        f" Then {food} number {number} is served. We thank all.",
    )
    for number in range(70)
    for food in [FOODS[number % len(FOODS)]]
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Keep one cluster of two workers for the whole module: it takes seconds to start."""
    with connected(TWO_WORKERS) as workers:
        assert workers == 2
        yield


@pytest.fixture
def libraries(tmp_path: Path, embedder: OnnxEmbedder) -> Iterator[tuple[Library, Library]]:
    with (
        open_library(tmp_path / "here", embedder) as here,
        open_library(tmp_path / "there", embedder) as there,
    ):
        for library in (here, there):
            library.add(PAPERS)
        yield here, there


def stored(library: Library) -> list[object]:
    """Return all that indexing writes, in the order of papers and passages."""
    tables = ("vectors", "abbreviations")
    rows = [sorted(library.catalog.file.rows(f"SELECT * FROM {name}")) for name in tables]  # noqa: S608
    return [library.counts(), *rows, passages(library.chroma)]


def passages(chroma: ChromaPassages) -> list[tuple[object, ...]]:
    found = chroma._collection.get(include=["documents", "metadatas", "embeddings"])
    columns = [found[name] for name in ("ids", "documents", "metadatas")]
    vectors = [vector.tolist() for vector in np.asarray(found["embeddings"], np.float32)]
    return sorted(zip(*columns, vectors, strict=True), key=lambda row: str(row[0]))


@pytest.mark.usefixtures("cluster")
def test_the_same_as_in_this_process(libraries: tuple[Library, Library], tmp_path: Path) -> None:
    here, there = libraries
    seen: list[tuple[int, int]] = []
    assert index_pending(here) == len(PAPERS)
    with chroma_server(tmp_path / "server") as url:
        there.chroma = ChromaPassages(there.home, {"dimension": "384"}, ChromaServer(url))
        engine = RayEngine(TWO_WORKERS)
        done = index_pending(there, on_progress=lambda *step: seen.append(step), engine=engine)
        assert done == len(PAPERS)
        assert stored(there) == stored(here)
    assert (seen[0], seen[-1]) == ((0, 70), (70, 70))
    assert len(seen) > 2  # it is stored as it comes


class StoppedError(Exception):
    """Stands for a run that ends here."""


@pytest.mark.usefixtures("cluster")
def test_stopped_and_finished_in_this_process(libraries: tuple[Library, Library]) -> None:
    here, there = libraries

    def stop(done: int, _total: int) -> None:
        if done:
            raise StoppedError

    with pytest.raises(StoppedError):
        index_pending(there, on_progress=stop, engine=RayEngine(TWO_WORKERS))
    assert 0 < there.counts().pending < len(PAPERS)
    index_pending(there)
    index_pending(here)
    assert stored(there) == stored(here)


class OtherEmbedder(OnnxEmbedder):
    """Stands for a paperchat with another model; its workers have the one that ships."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "other"


@pytest.mark.usefixtures("cluster")
def test_worker_with_another_model(tmp_path: Path) -> None:
    with open_library(tmp_path, OtherEmbedder()) as library:
        library.add(PAPERS)
        with pytest.raises(IngestError) as caught:
            index_pending(library, engine=RayEngine(TWO_WORKERS))
        assert library.counts().pending == len(PAPERS)
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "A worker of the Ray cluster failed: A worker has the embedding model"
        f" {OnnxEmbedder().name}, and this paperchat has other. Install the same paperchat on every"
        " machine",
        "this machine",
        "Every machine needs the same versions of Python, Ray and paperchat; see docs/scale.md.",
    )


@pytest.mark.usefixtures("cluster")
def test_more_workers_than_cores() -> None:
    with pytest.raises(IngestError) as caught, connected(RaySettings(workers=3)):
        pass
    assert (caught.value.problem, caught.value.where, caught.value.hint) == (
        "The Ray cluster has 2 cores, too few for 3 workers",
        "this machine",
        "Ask for fewer with --ray-workers, or add machines to the cluster.",
    )


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "llama_index.ingestion.ray", raising=False)
    with pytest.raises(IngestError) as caught, connected(TWO_WORKERS):
        pass
    assert (caught.value.problem, caught.value.hint) == (
        "Ingest on a Ray cluster needs Ray, which is not installed",
        "Run: pip install 'paperchat[ray]'",
    )
