"""The one place that reads the environment: variables in, settings out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan
from pathlib import Path
from typing import Literal

from vectorstore.chroma_place import COLLECTION
from vectorstore.chroma_server import (
    DEFAULT_DATABASE,
    DEFAULT_TENANT,
    ChromaServer,
    Role,
    is_cloud,
)
from vectorstore.errors import PaperchatError
from vectorstore.web_address import is_web_address

# As Chroma has them, which has up to 512 characters: a library has a second collection beside it.
_COLLECTION_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,503}[a-zA-Z0-9]")
_PLACE_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)  # they become parts of an address
_CLOUD_NAMES = ("TOKEN", "TENANT", "DATABASE")

_YES_OR_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}

ModelSource = Literal["openai", "fastembed"]

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
    "PAPERCHAT_MAX_WAITING": "how many questions may wait while others are answered",
    "PAPERCHAT_CHROMA_TENANT": "the tenant on the Chroma server that has the database",
    "PAPERCHAT_CHROMA_DATABASE": "the database on the Chroma server that has the collection",
    "PAPERCHAT_CHROMA_ROLE": "reader, to follow the library there, or writer, to take it over",
    "PAPERCHAT_PASSWORD": "what `paperchat serve` asks for before it shows the page",
}


class SettingsError(PaperchatError):
    """Some of the environment cannot be used; without `variables` the rest can be read."""

    def __init__(self, problem: str, *, hint: str, variables: tuple[str, ...] = ()) -> None:
        super().__init__(problem, where="environment", hint=hint)
        self.variables = variables


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that the user named, and what serves or runs it."""

    source: ModelSource
    name: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What the user configured; None where a default is to be used."""

    home: Path
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    timeout_s: float | None = None
    context_tokens: int | None = None
    embedding_model: NamedModel | None = None
    embedding_url: str | None = None
    reranker: NamedModel | None = None
    model_cache: Path | None = None
    chroma: ChromaServer | None = None
    password: str | None = field(default=None, repr=False)
    arxiv_url: str | None = None
    daily_url: str | None = None
    # Of a million tokens; either both or none.
    price_input: float | None = None
    price_output: float | None = None
    keep_out_suspicious: bool | None = None
    max_waiting: int | None = None


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Return the settings in `variables`, such as `os.environ`.

    Raises SettingsError on an unknown PAPERCHAT_ name or a value that cannot be used.
    """
    _refuse_unknown(variables)
    timeout_s = _number(variables, "PAPERCHAT_TIMEOUT_S")
    context_tokens = _number(variables, "PAPERCHAT_CONTEXT_TOKENS")
    if context_tokens is not None and not context_tokens.is_integer():
        raise _not_usable("PAPERCHAT_CONTEXT_TOKENS", f"a whole number, not {context_tokens}")
    embedding_model = _named_model(variables, "PAPERCHAT_EMBEDDING_MODEL", "openai", "fastembed")
    price_input, price_output = _prices(variables)
    return Environment(
        home=_home(variables.get("PAPERCHAT_HOME", "")),
        model=variables.get("PAPERCHAT_MODEL") or None,
        api_key=_key(variables.get("OPENAI_API_KEY", "")),
        base_url=variables.get("OPENAI_BASE_URL") or None,
        timeout_s=timeout_s,
        context_tokens=int(context_tokens) if context_tokens else None,
        embedding_model=embedding_model,
        embedding_url=_embedding_url(variables, embedding_model),
        reranker=_named_model(variables, "PAPERCHAT_RERANKER", "fastembed"),
        # The name is fastembed's own, so that it finds here what it has downloaded elsewhere.
        model_cache=_folder("FASTEMBED_CACHE_PATH", variables.get("FASTEMBED_CACHE_PATH", "")),
        chroma=_chroma(variables),
        price_input=price_input,
        price_output=price_output,
        keep_out_suspicious=_yes_or_no(variables, "PAPERCHAT_KEEP_OUT_SUSPICIOUS"),
        max_waiting=_count(variables, "PAPERCHAT_MAX_WAITING"),
        # A file ends with a line break, a password does not.
        password=variables.get("PAPERCHAT_PASSWORD", "").strip("\r\n") or None,
        arxiv_url=_web_address(
            variables, "PAPERCHAT_ARXIV_URL", "https://export.arxiv.org/api/query"
        ),
        daily_url=_web_address(
            variables, "PAPERCHAT_DAILY_URL", "https://huggingface.co/api/daily_papers"
        ),
    )


def read_writing_environment(variables: Mapping[str, str]) -> Environment:
    """Return the settings of a command that changes the library.

    Raises ReaderError where this home follows the library of another.
    """
    from vectorstore.standing import refuse_reader

    environment = read_environment(variables)
    refuse_reader(environment.chroma)
    return environment


def _home(value: str) -> Path:
    if folder := _folder("PAPERCHAT_HOME", value):
        return folder
    import platformdirs

    return platformdirs.user_data_path("paperchat", appauthor=False)


def _folder(name: str, value: str) -> Path | None:
    try:
        return Path(value).expanduser().absolute() if value else None
    except RuntimeError as error:
        raise SettingsError(
            f"{name} is {value!r}, but there is no home folder of that user",
            hint="Write the folder's whole path, without ~.",
            variables=(name,),
        ) from error


def _named_model(
    variables: Mapping[str, str], name: str, *sources: ModelSource
) -> NamedModel | None:
    value = variables.get(name, "").strip()
    if not value:
        return None
    typed, _, model = (part.strip() for part in value.partition(":"))
    for source in sources:
        if typed == source and model:
            return NamedModel(source, model)
    wanted = " or ".join(f"{source}:…" for source in sources)
    raise _not_usable(name, f"{wanted}, not {value!r}")


