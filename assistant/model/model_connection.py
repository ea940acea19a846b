"""The way to the chat model's server, through llama-index's `OpenAILike` and the openai client.

Owns how a request is sent and how a reply is read, chunk by chunk; waiting and giving up are
`assistant.model.chat_model`'s. Invariants: nothing is sent to any address but `base_url`, redirects
included; a connection is closed when its reader is.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.model import model_failures
from assistant.model.refused_options import Option, RefusedOptions, refused_option
from assistant.model.token_usage import reported_tokens
from vectorstore.web_address import is_this_machine

if TYPE_CHECKING:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    from assistant.model.chat_model import ChatModelSettings
    from assistant.model.chat_request import ChatRequest

_LONGEST_LIST = 4_000_000  # bytes; OpenRouter's, of 400 models, is a tenth of it


@dataclass(frozen=True, slots=True)
class Chunk:
    """What arrived at once; a `thought` is no part of the reply, `tokens` are prompt and reply."""

    text: str = ""
    thought: str = ""
    finish_reason: str | None = None
    tokens: tuple[int, int] | None = None

    @property
    def has_words(self) -> bool:
        """Tell whether it says anything: some servers send empty ones as signs of life."""
        return bool(self.text.strip() or self.thought.strip())


def load_libraries() -> None:
    """Import what a request needs; what is left to the first one counts as the server's silence."""
    import httpcore  # noqa: F401 - httpx imports it late
    import llama_index.llms.openai_like  # noqa: F401
    import openai.resources.chat  # noqa: F401 - as openai does this


async def read_reply(
    request: ChatRequest, http: httpx.AsyncClient, refused: RefusedOptions
) -> AsyncGenerator[Chunk]:
    """Yield what the server sends, asking again without each option that it refuses.

    What it then answered without is added to `refused`.
    """
    import openai

    settings = request.settings
    without = refused.options
    async with http:
        while True:
            try:
                async for response in await _send(request, http, without):
                    refused.add(without)
                    yield _chunk(response, settings)
            except openai.APIStatusError as error:
                option = refused_option(error, request.options(without))
                if option is None:
                    raise
                without |= {option}
            else:
                return


async def read_models(settings: ChatModelSettings, http: httpx.AsyncClient) -> Any:
    """Return the server's list of models as JSON, or None where it sends none."""
    import openai

    client = openai.AsyncOpenAI(
        base_url=settings.base_url,
        api_key=_key(settings),
        timeout=settings.timeout_s,
        max_retries=settings.retries,
        http_client=http,
    )
    reply = bytearray()
    try:
        async with http, client.models.with_streaming_response.list() as response:
            async for piece in response.iter_bytes():
                reply += piece
                if len(reply) > _LONGEST_LIST:
                    return None
        return json.loads(reply)
    except openai.AuthenticationError:
        raise
    except (openai.APIStatusError, ValueError, RecursionError):
        # A server need not list its models; and a key for chat alone may not see the list.
        return None


def http_client(settings: ChatModelSettings) -> httpx.AsyncClient:
    """Return a client for one request; raises ModelError if the proxy cannot be used."""
    from openai import DefaultAsyncHttpxClient

    from assistant.model.bounded_body import UNPACKED, bound

    try:
        return DefaultAsyncHttpxClient(
            # A redirect would send the question to an address that nobody configured; and so would
            # a proxy from the environment, where the server is on this machine.
            follow_redirects=False,
            trust_env=not is_this_machine(settings.base_url),
            headers=UNPACKED,
            event_hooks={"request": [_drop_account], "response": [bound]},
        )
    except (ImportError, ValueError) as error:  # a proxy of an unknown kind
        raise model_failures.bad_proxy() from error


async def _send(request: ChatRequest, http: httpx.AsyncClient, without: frozenset[Option]) -> Any:
    from llama_index.core.llms import ChatMessage
    from openai import omit

    messages = [
        ChatMessage(role=message.role, content=message.text)
        for message in request.messages_without(without)
    ]
    parameters = request.parameters(without)
    if Option.TEMPERATURE not in request.options(without):
        parameters["temperature"] = omit
    return await _llm(request.settings, http).astream_chat(messages, **parameters)


def _llm(settings: ChatModelSettings, http: httpx.AsyncClient) -> OpenAILike:
    from llama_index.llms.openai_like import OpenAILike

    # A dict, because llama-index declares the client for its base class alone.
    options: dict[str, Any] = {
        "model": settings.model,
        "api_base": settings.base_url,
        "api_key": _key(settings),
        "context_window": settings.context_tokens,
        "temperature": settings.temperature or 0.0,
        "timeout": settings.timeout_s,
        "max_retries": settings.retries,
        "is_chat_model": True,
        "async_http_client": http,
    }
    return OpenAILike(**options)


def _key(settings: ChatModelSettings) -> str:
    """Return the key; never empty, since the key of the environment would then be sent."""
    return settings.api_key or "none"


async def _drop_account(request: httpx.Request) -> None:
    """Send no account that the environment names for OpenAI: the server may be anybody's."""
    for name in ("OpenAI-Organization", "OpenAI-Project"):
        request.headers.pop(name, None)


def _chunk(response: Any, settings: ChatModelSettings) -> Chunk:
    raw = response.raw
    choice = raw.choices[0] if raw.choices else None
    if choice and choice.delta and choice.delta.tool_calls:
        # At once: the arguments of a call may be as long as they like.
        raise model_failures.tool_call(settings)
    return Chunk(
        text=response.delta or "",
        thought=response.additional_kwargs.get("thinking_delta", ""),
        finish_reason=choice.finish_reason if choice else None,
        tokens=reported_tokens(getattr(raw, "usage", None)),
    )
