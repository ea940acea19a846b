"""The chat model behind an OpenAI-compatible address, through llama-index's `OpenAILike`.

Owns the one request per answer: how it is sent, how long it may be silent, and how it ends. What
went wrong is put into words by `assistant.model_failures`. Invariants: nothing is sent to any
address but `base_url`, redirects included; a stream ends soon after it is told to, and leaves
neither a thread nor a connection behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from assistant import model_failures
from assistant.background_loop import background_loop

if TYPE_CHECKING:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

_POLL_S = 0.05  # how often `stop` is looked at while nothing arrives

# Characters, thoughts included. A model that repeats itself for ever ends here where the server
# ignores the limit on tokens.
_LONGEST_REPLY = 400_000

# Room for tokenizers that make more tokens of the same text than the one that counts: one with a
# vocabulary of 30,000 makes 8 % more of the abstracts in data/daily-papers.
_COUNTING_MARGIN = 0.85


@dataclass(frozen=True, slots=True)
class ChatModelSettings:
    """Which model answers, and within which limits."""

    model: str
    # As the server documents it, usually with /v1 at the end. No default: no text leaves this
    # machine before somebody has said where to.
    base_url: str
    # Local servers need none.
    api_key: str = field(default="", repr=False)
    # A laptop may take most of a minute to read a long prompt before the first word.
    timeout_s: float = 60.0
    # What small local models are commonly served with; a larger window shows the model more.
    context_tokens: int = 8192
    # A list of thirty papers with a sentence on each; a reasoning model's thoughts count as well.
    reply_tokens: int = 2048
    # Low keeps the words close to the sources; zero makes small models repeat themselves. None
    # sends none, for reasoning models that refuse the parameter.
    temperature: float | None = 0.1
    # Counted by the openai client, which tries again after half a second, or when the server says,
    # where no connection came about or the status was 408, 409, 429 or 5xx: always before the first
    # word, and within `timeout_s`.
    retries: int = 1

    @property
    def prompt_tokens(self) -> int:
        """How many tokens a prompt may have, as `vectorstore.token_count` counts them."""
        return int((self.context_tokens - self.reply_tokens) * _COUNTING_MARGIN)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the request."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What arrived at once; `thought` counts characters that are not part of the reply."""

    text: str
    thought: int
    finish_reason: str | None


class ChatModel:
    """A configured chat model; holds no connection between answers."""

    def __init__(self, settings: ChatModelSettings) -> None:
        """Keep the settings; raises ModelError where `base_url` is no address. Asks nobody yet."""
        model_failures.check_address(settings)
        self.settings = settings

    def stream(self, messages: tuple[Message, ...], stop: Event) -> Iterator[str]:
        """Yield the reply as it arrives, in chunks of at least one character.

        Ends within a second after `stop` is set, even where the server is silent. Raises ModelError
        where the reply is missing, is not one, or is not whole, possibly after some chunks.
        """
        length, finish_reason, text_seen = 0, None, False
        for chunk in self._chunks(messages, stop):
            length += len(chunk.text) + chunk.thought
            if length > _LONGEST_REPLY:
                raise model_failures.endless(self.settings)
            if chunk.text:
                text_seen = text_seen or not chunk.text.isspace()
                yield chunk.text
            finish_reason = chunk.finish_reason
            if finish_reason:
                # Nothing of use comes after it, and not every server then ends the stream.
                break
        if not stop.is_set():
            model_failures.check_end(finish_reason, length, text_seen, self.settings)

    def _chunks(self, messages: tuple[Message, ...], stop: Event) -> Iterator[_Chunk]:
        if stop.is_set():
            return
        with model_failures.in_plain_words(self.settings):
            llm, http = _open(self.settings)
        with background_loop() as loop:
            reply = _read(llm, http, messages)
            while (chunk := self._await(loop, _next(reply), stop)) is not None:
                yield chunk

    def _await(
        self,
        loop: asyncio.AbstractEventLoop,
        arrival: Coroutine[Any, Any, _Chunk | None],
        stop: Event,
    ) -> _Chunk | None:
        """Return what arrives next, or None at the end and when stopped."""
        future = asyncio.run_coroutine_threadsafe(arrival, loop)
        deadline = monotonic() + self.settings.timeout_s
        with model_failures.in_plain_words(self.settings):
            while not stop.is_set():
                if wait([future], timeout=_POLL_S).done:
                    return future.result()
                # The HTTP client's own limit does not see a server that only sends signs of life.
                if monotonic() >= deadline:
                    raise TimeoutError
        return None


def _open(settings: ChatModelSettings) -> tuple[OpenAILike, httpx.AsyncClient]:
    from llama_index.llms.openai_like import OpenAILike
    from openai import DefaultAsyncHttpxClient, omit

    http = DefaultAsyncHttpxClient(
        # A redirect would send the question to an address that nobody configured; and so would a
        # proxy from the environment, where the server is on this machine.
        follow_redirects=False,
        trust_env=not _is_this_machine(settings.base_url),
        event_hooks={"request": [_drop_account]},
    )
    # A dict, because llama-index declares the client for its base class alone.
    options: dict[str, Any] = {
        "model": settings.model,
        "api_base": settings.base_url,
        # Never empty: llama-index would then send the key of the environment.
        "api_key": settings.api_key or "none",
        "context_window": settings.context_tokens,
        "max_tokens": settings.reply_tokens,
        "temperature": settings.temperature or 0.0,
        "additional_kwargs": {"temperature": omit} if settings.temperature is None else {},
        "timeout": settings.timeout_s,
        "max_retries": settings.retries,
        "is_chat_model": True,
        "async_http_client": http,
    }
    return OpenAILike(**options), http


async def _drop_account(request: httpx.Request) -> None:
    """Send no account that the environment names for OpenAI: the server may be anybody's."""
    for name in ("OpenAI-Organization", "OpenAI-Project"):
        request.headers.pop(name, None)


def _is_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _read(
    llm: OpenAILike, http: httpx.AsyncClient, messages: tuple[Message, ...]
) -> AsyncGenerator[_Chunk, None]:
    from llama_index.core.llms import ChatMessage

    chat = [ChatMessage(role=message.role, content=message.text) for message in messages]
    async with http:
        async for response in await llm.astream_chat(chat):
            raw: Any = response.raw
            choices = raw.choices
            yield _Chunk(
                text=response.delta or "",
                thought=len(response.additional_kwargs.get("thinking_delta", "")),
                finish_reason=choices[0].finish_reason if choices else None,
            )


async def _next(reply: AsyncGenerator[_Chunk, None]) -> _Chunk | None:
    return await anext(reply, None)
