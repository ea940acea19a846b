"""The models that a server lists, read from replies that differ from server to server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What servers call the window that a model is served with: vLLM, LM Studio, OpenRouter and others.
_WINDOWS = ("max_model_len", "loaded_context_length", "context_length", "context_window")
# llama.cpp's, below "meta"; the window that the model was trained with stands beside it.
_META_WINDOW = "n_ctx"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model's name, and the tokens it reads and writes at most where the server tells."""

    name: str
    context_tokens: int | None = None


def listed_models(reply: Any) -> tuple[ListedModel, ...] | None:
    """Return the models in a server's reply, or None where it is no list of models."""
    items = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(items, list):
        return None
    named = [item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]
    return tuple(ListedModel(item["id"], _window(item)) for item in named)


def find_model(name: str, listed: tuple[ListedModel, ...]) -> ListedModel | None:
    """Return the model of this name; Ollama takes a name for that with ":latest" after it."""
    by_name = {model.name: model for model in listed}
    return by_name.get(name) or by_name.get(f"{name}:latest")


def _window(item: dict[str, Any]) -> int | None:
    meta = item.get("meta")
    said = [item.get(name) for name in _WINDOWS]
    said.append(meta.get(_META_WINDOW) if isinstance(meta, dict) else None)
    return next((value for value in said if type(value) is int and value > 0), None)