def _embedding_url(variables: Mapping[str, str], model: NamedModel | None) -> str | None:
    name = "PAPERCHAT_EMBEDDING_URL"
    value = _web_address(variables, name, "http://127.0.0.1:8000/v1")
    if value and (model is None or model.source != "openai"):
        raise SettingsError(
            f"{name} is set, but PAPERCHAT_EMBEDDING_MODEL names no model there",
            hint="Set PAPERCHAT_EMBEDDING_MODEL to openai:NAME, or leave the address out.",
            variables=(name,),
        )
    return value


def _yes_or_no(variables: Mapping[str, str], name: str) -> bool | None:
    value = variables.get(name, "").strip()
    if not value:
        return None
    if value.lower() not in _YES_OR_NO:
        raise _not_usable(name, f"yes or no, not {value!r}")
    return _YES_OR_NO[value.lower()]


def _web_address(variables: Mapping[str, str], name: str, example: str) -> str | None:
    value = variables.get(name, "").strip()
    if value and not is_web_address(value):
        # Without the value, which may hold a password.
        raise _not_usable(name, f"a web address such as {example}")
    return value or None


def _chroma(variables: Mapping[str, str]) -> ChromaServer | None:
    prefix = "PAPERCHAT_CHROMA_"
    names = [name.removeprefix(prefix) for name in VARIABLES if name.startswith(prefix)]
    said = {name: variables.get(f"{prefix}{name}", "").strip() for name in names}
    if not (url := said.pop("URL")):
        for name in (name for name, value in said.items() if value):
            raise SettingsError(
                f"{prefix}{name} is set, but {prefix}URL is not",
                hint="Set the server's address too, or leave both out.",
                variables=(f"{prefix}{name}",),
            )
        return None
    if not is_web_address(url):
        # Without the value, which may hold a password.
        raise _not_usable(f"{prefix}URL", "a web address such as http://127.0.0.1:8000")
    _check_names(said)
    if is_cloud(url) and (missing := [name for name in _CLOUD_NAMES if not said[name]]):
        raise SettingsError(
            f"{prefix}URL is Chroma Cloud's, but {prefix}{missing[0]} is not set",
            hint="Chroma Cloud asks for a token, a tenant and a database: its dashboard has them.",
            variables=(f"{prefix}URL", *(f"{prefix}{name}" for name in said)),
        )
    return ChromaServer(
        url,
        said["TOKEN"],
        said["COLLECTION"] or COLLECTION,
        tenant=said["TENANT"] or DEFAULT_TENANT,
        database=said["DATABASE"] or DEFAULT_DATABASE,
        role=Role(said["ROLE"]) if said["ROLE"] else None,
        cloud=is_cloud(url),
    )


def _check_names(said: Mapping[str, str]) -> None:
    if not is_key(said["TOKEN"]):
        raise _not_usable("PAPERCHAT_CHROMA_TOKEN", "letters, digits and punctuation, on one line")
    if said["COLLECTION"] and not _COLLECTION_NAME.fullmatch(said["COLLECTION"]):
        raise _not_usable(
            "PAPERCHAT_CHROMA_COLLECTION",
            "3 to 505 letters, digits, dots, hyphens or underscores, the first and last a letter or"
            " digit",
        )
    for name in ("TENANT", "DATABASE"):
        if said[name] and not _PLACE_NAME.fullmatch(said[name]):
            raise _not_usable(
                f"PAPERCHAT_CHROMA_{name}", "letters, digits, dots, hyphens or underscores"
            )
    if said["ROLE"] not in ("", Role.READER, Role.WRITER):
        raise _not_usable("PAPERCHAT_CHROMA_ROLE", f"reader or writer, not {said['ROLE']!r}")


def _key(value: str) -> str | None:
    """Return the key without white space around it, as files and shells leave it."""
    key = value.strip()
    if not is_key(key):
        raise SettingsError(
            "OPENAI_API_KEY has characters that no key has",
            hint="Set it anew: letters, digits and punctuation, on one line.",
            variables=("OPENAI_API_KEY",),
        )
    return key or None


def is_key(text: str) -> bool:
    """Tell whether `text` has nothing but what keys are made of, and what a header can carry."""
    return all("!" <= character <= "~" for character in text)


def _refuse_unknown(variables: Mapping[str, str]) -> None:
    for name in sorted(variables):
        if name.startswith("PAPERCHAT_") and name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0.8)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise SettingsError(
                f"There is no setting {name}",
                hint=f"{meant}The settings are {', '.join(VARIABLES)}.",
                variables=(name,),
            )


def _number(variables: Mapping[str, str], name: str) -> float | None:
    number = _finite(variables.get(name, ""))
    if number is not None and not number > 0:
        raise _not_usable(name, f"a number above 0, not {variables[name]!r}")
    return number


def _count(variables: Mapping[str, str], name: str) -> int | None:
    number = _finite(variables.get(name, ""))
    if number is not None and not (number >= 0 and number.is_integer()):
        raise _not_usable(name, f"a whole number, 0 or above, not {variables[name]!r}")
    return None if number is None else int(number)


def _prices(variables: Mapping[str, str]) -> tuple[float | None, float | None]:
    names = ("PAPERCHAT_PRICE_INPUT", "PAPERCHAT_PRICE_OUTPUT")
    for name in names:
        price = _finite(variables.get(name, ""))
        if price is not None and not price >= 0:
            raise _not_usable(name, f"a number, 0 or above, not {variables[name]!r}")
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


def _not_usable(name: str, wanted: str) -> SettingsError:
    return SettingsError(
        f"{name} must be {wanted}",
        hint=f"Set it to {VARIABLES[name]}, or leave it out.",
        variables=(name,),
    )
