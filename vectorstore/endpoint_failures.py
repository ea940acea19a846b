"""What a failed request to an embeddings endpoint is called; the shared wording is in
`vectorstore.server_failures`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from vectorstore import server_failures
from vectorstore.errors import PaperchatError
from vectorstore.model_errors import OutsideModelError

if TYPE_CHECKING:
    from vectorstore.openai_embedding import EndpointSettings

_CALLED = "embedding server"
_AGAIN_HINT = "Run it again, what is done is kept; if it stays so, look at the server's own log."
_MODEL_HINT = "Check that PAPERCHAT_EMBEDDING_MODEL names a model for embeddings."


def in_plain_words(settings: EndpointSettings) -> AbstractContextManager[None]:
    """Turn what the vendors' libraries raise inside into an OutsideModelError."""
    return server_failures.in_plain_words(_server(settings))


def bad_address() -> PaperchatError:
    """Return the failure of a base URL that is none."""
    return server_failures.bad_address(OutsideModelError, _CALLED)


def bad_proxy() -> PaperchatError:
    """Return the failure of a proxy in the environment that no client can use."""
    return server_failures.bad_proxy(OutsideModelError)


def endless(settings: EndpointSettings) -> PaperchatError:
    """Return the failure of a reply that is longer than any real one."""
    return _server(settings).failure("did not end its reply", _AGAIN_HINT)


def wrong_count(settings: EndpointSettings, sent: int, wanted: int) -> PaperchatError:
    """Return the failure of a reply with another number of vectors than there were texts."""
    return _server(settings).failure(f"sent {sent:,} of {wanted:,} vectors", _AGAIN_HINT)


def _server(settings: EndpointSettings) -> server_failures.ModelServer:
    return server_failures.ModelServer(
        error=OutsideModelError,
        kind="an embedding model",
        called=_CALLED,
        base_url=settings.base_url,
        model=settings.model,
        timeout_s=settings.timeout_s,
        key_hint="Check that OPENAI_API_KEY belongs to this server.",
        limit_hint="Run it again in a minute, what is done is kept; a hosted service may want its"
        " quota raised.",
        again_hint=_AGAIN_HINT,
        protocol_hint=f"{server_failures.ADDRESS_HINT} {_MODEL_HINT}",
        late="did not end its reply within",
        tries=settings.retries + 1,
        api_key=settings.api_key,
    )
