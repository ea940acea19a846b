"""Reranking: a cross-encoder, which reads the question and a text together.

Optional, for users who have such a model: it is slower than vectors and judges better. Owns the
interface and its one implementation, by fastembed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from vectorstore.fastembed_files import Announce, FastembedSettings, ModelFolder
from vectorstore.fastembed_model import BATCH_TEXTS, FastembedModel
from vectorstore.model_errors import OutsideModelError
from vectorstore.whole_text import whole_characters

if TYPE_CHECKING:
    from fastembed.rerank.cross_encoder import TextCrossEncoder


class Reranker(Protocol):
    """What judges texts by reading each together with the question."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return for each text, in order, how well it answers `question`, in [0, 1]."""
        ...


class FastembedReranker:
    """A cross-encoder by name or folder. Loading waits until the first text; thread-safe."""

    def __init__(self, settings: FastembedSettings, announce: Announce) -> None:
        """Describe the model; a download is told by `announce` before it begins.

        Raises OutsideModelError where a folder is meant in which there is no model.
        """
        self._model = FastembedModel(settings, announce, _vendor, _register)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return for each text, in order, how well it answers `question`, in [0, 1].

        What is longer than the model's window is cut. Raises OutsideModelError where the model
        cannot be found, downloaded, loaded or run.
        """
        if not texts:
            return []
        readable = [whole_characters(text) for text in texts]
        with self._model.opened() as model:
            logits = list(
                model.rerank(whole_characters(question), readable, batch_size=BATCH_TEXTS)
            )
        if len(logits) != len(texts) or not all(map(math.isfinite, logits)):
            raise OutsideModelError(
                f"The reranker {self._model.name} did not give a number for each text",
                where=str(self._model.place),
                hint="Choose another, or unset PAPERCHAT_RERANKER.",
            )
        return [_logistic(logit) for logit in logits]


def _vendor() -> type[TextCrossEncoder]:
    from fastembed.rerank.cross_encoder import TextCrossEncoder

    return TextCrossEncoder


def _register(folder: ModelFolder) -> None:
    if len(shape := folder.output_shape()) != 2 or shape[1] not in {1, None}:  # noqa: PLR2004
        raise OutsideModelError(
            "The model in this folder gives something other than one score for a text",
            where=str(folder.path),
            hint="If it makes vectors, set it as PAPERCHAT_EMBEDDING_MODEL.",
        )
    _vendor().add_custom_model(folder.registered, sources=folder.source, model_file=folder.network)


def _logistic(logit: float) -> float:
    return 0.5 * (1.0 + math.tanh(logit / 2))  # no overflow, however far from 0
