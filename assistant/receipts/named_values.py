"""Values within values, by names with dots: what a receipt has of settings and compares of plans.

Invariant: a field that its dataclass does not show (`repr=False`) is a secret and is left out, as
is the account in an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from urllib.parse import urlsplit, urlunsplit

from assistant.model.chat_model import ChatModelSettings
from assistant.settings import AssistantSettings

CHAT = "chat."  # what the names of the chat model's settings begin with

Setting = str | int | float | bool | None


def named_values(value: object, name: str = "") -> Iterator[tuple[str, Setting]]:
    """Yield the plain values in `value` with their names; what is empty has none."""
    before = f"{name}." if name else ""
    if is_dataclass(value):
        for field in fields(value):
            if field.repr:
                yield from named_values(getattr(value, field.name), f"{before}{field.name}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value, start=1):
            yield from named_values(item, f"{before}{number}")
    elif value is None or isinstance(value, (str, int, float)):
        yield name, value
    else:
        yield name, str(value)


def recorded_settings(
    assistant: AssistantSettings, chat: ChatModelSettings | None
) -> dict[str, Setting]:
    """Return the settings of the assistant and, where a chat model is configured, of that."""
    named = dict(named_values(assistant, "assistant"))
    if chat is not None:
        named |= named_values(chat, CHAT.rstrip("."))
        named[f"{CHAT}base_url"] = _without_account(chat.base_url)
    return named


def _without_account(address: str) -> str:
    """Return the address without name, password and parameters: any of them may be a key."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
