"""Ingest of listing pages: papers a second and peak memory, against two plain ways.

    python -m benchmarks.ingest data/daily-papers [--stock FOLDER]

All run in this call, each in a process of its own. *paperchat* runs an abstract through the model
once and pools whole abstract, sentences and passages from the same token states. *Piece by piece*
is the same with every piece as a text of its own. *Stock* is llama-index's pipeline of
SentenceSplitter and HuggingFaceEmbedding into Chroma, with the published weights of `--stock`: it
makes one vector a chunk and cuts it at 256 tokens, where the others make a vector of the whole, of
each sentence, passage and content token, and cut nothing off. The seconds leave out imports and the
loading of the model; they include reading the pages.
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

from benchmarks.retrieval_results import markdown
from benchmarks.retrieval_stock import installed, stock_documents, stock_embedding, stock_store
from ingest.ingesting import ingest_paths
from training.judged import read_papers
from vectorstore.embedding import TextVectors
from vectorstore.library import open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Span

Measured = dict[str, float]


class PieceByPiece(OnnxEmbedder):
    """The plain way: every span is a text of its own, and the first gives the token vectors."""

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        """Return the vectors of the spans, none of which knows the text around it."""
        pieces = [
            text[span.start : span.end]
            for text, of_text in zip(texts, spans, strict=True)
            for span in of_text
        ]
        vectors = iter(super().embed_texts(pieces, [[Span(0, len(piece))] for piece in pieces]))
        found = [[next(vectors) for _ in of_text] for of_text in spans]
        return [TextVectors(np.concatenate([v.spans for v in of]), of[0].tokens) for of in found]


EMBEDDERS = {"paperchat": OnnxEmbedder, "piece by piece": PieceByPiece}
WAYS = (*EMBEDDERS, "stock")


def ingest_ours(way: str, pages: Path) -> Measured:
    """Ingest into a fresh library, and once more when it is there."""
    embedder = EMBEDDERS[way]()
    embedder.embed_question("load the model")
    import llama_index.core.ingestion  # noqa: F401

    import ingest.transformations  # noqa: F401

    with tempfile.TemporaryDirectory() as home, open_library(Path(home), embedder) as library:
        started = time.perf_counter()
        papers = ingest_paths(library, [pages]).new
        seconds = time.perf_counter() - started
        again = ingest_paths(library, [pages]).seconds
    return {"papers": papers, "seconds": seconds, "again": again, "peak_mb": _peak_mb()}


def ingest_stock(pages: Path, weights: Path) -> Measured:
    """Run the stock pipeline over the same papers."""
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter

    embedding = stock_embedding(weights)
    embedding.get_text_embedding("load the model")
    with tempfile.TemporaryDirectory() as home:
        pipeline = IngestionPipeline(
            transformations=[SentenceSplitter(), embedding], vector_store=stock_store(Path(home))
        )
        started = time.perf_counter()
        documents = stock_documents(read_papers(pages))
        pipeline.run(documents=documents)
        seconds = time.perf_counter() - started
    return {"papers": len(documents), "seconds": seconds, "peak_mb": _peak_mb()}


def table(measured: dict[str, Measured]) -> str:
    """Return the figures of all ways in Markdown."""
    rows = []
    for way, of in measured.items():
        rate, peak = of["papers"] / of["seconds"], f"{of['peak_mb']:,.0f}"
        again = f"{of['again']:.2f}" if "again" in of else ""
        rows.append([way, f"{of['papers']}", f"{of['seconds']:.1f}", f"{rate:.1f}", again, peak])
    header = ["way", "papers", "seconds", "papers a second", "seconds again", "peak MB"]
    return markdown(header, rows)


def main() -> None:
    """Run every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--stock", type=Path, help="folder of the published weights")
    parser.add_argument("--way", choices=WAYS, help="run this way alone, and print JSON")
    arguments = parser.parse_args()
    if arguments.way == "stock":
        print(json.dumps(ingest_stock(arguments.pages, arguments.stock)))
    elif arguments.way:
        print(json.dumps(ingest_ours(arguments.way, arguments.pages)))
    else:
        ways = WAYS if arguments.stock and installed() else tuple(EMBEDDERS)
        print(table({way: _in_own_process(way, arguments) for way in ways}))


def _in_own_process(way: str, arguments: argparse.Namespace) -> Measured:
    command = [sys.executable, "-m", "benchmarks.ingest", str(arguments.pages), "--way", way]
    command += ["--stock", str(arguments.stock)] if way == "stock" else []
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    figures: Measured = json.loads(output)
    return figures


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
