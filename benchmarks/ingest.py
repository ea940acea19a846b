"""Ingest of listing pages: seconds and peak memory, against embedding every piece on its own.

    python -m benchmarks.ingest data/daily-papers

Both ways run in this call, each in a process of its own, with the same model, pieces and Chroma.
Ours runs an abstract through the model once and pools each piece from the same token states. The
seconds leave out imports and the loading of the model.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.ingesting import ingest_paths
from vectorstore.embedding import Matrix, OnnxEmbedder
from vectorstore.library import open_library
from vectorstore.records import Span

WAYS = ("one pass", "piece by piece")


class PieceByPiece(OnnxEmbedder):
    """The plain way: every span is a text of its own."""

    def embed_spans(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Matrix]:
        """Return the vectors of the spans, none of which knows the text around it."""
        pieces = [
            text[span.start : span.end]
            for text, text_spans in zip(texts, spans, strict=True)
            for span in text_spans
        ]
        rows = iter(super().embed_spans(pieces, [[Span(0, len(piece))] for piece in pieces]))
        return [np.stack([next(rows)[0] for _ in text_spans]) for text_spans in spans]


def run_one(way: str, pages: Path) -> dict[str, float]:
    """Ingest into a fresh library and return the figures of this process."""
    embedder = OnnxEmbedder() if way == "one pass" else PieceByPiece()
    embedder.embed_query("load the model")
    with (
        tempfile.TemporaryDirectory() as home,
        open_library(Path(home), embedder) as library,
    ):
        _import_pipeline()
        started = time.perf_counter()
        report = ingest_paths(library, [pages])
        seconds = time.perf_counter() - started
        again = ingest_paths(library, [pages]).seconds
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"papers": report.new, "seconds": seconds, "again": again, "peak_mb": peak_kib / 1024}


def _import_pipeline() -> None:
    """Import what ingest imports when it starts, so that only work is timed."""
    import llama_index.core.ingestion  # noqa: F401

    import ingest.transformations  # noqa: F401


def main() -> None:
    """Run both ways and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--way", choices=WAYS, help="run this way alone, and print JSON")
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(run_one(arguments.way, arguments.pages)))
        return
    results = {way: _in_own_process(way, arguments.pages) for way in WAYS}
    plain = results["piece by piece"]["seconds"]
    print(f"{'':16}{'papers':>8}{'seconds':>9}{'of plain':>9}{'again':>8}{'peak MB':>9}")
    for way, figures in results.items():
        print(
            f"{way:16}{figures['papers']:8.0f}{figures['seconds']:9.1f}"
            f"{figures['seconds'] / plain:9.2f}{figures['again']:8.2f}{figures['peak_mb']:9.0f}"
        )


def _in_own_process(way: str, pages: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.ingest", str(pages), "--way", way]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures: dict[str, float] = json.loads(output)
    return figures


if __name__ == "__main__":
    main()
