"""What a failed request to a model server is called, in one sentence a researcher understands.

Owns the wording that every kind of server shares; the only place that knows the errors of openai
and httpx. What a kind of server calls itself, and its own hints, come with a `ModelServer`.
Invariant: no text from here holds the API key, nor what is secret in the address, whatever the
server sent back.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vectorstore.errors import PaperchatError
from vectorstore.redacting import address_secrets, chain, harmless, redacted
from vectorstore.web_address import shown_address

if TYPE_CHECKING:
    import openai

ADDRESS_HINT = "Check the address; it usually ends in /v1."
SLOW_HINT = "The model may still be loading; PAPERCHAT_TIMEOUT_S sets how long to wait."

_LONGEST_QUOTE = 200  # characters of the server's own words
_INTERNAL_ERROR = 500
_START_HINT = "Start the server, or check the address."
_PROXY_HINT = "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or unset them."


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server as its failures tell of it: `error` is their class, `kind` what should answer
    there, and the hints say what to do where the server says nothing itself.

    `silent` and `late` are the words before the time limit where no reply began, and where one
    began and did not end; `tries` counts the requests that were made within the former.
    """

    error: type[PaperchatError]
    kind: str
    called: str
    base_url: str
    model: str
    timeout_s: float
    key_hint: str
    limit_hint: str
    again_hint: str
    protocol_hint: str
    late: str
    tries: int = 1
    api_key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Return what it is called, with its address less any name, password or key in it."""
        return f"The {self.called} at {shown_address(self.base_url)}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no text may hold."""
        return (self.api_key, *address_secrets(self.base_url))

    def failure(self, problem: str, hint: str) -> PaperchatError:
        """Return the failure of which `problem` tells, after the server's name."""
        return self.error(f"{self.name} {problem}", hint=hint)


@contextmanager
def in_plain_words(server: ModelServer, *further: type[Exception]) -> Iterator[None]:
    """Turn what the vendors' libraries raise inside into the server's kind of error.

    `further` are the errors by which a library fails on a reply that is not in the protocol.
    """
    try:
        yield
    except (*_vendor_errors(), *further) as error:
        # The vendor's text goes along for the log, but not where it repeats a secret.
        raise _explain(error, server) from harmless(error, server.secrets)


def bad_address(error: type[PaperchatError], called: str) -> PaperchatError:
    """Return the failure of a base URL that is none."""
    # Without the address: what was typed may be anything, the key included.
    problem = f"The address of the {called} is not a web address"
    return error(problem, hint="It looks like http://127.0.0.1:8000/v1.")


def not_in_the_protocol(server: ModelServer) -> PaperchatError:
    """Return the failure of a reply that is none of this kind of server's."""
    return server.failure(f"did not answer in the way of {server.kind}", server.protocol_hint)


def bad_proxy(error: type[PaperchatError]) -> PaperchatError:
    """Return the failure of a proxy in the environment that no client can use."""
    # Without the proxy, which may hold a password.
    problem = "The proxy of this environment cannot be used"
    return error(problem, where="environment", hint=_PROXY_HINT)


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


def _explain(error: Exception, server: ModelServer) -> PaperchatError:
    import httpx
    import openai

    if isinstance(error, TimeoutError | httpx.TimeoutException | openai.APITimeoutError):
        return _explain_silence(error, server)
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, server)
    if isinstance(error, openai.APIConnectionError | httpx.InvalidURL):
        return _explain_connection(error, server)
    if isinstance(error, httpx.HTTPError):
        return server.failure("broke off in the middle of its reply", server.again_hint)
    if isinstance(error, openai.APIError):
        said = _quote(error, server)
        return server.failure("failed in the middle of its reply", said or server.again_hint)
    return not_in_the_protocol(server)


def _explain_silence(error: Exception, server: ModelServer) -> PaperchatError:
    import openai

    if not isinstance(error, openai.APITimeoutError):
        return server.failure(f"{server.late} {server.timeout_s:g} s", SLOW_HINT)
    tries = f" and was asked {server.tries} times" if server.tries > 1 else ""
    return server.failure(f"sent nothing for {server.timeout_s:g} s{tries}", SLOW_HINT)


def _explain_status(error: openai.APIStatusError, server: ModelServer) -> PaperchatError:
    import openai

    status = error.status_code
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        # Not the server's own words here: they commonly repeat the key, or most of it.
        return server.failure("did not accept the API key", server.key_hint)
    if isinstance(error, openai.RateLimitError):
        return server.failure("refused more requests for now", server.limit_hint)
    said = _quote(error, server)
    if isinstance(error, openai.NotFoundError):
        problem = f"does not know the model {server.model}, or the address is wrong"
        return server.failure(problem, said or ADDRESS_HINT)
    if status >= _INTERNAL_ERROR:
        return server.failure(f"failed with status {status}", said or server.again_hint)
    problem = f"did not accept the request and answered with status {status}"
    return server.failure(problem, said or ADDRESS_HINT)


def _explain_connection(error: Exception, server: ModelServer) -> PaperchatError:
    import httpx

    links = tuple(chain(error))
    if any(isinstance(link, socket.gaierror) for link in links):
        return server.failure("cannot be found", ADDRESS_HINT)
    if any(isinstance(link, ssl.SSLError) for link in links):
        return server.failure("has no certificate that this machine trusts", ADDRESS_HINT)
    if any(isinstance(link, ConnectionRefusedError) for link in links):
        return server.failure("refused the connection", _START_HINT)
    if any(isinstance(link, httpx.RemoteProtocolError | httpx.ReadError) for link in links):
        return server.failure("closed the connection without a reply", server.again_hint)
    return server.failure("cannot be reached", ADDRESS_HINT)


def _quote(error: openai.APIError, server: ModelServer) -> str:
    """Return the server's own words as a sentence, shortened; empty where it gave none."""
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str) or not message.strip():
        return ""
    said = redacted(" ".join(message.split()), server.secrets)
    said = said if len(said) <= _LONGEST_QUOTE else said[:_LONGEST_QUOTE] + "…"
    return f"The server says: “{said}”"
