"""Ingest on a Ray cluster of this machine: one worker against two.

    python -m benchmarks.ray_ingest data/daily-papers [--times 3]

Both run in this call, in turns, each in a process of its own that starts its own cluster; a worker
has one core. The pages' papers are taken in `--times` times, as different papers. The seconds run
from the first batch that comes back to the last, so the start of the cluster and the loading of
models are left out of the rate and stated beside it; what this process does is in it: it takes in
what workers make, writes passages to an embedded Chroma and vectors to the catalog.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.retrieval_results import markdown
from ingest.indexing import index_pending
from ingest.ray_cluster import RaySettings
from ingest.ray_engine import RayEngine
from training.judged import read_papers
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

WORKERS = (1, 2)
Measured = dict[str, float]


def ingest(papers: list[Paper], workers: int) -> Measured:
    """Index `papers` in a fresh library; return the seconds, and for how many papers."""
    steps: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as home, open_library(Path(home), OnnxEmbedder()) as library:
        library.add(papers)
        started = time.perf_counter()
        index_pending(
            library,
            on_progress=lambda done, _total: steps.append((time.perf_counter(), done)),
            engine=RayEngine(RaySettings(workers=workers)),
        )
    # The first batches of all workers come close to one another, and were made before the clock.
    (first_s, first), (last_s, last) = steps[workers], steps[-1]
    return {
        "start": first_s - started,
        "seconds": last_s - first_s,
        "papers": last - first,
        "load": os.getloadavg()[0],
    }


def copies(papers: list[Paper], times: int) -> list[Paper]:
    """Return the papers `times` times, each time under other ids."""
    return [replace(paper, id=f"{paper.id}-{n}") for n in range(times) for paper in papers]


def main() -> None:
    """Measure each number of workers in turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--times", type=int, default=3, help="copies of each paper")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--workers", type=int, help="run this alone, and print JSON")
    arguments = parser.parse_args()
    if arguments.workers:
        papers = copies(list(read_papers(arguments.pages)), arguments.times)
        print(json.dumps(ingest(papers, arguments.workers)))
        return
    measured: dict[int, list[Measured]] = {workers: [] for workers in WORKERS}
    for _ in range(arguments.turns):
        for workers in WORKERS:
            measured[workers].append(_in_own_process(workers, arguments))
    print(table(measured))


def table(measured: dict[int, list[Measured]]) -> str:
    """Return the medians of all turns in Markdown, and the ratio of the rates."""
    rates = {
        workers: statistics.median(turn["papers"] / turn["seconds"] for turn in turns)
        for workers, turns in measured.items()
    }
    rows = [
        [
            f"{workers}",
            f"{rates[workers]:.1f}",
            f"{rates[workers] / rates[WORKERS[0]]:.2f}",
            f"{statistics.median(turn['start'] for turn in turns):.1f}",
            f"{max(turn['load'] for turn in turns):.1f}",
        ]
        for workers, turns in measured.items()
    ]
    header = ["workers", "papers a second", "times one worker", "seconds to the first", "load"]
    return markdown(header, rows)


def _in_own_process(workers: int, arguments: argparse.Namespace) -> Measured:
    command = [sys.executable, "-m", "benchmarks.ray_ingest", str(arguments.pages)]
    command += ["--workers", str(workers), "--times", str(arguments.times)]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    figures: Measured = json.loads(output)
    return figures


if __name__ == "__main__":
    main()
