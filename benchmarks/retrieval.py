"""Search quality: our search against BM25, plain vectors and stock LlamaIndex + Chroma.

    python -m benchmarks.retrieval COLLECTION [COLLECTION ...] --pages data/daily-papers

A collection is a folder in BEIR's layout or a judged question file over the papers of the pages.
Every contestant is asked the same questions in the same run, ours also without each of its parts;
stock ones take part where `--stock` names the published weights and their libraries are installed.
Prints Markdown. `--plots` draws how listings do, `--scale` measures search in a large library.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from assistant.settings import AssistantSettings
from benchmarks.retrieval_collections import Collection, Query, read_collection, read_judged
from benchmarks.retrieval_listings import (
    calibration_of,
    curve_by_line,
    curve_by_rank,
    relevance_of_all,
)
from benchmarks.retrieval_results import as_json, ask_all, tables
from benchmarks.retrieval_scale import measure_at_scale
from benchmarks.retrieval_stock import exact_cosine, installed, stock_llama_index
from benchmarks.retrieval_systems import (
    Contestant,
    bm25_alone,
    filled_library,
    paperchat,
    paperchat_in_parts,
)
from training.judged import DATA, read_papers
from vectorstore.onnx_embedding import MODEL_FOLDER, OnnxEmbedder
from vectorstore.records import Paper


def contestants(
    papers: Sequence[Paper], arguments: argparse.Namespace, home: Path
) -> Iterator[Contestant]:
    """Yield the contestants one by one, each ready and the only one that is open."""
    with bm25_alone(papers, home / "bm25") as contestant:
        yield contestant
    if arguments.stock:
        yield exact_cosine(papers, arguments.stock)
        with stock_llama_index(papers, arguments.stock, home / "stock") as contestant:
            yield contestant
    if arguments.stock_export:
        embedder = OnnxEmbedder(arguments.stock_export)
        with filled_library(papers, embedder, home / "export") as (library, size):
            name = f"paperchat, {arguments.stock_export.name} weights"
            yield paperchat(library, size, name)
    with filled_library(papers, OnnxEmbedder(arguments.model), home / "ours") as (library, size):
        yield paperchat(library, size)
        yield from paperchat_in_parts(library, size)


def draw_plots(which: Sequence[Query], arguments: argparse.Namespace) -> None:
    """Draw how relevance and lists do on listing questions; `which` were never trained on."""
    from benchmarks.retrieval_plots import draw_calibration, draw_precision_recall

    papers = read_papers(arguments.pages)
    listings = tuple(read_judged(DATA / "listing-judgments.jsonl", tuple(papers)))
    sets = {f"{len(listings)} listings, trained and fitted on": listings}
    if which:
        sets[f"{len(which)} judged “which” questions"] = tuple(which)
    line = AssistantSettings().list_relevance
    bins, curves = {}, {}
    with ExitStack() as opened:
        home = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        filled = filled_library(papers, OnnxEmbedder(arguments.model), home / "ours")
        library, size = opened.enter_context(filled)
        others = [opened.enter_context(bm25_alone(papers, home / "bm25"))]
        if arguments.stock:
            stock = stock_llama_index(papers, arguments.stock, home / "stock")
            others.append(opened.enter_context(stock))
        for name, queries in sets.items():
            relevance = relevance_of_all(library, queries)
            bins[name] = calibration_of(relevance, queries)
            by_line = curve_by_line("paperchat, by relevance", relevance, queries, line)
            by_rank = [curve_by_rank(c, queries) for c in (paperchat(library, size), *others)]
            curves[name] = [by_line, *by_rank]
    arguments.plots.mkdir(parents=True, exist_ok=True)
    draw_calibration(bins, arguments.plots / "calibration.png")
    draw_precision_recall(curves, arguments.plots / "precision_recall.png")


def measure(collection: Collection, arguments: argparse.Namespace) -> dict[str, object]:
    """Print the tables of one collection and return all its figures."""
    with tempfile.TemporaryDirectory() as home:
        found = contestants(collection.papers, arguments, Path(home))
        results = [ask_all(contestant, collection) for contestant in found]
    print(tables(collection, results), flush=True)
    return as_json(collection, results)


def main() -> None:
    """Measure what the arguments name."""
    arguments = _arguments()
    if arguments.stock and not installed():
        arguments.stock = None
    collections = [read_collection(path, arguments.pages) for path in arguments.collections]
    figures = [measure(collection, arguments) for collection in collections]
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), "utf-8")
    if arguments.plots:
        which = [query for one in collections for query in one.queries if query.kind == "which"]
        draw_plots(which, arguments)
    if arguments.scale:
        print(measure_at_scale(arguments.scale, arguments.pages, arguments.model))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collections", type=Path, nargs="*", metavar="COLLECTION")
    parser.add_argument("--pages", type=Path, required=True, help="folder of listing pages")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="model.onnx and so on")
    parser.add_argument("--stock", type=Path, help="folder of the published weights")
    parser.add_argument("--stock-export", type=Path, help="another model for our search")
    parser.add_argument("--plots", type=Path, help="folder to draw to")
    parser.add_argument("--json", type=Path, help="file for the figures of every question")
    parser.add_argument("--scale", type=int, metavar="PAPERS", help="search this many papers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
