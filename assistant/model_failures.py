"""What a failed request to the chat model is called, in one sentence a researcher understands.

Owns the wording; the only place that knows the errors of openai and httpx. Invariant: no text from
here holds the API key, whatever the server sent back.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import ModelError

if TYPE_CHECKING:
    import openai

    from assistant.chat_model import ChatModelSettings

_LONGEST_QUOTE = 200  # characters of the server's own words
_INTERNAL_ERROR = 500

_ADDRESS_HINT = "Check the address; it usually ends in /v1."
_KEY_HINT = "Check that the key belongs to this server."
_LIMIT_HINT = "Wait a minute and ask again; a hosted service may also want its quota raised."
_AGAIN_HINT = "Ask again; if it stays so, look at the server's own log."
_SLOW_HINT = "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."
_START_HINT = "Start the server, or check the address."
_REPLY_LIMIT_HINT = "Ask for less, or about fewer papers."
_OTHER_MODEL_HINT = "Ask again, or choose another model."


@contextmanager
def in_plain_words(settings: ChatModelSettings) -> Iterator[None]:
    """Turn what the vendors' libraries raise inside into a ModelError."""
    try:
        yield
    except _vendor_errors() as error:
        # The vendor's text goes along for the log, but not where it repeats the key.
        raise _explain(error, settings) from _harmless(error, settings.api_key)


def _vendor_errors() -> tuple[type[Exception], ...]:
    import httpx
    import openai

    # The last four are how they fail on a reply that is not in the protocol: none validates it.
    return (
        openai.OpenAIError,
        httpx.HTTPError,
        httpx.InvalidURL,
        TimeoutError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
    )


def _harmless(error: Exception, api_key: str) -> Exception | None:
    return None if api_key and any(api_key in str(link) for link in _chain(error)) else error


def _explain(error: Exception, settings: ChatModelSettings) -> ModelError:
    import httpx
    import openai

    server = _server(settings)
    if isinstance(error, TimeoutError | httpx.TimeoutException | openai.APITimeoutError):
        return ModelError(f"{server} sent nothing for {settings.timeout_s:g} s", hint=_SLOW_HINT)
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, settings)
    if isinstance(error, openai.APIConnectionError | httpx.InvalidURL):
        return _explain_connection(error, server)
    if isinstance(error, httpx.HTTPError):
        return ModelError(f"{server} broke off in the middle of its reply", hint=_AGAIN_HINT)
    if isinstance(error, openai.APIError):
        said = _quote(error, settings.api_key)
        return ModelError(f"{server} failed in the middle of its reply", hint=said or _AGAIN_HINT)
    return _not_a_chat_model(settings)


def check_address(settings: ChatModelSettings) -> None:
    """Raise ModelError unless `base_url` is the address of a web server."""
    try:
        address = urlsplit(settings.base_url)
        usable = address.scheme in {"http", "https"} and address.hostname and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        # Without the address: what was typed may be anything, the key included.
        problem = "The address of the model server is not a web address"
        raise ModelError(problem, hint="It looks like http://127.0.0.1:8000/v1.")


def check_end(
    finish_reason: str | None, length: int, text_seen: bool, settings: ChatModelSettings
) -> None:
    """Raise ModelError unless the reply ended as a whole one does, and says something."""
    model = f"The model {settings.model}"
    if finish_reason is None and length == 0:
        raise _not_a_chat_model(settings)
    if finish_reason is None:
        raise ModelError(
            f"{_server(settings)} broke off in the middle of its reply", hint=_AGAIN_HINT
        )
    if finish_reason == "length":
        limit = f"its limit of {settings.reply_tokens} tokens"
        raise ModelError(f"{model} was cut off at {limit}", hint=_REPLY_LIMIT_HINT)
    if finish_reason == "content_filter":
        raise ModelError(f"{model} withheld its reply", hint=_OTHER_MODEL_HINT)
    if not text_seen:
        raise empty(settings)


def empty(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that says nothing."""
    return ModelError(f"The model {settings.model} gave an empty reply", hint=_OTHER_MODEL_HINT)


def endless(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that does not end."""
    return ModelError(f"The model {settings.model} did not end its reply", hint=_OTHER_MODEL_HINT)


def _explain_status(error: openai.APIStatusError, settings: ChatModelSettings) -> ModelError:
    import openai

    server, status = _server(settings), error.status_code
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        # Not the server's own words here: they commonly repeat the key, or most of it.
        return ModelError(f"{server} did not accept the API key", hint=_KEY_HINT)
    if isinstance(error, openai.RateLimitError):
        return ModelError(f"{server} refused more requests for now", hint=_LIMIT_HINT)
    said = _quote(error, settings.api_key)
    if isinstance(error, openai.NotFoundError):
        problem = f"{server} does not know the model {settings.model}, or the address is wrong"
        return ModelError(problem, hint=said or _ADDRESS_HINT)
    if status >= _INTERNAL_ERROR:
        return ModelError(f"{server} failed with status {status}", hint=said or _AGAIN_HINT)
    problem = f"{server} did not accept the request and answered with status {status}"
    return ModelError(problem, hint=said or _ADDRESS_HINT)


def _explain_connection(error: Exception, server: str) -> ModelError:
    import httpx

    links = tuple(_chain(error))
    if any(isinstance(link, socket.gaierror) for link in links):
        return ModelError(f"{server} cannot be found", hint=_ADDRESS_HINT)
    if any(isinstance(link, ssl.SSLError) for link in links):
        return ModelError(f"{server} has no certificate that this machine trusts")
    if any(isinstance(link, ConnectionRefusedError) for link in links):
        return ModelError(f"{server} refused the connection", hint=_START_HINT)
    if any(isinstance(link, httpx.RemoteProtocolError | httpx.ReadError) for link in links):
        return ModelError(f"{server} closed the connection without a reply", hint=_AGAIN_HINT)
    return ModelError(f"{server} cannot be reached", hint=_ADDRESS_HINT)


def _not_a_chat_model(settings: ChatModelSettings) -> ModelError:
    problem = f"{_server(settings)} did not answer in the way of a chat model"
    return ModelError(problem, hint=_ADDRESS_HINT)


def _server(settings: ChatModelSettings) -> str:
    """Name the server by its address, less any name, password or key in it."""
    address = urlsplit(settings.base_url)
    host = address.netloc.rpartition("@")[2]
    return f"The model server at {address.scheme}://{host}{address.path}"


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
        waiting += link.exceptions if isinstance(link, BaseExceptionGroup) else []
