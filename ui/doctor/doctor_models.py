"""Checks of the models that the user named, by asking their servers.

Invariant: where none is named, nobody is asked.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib.util import find_spec
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

from ui.doctor.doctor_check import Check, Status, failed, ok, problem, warning
from ui.environment import Environment, NamedModel
from ui.wiring import make_embedder, make_reranker, model_settings
from vectorstore.errors import PaperchatError
from vectorstore.web_address import shown_address

if TYPE_CHECKING:
    from assistant.model.chat_model import ChatModel
    from assistant.model.listed_models import ListedModel

_NAMES_SHOWN = 5
_PROMPT = "Reply with the single word: ready"
_JSON_PROMPT = 'Reply with the JSON object {"word": "ready"}.'
_WORD_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
_RULES_HINT = "Answers do without: simple rules read the questions. Another model may do better."


def chat_model_checks(environment: Environment) -> Iterator[Check]:
    """Yield the checks of the chat model, or one that says that there is none."""
    from assistant.model.chat_model import ChatModel

    try:
        settings = model_settings(environment)
        if settings is None:
            yield ok("chat model", "no chat model configured: answers are extractive")
            return
        model = ChatModel(settings)
        listed = model.listed(Event())
    except PaperchatError as error:
        yield failed("chat model", error)
        return
    # Before any clock runs: loading the vendors' libraries takes a second or two.
    model.prepare()
    yield _listing(model, listed)
    yield from _chat(model)
    yield _structured(model)
    yield _window(model, listed or ())


def _listing(model: ChatModel, listed: tuple[ListedModel, ...] | None) -> Check:
    from assistant.model.listed_models import find_model

    name, wanted = "chat model", model.settings.model
    server = shown_address(model.settings.base_url)
    if listed is None:
        return ok(name, f"{server} answers, and does not list its models")
    if find_model(wanted, listed):
        return ok(name, f"{server} answers, and lists {wanted}")
    names = [item.name for item in listed]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"It lists {_some(names)}."
    return warning(name, f"{server} answers, and does not list {wanted}", hint)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else ""
    return f"{', '.join(names[:_NAMES_SHOWN]) or 'none'}{more}"


def _chat(model: ChatModel) -> Iterator[Check]:
    from assistant.answer import Usage
    from assistant.model.chat_model import Message

    taken: list[Usage] = []
    arrivals: list[float] = []
    started = monotonic()
    try:
        for _ in model.stream((Message("user", _PROMPT),), Event(), taken.append):
            arrivals.append(monotonic() - started)
    except PaperchatError as error:
        yield failed("chat", error)
        return
    seconds = f"first word after {arrivals[0]:.1f} s, whole reply after {arrivals[-1]:.1f} s"
    left_out = ", ".join(sorted(model.refused))
    yield ok("chat", f"{seconds}; goes without {left_out}" if left_out else seconds)
    yield _usage(model, taken[-1])


def _usage(model: ChatModel, usage: Any) -> Check:
    tokens = f"{usage.prompt_tokens:,} tokens sent, {usage.reply_tokens:,} received"
    if model.reports_usage:
        return ok("usage", f"the server counts: {tokens}")
    detail = f"the server does not count, paperchat does: about {tokens}"
    if model.settings.prices:
        return warning("usage", detail, "Costs are estimates, give or take some percent.")
    return ok("usage", detail)


def _structured(model: ChatModel) -> Check:
    from assistant.model.chat_model import Message
    from assistant.model.refused_options import Option

    name = "structured output"
    try:
        messages = (Message("user", _JSON_PROMPT),)
        reply = model.structured(messages, _WORD_SCHEMA, "doctor", Event())
    except PaperchatError as error:
        # Not a problem: only how questions are read depends on it, and there are rules for that.
        return failed(name, error, Status.WARNING)
    if set(reply) != {"word"} or not isinstance(reply["word"], str):
        return warning(name, "the model replied with another form than asked for", _RULES_HINT)
    if Option.JSON_SCHEMA not in model.refused:
        return ok(name, "works, by JSON schema")
    way = "in words alone" if Option.JSON_OBJECT in model.refused else "as JSON, in words"
    return ok(name, f"works, asked for {way}: the server takes no JSON schema")


def _window(model: ChatModel, listed: tuple[ListedModel, ...]) -> Check:
    from assistant.model.listed_models import find_model

    used = model.settings.context_tokens
    entry = find_model(model.settings.model, listed)
    window = entry.context_tokens if entry else None
    if window is None:
        detail = f"the server does not tell; paperchat uses {used:,} tokens"
        return ok("context window", detail, "Check that the model is served with as many.")
    if window < used:
        detail = f"served with {window:,} tokens, and paperchat uses {used:,}"
        return problem("context window", detail, f"Set PAPERCHAT_CONTEXT_TOKENS to {window}.")
    return ok("context window", f"served with {window:,} tokens; paperchat uses {used:,}")


def embedding_name(environment: Environment) -> str | None:
    """Return the name of the model that texts are embedded with, None where it cannot be used."""
    try:
        return make_embedder(environment).name
    except PaperchatError:
        return None  # `embedding_checks` tells why


def embedding_checks(environment: Environment) -> Iterator[Check]:
    """Yield the checks of the embedding model and the cross-encoder, where the user named one."""
    if environment.embedding_model:
        yield _embedding(environment, environment.embedding_model)
    if environment.reranker:
        yield _reranker(environment, environment.reranker)


def _embedding(environment: Environment, model: NamedModel) -> Check:
    name = "embedding model"
    try:
        embedder = make_embedder(environment)
        if model.source == "openai":
            return ok(name, f"{embedder.name} answers with {embedder.dimension:,} numbers a text")
    except PaperchatError as error:
        return failed(name, error)
    return _fastembed(name, model)


def _reranker(environment: Environment, model: NamedModel) -> Check:
    try:
        make_reranker(environment)
    except PaperchatError as error:
        return failed("reranker", error)
    return _fastembed("reranker", model)


def _fastembed(name: str, model: NamedModel) -> Check:
    if find_spec("fastembed") is None:
        return problem(name, "fastembed is not installed", "pip install fastembed")
    return ok(name, f"fastembed:{model.name}, loaded when it is first needed")
