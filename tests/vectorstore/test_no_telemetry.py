"""What libraries would tell their makers is neither kept nor sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Span
OnnxEmbedder().embed_texts(["Dough rises."], [[Span(0, 12)]])
import fastembed
"""
SAYING_NO = "ORT_DISABLE_TELEMETRY"
CI = {"CI", "GITHUB_ACTIONS"}  # where libraries keep quiet by themselves


def test_nothing_is_kept_for_the_makers_of_onnxruntime(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in {SAYING_NO, *CI}}
    environment = kept | {"HOME": str(tmp_path), "XDG_CACHE_HOME": f"{tmp_path}/cache"}
    subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
