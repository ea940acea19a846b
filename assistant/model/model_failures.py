"""What a failed request to the chat model is called, in one sentence a researcher understands.

Owns what can be wrong with a reply; what all model servers share is in
`vectorstore.server_failures`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from vectorstore import server_failures
from vectorstore.errors import PaperchatError
from vectorstore.web_address import is_web_address

if TYPE_CHECKING:
    from assistant.model.chat_model import ChatModelSettings

_AGAIN_HINT = "Ask again; if it stays so, look at the server's own log."
_REPLY_LIMIT_HINT = "Ask for less, or about fewer papers."
_THOUGHTS_HINT = (
    "It had written nothing but thoughts; a larger PAPERCHAT_CONTEXT_TOKENS gives room."
)
_OTHER_MODEL_HINT = "Ask again, or choose another model."
_TOOL_CALLS = frozenset({"tool_calls", "function_call"})


def in_plain_words(settings: ChatModelSettings) -> AbstractContextManager[None]:
    """Turn what the vendors' libraries raise inside into a ModelError."""
    # The three are how llama-index fails on a reply that is not in the protocol: it validates none.
    protocol_errors = (TypeError, AttributeError, LookupError)
    return server_failures.in_plain_words(_server(settings), *protocol_errors)


def check_address(settings: ChatModelSettings) -> None:
    """Raise ModelError unless `base_url` is the address of a web server."""
    if not is_web_address(settings.base_url):
        raise server_failures.bad_address(ModelError, "model server")


def check_end(
    finish_reason: str | None, length: int, text_seen: bool, settings: ChatModelSettings
) -> None:
    """Raise ModelError unless the reply ended as a whole one does, and says something."""
    if finish_reason is None and length == 0:
        raise server_failures.not_in_the_protocol(_server(settings))
    if finish_reason is None:
        raise _server(settings).failure("broke off in the middle of its reply", _AGAIN_HINT)
    if finish_reason == "length":
        limit = f"was cut off at its limit of {settings.reply_tokens} tokens"
        raise _failure(settings, limit, _REPLY_LIMIT_HINT if text_seen else _THOUGHTS_HINT)
    if finish_reason == "content_filter":
        raise _failure(settings, "withheld its reply")
    if finish_reason in _TOOL_CALLS:
        raise tool_call(settings)
    if not text_seen:
        raise empty(settings)


def empty(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that says nothing."""
    return _failure(settings, "gave an empty reply")


def endless(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that does not end."""
    return _failure(settings, "did not end its reply")


def tool_call(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that asks for a tool to be run."""
    return _failure(settings, "asked for a tool, and was offered none")


def no_json(settings: ChatModelSettings) -> ModelError:
    """Return the failure of a reply that is not the JSON object it was to be."""
    return _failure(settings, "did not reply in the form that it was asked for")


def stopped(settings: ChatModelSettings) -> ModelError:
    """Return the end of a request that the user stopped before there was a whole reply."""
    return _failure(settings, "was stopped", "Ask again when you like.")


def too_slow(settings: ChatModelSettings) -> PaperchatError:
    """Return the failure of a reply that goes on for longer than it may."""
    problem = f"did not end its reply within {settings.timeout_s:g} s"
    return _server(settings).failure(problem, server_failures.SLOW_HINT)


def bad_proxy() -> PaperchatError:
    """Return the failure of a proxy in the environment that no client can use."""
    return server_failures.bad_proxy(ModelError)


def _failure(settings: ChatModelSettings, what: str, hint: str = _OTHER_MODEL_HINT) -> ModelError:
    return ModelError(f"The model {settings.model} {what}", hint=hint)


def _server(settings: ChatModelSettings) -> server_failures.ModelServer:
    return server_failures.ModelServer(
        error=ModelError,
        kind="a chat model",
        called="model server",
        base_url=settings.base_url,
        model=settings.model,
        timeout_s=settings.timeout_s,
        key_hint="Check that the key belongs to this server.",
        limit_hint="Wait a minute and ask again; a hosted service may also want its quota raised.",
        again_hint=_AGAIN_HINT,
        protocol_hint=server_failures.ADDRESS_HINT,
        late="sent nothing for",
        api_key=settings.api_key,
    )
