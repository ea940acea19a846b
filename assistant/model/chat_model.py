"""The chat model behind an OpenAI-compatible address.

Owns how long a request may be silent and how it ends; how it is sent is
`assistant.model.model_connection`'s, and what went wrong is put into words by
`assistant.model.model_failures`. Invariant: a request ends soon after it is told to, and leaves
neither a thread nor a connection behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from math import inf
from threading import Event
from time import monotonic
from typing import Any, Literal, TypeVar

from assistant.answer import Usage
from assistant.model import model_failures
from assistant.model.arrived_reply import ArrivedReply
from assistant.model.background_loop import background_loop
from assistant.model.chat_request import ChatRequest, JsonForm
from assistant.model.json_reply import json_object
from assistant.model.listed_models import ListedModel, listed_models
from assistant.model.model_connection import (
    Chunk,
    http_client,
    load_libraries,
    read_models,
    read_reply,
)
from assistant.model.refused_options import Options, RefusedOptions
from assistant.model.token_usage import Prices

Arrival = TypeVar("Arrival")
OnUsage = Callable[[Usage], None]

_POLL_S = 0.05  # how often `stop` is looked at while nothing arrives

# The server counts tokens after the end of the reply. That comes at once, or not at all.
_USAGE_S = 0.5

# Characters, thoughts included. A model that repeats itself for ever ends here where the server
# ignores the limit on tokens.
_LONGEST_REPLY = 400_000
_LONGEST_JSON = 40_000

# A plan of a question has a hundred tokens; past these, an answer without it is the better one.
_JSON_TOKENS = 1000
_JSON_TIMEOUT_S = 20.0

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
    # sends none; and none is sent to a server that has refused it.
    temperature: float | None = 0.1
    # Counted by the openai client, which tries again after half a second, or when the server says,
    # where no connection came about or the status was 408, 409, 429 or 5xx: always before the first
    # word, and within `timeout_s`.
    retries: int = 1
    # None where nobody has said: then no cost is shown.
    prices: Prices | None = None

    @property
    def prompt_tokens(self) -> int:
        """How many tokens a prompt may have, as `vectorstore.token_count` counts them."""
        return int((self.context_tokens - self.reply_tokens) * _COUNTING_MARGIN)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the request."""

    role: Literal["system", "user"]
    text: str


