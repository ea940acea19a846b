"""What a reply took: tokens as the server counts them, or else as we do, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from assistant.answer import Usage
from vectorstore.token_count import token_counter

# How the chat format of the common models frames messages.
_TOKENS_PER_MESSAGE = 4
_TOKENS_PER_REPLY_START = 3

_MOST_TOKENS = 100_000_000  # what a server says beyond it is no count
_PER_PRICE = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency they are given in."""

    input: float
    output: float


def reported_tokens(usage: Any) -> tuple[int, int] | None:
    """Return the tokens of prompt and reply that a server counts, or None where it counts none."""
    prompt = getattr(usage, "prompt_tokens", None)
    reply = getattr(usage, "completion_tokens", None)
    # Some servers fill in zeros where they do not count: no prompt has none.
    if _is_count(prompt) and _is_count(reply) and prompt:
        return prompt, reply
    return None


def counted_tokens(messages: Sequence[str], reply: str) -> tuple[int, int]:
    """Return the tokens of prompt and reply as we count them."""
    count = token_counter()
    prompt = sum(count(text) + _TOKENS_PER_MESSAGE for text in messages) + _TOKENS_PER_REPLY_START
    return prompt, count(reply)


def usage_of(tokens: tuple[int, int], prices: Prices | None) -> Usage:
    """Return what these tokens of prompt and reply cost, with them."""
    prompt, reply = tokens
    if prices is None:
        return Usage(prompt, reply)
    return Usage(prompt, reply, (prompt * prices.input + reply * prices.output) / _PER_PRICE)


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= _MOST_TOKENS
