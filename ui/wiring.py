"""Puts the objects together: from the environment to an open library and an assistant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.environment import Environment, NamedModel, SettingsError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.model.chat_model import ChatModelSettings
    from assistant.model.token_usage import Prices
    from ingest.engine import Engine
    from vectorstore.embedding import Embedder
    from vectorstore.fastembed_files import FastembedSettings
    from vectorstore.library import Library
    from vectorstore.openai_embedding import EndpointSettings
    from vectorstore.reranking import Reranker

OPENAI_URL = "https://api.openai.com/v1"

# Hosted models take less than a quarter of their window, and refuse a request for more.
_MOST_REPLY_TOKENS = 8192


@contextmanager
def opened_library(environment: Environment, engine: Engine | None = None) -> Iterator[Library]:
    """Open the library and finish what an earlier run was cut short in, behind a progress bar.

    What has to be indexed is given to `engine`. A library that another home writes is brought up
    to date, and kept so during the block.
    """
    from ui.keeping_up import kept_up, taken_over

    embedder = make_embedder(environment)
    taken_over(environment.home, environment.chroma, embedder, engine)
    with kept_up(environment.home, environment.chroma, embedder, engine) as library:
        library.reranker = make_reranker(environment)
        yield library


def make_embedder(environment: Environment) -> Embedder:
    """Return the configured embedding model, or the one that ships; asks no server yet.

    Raises SettingsError or OutsideModelError where there is no such model to be had.
    """
    model = environment.embedding_model
    if model is None:
        from vectorstore.onnx_embedding import OnnxEmbedder

        return OnnxEmbedder()

    from vectorstore.pooled_embedding import PooledEmbedder

    if model.source == "openai":
        from vectorstore.openai_embedding import OpenAIEmbedding

        return PooledEmbedder(OpenAIEmbedding(endpoint_settings(environment, model)))

    from ui.console.terminal import announce
    from vectorstore.fastembed_embedding import FastembedEmbedding

    return PooledEmbedder(FastembedEmbedding(_fastembed_settings(environment, model), announce))


def make_reranker(environment: Environment) -> Reranker | None:
    """Return the configured cross-encoder, or None where the user named none.

    Raises OutsideModelError where it names a folder without a model.
    """
    if environment.reranker is None:
        return None
    from ui.console.terminal import announce
    from vectorstore.reranking import FastembedReranker

    return FastembedReranker(_fastembed_settings(environment, environment.reranker), announce)


def make_assistant(environment: Environment, library: Library) -> Assistant:
    """Return an assistant that plans and answers with the configured model, or without one."""
    from assistant.answering import Assistant

    settings = model_settings(environment)
    if settings is None:
        return Assistant(library)

    from assistant.model.chat_model import ChatModel
    from assistant.planning.plan_with_model import ModelPlanner
    from assistant.settings import AssistantSettings
    from assistant.writing.compose_with_model import ModelComposer

    model = ChatModel(settings)
    kept_out = AssistantSettings(keep_out_suspicious=bool(environment.keep_out_suspicious))
    return Assistant(library, ModelComposer(model), kept_out, ModelPlanner(model))


def model_settings(environment: Environment) -> ChatModelSettings | None:
    """Return how to reach the chat model, or None where the user named none.

    Raises SettingsError if a model is named and there is no way to reach it.
    """
    if environment.model is None:
        return None
    if environment.base_url is None and environment.api_key is None:
        raise SettingsError(
            f"PAPERCHAT_MODEL names {environment.model}, but not where it is served",
            hint="Set OPENAI_BASE_URL to its server, or OPENAI_API_KEY to use OpenAI's.",
        )
    from assistant.model.chat_model import ChatModelSettings
    from ui.logs.log_setup import hide

    if environment.api_key:
        hide(environment.api_key)  # one that was entered on the page is in no variable
    settings = ChatModelSettings(
        model=environment.model,
        base_url=environment.base_url or OPENAI_URL,
        api_key=environment.api_key or "",
    )
    context_tokens = environment.context_tokens or settings.context_tokens
    return replace(
        settings,
        timeout_s=environment.timeout_s or settings.timeout_s,
        context_tokens=context_tokens,
        reply_tokens=_reply_tokens(settings.reply_tokens, context_tokens),
        prices=_prices(environment),
    )


def _reply_tokens(least: int, context_tokens: int) -> int:
    """Return a quarter of the window, within limits: reasoning models think before they reply.

    Never more than half of it, so that a small one has room for the question too.
    """
    return min(context_tokens // 2, max(least, min(context_tokens // 4, _MOST_REPLY_TOKENS)))


def _prices(environment: Environment) -> Prices | None:
    from assistant.model.token_usage import Prices

    price_input, price_output = environment.price_input, environment.price_output
    if price_input is None or price_output is None:
        return None
    return Prices(price_input, price_output)


def endpoint_settings(environment: Environment, model: NamedModel) -> EndpointSettings:
    """Return how to reach the embeddings endpoint; raises SettingsError where there is no way."""
    base_url = environment.embedding_url or environment.base_url
    if base_url is None and environment.api_key is None:
        raise SettingsError(
            f"PAPERCHAT_EMBEDDING_MODEL names {model.name}, but not where it is served",
            hint="Set PAPERCHAT_EMBEDDING_URL to its server, or OPENAI_API_KEY to use OpenAI's.",
        )
    from vectorstore.openai_embedding import EndpointSettings

    settings = EndpointSettings(
        model=model.name, base_url=base_url or OPENAI_URL, api_key=environment.api_key or ""
    )
    return replace(settings, timeout_s=environment.timeout_s or settings.timeout_s)


def _fastembed_settings(environment: Environment, model: NamedModel) -> FastembedSettings:
    import platformdirs

    from vectorstore.fastembed_files import FastembedSettings

    # Not fastembed's own default, a temporary folder: what was downloaded would not last.
    default = platformdirs.user_cache_path("paperchat", appauthor=False) / "fastembed"
    return FastembedSettings(model.name, environment.model_cache or default)
