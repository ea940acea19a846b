"""The map: how long it takes, how well it keeps neighbours, and what questions feel of it.

    python -m benchmarks.map data/daily-papers [--papers 20000]

Measured on the shipped papers, and on a synthetic library of `--papers`. The plain alternatives, in
this same call, are the first two principal components, and t-SNE of every paper as scikit-learn
has it, on all cores. *Kept* is the share of a paper's 10 nearest by vector that are among its 10
nearest on the map, over a sample. Questions are asked one after another, first alone and then while
the map is made in the background.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from benchmarks.retrieval_metrics import percentile
from benchmarks.retrieval_results import markdown
from benchmarks.retrieval_synthetic import build_library, real_papers
from benchmarks.retrieval_systems import show_progress
from ingest.ingesting import ingest_paths
from vectorstore.embedding import Matrix
from vectorstore.library import Library, open_library
from vectorstore.mapping.collection_map import make_map
from vectorstore.mapping.layout import Places
from vectorstore.mapping.map_cache import MAP_FILE
from vectorstore.mapping.map_maker import MapMaker
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.search import search

NEAREST = 10
SAMPLE = 1_000
QUESTIONS = ("Which papers cover LLM serving?", "How is memory saved?", "Who quantises weights?")
ALONE = 60  # questions asked without a map being made
LIMIT = 50

T = TypeVar("T")


def measure(library: Library) -> str:
    """Return the tables of one library."""
    snapshot = library.snapshot()
    index = snapshot.index
    vectors = index.units(np.arange(len(index)))
    made, seconds = timed(lambda: make_map(library))
    ours = np.array([(point.x, point.y) for point in made.points])
    plain = {
        "two principal components": lambda: PCA(2, random_state=0).fit_transform(vectors),
        "t-SNE of all papers": lambda: TSNE(random_state=0).fit_transform(vectors),
    }
    rows = [["the map, with its topics", f"{seconds:.1f}", "1.00", f"{kept(vectors, ours):.2f}"]]
    for name, lay_out in plain.items():
        places, taken = timed(lay_out)
        row = [f"{taken:.1f}", f"{taken / seconds:.2f}", f"{kept(vectors, places):.2f}"]
        rows.append([name, *row])
    topics = ", ".join(f"{of.name} ({of.size})" for of in made.clusters)
    return "\n\n".join(
        (
            f"### {len(vectors):,} papers, {len(made.clusters)} topics",
            markdown(["", "seconds", "of the map", "kept"], rows),
            topics,
            questions_meanwhile(library),
        )
    )


def kept(vectors: Matrix, places: Places) -> float:
    """Return the share of nearest papers that are near on the map too."""
    count = len(vectors)
    chosen = np.random.default_rng(0).choice(count, min(SAMPLE, count), replace=False)
    shares = []
    for row in chosen:
        by_vector = vectors @ vectors[row]
        by_place = -np.square(places - places[row]).sum(axis=1)
        by_vector[row] = by_place[row] = -np.inf
        near, shown = (np.argpartition(-of, NEAREST)[:NEAREST] for of in (by_vector, by_place))
        shares.append(len(np.intersect1d(near, shown)) / NEAREST)
    return float(np.mean(shares))


def questions_meanwhile(library: Library) -> str:
    """Return the milliseconds of questions, alone and while the map is made."""
    search(library, QUESTIONS[0], LIMIT)
    alone = [ask(library, number) for number in range(ALONE)]
    (library.home / MAP_FILE).unlink(missing_ok=True)
    maker = MapMaker(library)
    meanwhile: list[float] = []
    while not maker.state().is_current:
        meanwhile.append(ask(library, len(meanwhile)))
    rows = [
        [name, f"{len(of)}", f"{percentile(of, 50):.1f}", f"{percentile(of, 95):.1f}"]
        for name, of in (("alone", alone), ("while the map is made", meanwhile))
    ]
    return markdown(["questions", "asked", "p50 ms", "p95 ms"], rows)


def ask(library: Library, number: int) -> float:
    """Return how many milliseconds a question takes."""
    _, seconds = timed(lambda: search(library, QUESTIONS[number % len(QUESTIONS)], LIMIT))
    return seconds * 1_000


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` returns, and its seconds."""
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


def main() -> None:
    """Measure both libraries and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--papers", type=int, default=20_000, help="of the synthetic library")
    arguments = parser.parse_args()
    embedder = OnnxEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        with open_library(Path(folder) / "shipped", embedder) as library:
            ingest_paths(library, [arguments.pages])
            print(measure(library), flush=True)
        real = real_papers(arguments.pages, embedder, Path(folder) / "real")
        large = Path(folder) / "large"
        build_library(large, arguments.papers, real, embedder, show_progress)
        with open_library(large, embedder) as library:
            print(measure(library))


if __name__ == "__main__":
    main()
