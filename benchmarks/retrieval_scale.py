"""Search in a large library: how long a question takes, and where the time goes.

The library is synthetic, and searched in a process of its own, so that the memory is that of
searching. This module is what that process runs.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import CodeType
from typing import Any

from benchmarks.retrieval_collections import read_rows
from benchmarks.retrieval_metrics import percentile
from benchmarks.retrieval_results import markdown
from benchmarks.retrieval_systems import show_progress
from training.judged import DATA
from vectorstore.catalog import CATALOG_FILE
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.search import search

QUESTIONS = 100
LIMIT = 50  # as many as an answer reports
SLOW_MS = 40  # from here on it is told where the time goes
PROFILED = 30
TOLD = 15


def measure_at_scale(papers: int, pages: Path, model: Path) -> str:
    """Build a library of so many papers, search it, and return the tables."""
    from benchmarks.retrieval_synthetic import build_library, real_papers

    embedder = OnnxEmbedder(model)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "large"
        started = time.perf_counter()
        real = real_papers(pages, embedder, Path(folder) / "small")
        build_library(home, papers, real, embedder, show_progress)
        built = time.perf_counter() - started
        command = [sys.executable, "-m", "benchmarks.retrieval_scale", str(home), str(model)]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return _tables(papers, json.loads(output)) + f"\n(built in {built:.0f} s)\n"


def search_large(home: Path, model: Path) -> dict[str, Any]:
    """Return the figures of searching the library in `home`."""
    questions = [row["query"] for row in read_rows(DATA / "queries.jsonl")]
    questions = questions[:: len(questions) // QUESTIONS][:QUESTIONS]
    with open_library(home, OnnxEmbedder(model)) as library:
        snapshot_s = _milliseconds(library, None) / 1_000
        first_ms = _milliseconds(library, questions[0])
        rows = {name: _asked(library, questions, of) for name, of in _filters().items()}
        slow = rows["no filter"]["p50"] > SLOW_MS
        return {
            "snapshot_s": snapshot_s,
            "first_ms": first_ms,
            "filters": rows,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "catalog_bytes": (home / CATALOG_FILE).stat().st_size,
            "profile": _profile(library, questions[:PROFILED]) if slow else [],
        }


def _filters() -> dict[str, Filters]:
    from benchmarks.retrieval_synthetic import DAYS, FIRST_DAY, MOST_AUTHORS, ORGANIZATIONS

    def dated(first: float, last: float) -> Filters:
        return Filters(
            FIRST_DAY + timedelta(round(first * DAYS)), FIRST_DAY + timedelta(round(last * DAYS))
        )

    return {
        "no filter": Filters(),
        "a tenth of all dates": dated(0.5, 0.6),
        "six tenths of all dates": dated(0.2, 0.8),
        "a number of authors": Filters(min_authors=MOST_AUTHORS - 1),
        "an organisation": Filters(organization=ORGANIZATIONS[0]),
    }


def _asked(library: Library, questions: Sequence[str], filters: Filters) -> dict[str, float]:
    taken = [_milliseconds(library, question, filters) for question in questions]
    _, report = library.snapshot().index.matching(filters)
    return {"papers": report.matching, "p50": percentile(taken, 50), "p95": percentile(taken, 95)}


def _milliseconds(library: Library, question: str | None, filters: Filters | None = None) -> float:
    """Return how long a question takes, or without one the snapshot."""
    started = time.perf_counter()
    if question is None:
        library.snapshot()
    else:
        search(library, question, LIMIT, filters=filters)
    return (time.perf_counter() - started) * 1_000


def _profile(library: Library, questions: Sequence[str]) -> list[tuple[str, float, float]]:
    """Return the functions that took longest, with own and whole milliseconds a question."""
    profiler = cProfile.Profile()
    profiler.enable()
    for question in questions:
        search(library, question, LIMIT)
    profiler.disable()
    found = [
        (_function(entry.code), entry.inlinetime, entry.totaltime) for entry in profiler.getstats()
    ]
    longest = sorted(found, key=lambda row: -row[1])[:TOLD]
    scale = 1_000 / len(questions)
    return [(name, own * scale, whole * scale) for name, own, whole in longest]


def _function(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code.strip("<>")
    return f"{Path(code.co_filename).stem}.{code.co_qualname}"


def _tables(papers: int, figures: dict[str, Any]) -> str:
    rows = [
        [name, f"{row['papers']:,}", f"{row['p50']:.1f}", f"{row['p95']:.1f}"]
        for name, row in figures["filters"].items()
    ]
    parts = [
        f"### {papers:,} papers, {QUESTIONS} questions",
        markdown(["", "papers that match", "p50 ms", "p95 ms"], rows),
        f"Snapshot {figures['snapshot_s']:.1f} s, first question {figures['first_ms']:,.0f} ms,"
        f" peak memory {figures['peak_mb']:,.0f} MB,"
        f" catalog {figures['catalog_bytes'] / papers:,.0f} bytes a paper.",
    ]
    if figures["profile"]:
        profile = [[name, f"{own:.1f}", f"{whole:.1f}"] for name, own, whole in figures["profile"]]
        parts.append("Milliseconds a question, profiled, which takes longer:")
        parts.append(markdown(["function", "own", "with what it calls"], profile))
    return "\n\n".join(parts)


def main() -> None:
    """Search a library and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("model", type=Path)
    arguments = parser.parse_args()
    print(json.dumps(search_large(arguments.home, arguments.model)))


if __name__ == "__main__":
    main()
