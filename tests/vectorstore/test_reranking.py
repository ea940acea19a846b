"""The cross-encoder, run by fastembed on a network that counts what question and text share."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

pytest.importorskip("fastembed", reason="fastembed is not installed: pip install fastembed")

from small_networks import NOT_NUMBERS, POOLED, SHARED_TOKENS, write_network

from vectorstore.fastembed_files import FastembedSettings
from vectorstore.model_errors import OutsideModelError
from vectorstore.reranking import FastembedReranker


def never(message: str) -> None:
    """Stand where a download would be announced."""
    raise AssertionError(message)


def reranker_of(folder: Path) -> FastembedReranker:
    return FastembedReranker(FastembedSettings(str(folder), folder.parent / "cache"), never)


def logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_network(tmp_path / "shared-tokens", SHARED_TOKENS)


def test_question_and_text_are_read_together(folder: Path) -> None:
    texts = ["red blue green", "red yellow", "black white", "blue red red"]
    scores = reranker_of(folder).scores("red blue", texts)
    # The pair of [SEP] and the shared words, less two.
    assert scores == pytest.approx([logistic(logit) for logit in (1, 0, -1, 2)])


def test_more_texts_than_run_at_once(folder: Path) -> None:
    texts = ["red " * number for number in range(30)]
    scores = reranker_of(folder).scores("red", texts)
    assert scores == pytest.approx([logistic(number - 1) for number in range(30)])


def test_no_texts_load_no_model(folder: Path) -> None:
    reranker = reranker_of(folder)
    (folder / "model.onnx").unlink()
    assert reranker.scores("red", []) == []


def test_what_is_longer_than_the_window_is_cut(folder: Path) -> None:
    [score] = reranker_of(folder).scores("red", ["red " * 2_000])
    assert score == pytest.approx(1.0)


def test_half_of_a_character(folder: Path) -> None:
    [score] = reranker_of(folder).scores("red \ud83d", ["red \udc4d"])
    assert score == pytest.approx(logistic(1))  # "red" and the question marks


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (
            POOLED,
            "The model in this folder gives something other than one score for a text ({folder}). "
            "If it makes vectors, set it as PAPERCHAT_EMBEDDING_MODEL.",
        ),
        (
            NOT_NUMBERS.replace("vectors = Concat <axis = 1> (as_numbers, threes)", "")
            .replace("threes = ", "vectors = ")
            .replace("float[b, 2]", "float[b, 1]"),
            "The reranker {name} did not give a number for each text ({folder}). "
            "Choose another, or unset PAPERCHAT_RERANKER.",
        ),
    ],
)
def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, network: str, message: str) -> None:
    folder = write_network(tmp_path / "other", network)
    reranker = reranker_of(folder)
    with pytest.raises(OutsideModelError) as refused:
        reranker.scores("red", ["red"])
    name = reranker._model.name
    assert name.startswith("other-")
    assert str(refused.value) == message.format(folder=folder, name=name)


def test_unknown_name(tmp_path: Path) -> None:
    settings = FastembedSettings("Xenova/ms-marco-MiniLM-L6-v2", tmp_path)
    with pytest.raises(OutsideModelError) as refused:
        FastembedReranker(settings, never).scores("red", ["red"])
    assert str(refused.value) == (
        "fastembed's TextCrossEncoder knows no model Xenova/ms-marco-MiniLM-L6-v2. "
        "Did you mean Xenova/ms-marco-MiniLM-L-6-v2? A folder's path starts with / or ./ or ~."
    )
