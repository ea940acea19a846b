"""Puts the objects together: from the environment to an open library and an assistant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.environment import Environment, SettingsError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.chat_model import ChatModelSettings
    from vectorstore.library import Library

OPENAI_URL = "https://api.openai.com/v1"


@contextmanager
def opened_library(environment: Environment) -> Iterator[Library]:
    """Open the library and finish what an earlier run was cut short in, behind a progress bar."""
    from ingest.indexing import index_pending
    from ui.terminal import errors, progress_bar
    from vectorstore.embedding import OnnxEmbedder
    from vectorstore.library import open_library

    with open_library(environment.home, OnnxEmbedder()) as library:
        if library.counts().pending and not errors.is_terminal:
            errors.print("Finishing what an earlier run began.")  # a terminal shows a bar
        # The bar ends before the work of the command begins: it would draw over its output.
        with progress_bar("Finishing what an earlier run began") as on_progress:
            index_pending(library, on_progress=on_progress)
        yield library


def make_assistant(environment: Environment, library: Library) -> Assistant:
    """Return an assistant that answers with the configured model, or extractively without one."""
    from assistant.answering import Assistant

    settings = model_settings(environment)
    if settings is None:
        return Assistant(library)

    from assistant.chat_model import ChatModel
    from assistant.compose_with_model import ModelComposer

    return Assistant(library, ModelComposer(ChatModel(settings)))


def model_settings(environment: Environment) -> ChatModelSettings | None:
    """Return how to reach the chat model, or None where the user named none.

    Raises SettingsError if a model is named and there is no way to reach it.
    """
    if environment.model is None:
        return None
    if environment.base_url is None and environment.api_key is None:
        raise SettingsError(
            f"PAPERCHAT_MODEL names {environment.model}, but not where it is served",
            where="environment",
            hint="Set OPENAI_BASE_URL to its server, or OPENAI_API_KEY to use OpenAI's.",
        )
    from assistant.chat_model import ChatModelSettings

    settings = ChatModelSettings(
        model=environment.model,
        base_url=environment.base_url or OPENAI_URL,
        api_key=environment.api_key or "",
    )
    return replace(
        settings,
        timeout_s=environment.timeout_s or settings.timeout_s,
        context_tokens=environment.context_tokens or settings.context_tokens,
    )
