"""The checks of `paperchat doctor`, one after another.

Owns their order, and what is checked where the settings themselves are wrong: all the rest, as if
the wrong ones were not set. Invariants: a failing check stops no other, and no text from here holds
the API key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ui.doctor.doctor_check import Check, failed, ok
from ui.doctor.doctor_library import library_checks
from ui.doctor.doctor_models import chat_model_checks, embedding_checks, embedding_name
from ui.doctor.doctor_software import shipped_model_check, software_checks
from ui.environment import VARIABLES, Environment, SettingsError, read_environment

# A shorter one is a stand-in for a server that wants any, and may be part of other words.
_SHORTEST_KEY = 8


def examine(variables: Mapping[str, str]) -> Iterator[Check]:
    """Yield the checks, each as soon as it is done; `variables` are such as `os.environ`."""
    key = variables.get("OPENAI_API_KEY", "").strip()
    for check in _checks(variables):
        yield _without(key, check) if len(key) >= _SHORTEST_KEY else check


def _checks(variables: Mapping[str, str]) -> Iterator[Check]:
    yield from software_checks()
    environment, errors = _readable(variables)
    for error in errors:
        yield failed("settings", error)
    if not errors:
        named = sorted(name for name in variables if name in VARIABLES)
        yield ok("settings", f"can be read: {', '.join(named) or 'none is set'}")
    yield from library_checks(environment.home, embedding_name(environment), environment.chroma)
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


def _without(key: str, check: Check) -> Check:
    """Return the check without the key, wherever a server may have put it."""
    detail, hint = (text.replace(key, "(key)") for text in (check.detail, check.hint))
    return replace(check, detail=detail, hint=hint)
