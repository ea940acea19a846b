"""The chat model as a person types it on the page, and what of it can be used.

Owns the rules of each field. Invariant: what has passed holds no key and no password, so that it
may be kept in a file and shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import TypeVar
from urllib.parse import urlsplit

from ui.environment import is_key
from vectorstore.errors import PaperchatError
from vectorstore.web_address import is_web_address

Value = TypeVar("Value")

_LONGEST_NAME = 200
_LONGEST_ADDRESS = 500
# Less has no room for a question and its sources; no model has more.
_FEWEST_TOKENS, _MOST_TOKENS = 1024, 10_000_000
_HIGHEST_PRICE = 1_000_000
_BOTH_PRICES = "Enter both prices, 0 for what costs nothing, or neither."


class FormError(PaperchatError):
    """Some fields cannot be used; `fields` says of each what is wrong."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("The model's settings cannot be used", hint=" ".join(fields.values()))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class ModelForm:
    """The fields as they were typed; one that is ticked says "True"."""

    base_url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    context_tokens: str = ""
    price_input: str = ""
    price_output: str = ""
    keep_out_suspicious: str = ""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A chat model that was chosen on the page; where it has no name, none was."""

    base_url: str = ""
    model: str = ""
    context_tokens: int | None = None
    # Of a million tokens; either both or none.
    price_input: float | None = None
    price_output: float | None = None
    keep_out_suspicious: bool = False


def checked(form: ModelForm, *, with_address: bool = True, with_name: bool = True) -> ChosenModel:
    """Return what the form says; raises FormError where a field cannot be used.

    An empty field says nothing; the address and the name may only be where they are not asked for.
    """
    problems = dict(_missing(form, with_address=with_address, with_name=with_name))

    def read(name: str, reader: Callable[[str], Value]) -> Value | None:
        typed = getattr(form, name).strip()
        try:
            return reader(typed) if typed else None
        except ValueError as error:
            problems[name] = str(error)
            return None

    read("key", _key)
    chosen = ChosenModel(
        read("base_url", _address) or "",
        read("model", _name) or "",
        read("context_tokens", _tokens),
        read("price_input", _price),
        read("price_output", _price),
        read("keep_out_suspicious", _ticked) or False,
    )
    if problems:
        raise FormError(problems)
    return chosen


def _missing(form: ModelForm, *, with_address: bool, with_name: bool) -> dict[str, str]:
    problems = {}
    if with_address and not form.base_url.strip():
        problems["base_url"] = "Enter the address of the model's server."
    if with_name and not form.model.strip():
        problems["model"] = "Enter the model's name, as its server calls it."
    prices = {name: getattr(form, name).strip() for name in ("price_input", "price_output")}
    if any(prices.values()):
        problems |= {name: _BOTH_PRICES for name, price in prices.items() if not price}
    return problems


def _address(typed: str) -> str:
    if len(typed) > _LONGEST_ADDRESS or not typed.isprintable() or not is_web_address(typed):
        raise ValueError("This is no web address. It looks like http://localhost:11434/v1.")
    parts = urlsplit(typed)
    if parts.username is not None or parts.password is not None:
        raise ValueError("Leave the name and the password out; a key has its own field.")
    if "?" in typed or "#" in typed or " " in typed:
        raise ValueError("Leave out what follows the path: no “?”, no “#”, no space.")
    return typed.rstrip("/")


def _name(typed: str) -> str:
    # Unprintable are line breaks, and what turns or hides the text beside it.
    if len(typed) > _LONGEST_NAME or not typed.isprintable():
        raise ValueError(f"A name has {_LONGEST_NAME} characters at most, on one line.")
    return typed


def _key(typed: str) -> str:
    if not is_key(typed):
        raise ValueError("A key has letters, digits and punctuation alone, and no space.")
    return typed


def _tokens(typed: str) -> int:
    tokens = _number(typed)
    if not (tokens.is_integer() and _FEWEST_TOKENS <= tokens <= _MOST_TOKENS):
        raise ValueError(f"Enter a whole number from {_FEWEST_TOKENS:,} to {_MOST_TOKENS:,}.")
    return int(tokens)


def _price(typed: str) -> float:
    price = _number(typed)
    if not 0 <= price <= _HIGHEST_PRICE:
        raise ValueError("Enter a number, 0 or above, such as 0.4.")
    return price


def _ticked(typed: str) -> bool:
    if typed not in {"True", "False"}:
        raise ValueError("Tick it or leave it.")
    return typed == "True"


def _number(typed: str) -> float:
    try:
        number = float(typed)
    except ValueError:
        return -1.0
    return number if isfinite(number) else -1.0