class ChatModel:
    """A configured chat model; holds no connection between requests, and is safe to share between
    threads.

    It remembers which options its server refused, so that only the first request pays for them.
    """

    def __init__(self, settings: ChatModelSettings) -> None:
        """Keep the settings; raises ModelError where `base_url` is no address. Asks nobody yet."""
        model_failures.check_address(settings)
        self.settings = settings
        self._refused = RefusedOptions()
        self._reports_usage = False

    @property
    def refused(self) -> Options:
        """Return what the server has been found not to take."""
        return self._refused.options

    @property
    def reports_usage(self) -> bool:
        """Tell whether the server counted the tokens of the last reply."""
        return self._reports_usage

    def prepare(self) -> None:
        """Load the vendors' libraries, which the first request does otherwise; takes a second."""
        load_libraries()

    def stream(
        self, messages: tuple[Message, ...], stop: Event, on_usage: OnUsage | None = None
    ) -> Iterator[str]:
        """Yield the reply as it arrives, in chunks of at least one character.

        Ends within a second after `stop` is set, even where the server is silent. Raises ModelError
        where the reply is missing, is not one, or is not whole, possibly after some chunks. Once a
        reply has begun, `on_usage` is told in the end what it took, however it ends.
        """
        request = ChatRequest(self.settings, messages)
        reply = ArrivedReply(request, _LONGEST_REPLY)
        yield from self._reply(request, reply, stop, on_usage)

    def structured(
        self,
        messages: tuple[Message, ...],
        schema: dict[str, Any],
        name: str,
        stop: Event,
        on_usage: OnUsage | None = None,
    ) -> dict[str, Any]:
        """Return the JSON object that the model replies with, asked to fit `schema`.

        Not every server holds the model to the schema: whether the object fits is for the caller to
        check. Raises ModelError within 20 seconds, or the configured timeout, where there is none,
        and within a second after `stop` is set. `name` is of letters, digits, - and _.
        """
        limits = replace(
            self.settings,
            reply_tokens=min(self.settings.reply_tokens, _JSON_TOKENS),
            timeout_s=min(self.settings.timeout_s, _JSON_TIMEOUT_S),
        )
        self.prepare()  # no part of the time that the model has
        request = ChatRequest(limits, messages, JsonForm(name, schema))
        reply = ArrivedReply(request, _LONGEST_JSON)
        for _ in self._reply(request, reply, stop, on_usage, end=monotonic() + limits.timeout_s):
            continue
        if stop.is_set():
            raise model_failures.stopped(limits)
        try:
            return json_object(reply.text)
        except ValueError as error:
            raise model_failures.no_json(limits) from error

    def listed(self, stop: Event) -> tuple[ListedModel, ...] | None:
        """Return the models that the server lists, or None where it lists none.

        Raises ModelError where it cannot be reached or refuses the key.
        """
        with model_failures.in_plain_words(self.settings):
            http = http_client(self.settings)
        with background_loop() as loop:
            models = read_models(self.settings, http)
            patience = _Patience(self.settings, stop)
            return listed_models(_await(loop, models, patience, self.settings.timeout_s))

    def _reply(
        self,
        request: ChatRequest,
        reply: ArrivedReply,
        stop: Event,
        on_usage: OnUsage | None,
        end: float = inf,
    ) -> Iterator[str]:
        """Yield the text of the chunks that `reply` takes in, until its end or `stop`."""
        try:
            for chunk in self._chunks(request, stop, end):
                reply.take(chunk)
                if chunk.text:
                    yield chunk.text
        finally:
            if reply.begun:
                self._reports_usage = reply.reported
                if on_usage:
                    on_usage(reply.usage())
        if not stop.is_set():
            reply.check_end()

    def _chunks(self, request: ChatRequest, stop: Event, end: float) -> Iterator[Chunk]:
        if stop.is_set():
            return
        settings = request.settings
        self.prepare()
        with model_failures.in_plain_words(settings):
            http = http_client(settings)
        with background_loop() as loop:
            arrivals = read_reply(request, http, self._refused)
            patience, left_s = _Patience(settings, stop, end), settings.timeout_s
            asked_at = monotonic()
            while chunk := _await(loop, _next(arrivals), patience, left_s):
                left_s = settings.timeout_s if chunk.has_words else left_s - monotonic() + asked_at
                yield chunk
                asked_at = monotonic()  # what the reader of the reply takes is no silence
                if chunk.finish_reason:
                    # Nothing else of use comes, and not every server then ends the stream.
                    yield from _counted_late(loop, arrivals)
                    return


@dataclass(frozen=True, slots=True)
class _Patience:
    """What ends a wait: `stop`, and `end` on the monotonic clock."""

    settings: ChatModelSettings
    stop: Event
    end: float = inf


def _await(
    loop: asyncio.AbstractEventLoop,
    arrival: Coroutine[Any, Any, Arrival],
    patience: _Patience,
    seconds: float,
) -> Arrival | None:
    """Return what arrives next, or None when stopped; give up after so many seconds."""
    future = asyncio.run_coroutine_threadsafe(arrival, loop)
    deadline = monotonic() + seconds
    with model_failures.in_plain_words(patience.settings):
        while not patience.stop.is_set():
            # Before anything is taken: what arrives may be nothing, again and again.
            if monotonic() >= patience.end:
                raise model_failures.too_slow(patience.settings)
            # The HTTP client's own limit does not see a server that only sends signs of life.
            if monotonic() >= deadline:
                raise TimeoutError
            if wait([future], timeout=_POLL_S).done:
                return future.result()
    return None


async def _next(arrivals: AsyncGenerator[Chunk]) -> Chunk | None:
    return await anext(arrivals, None)


def _counted_late(
    loop: asyncio.AbstractEventLoop, arrivals: AsyncGenerator[Chunk]
) -> Iterator[Chunk]:
    """Yield the tokens that a server counts after the end of a reply, if it does so at once."""
    future = asyncio.run_coroutine_threadsafe(_first_count(arrivals), loop)
    # A failure now says nothing of the reply, which was whole.
    if wait([future], timeout=_USAGE_S).done and not future.exception():
        yield Chunk(tokens=future.result())


async def _first_count(arrivals: AsyncGenerator[Chunk]) -> tuple[int, int] | None:
    async for chunk in arrivals:
        if chunk.tokens:
            return chunk.tokens
    return None
