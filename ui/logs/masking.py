"""Keeps passwords, keys, tokens and cookies out of what is logged.

Owns what counts as secret: what the environment names so, what a person enters on the page, and
whatever has the shape of one. Invariant: a secret is hidden in every form that Python or the web
may have given it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from threading import Lock
from urllib.parse import quote

from vectorstore.redacting import address_secrets

HIDDEN = "(hidden)"
_SECRET_NAME = re.compile(r"(?:PAPERCHAT|OPENAI)_\w*(?:KEY|TOKEN|PASSWORD|SECRET)")
_ADDRESS_NAME = re.compile(r"(?:PAPERCHAT|OPENAI)_\w*URL|(?:https?|all)_proxy", re.IGNORECASE)
# A shorter one may be a part of other words, and is hidden only where it stands alone.
_PART_OF_NO_WORD = 6
_MOST = 200  # forms of secrets, beyond those of the environment; the newest are kept
_SHAPES = (
    (re.compile(r"((?<!\w)[a-zA-Z][\w+.-]{0,19}://)[^\s/?#]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(paperchat_\w{1,30}=)[^\s;,\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(authorization\W{1,5}\w{1,20}\s{1,5})[^\s\"',]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])"), HIDDEN),  # a visitor, a session
    (re.compile(r"\bsk-[\w-]{8,}"), HIDDEN),
)


class Masks:
    """Hides the secrets that it was told. Safe to share between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._given = tuple(form for secret in secrets for form in _forms(secret))
        self._learned: tuple[str, ...] = ()
        self._values = _any_of(self._given)
        self._learning = Lock()

    def learn(self, secret: str) -> None:
        """Hide one more secret from now on."""
        with self._learning:
            new = tuple(form for form in _forms(secret) if form not in self._learned)
            if new:
                self._learned = (*self._learned, *new)[-_MOST:]
                self._values = _any_of((*self._given, *self._learned))

    def masked(self, text: str) -> str:
        """Return the text without secrets."""
        if self._values is not None:
            text = self._values.sub(HIDDEN, text)
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return text


def secrets_in(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets among environment variables, and those within the addresses there."""
    named = [value for name, value in variables.items() if _SECRET_NAME.fullmatch(name)]
    addresses = [value for name, value in variables.items() if _ADDRESS_NAME.fullmatch(name)]
    return (*named, *(secret for address in addresses for secret in address_secrets(address)))


def _forms(secret: str) -> tuple[str, ...]:
    """Return the secret as it is, and as code and addresses write it."""
    value = secret.strip()
    written = (repr(value)[1:-1], ascii(value)[1:-1], json.dumps(value)[1:-1], quote(value, ""))
    return tuple(dict.fromkeys((value, *written))) if value else ()


def _any_of(forms: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(set(forms), key=len, reverse=True)
    patterns = [
        re.escape(form) if len(form) >= _PART_OF_NO_WORD else rf"(?<!\w){re.escape(form)}(?!\w)"
        for form in longest_first
    ]
    return re.compile("|".join(patterns)) if patterns else None
