"""The settings of a Chroma server: all of them or none, since they make sense together alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ui.setting_values import VARIABLES, SettingsError, is_key, not_usable
from vectorstore.chroma_place import COLLECTION
from vectorstore.chroma_server import (
    DEFAULT_DATABASE,
    DEFAULT_TENANT,
    ChromaServer,
    Role,
    is_cloud,
)
from vectorstore.web_address import is_web_address

# As Chroma has them, which has up to 512 characters: a library has a second collection beside it.
_COLLECTION_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,503}[a-zA-Z0-9]")
_PLACE_NAME = re.compile(r"[\w.-]{1,128}", re.ASCII)  # they become parts of an address
_CLOUD_NAMES = ("TOKEN", "TENANT", "DATABASE")


def read_chroma(variables: Mapping[str, str]) -> ChromaServer | None:
    """Return the server that keeps the passages, None where none was named."""
    prefix = "PAPERCHAT_CHROMA_"
    names = [name.removeprefix(prefix) for name in VARIABLES if name.startswith(prefix)]
    said = {name: variables.get(f"{prefix}{name}", "").strip() for name in names}
    if not (url := said.pop("URL")):
        if alone := [name for name, value in said.items() if value]:
            raise SettingsError(
                f"{prefix}{alone[0]} is set, but {prefix}URL is not",
                hint="Set the server's address too, or leave both out.",
                variables=(f"{prefix}{alone[0]}",),
            )
        return None
    if not is_web_address(url):
        # Without the value, which may hold a password.
        raise not_usable(f"{prefix}URL", "a web address such as http://127.0.0.1:8000")
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
        raise not_usable("PAPERCHAT_CHROMA_TOKEN", "letters, digits and punctuation, on one line")
    if said["COLLECTION"] and not _COLLECTION_NAME.fullmatch(said["COLLECTION"]):
        raise not_usable(
            "PAPERCHAT_CHROMA_COLLECTION",
            "3 to 505 letters, digits, dots, hyphens or underscores, the first and last a letter or"
            " digit",
        )
    for name in ("TENANT", "DATABASE"):
        if said[name] and not _PLACE_NAME.fullmatch(said[name]):
            raise not_usable(
                f"PAPERCHAT_CHROMA_{name}", "letters, digits, dots, hyphens or underscores"
            )
    if said["ROLE"] not in ("", Role.READER, Role.WRITER):
        raise not_usable("PAPERCHAT_CHROMA_ROLE", f"reader or writer, not {said['ROLE']!r}")
