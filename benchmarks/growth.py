"""How the work grows with the library: ingest in full, and search, memory, disk and start.

    python -m benchmarks.growth data/daily-papers --ingest 100 1000 10000 \
        --searched FILE --plot docs/images/growth.png

`paperchat ingest` takes so many papers, each half of one real abstract and half of another, model
and all, from a process of its own; reading the same file by `json.loads` alone is the plain
alternative. FILE is what `benchmarks.search_scale --json FILE` wrote. Both are drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.retrieval_plots import DOTS_AN_INCH, STYLES
from benchmarks.retrieval_results import markdown
from benchmarks.retrieval_systems import folder_bytes
from ingest.sentences import split_sentences
from training.judged import read_papers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COMMAND = [sys.executable, "-c", "from ui.cli import main; main()", "ingest"]
HEADER = [
    "papers",
    "seconds",
    "papers/s",
    "CPU ms a paper",
    "peak MB",
    "bytes a paper",
    "json.loads, s",
]
GOALS_MS = {"p50": 40, "p95": 150}  # of a search, at a million papers
Row = Mapping[str, float]


def write_papers(pages: Path, count: int, file: Path) -> None:
    """Write `count` papers as JSON lines, the same ones every time."""
    texts = [
        (paper.title, [paper.abstract[s.start : s.end] for s in split_sentences(paper.abstract)])
        for paper in read_papers(pages)
    ]
    drawing = random.Random(0)  # noqa: S311
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            (title, first), (_, second) = drawing.sample(texts, 2)
            kept = [*first[: len(first) // 2 + 1], *second[len(second) // 2 :]]
            record = {"title": f"{title} {number}", "abstract": " ".join(kept)}
            lines.write(json.dumps(record) + "\n")


def ingested(pages: Path, count: int) -> Row:
    """Return what it takes to ingest so many papers into a new library."""
    with tempfile.TemporaryDirectory() as folder:
        file, home = Path(folder, "papers.jsonl"), Path(folder, "home")
        write_papers(pages, count, file)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, str(file)],
            env=os.environ | {"PAPERCHAT_HOME": str(home)},
            stdout=subprocess.DEVNULL,
        )
        peak_mb = max(_memory_mb(process))
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode:
            raise SystemExit(f"paperchat ingest ended with {process.returncode}")
        plain = time.perf_counter()
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                json.loads(line)
        return {
            "papers": count,
            "seconds": seconds,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "peak_mb": peak_mb,
            "bytes": folder_bytes(home) / count,
            "plain": time.perf_counter() - plain,
        }


def _memory_mb(process: subprocess.Popen[bytes]) -> Iterator[float]:
    """Yield the memory that the process has had at most, until it ends."""
    yield 0.0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        yield from (int(peak) / 1024 for peak in peaks)
        time.sleep(0.1)


def ingest_table(rows: Sequence[Row]) -> str:
    """Return what ingesting took in Markdown."""
    return markdown(
        HEADER,
        [
            [
                f"{row['papers']:,.0f}",
                f"{row['seconds']:.1f}",
                f"{row['papers'] / row['seconds']:.1f}",
                f"{row['cpu'] / row['papers'] * 1_000:.1f}",
                f"{row['peak_mb']:.0f}",
                f"{row['bytes']:,.0f}",
                f"{row['plain']:.2f}",
            ]
            for row in rows
        ],
    )


def draw(ingest: Sequence[Row], searched: Sequence[Mapping[str, Any]], file: Path) -> None:
    """Draw how ingest, search, memory and start grow, on logarithmic scales."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7.5), layout="constrained")
    (rates, searches), (memory, start) = figure.subplots(2, 2)
    _lines(
        rates,
        "papers ingested a second",
        ingest,
        {"as it ships": lambda r: r["papers"] / r["seconds"]},
    )
    _lines(
        searches,
        "milliseconds a search",
        searched,
        {
            "p50": lambda r: r["asked"]["all"][0],
            "p95": lambda r: r["asked"]["all"][1],
            "plain, p50": lambda r: r["plain"]["p50"],
        },
    )
    for goal in GOALS_MS.values():
        searches.axhline(goal, color="#999999", linewidth=0.8)
    _lines(
        memory,
        "megabytes of memory, searching",
        searched,
        {"paperchat": lambda r: r["memory_mb"], "plain": lambda r: r["plain"]["memory_mb"]},
    )
    _lines(
        start,
        "seconds to open",
        searched,
        {"the first time": lambda r: r["first_s"], "again": lambda r: r["opened_s"]},
    )
    figure.savefig(file, dpi=DOTS_AN_INCH)


def _lines(
    place: Axes, title: str, rows: Sequence[Mapping[str, Any]], read: Mapping[str, Any]
) -> None:
    for (name, value), (colour, dashes) in zip(read.items(), STYLES, strict=False):
        points = [(row["papers"], value(row)) for row in rows]
        place.plot(*zip(*points, strict=True), dashes, color=colour, marker="o", label=name)
    place.set_xscale("log")
    place.set_yscale("log")
    place.set_xlabel("papers")
    place.set_title(title)
    place.grid(alpha=0.3)
    if len(read) > 1:
        place.legend()


def main() -> None:
    """Measure ingest, and draw it beside what was measured of search."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--ingest", type=int, nargs="+", default=[100, 1_000])
    parser.add_argument("--searched", type=Path, help="figures of benchmarks.search_scale")
    parser.add_argument("--plot", type=Path, help="file to draw to")
    arguments = parser.parse_args()
    rows = [ingested(arguments.pages, count) for count in arguments.ingest]
    print(ingest_table(rows))
    if arguments.plot and arguments.searched:
        draw(rows, json.loads(arguments.searched.read_text("utf-8")), arguments.plot)


if __name__ == "__main__":
    main()
