"""The checks of `paperchat doctor`, one after another.

Owns their order, and what is checked where the settings themselves are wrong: all the rest, as if
the wrong ones were not set. Invariants: a failing check stops no other, and no text from here holds
a secret of the settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ui.doctor.doctor_check import Check, failed, ok
from ui.doctor.doctor_conversations import conversation_checks
from ui.doctor.doctor_library import library_checks
from ui.doctor.doctor_log import log_check
from ui.doctor.doctor_models import chat_model_checks, embedding_checks, embedding_name
from ui.doctor.doctor_software import shipped_model_check, software_checks
from ui.environment import VARIABLES, Environment, SettingsError, read_environment
from ui.logs.masking import secrets_in
from vectorstore.redacting import redacted


def examine(variables: Mapping[str, str]) -> Iterator[Check]:
    """Yield the checks, each as soon as it is done; `variables` are such as `os.environ`."""
    secrets = [secret.strip() for secret in secrets_in(variables)]
    for check in _checks(variables):
        yield _without(secrets, check)


def _checks(variables: Mapping[str, str]) -> Iterator[Check]:
    yield from software_checks()
    environment, errors = _readable(variables)
    for error in errors:
        yield failed("settings", error)
    if not errors:
        named = sorted(name for name in variables if name in VARIABLES)
        yield ok("settings", f"can be read: {', '.join(named) or 'none is set'}")
    yield from library_checks(environment.home, embedding_name(environment), environment.chroma)
    yield from conversation_checks(environment.home)
    yield log_check(environment.home)
    yield shipped_model_check()
    yield from embedding_checks(environment)
    yield from chat_model_checks(environment)


def _readable(variables: Mapping[str, str]) -> tuple[Environment, list[SettingsError]]:
    """Return the settings that can be read, and what is wrong with the others.

    Raises the SettingsError that blames no variable: there is nothing to leave out.
    """
    errors: list[SettingsError] = []
    left = dict(variables)
    while True:
        try:
            return read_environment(left), errors
        except SettingsError as error:
            if not error.variables:
                raise
            errors.append(error)
            for name in error.variables:
                del left[name]


def _without(secrets: Sequence[str], check: Check) -> Check:
    """Return the check without the secrets, wherever a server may have put them."""
    detail, hint = (redacted(text, secrets) for text in (check.detail, check.hint))
    return replace(check, detail=detail, hint=hint)
