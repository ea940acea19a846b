"""The embeddings endpoint of any OpenAI-compatible server, through the openai client.

Owns the request and the reading of its reply. What went wrong is put into words by
`vectorstore.endpoint_failures`. Invariants: nothing is sent to any address but `base_url`,
redirects included, and nothing before the first text; no connection is held between calls.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from vectorstore import endpoint_failures
from vectorstore.web_address import is_this_machine, is_web_address, shown_address

if TYPE_CHECKING:
    import httpx
    import openai

    from vectorstore.pooled_embedding import TextKind

# Bytes. 32 vectors of 8,192 numbers, as long as JSON writes them, are a tenth of it.
_LONGEST_REPLY = 64_000_000


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Which model embeds, and within which limits."""

    model: str
    # As the server documents it, usually with /v1 at the end. No default: no text leaves this
    # machine before somebody has said where to.
    base_url: str
    # Local servers need none.
    api_key: str = field(default="", repr=False)
    # A local server may have to load the model before it answers.
    timeout_s: float = 60.0
    # What text-embeddings-inference takes at most unless told otherwise; others take more.
    batch_texts: int = 32
    # Counted by the openai client, which tries again after half a second, or when the server says,
    # where no connection came about or the status was 408, 409, 429 or 5xx. One more than for a
    # chat model: hosted services limit how many texts they embed in a minute.
    retries: int = 2


class OpenAIEmbedding:
    """A configured endpoint; a `PooledModel`."""

    def __init__(self, settings: EndpointSettings) -> None:
        """Keep the settings; raises OutsideModelError where `base_url` is no address."""
        if not is_web_address(settings.base_url):
            raise endpoint_failures.bad_address()
        self.settings = settings

    @property
    def name(self) -> str:
        """Return the model's name; not the server's, which may move."""
        return f"openai:{self.settings.model}"

    @property
    def where(self) -> str:
        """Return the server's address."""
        return shown_address(self.settings.base_url)

    def embed(self, texts: Sequence[str], kind: TextKind) -> list[list[float]]:  # noqa: ARG002
        """Return the vectors that the server sends, in the order of `texts`.

        The protocol has no word for the kind of a text. Raises OutsideModelError where the reply is
        missing, is not one, or is not whole.
        """
        size = self.settings.batch_texts
        batches = [texts[start : start + size] for start in range(0, len(texts), size)]
        with endpoint_failures.in_plain_words(self.settings), _client(self.settings) as client:
            return [vector for batch in batches for vector in self._batch(client, batch)]

    def _batch(self, client: openai.OpenAI, texts: Sequence[str]) -> list[list[float]]:
        vectors = _vectors(json.loads(self._reply(client, texts)))
        if len(vectors) != len(texts):
            raise endpoint_failures.wrong_count(self.settings, len(vectors), len(texts))
        return vectors

    def _reply(self, client: openai.OpenAI, texts: Sequence[str]) -> bytes:
        reply = bytearray()
        with client.embeddings.with_streaming_response.create(
            # Plain numbers: many local servers know no base64, which the client asks for by itself.
            model=self.settings.model,
            input=list(texts),
            encoding_format="float",
        ) as response:
            # The HTTP client's own limit does not see a server that sends a byte now and then.
            deadline = monotonic() + self.settings.timeout_s
            for chunk in response.iter_bytes():
                reply += chunk
                if len(reply) > _LONGEST_REPLY:
                    raise endpoint_failures.endless(self.settings)
                if monotonic() >= deadline:
                    raise TimeoutError
        return bytes(reply)


def _client(settings: EndpointSettings) -> openai.OpenAI:
    from openai import DefaultHttpxClient, OpenAI

    try:
        http = DefaultHttpxClient(
            # A redirect would send the texts to an address that nobody configured; and so would a
            # proxy from the environment, where the server is on this machine.
            follow_redirects=False,
            trust_env=not is_this_machine(settings.base_url),
            event_hooks={"request": [_drop_account]},
        )
    except (ImportError, ValueError) as error:  # a proxy of an unknown kind
        raise endpoint_failures.bad_proxy() from error
    return OpenAI(
        base_url=settings.base_url,
        # Never empty: the client would then send the key of the environment.
        api_key=settings.api_key or "none",
        timeout=settings.timeout_s,
        max_retries=settings.retries,
        http_client=http,
    )


def _drop_account(request: httpx.Request) -> None:
    """Send no account that the environment names for OpenAI: the server may be anybody's."""
    for name in ("OpenAI-Organization", "OpenAI-Project"):
        request.headers.pop(name, None)


def _vectors(reply: Any) -> list[list[float]]:
    """Return the vectors in the order of the texts; raises ValueError where they are none."""
    items = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("no list of embeddings")
    # The protocol numbers them, and not every server sends them in order.
    numbers = [item.get("index") for item in items]
    if not _are_numbers(numbers) or sorted(numbers) != list(range(len(items))):
        raise ValueError("not one embedding for each index")
    vectors = [item.get("embedding") for item in sorted(items, key=lambda item: item["index"])]
    if not all(isinstance(vector, list) and _are_numbers(vector) for vector in vectors):
        raise ValueError("an embedding that is no vector")
    return vectors


def _are_numbers(values: list[Any]) -> bool:
    return all(type(value) in {int, float} for value in values)
