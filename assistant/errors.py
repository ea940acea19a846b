"""What can go wrong between a question and its answer."""

from __future__ import annotations

from collections.abc import Iterable

from vectorstore.errors import PaperchatError

_LONGEST_PLACE = 100  # characters


class AssistantError(PaperchatError):
    """A question cannot be answered."""


class QuestionError(AssistantError):
    """The question itself cannot be used: empty, or too long."""


class ModelError(AssistantError):
    """The configured chat model did not give a usable reply."""


def place_in(keys: Iterable[object]) -> str:
    """Return a place in a document, by the keys that lead there, as a message can tell it.

    Keys may be anybody's: they are cut, and what is not for a terminal is "?".
    """
    place = ".".join(map(str, keys))[:_LONGEST_PLACE]
    return "".join(sign if sign.isprintable() else "?" for sign in place)
