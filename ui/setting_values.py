"""What settings are made of: texts of the environment in, numbers, addresses, folders and keys out.

Owns the names of all settings, and how a value that cannot be used is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from pathlib import Path

from vectorstore.errors import PaperchatError
from vectorstore.web_address import is_web_address

_YES_OR_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}

VARIABLES = {
    "PAPERCHAT_HOME": "the library's folder",
    "PAPERCHAT_MODEL": "name of a chat model; without it answers are extractive",
    "PAPERCHAT_TIMEOUT_S": "seconds of silence after which a model server is given up",
    "PAPERCHAT_CONTEXT_TOKENS": "tokens that the chat model reads and writes at most",
    "PAPERCHAT_PRICE_INPUT": "what a million tokens of a question to the chat model cost",
    "PAPERCHAT_PRICE_OUTPUT": "what a million tokens of its reply cost",
    "PAPERCHAT_KEEP_OUT_SUSPICIOUS": "yes where the chat model is to be shown no suspicious paper",
    "PAPERCHAT_EMBEDDING_MODEL": "openai:NAME or fastembed:NAME-OR-FOLDER",
    "PAPERCHAT_EMBEDDING_URL": "the base address of an embeddings server, usually ending in /v1",
    "PAPERCHAT_RERANKER": "fastembed:NAME-OR-FOLDER, a cross-encoder",
    "PAPERCHAT_ARXIV_URL": "the address of arXiv's API, where it is to be a mirror",
    "PAPERCHAT_DAILY_URL": "the address of Hugging Face's daily papers, where it is to be a mirror",
    "PAPERCHAT_CHROMA_URL": "the address of a Chroma server that keeps the passages",
    "PAPERCHAT_CHROMA_TOKEN": "the token that the Chroma server asks for",
    "PAPERCHAT_CHROMA_COLLECTION": "the collection of this library on the Chroma server",
    "PAPERCHAT_CHROMA_TENANT": "the tenant on the Chroma server that has the database",
    "PAPERCHAT_CHROMA_DATABASE": "the database on the Chroma server that has the collection",
    "PAPERCHAT_CHROMA_ROLE": "reader, to follow the library there, or writer, to take it over",
    "PAPERCHAT_PASSWORD": "what `paperchat serve` asks for before it shows the page",
    "PAPERCHAT_MAX_WAITING": "how many questions may wait while others are answered",
    "PAPERCHAT_LOG_QUESTIONS": "yes where the log is to have the words of questions",
}


class SettingsError(PaperchatError):
    """Some of the environment cannot be used; without `variables` the rest can be read."""

    def __init__(self, problem: str, *, hint: str, variables: tuple[str, ...] = ()) -> None:
        super().__init__(problem, where="environment", hint=hint)
        self.variables = variables


def read_folder(variables: Mapping[str, str], name: str) -> Path | None:
    """Return the whole path of the folder that a setting names, None where it names none."""
    value = variables.get(name, "")
    try:
        return Path(value).expanduser().absolute() if value else None
    except RuntimeError as error:
        raise SettingsError(
            f"{name} is {value!r}, but there is no home folder of that user",
            hint="Write the folder's whole path, without ~.",
            variables=(name,),
        ) from error


def read_yes_or_no(variables: Mapping[str, str], name: str) -> bool | None:
    """Return what was chosen, None where nothing was."""
    value = variables.get(name, "").strip()
    if not value:
        return None
    if value.lower() not in _YES_OR_NO:
        raise not_usable(name, f"yes or no, not {value!r}")
    return _YES_OR_NO[value.lower()]


def read_web_address(variables: Mapping[str, str], name: str, example: str) -> str | None:
    """Return an address, None where none was set."""
    value = variables.get(name, "").strip()
    if value and not is_web_address(value):
        # Without the value, which may hold a password.
        raise not_usable(name, f"a web address such as {example}")
    return value or None


def read_key(variables: Mapping[str, str], name: str) -> str | None:
    """Return the key without white space around it, as files and shells leave it."""
    key = variables.get(name, "").strip()
    if not is_key(key):
        raise SettingsError(
            f"{name} has characters that no key has",
            hint="Set it anew: letters, digits and punctuation, on one line.",
            variables=(name,),
        )
    return key or None


def is_key(text: str) -> bool:
    """Tell whether `text` has nothing but what keys are made of, and what a header can carry."""
    return all("!" <= character <= "~" for character in text)


def read_number(variables: Mapping[str, str], name: str) -> float | None:
    """Return a number above 0, None where none was set."""
    number = _finite(variables.get(name, ""))
    if number is not None and not number > 0:
        raise not_usable(name, f"a number above 0, not {variables[name]!r}")
    return number


def read_count(variables: Mapping[str, str], name: str) -> int | None:
    """Return a whole number, 0 or above, None where none was set."""
    number = _finite(variables.get(name, ""))
    if number is not None and not (number >= 0 and number.is_integer()):
        raise not_usable(name, f"a whole number, 0 or above, not {variables[name]!r}")
    return None if number is None else int(number)


def read_prices(variables: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Return what a million tokens of a question and of a reply cost; both or none."""
    names = ("PAPERCHAT_PRICE_INPUT", "PAPERCHAT_PRICE_OUTPUT")
    for name in names:
        price = _finite(variables.get(name, ""))
        if price is not None and not price >= 0:
            raise not_usable(name, f"a number, 0 or above, not {variables[name]!r}")
    first, second = (_finite(variables.get(name, "")) for name in names)
    if (first is None) != (second is None):
        given, missing = names if second is None else reversed(names)
        raise SettingsError(
            f"{given} is set, but {missing} is not",
            hint="Set both, 0 for what costs nothing, or leave both out.",
            variables=(given,),
        )
    return first, second


def _finite(value: str) -> float | None:
    """Return the number that was set, None where nothing was, and NaN where it is no number."""
    if not value.strip():
        return None
    try:
        number = float(value)
    except ValueError:
        return nan
    return number if isfinite(number) else nan


def not_usable(name: str, wanted: str) -> SettingsError:
    """Return the error of a setting that is not what is `wanted`."""
    return SettingsError(
        f"{name} must be {wanted}",
        hint=f"Set it to {VARIABLES[name]}, or leave it out.",
        variables=(name,),
    )
