"""The one place that reads the environment: variables in, settings out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ui.chroma_settings import read_chroma
from ui.setting_values import (
    VARIABLES,
    SettingsError,
    is_key,
    not_usable,
    read_count,
    read_folder,
    read_key,
    read_number,
    read_prices,
    read_web_address,
    read_yes_or_no,
)
from vectorstore.chroma_server import ChromaServer

__all__ = [
    "VARIABLES",
    "Environment",
    "NamedModel",
    "SettingsError",
    "is_key",
    "read_environment",
    "read_writing_environment",
]

ModelSource = Literal["openai", "fastembed"]


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
    log_questions: bool | None = None


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Return the settings in `variables`, such as `os.environ`.

    Raises SettingsError on an unknown PAPERCHAT_ name or a value that cannot be used.
    """
    _refuse_unknown(variables)
    timeout_s = read_number(variables, "PAPERCHAT_TIMEOUT_S")
    context_tokens = read_number(variables, "PAPERCHAT_CONTEXT_TOKENS")
    if context_tokens is not None and not context_tokens.is_integer():
        raise not_usable("PAPERCHAT_CONTEXT_TOKENS", f"a whole number, not {context_tokens}")
    embedding_model = _named_model(variables, "PAPERCHAT_EMBEDDING_MODEL", "openai", "fastembed")
    price_input, price_output = read_prices(variables)
    return Environment(
        home=_home(variables),
        model=variables.get("PAPERCHAT_MODEL") or None,
        api_key=read_key(variables, "OPENAI_API_KEY"),
        base_url=variables.get("OPENAI_BASE_URL") or None,
        timeout_s=timeout_s,
        context_tokens=int(context_tokens) if context_tokens else None,
        embedding_model=embedding_model,
        embedding_url=_embedding_url(variables, embedding_model),
        reranker=_named_model(variables, "PAPERCHAT_RERANKER", "fastembed"),
        # The name is fastembed's own, so that it finds here what it has downloaded elsewhere.
        model_cache=read_folder(variables, "FASTEMBED_CACHE_PATH"),
        chroma=read_chroma(variables),
        price_input=price_input,
        price_output=price_output,
        keep_out_suspicious=read_yes_or_no(variables, "PAPERCHAT_KEEP_OUT_SUSPICIOUS"),
        max_waiting=read_count(variables, "PAPERCHAT_MAX_WAITING"),
        log_questions=read_yes_or_no(variables, "PAPERCHAT_LOG_QUESTIONS"),
        password=_password(variables),
        arxiv_url=read_web_address(
            variables, "PAPERCHAT_ARXIV_URL", "https://export.arxiv.org/api/query"
        ),
        daily_url=read_web_address(
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


def _password(variables: Mapping[str, str]) -> str | None:
    # A file ends with a line break, a password does not.
    password = variables.get("PAPERCHAT_PASSWORD", "").strip("\r\n")
    if password.isspace():
        raise not_usable("PAPERCHAT_PASSWORD", "more than white space")
    return password or None


def _home(variables: Mapping[str, str]) -> Path:
    if folder := read_folder(variables, "PAPERCHAT_HOME"):
        return folder
    import platformdirs

    return platformdirs.user_data_path("paperchat", appauthor=False)


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
    raise not_usable(name, f"{wanted}, not {value!r}")


def _embedding_url(variables: Mapping[str, str], model: NamedModel | None) -> str | None:
    name = "PAPERCHAT_EMBEDDING_URL"
    value = read_web_address(variables, name, "http://127.0.0.1:8000/v1")
    if value and (model is None or model.source != "openai"):
        raise SettingsError(
            f"{name} is set, but PAPERCHAT_EMBEDDING_MODEL names no model there",
            hint="Set PAPERCHAT_EMBEDDING_MODEL to openai:NAME, or leave the address out.",
            variables=(name,),
        )
    return value


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
