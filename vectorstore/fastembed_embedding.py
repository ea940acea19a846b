"""Embedding models that fastembed runs on this machine: its named ones, and folders of ONNX files.

Owns how they are called, and how the network in a folder becomes a model for embeddings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.fastembed_files import POOLING_FILE, Announce, FastembedSettings, ModelFolder
from vectorstore.fastembed_model import BATCH_TEXTS, FastembedModel
from vectorstore.model_errors import OutsideModelError

if TYPE_CHECKING:
    import numpy.typing as npt
    from fastembed import TextEmbedding
    from fastembed.common.model_description import PoolingType

    from vectorstore.pooled_embedding import TextKind

_TOKEN_STATES = 3  # dimensions of an output that is not pooled: text, token, vector
# What sentence-transformers calls a way of pooling, and what fastembed does.
_POOLING = {"pooling_mode_cls_token": "CLS", "pooling_mode_lasttoken": "LAST_TOKEN"}


class FastembedEmbedding:
    """A model by name or folder; a `PooledModel`. Loading waits until the first text."""

    def __init__(self, settings: FastembedSettings, announce: Announce) -> None:
        """Describe the model; a download is told by `announce` before it begins.

        Raises OutsideModelError where a folder is meant in which there is no model.
        """
        self._model = FastembedModel(settings, announce, _vendor, _register)

    @property
    def name(self) -> str:
        """Return the model's name, or that of its folder with a digest of the weights."""
        return f"fastembed:{self._model.name}"

    @property
    def where(self) -> str:
        """Return the folder in which the model is, or in which downloaded ones are kept."""
        return str(self._model.place)

    def embed(self, texts: Sequence[str], kind: TextKind) -> list[npt.ArrayLike]:
        """Return the vectors; some models embed a question in another way than a passage.

        Raises OutsideModelError where the model cannot be found, downloaded, loaded or run.
        """
        with self._model.opened() as model:
            embed = model.query_embed if kind == "question" else model.passage_embed
            return list(embed(texts, batch_size=BATCH_TEXTS))


def _vendor() -> type[TextEmbedding]:
    from fastembed import TextEmbedding

    return TextEmbedding


def _register(folder: ModelFolder) -> None:
    *_, dimension = shape = folder.output_shape()
    if dimension == 1:
        raise OutsideModelError(
            "The model in this folder gives scores, not vectors",
            where=str(folder.path),
            hint="If it is a cross-encoder, set it as PAPERCHAT_RERANKER.",
        )
    _vendor().add_custom_model(
        folder.registered,
        pooling=_pooling(folder.path, shape),
        normalization=True,
        sources=folder.source,
        dim=dimension or 0,  # which fastembed keeps and does not use
        model_file=folder.network,
    )


def _pooling(folder: Path, shape: tuple[int | None, ...]) -> PoolingType:
    """Return how the states of tokens become a vector: by their mean, unless the model says."""
    from fastembed.common.model_description import PoolingType

    if len(shape) != _TOKEN_STATES:
        return PoolingType.DISABLED
    file = folder / POOLING_FILE
    modes = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    chosen = [pooling for mode, pooling in _POOLING.items() if modes.get(mode)]
    return PoolingType(chosen[0] if chosen else "MEAN")
