"""What a failed request to an embeddings endpoint is called, in one sentence for a researcher.

Owns the wording; the only place of this package that knows the errors of openai and httpx.
Invariant: no text from here holds the API key, whatever the server sent back.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vectorstore.model_errors import OutsideModelError
from vectorstore.web_address import shown_address

if TYPE_CHECKING:
    import openai

    from vectorstore.openai_embedding import EndpointSettings

_LONGEST_QUOTE = 200  # characters of the server's own words
_INTERNAL_ERROR = 500

_ADDRESS_HINT = "Check the address; it usually ends in /v1."
_KEY_HINT = "Check that OPENAI_API_KEY belongs to this server."
_LIMIT_HINT = (
    "Run it again in a minute, what is done is kept; a hosted service may want its quota raised."
)
_AGAIN_HINT = "Run it again, what is done is kept; if it stays so, look at the server's own log."
_SLOW_HINT = "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."
_START_HINT = "Start the server, or check the address."
_MODEL_HINT = "Check that PAPERCHAT_EMBEDDING_MODEL names a model for embeddings."
_PROXY_HINT = "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or unset them."


@contextmanager
def in_plain_words(settings: EndpointSettings) -> Iterator[None]:
    """Turn what the vendors' libraries raise inside into an OutsideModelError."""
    try:
        yield
    except _vendor_errors() as error:
        # The vendor's text goes along for the log, but not where it repeats the key.
        raise _explain(error, settings) from _harmless(error, settings.api_key)


def _vendor_errors() -> tuple[type[Exception], ...]:
    import httpx
    import openai

    # The last three are how a reply fails that is not in the protocol.
    return (
        openai.OpenAIError,
        httpx.HTTPError,
        httpx.InvalidURL,
        TimeoutError,
        ValueError,
        RecursionError,
    )


def _harmless(error: Exception, api_key: str) -> Exception | None:
    return None if api_key and any(api_key in str(link) for link in _chain(error)) else error


def _explain(error: Exception, settings: EndpointSettings) -> OutsideModelError:
    import httpx
    import openai

    server = _server(settings)
    if isinstance(error, openai.APITimeoutError):
        tries = f" and was asked {settings.retries + 1} times" if settings.retries else ""
        return OutsideModelError(
            f"{server} sent nothing for {settings.timeout_s:g} s{tries}", hint=_SLOW_HINT
        )
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        problem = f"{server} did not end its reply within {settings.timeout_s:g} s"
        return OutsideModelError(problem, hint=_SLOW_HINT)
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, settings)
    if isinstance(error, openai.APIConnectionError | httpx.InvalidURL):
        return _explain_connection(error, server)
    if isinstance(error, httpx.HTTPError):
        return OutsideModelError(f"{server} broke off in the middle of its reply", hint=_AGAIN_HINT)
    problem = f"{server} did not answer in the way of an embedding model"
    return OutsideModelError(problem, hint=f"{_ADDRESS_HINT} {_MODEL_HINT}")


def bad_address() -> OutsideModelError:
    """Return the failure of a base URL that is none."""
    # Without the address: what was typed may be anything, the key included.
    problem = "The address of the embedding server is not a web address"
    return OutsideModelError(problem, hint="It looks like http://127.0.0.1:8000/v1.")


def bad_proxy() -> OutsideModelError:
    """Return the failure of a proxy in the environment that no client can use."""
    # Without the proxy, which may hold a password.
    return OutsideModelError(
        "The proxy of this environment cannot be used", where="environment", hint=_PROXY_HINT
    )


def endless(settings: EndpointSettings) -> OutsideModelError:
    """Return the failure of a reply that is longer than any real one."""
    return OutsideModelError(f"{_server(settings)} did not end its reply", hint=_AGAIN_HINT)


def wrong_count(settings: EndpointSettings, sent: int, wanted: int) -> OutsideModelError:
    """Return the failure of a reply with another number of vectors than there were texts."""
    problem = f"{_server(settings)} sent {sent:,} of {wanted:,} vectors"
    return OutsideModelError(problem, hint=_AGAIN_HINT)


def _explain_status(error: openai.APIStatusError, settings: EndpointSettings) -> OutsideModelError:
    import openai

    server, status = _server(settings), error.status_code
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        # Not the server's own words here: they commonly repeat the key, or most of it.
        return OutsideModelError(f"{server} did not accept the API key", hint=_KEY_HINT)
    if isinstance(error, openai.RateLimitError):
        return OutsideModelError(f"{server} refused more requests for now", hint=_LIMIT_HINT)
    said = _quote(error, settings.api_key)
    if isinstance(error, openai.NotFoundError):
        problem = f"{server} does not know the model {settings.model}, or the address is wrong"
        return OutsideModelError(problem, hint=said or _ADDRESS_HINT)
    if status >= _INTERNAL_ERROR:
        return OutsideModelError(f"{server} failed with status {status}", hint=said or _AGAIN_HINT)
    problem = f"{server} did not accept the request and answered with status {status}"
    return OutsideModelError(problem, hint=said or _ADDRESS_HINT)


def _explain_connection(error: Exception, server: str) -> OutsideModelError:
    import httpx

    links = tuple(_chain(error))
    if any(isinstance(link, socket.gaierror) for link in links):
        return OutsideModelError(f"{server} cannot be found", hint=_ADDRESS_HINT)
    if any(isinstance(link, ssl.SSLError) for link in links):
        problem = f"{server} has no certificate that this machine trusts"
        return OutsideModelError(problem, hint=_ADDRESS_HINT)
    if any(isinstance(link, ConnectionRefusedError) for link in links):
        return OutsideModelError(f"{server} refused the connection", hint=_START_HINT)
    if any(isinstance(link, httpx.RemoteProtocolError | httpx.ReadError) for link in links):
        problem = f"{server} closed the connection without a reply"
        return OutsideModelError(problem, hint=_AGAIN_HINT)
    return OutsideModelError(f"{server} cannot be reached", hint=_ADDRESS_HINT)


def _server(settings: EndpointSettings) -> str:
    return f"The embedding server at {shown_address(settings.base_url)}"


def _quote(error: openai.APIError, api_key: str) -> str:
    """Return the server's own words as a sentence, shortened; empty where it gave none."""
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str) or not message.strip():
        return ""
    said = " ".join(message.split())
    if api_key:
        said = said.replace(api_key, "(key)")
    said = said if len(said) <= _LONGEST_QUOTE else said[:_LONGEST_QUOTE] + "…"
    return f"The server says: “{said}”"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, what caused it, and what caused that."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is None or any(link is other for other in seen):
            continue
        seen.append(link)
        yield link
        waiting += [link.__cause__, link.__context__]
