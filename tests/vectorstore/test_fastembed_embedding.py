"""Models run by fastembed: the network that ships as one of the user's own, and small ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("fastembed", reason="fastembed is not installed: pip install fastembed")

import onnxruntime
from small_networks import (
    POOLED,
    SHARED_TOKENS,
    write_network,
    write_shipped_network,
    write_tokenizer,
)
from tokenizers import Tokenizer

from vectorstore.fastembed_embedding import FastembedEmbedding
from vectorstore.fastembed_files import FastembedSettings
from vectorstore.model_errors import OutsideModelError
from vectorstore.pooled_embedding import PooledEmbedder
from vectorstore.records import Span

FOLDER_HINT = (
    "The folder needs an ONNX model, tokenizer.json and tokenizer_config.json, as Hugging Face's"
    " exports have them."
)
SENTENCE = "Serving large language models needs much memory."


def never(message: str) -> None:
    """Stand where a download would be announced."""
    raise AssertionError(message)


def embedder_of(folder: Path) -> PooledEmbedder:
    settings = FastembedSettings(str(folder), folder.parent / "cache")
    return PooledEmbedder(FastembedEmbedding(settings, never))


def failure_of(folder: Path) -> str:
    with pytest.raises(OutsideModelError) as failed:
        embedder_of(folder).embed_question("Who?")
    return str(failed.value)


def token_states(folder: Path, text: str) -> npt.NDArray[np.float32]:
    """Return the states that onnxruntime alone gives, those of [CLS] and [SEP] included."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    ids = np.array([tokenizer.encode(text).ids])
    inputs = {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.zeros_like(ids),
    }
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    states: npt.NDArray[np.float32] = session.run(None, inputs)[0][0]
    return states


def unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return vector / np.linalg.norm(vector)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shipped_network(tmp_path_factory.mktemp("models") / "minilm")


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return write_network(tmp_path / "own", POOLED)


def test_a_folder_pools_by_the_mean(folder: Path) -> None:
    embedder = embedder_of(folder)
    assert embedder.dimension == 384
    expected = unit(token_states(folder, SENTENCE).mean(axis=0))
    question = embedder.embed_question(SENTENCE)
    np.testing.assert_allclose(question.pooled, expected, atol=1e-5)
    [vectors] = embedder.embed_texts([f"Title\n{SENTENCE}"], [[Span(6, 6 + len(SENTENCE))]])
    np.testing.assert_allclose(vectors.spans, [expected], atol=1e-5)
    assert question.tokens.shape == vectors.tokens.shape == (0, 0)


def test_a_folder_may_say_how_it_pools(tmp_path: Path) -> None:
    folder = write_shipped_network(tmp_path / "first-token")
    name = embedder_of(folder).name
    (folder / "1_Pooling").mkdir()
    modes = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))
    embedder = embedder_of(folder)
    assert embedder.name != name  # for the vectors are others
    question = embedder.embed_question(SENTENCE)
    np.testing.assert_allclose(question.pooled, unit(token_states(folder, SENTENCE)[0]), atol=1e-5)


def test_a_network_may_pool_by_itself(own_folder: Path) -> None:
    question = embedder_of(own_folder).embed_question("red blue")  # and [CLS] and [SEP]
    assert question.pooled.tolist() == pytest.approx([0.8, 0.6])


def test_making_it_loads_nothing_and_the_name_is_of_the_weights(own_folder: Path) -> None:
    embedder = embedder_of(own_folder)
    name = embedder.name
    assert name.startswith("fastembed:own-")
    (own_folder.parent / "deeper").mkdir()
    moved = own_folder.rename(own_folder.parent / "deeper" / "own")
    assert embedder_of(moved).name == name
    (moved / "model.onnx_data").write_bytes(b"weights")
    assert embedder_of(moved).name != name


def test_the_place_of_the_network(own_folder: Path) -> None:
    (own_folder / "onnx").mkdir()
    (own_folder / "model.onnx").rename(own_folder / "onnx" / "model.onnx")
    assert embedder_of(own_folder).dimension == 2
    (own_folder / "onnx" / "model.onnx").rename(own_folder / "mine.onnx")
    assert embedder_of(own_folder).dimension == 2


