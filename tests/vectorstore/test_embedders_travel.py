"""Embedders that go to another process by pickle, as those of a Ray cluster get them."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from vectorstore.fastembed_embedding import FastembedEmbedding
from vectorstore.fastembed_files import FastembedSettings
from vectorstore.onnx_embedding import MODEL_FOLDER, OnnxEmbedder
from vectorstore.openai_embedding import EndpointSettings, OpenAIEmbedding
from vectorstore.pooled_embedding import PooledEmbedder
from vectorstore.records import Span


def announce(_text: str) -> None:
    """Say nothing of a download, of which there is none."""


@pytest.mark.parametrize("shipped", [True, False])
def test_the_model_that_ships_embeds_the_same(shipped: bool, tmp_path: Path) -> None:
    folder = MODEL_FOLDER if shipped else Path(shutil.copytree(MODEL_FOLDER, tmp_path / "model"))
    embedder = OnnxEmbedder(folder)
    text, spans = "Dough rises. Soup is served.", [Span(0, 12), Span(13, 28)]
    [expected] = embedder.embed_texts([text], [spans])  # it is loaded by now
    travelled = pickle.loads(pickle.dumps(embedder))  # noqa: S301 - our own
    [vectors] = travelled.embed_texts([text], [spans])
    assert travelled.name == embedder.name
    assert np.array_equal(vectors.spans, expected.spans)
    assert np.array_equal(vectors.tokens, expected.tokens)


@pytest.mark.parametrize(
    "embedder",
    [
        PooledEmbedder(OpenAIEmbedding(EndpointSettings("small", "http://127.0.0.1:1/v1", "key"))),
        PooledEmbedder(FastembedEmbedding(FastembedSettings("soup", Path("/cache")), announce)),
    ],
    ids=["server", "fastembed"],
)
def test_other_models_keep_their_settings(embedder: PooledEmbedder) -> None:
    travelled = pickle.loads(pickle.dumps(embedder))  # noqa: S301 - our own
    kept = (embedder.name, embedder._model.where)
    assert (travelled.name, travelled._model.where) == kept
