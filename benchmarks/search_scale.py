"""Search in libraries of 365 to a million papers: how fast, how much memory, and what it misses.

Every library but that of 365 papers is synthetic (`retrieval_synthetic`). Each measurement is a
process of its own, so that its memory is that of opening and searching: one that opens the library
for the first time, one that opens it again and searches, and the plain alternative, which compares
the question with all vectors (NumPy, floats in memory) and asks SQLite for all its words.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.retrieval_collections import read_rows
from benchmarks.retrieval_metrics import percentile
from benchmarks.retrieval_results import markdown
from benchmarks.retrieval_synthetic import (
    CATEGORIES,
    DAYS,
    FIRST_DAY,
    ORGANIZATIONS,
    build_library,
    real_papers,
)
from benchmarks.retrieval_systems import filled_library, folder_bytes, show_progress
from training.judged import DATA, read_papers
from vectorstore.abstract_vectors import NearAbstracts
from vectorstore.candidates import CandidateSettings, compared_papers
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.question_words import question_words
from vectorstore.search import search

PAGES = Path("data/daily-papers")
REAL = 365
QUESTIONS = 200
RECALL_QUESTIONS = 50
LIMIT = 50  # as many as an answer reports
DEPTH = 150  # as many as a search goes on with
PAUSE_S = 0.02  # between questions, so that no thread of the last is still about


class Part(StrEnum):
    """What one process measures."""

    FIRST = "first"
    SEARCH = "search"
    PLAIN = "plain"


def measure(papers: int, home: Path) -> dict[str, Any]:
    """Return the figures of a library of so many papers, which is made if need be."""
    if not home.exists():
        _build(papers, home)
    first, found, plain = (_in_process(part, home) for part in Part)
    disk = folder_bytes(home) / papers
    figures = {"papers": papers, "first_s": first["opened_s"], "bytes": disk, "plain": plain}
    return figures | found


def _row(figures: dict[str, Any]) -> list[str]:
    plain = figures["plain"]
    return [
        f"{figures['papers']:,}",
        f"{figures['first_s']:.1f}",
        f"{figures['opened_s']:.2f}",
        f"{figures['memory_mb']:.0f} ({figures['anonymous_mb']:.0f})",
        f"{figures['bytes']:,.0f}",
        *(f"{p50:.1f} / {p95:.1f}" for p50, p95 in figures["asked"].values()),
        f"{figures['recall']:.3f}",
        f"{plain['p50']:.1f} / {plain['p95']:.1f}",
        f"{plain['memory_mb']:.0f}",
    ]


HEADER = [
    "papers",
    "opened first, s",
    "opened again, s",
    "memory, MB (of it not of files)",
    "bytes a paper on disk",
    "all, p50 / p95 ms",
    "a tenth of all dates",
    "an organisation",
    "a category",
    "a rare author",
    f"recall@{DEPTH}",
    "plain, p50 / p95 ms",
    "plain, MB",
]


def _build(papers: int, home: Path) -> None:
    embedder = OnnxEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        if papers == REAL:
            with filled_library(read_papers(PAGES), embedder, home):
                return
        real = real_papers(PAGES, embedder, Path(folder) / "small")
    build_library(home, papers, real, embedder, show_progress)


def _in_process(part: Part, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.search_scale", "--part", part, "--home", str(home)]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(output)
    return found


def _open(home: Path, *, searching: bool) -> dict[str, Any]:
    embedder = OnnxEmbedder()
    embedder.embed_question("the model is loaded before")
    started = time.perf_counter()
    with open_library(home, embedder) as library:
        library.snapshot()
        opened = {"opened_s": time.perf_counter() - started}
        if not searching:
            return opened
        asked = {name: _asked(library, filters) for name, filters in _filters(library).items()}
        opened |= _memory()  # before all vectors are read, to compare with
        return opened | {"asked": asked, "recall": _recall(library)}


def _filters(library: Library) -> dict[str, Filters]:
    paper = library.catalog.papers_by_number([library.catalog.paper_count() // 2])[0]
    tenth = timedelta(DAYS // 2), timedelta(round(0.6 * DAYS))
    return {
        "all": Filters(),
        "dates": Filters(FIRST_DAY + tenth[0], FIRST_DAY + tenth[1]),
        "organisation": Filters(organization=ORGANIZATIONS[0]),
        "category": Filters(category=CATEGORIES[0]),
        "author": Filters(author=paper.authors[0] if paper.authors else "nobody"),
    }


def _asked(library: Library, filters: Filters) -> tuple[float, float]:
    return _percentiles(lambda question: search(library, question, LIMIT, filters=filters))


def _percentiles(ask: Callable[[str], object]) -> tuple[float, float]:
    taken = []
    for question in _questions(QUESTIONS):
        time.sleep(PAUSE_S)
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1_000)
    return percentile(taken, 50), percentile(taken, 95)


def _questions(count: int) -> Sequence[str]:
    questions = [row["query"] for row in read_rows(DATA / "queries.jsonl")]
    return questions[:: len(questions) // count][:count]


def _recall(library: Library) -> float:
    """Return which share of the nearest abstracts the index finds."""
    snapshot = library.snapshot()
    index, settings = snapshot.index, CandidateSettings(nearest=DEPTH)
    rows, shares = np.arange(len(index)), []
    for question in _questions(RECALL_QUESTIONS):
        vector = library.embedder.embed_question(question).pooled
        similarities = index.similarities(vector, rows)
        expected = np.argsort(-similarities, kind="stable")[:DEPTH]
        near = NearAbstracts(index.columns.vectors, vector)
        found = near.nearest(rows, DEPTH, compared_papers(snapshot, settings))
        shares.append(float(np.isin(expected, found).mean()))
    return float(np.mean(shares))


def _plain(home: Path) -> dict[str, Any]:
    embedder = OnnxEmbedder()
    with open_library(home, embedder) as library:
        rows = library.catalog.file.rows("SELECT number, whole FROM vectors ORDER BY number")
        vectors = np.array([np.frombuffer(whole, np.int8) for _, whole in rows], np.float32)
        del rows
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

        def ask(question: str) -> object:
            near = vectors @ embedder.embed_question(question).pooled
            words = " OR ".join(f'"{word}"' for word in question_words(question))
            matches = library.catalog.match_words(words, DEPTH) if words else {}
            return np.argpartition(-near, min(DEPTH, len(near) - 1))[:DEPTH], matches

        p50, p95 = _percentiles(ask)
        return {"p50": p50, "p95": p95} | _memory()


def _memory() -> dict[str, float]:
    """Return the memory in use in MB, and that part of it that is not pages of files."""
    fields = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines()
    )
    whole, anonymous = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))
    return {"memory_mb": whole, "anonymous_mb": anonymous}


def _measure_all(counts: Sequence[int], kept: Path | None, file: Path | None) -> None:
    measured = []
    for papers in counts:
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(papers, (kept or Path(folder)) / str(papers)))
        print(markdown(HEADER, [_row(measured[-1])]), file=sys.stderr)
        if file:
            file.write_text(json.dumps(measured), "utf-8")
    print(markdown(HEADER, list(map(_row, measured))))


def main() -> None:
    """Print the table, or what one process measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=int, nargs="+", default=[REAL, 1_000, 10_000])
    parser.add_argument("--home", type=Path, help="keep the libraries here, and take those there")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--part", type=Part, choices=Part, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part is None:
        _measure_all(arguments.papers, arguments.home, arguments.json)
    elif arguments.part is Part.PLAIN:
        print(json.dumps(_plain(arguments.home)))
    else:
        print(json.dumps(_open(arguments.home, searching=arguments.part is Part.SEARCH)))


if __name__ == "__main__":
    main()