def test_folders_that_have_no_model(tmp_path: Path) -> None:
    with pytest.raises(OutsideModelError) as nowhere:
        embedder_of(tmp_path / "nowhere")
    assert str(nowhere.value) == (
        f"There is no such model folder ({tmp_path / 'nowhere'}). {FOLDER_HINT}"
    )
    with pytest.raises(OutsideModelError) as empty:
        embedder_of(tmp_path)
    assert str(empty.value) == f"There is no ONNX model in this folder ({tmp_path}). {FOLDER_HINT}"
    for name in ("one.onnx", "two.onnx"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(OutsideModelError) as several:
        embedder_of(tmp_path)
    assert str(several.value) == (
        f"This folder has 2 ONNX models ({tmp_path}). Call one model.onnx."
    )


def test_what_is_damaged_is_said(tmp_path: Path, own_folder: Path) -> None:
    (own_folder / "tokenizer_config.json").unlink()
    message = failure_of(own_folder)
    assert message.startswith("The model own-")
    assert message.endswith(
        f" cannot be used: Could not find tokenizer_config.json in {own_folder} ({own_folder}). "
        f"{FOLDER_HINT}"
    )
    write_tokenizer(tmp_path / "noise")
    (tmp_path / "noise" / "model.onnx").write_bytes(b"noise")
    assert " cannot be used: [ONNXRuntimeError]" in failure_of(tmp_path / "noise")


def test_a_cross_encoder_is_refused(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "cross", SHARED_TOKENS)
    assert failure_of(folder) == (
        f"The model in this folder gives scores, not vectors ({folder}). "
        "If it is a cross-encoder, set it as PAPERCHAT_RERANKER."
    )


def test_a_named_model_from_the_cache_asks_nobody(tmp_path: Path, folder: Path) -> None:
    # As huggingface_hub lays out what it downloaded; sockets are blocked, and `never` objects.
    repository = tmp_path / "models--Qdrant--all-MiniLM-L6-v2-onnx"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("1" * 40)
    (repository / "snapshots").mkdir()
    (repository / "snapshots" / ("1" * 40)).symlink_to(folder)
    settings = FastembedSettings("sentence-transformers/all-minilm-l6-v2", tmp_path)
    embedder = PooledEmbedder(FastembedEmbedding(settings, never))
    assert embedder.name == "fastembed:sentence-transformers/all-minilm-l6-v2"
    np.testing.assert_allclose(
        embedder.embed_question(SENTENCE).pooled,
        embedder_of(folder).embed_question(SENTENCE).pooled,
        atol=1e-6,
    )


def test_unknown_name(tmp_path: Path) -> None:
    settings = FastembedSettings("BAAI/bge-smal-en-v1.5", tmp_path)
    with pytest.raises(OutsideModelError) as unknown:
        FastembedEmbedding(settings, never).embed(["Who?"], "question")
    assert str(unknown.value) == (
        "fastembed's TextEmbedding knows no model BAAI/bge-smal-en-v1.5. "
        "Did you mean BAAI/bge-small-en-v1.5? A folder's path starts with / or ./ or ~."
    )


def test_without_fastembed(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastembed", None)
    embedder = embedder_of(own_folder)
    with pytest.raises(OutsideModelError) as missing:
        embedder.embed_question("Who?")
    name = embedder.name.removeprefix("fastembed:")
    assert str(missing.value) == (
        f"The model {name} needs fastembed, which is not installed. Run: pip install fastembed"
    )


@pytest.mark.parametrize(
    ("model", "is_folder"),
    [
        ("/models/minilm", True),
        ("./minilm", True),
        ("../minilm", True),
        ("~/minilm", True),
        ("BAAI/bge-small-en-v1.5", False),
        ("minilm", False),
    ],
)
def test_names_and_folders_are_told_apart(model: str, is_folder: bool) -> None:
    folder = FastembedSettings(model, Path("cache")).folder
    assert (folder is not None) == is_folder
    assert folder is None or folder.is_absolute()
