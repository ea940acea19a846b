"""Model folders for fastembed: the network that ships, and small ones of known behaviour."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import onnx
import onnx.helper
import onnx.parser

from vectorstore.onnx_embedding import MODEL_FOLDER

HEAD = '<ir_version: 10, opset_import: ["" : 17]>\n'
INPUTS = "int64[b, t] input_ids, int64[b, t] attention_mask, int64[b, t] token_type_ids"

# A cross-encoder: how many pairs of equal tokens question and text have between them, less two.
# Both end in [SEP], which is the first of the pairs.
SHARED_TOKENS = f"""{HEAD}
shared ({INPUTS}) => (float[b, 1] logits) {{
    one = Constant <value = int64[1] {{1}}> ()
    two = Constant <value = int64[1] {{2}}> ()
    both = Constant <value = int64[2] {{1, 2}}> ()
    less = Constant <value = float[1] {{2.0}}> ()
    not_second = Sub (one, token_type_ids)
    first_mask = Mul (not_second, attention_mask)
    second_mask = Mul (token_type_ids, attention_mask)
    rows = Unsqueeze (input_ids, two)
    columns = Unsqueeze (input_ids, one)
    equal = Equal (rows, columns)
    as_numbers = Cast <to = 1> (equal)
    in_first = Unsqueeze (first_mask, two)
    in_second = Unsqueeze (second_mask, one)
    across = Mul (in_first, in_second)
    across_numbers = Cast <to = 1> (across)
    pairs = Mul (as_numbers, across_numbers)
    count = ReduceSum <keepdims = 0> (pairs, both)
    score = Sub (count, less)
    logits = Unsqueeze (score, one)
}}
"""

# A model for embeddings that pools by itself: how many tokens there are, and the number three.
POOLED = f"""{HEAD}
pooled ({INPUTS}) => (float[b, 2] vectors) {{
    one = Constant <value = int64[1] {{1}}> ()
    three = Constant <value = float[1] {{3.0}}> ()
    zero = Constant <value = float[1] {{0.0}}> ()
    counts = ReduceSum <keepdims = 1> (attention_mask, one)
    as_numbers = Cast <to = 1> (counts)
    nothing = Mul (as_numbers, zero)
    threes = Add (nothing, three)
    vectors = Concat <axis = 1> (as_numbers, threes)
}}
"""

# A broken one: no vector has a number in it.
NOT_NUMBERS = POOLED.replace("float[1] {0.0}", "float[1] {nan}")


def write_shipped_network(folder: Path) -> Path:
    """Put the model that ships with the project into `folder`, as exporters lay models out.

    Those have inputs for masks and kinds, which ours does without, and take several texts.
    """
    write_tokenizer(folder)
    model = onnx.load(MODEL_FOLDER / "model.onnx")
    for name in ("attention_mask", "token_type_ids"):
        model.graph.input.append(
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["texts", "tokens"])
        )
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "texts"
    onnx.save(model, folder / "model.onnx")
    return folder


def write_network(folder: Path, text: str) -> Path:
    """Put the network that `text` describes into `folder`, with the tokenizer that ships."""
    write_tokenizer(folder)
    onnx.save(onnx.parser.parse_model(text), folder / "model.onnx")
    return folder


def write_tokenizer(folder: Path) -> None:
    """Put the tokenizer that ships into `folder`, making it if need be."""
    folder.mkdir(exist_ok=True)
    shutil.copy(MODEL_FOLDER / "tokenizer.json", folder)
    described = {"model_max_length": 512, "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(described))
