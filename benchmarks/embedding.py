"""How near the embedding model comes to what the machine can do.

    python -m benchmarks.embedding data/daily-papers [--float float.onnx]

Texts go through the network alone, without tokenising and pooling, in several ways; the plain one
is onnxruntime as it comes. The arithmetic of a text is counted and set against the machine's peak,
which is that of large matrix products in onnxruntime, a product to a core. With `--float`, the
float32 network that training/network.py makes, float32 takes part, and bf16 by OpenVINO where that
is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx.parser
import onnxruntime

from benchmarks.retrieval_results import markdown
from training.judged import read_papers
from vectorstore.onnx_embedding import CLS_ID, MODEL_FOLDER, SEP_ID, SPECIAL_TOKENS, load_tokenizer

WIDTH, INNER, LAYERS, WINDOW = 384, 1_536, 6, 512
REPEATS = 3
SIDE = 2_048  # of the matrices that the peak is measured with
PEAKS = {
    "int8": "MatMulInteger (a, b)",
    "float32": "MatMul (a, b)",
}
Ids = npt.NDArray[np.int64]
Run = Callable[[Ids], object]


def flops(tokens: int) -> float:
    """Return the operations for a text of so many tokens: 21 million each, and attention."""
    matrices = 2 * LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER)
    attention = 2 * LAYERS * 2 * tokens * WIDTH
    return float(tokens * (matrices + attention))


def texts_of(pages: Path) -> list[Ids]:
    """Return the shipped papers as the network takes them, in segments of its window."""
    tokenizer = load_tokenizer(MODEL_FOLDER)
    texts = [f"{paper.title}\n{paper.abstract}" for paper in read_papers(pages)]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    room = WINDOW - SPECIAL_TOKENS
    return [
        np.array([[CLS_ID, *encoding.ids[start : start + room], SEP_ID]], np.int64)
        for encoding in encodings
        for start in range(0, len(encoding.ids), room)
    ]


def session(model: str | bytes, threads: int = 1, without: Sequence[str] = ()) -> Any:
    """Return the network in onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(without)
    )


def by_onnxruntime(model: Path, threads: int = 1, without: Sequence[str] = ()) -> Run:
    """Return what runs a text in onnxruntime."""
    network = session(str(model), threads, without)
    return lambda ids: network.run(None, {"input_ids": ids})


def by_openvino(model: Path, cores: int) -> Run:
    """Return what runs a text in OpenVINO, with bf16 where the processor has it."""
    import openvino

    settings = {"NUM_STREAMS": cores, "INFERENCE_PRECISION_HINT": "bf16"}
    network = openvino.Core().compile_model(str(model), "CPU", settings)
    own = threading.local()

    def run(ids: Ids) -> object:
        if not hasattr(own, "request"):
            own.request = network.create_infer_request()
        return own.request.infer({"input_ids": ids})

    return run


def seconds(run: Run, texts: Sequence[Ids], at_once: int) -> float:
    """Return how long all texts take, so many at once; the best of some rounds."""
    run(texts[0])
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(run, texts))
        best = min(best, time.perf_counter() - started)
    return best


def peak(kind: str, cores: int) -> float:
    """Return operations a second of large matrix products, one to a core."""
    given, result = ("uint8", "int32") if kind == "int8" else ("float", "float")
    weight = "int8" if kind == "int8" else "float"
    sides = f"[{SIDE}, {SIDE}]"
    text = (
        '<ir_version: 8, opset_import: ["" : 17]>\n'
        f"product ({given}{sides} a, {weight}{sides} b) => ({result}{sides} c)"
        f" {{ c = {PEAKS[kind]} }}"
    )
    network = session(onnx.parser.parse_model(text).SerializeToString())
    drawn = np.random.default_rng(0).integers(0, 100, (SIDE, SIDE))
    types: dict[str, type[Any]] = {"uint8": np.uint8, "int8": np.int8, "float": np.float32}
    matrices = {"a": drawn.astype(types[given]), "b": drawn.astype(types[weight])}
    rounds: list[Ids] = [np.zeros(0, np.int64)] * (4 * cores)
    took = seconds(lambda _: network.run(None, matrices), rounds, cores)
    return 2.0 * SIDE**3 * len(rounds) / took


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--float", type=Path, dest="float_model", help="the float32 network")
    arguments = parser.parse_args()
    texts, cores = texts_of(arguments.pages), os.cpu_count() or 1
    papers = len(read_papers(arguments.pages))
    work = sum(flops(ids.shape[1]) for ids in texts)
    peaks = {kind: peak(kind, cores) for kind in PEAKS}
    model, unfused = MODEL_FOLDER / "model.onnx", ["SkipLayerNormFusion"]
    ways: dict[str, tuple[Run, int, str]] = {
        "int8, as it ships: a text to a core, layer norms unfused": (
            by_onnxruntime(model, without=unfused),
            cores,
            "int8",
        ),
        "a text to a core": (by_onnxruntime(model), cores, "int8"),
        "all cores on a text (plain)": (by_onnxruntime(model, cores), 1, "int8"),
    }
    if arguments.float_model:
        ways["float32"] = by_onnxruntime(arguments.float_model, without=unfused), cores, "float32"
        if importlib.util.find_spec("openvino"):
            ways["bf16 by OpenVINO"] = by_openvino(arguments.float_model, cores), cores, ""
    print(f"{papers} papers, {work / papers / 1e9:.1f} GFLOP each; {cores} cores; peaks, GFLOP/s:")
    print(", ".join(f"{kind} {rate / 1e9:,.0f}" for kind, rate in peaks.items()) + "\n")
    rows = []
    for name, (run, at_once, kind) in ways.items():
        took = seconds(run, texts, at_once)
        share = f"{work / took / peaks[kind]:.2f}" if kind else ""
        rows.append([name, f"{papers / took:.1f}", f"{work / took / 1e9:,.0f}", share])
    print(markdown(["way", "abstracts a second", "GFLOP/s", "of the peak"], rows))


if __name__ == "__main__":
    main()
