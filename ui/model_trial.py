"""Asks a chat model's server whether the model answers, before questions depend on it.

Owns what the page changes in the words of `paperchat doctor`, whose checks these are. Invariant: no
text from here holds the API key, nor what is secret in the address, even where the server sends it
back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event

from ui.doctor.doctor_check import Check, Status
from ui.doctor.doctor_models import chat_model_checks
from ui.environment import Environment, SettingsError
from ui.wiring import model_settings
from vectorstore.redacting import address_secrets, redacted
from vectorstore.web_address import shown_address

# Of the doctor, who knows of no form.
_BY_VARIABLE, _BY_FIELD = "Set PAPERCHAT_CONTEXT_TOKENS to", "Set the context window to"


@dataclass(frozen=True, slots=True)
class Listing:
    """The models that a server lists; `names` is None where it lists none. `wanted` is the one
    that is to be used, "" where none is chosen yet.
    """

    server: str
    wanted: str
    names: tuple[str, ...] | None

    @property
    def has_wanted(self) -> bool:
        """Tell whether the model is listed; Ollama adds ":latest" to a name that has no tag."""
        return bool({self.wanted, f"{self.wanted}:latest"} & set(self.names or ()))


def listing(environment: Environment) -> Listing:
    """Ask the server for its models; the environment's model may be "".

    Raises ModelError where the server cannot be reached or refuses the key, SettingsError where
    there is no way to it.
    """
    from assistant.model.chat_model import ChatModel

    settings = model_settings(environment)
    if settings is None:
        raise SettingsError("No chat model is set", hint="Enter its server's address and its name.")
    listed = ChatModel(settings).listed(Event())
    names = None
    if listed is not None:
        names = tuple(redacted(model.name, _secrets(environment)) for model in listed)
    return Listing(shown_address(settings.base_url), settings.model, names)


def trial(environment: Environment) -> tuple[Check, ...]:
    """Return the checks of the chat model, made now; the first is what listing it finds."""
    secrets = _secrets(environment)
    return tuple(
        replace(
            check,
            detail=redacted(check.detail, secrets),
            hint=redacted(check.hint, secrets).replace(_BY_VARIABLE, _BY_FIELD),
        )
        for check in chat_model_checks(environment)
    )


def works(checks: Sequence[Check]) -> bool:
    """Tell whether a model of which these are the checks can be used."""
    return all(check.status is not Status.PROBLEM for check in checks)


def _secrets(environment: Environment) -> tuple[str, ...]:
    return (environment.api_key or "", *address_secrets(environment.base_url or ""))
