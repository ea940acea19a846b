"""The parts of a request that not every server takes, and which of them a server has refused.

Owns how a refusal is recognised: servers word it in many ways, and few name the parameter apart.
Invariant: what was refused once is not sent again by the same model, if the server answered without
it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import openai


class Option(StrEnum):
    """A part of a request that can be left out, or sent in another way."""

    TEMPERATURE = "temperature"  # reasoning models have one that is fixed
    MAX_TOKENS = "max_tokens"  # they call it max_completion_tokens
    USAGE = "stream_options"
    JSON_SCHEMA = "json_schema"  # json_object takes its place
    JSON_OBJECT = "json_object"


Options = frozenset[Option]

_NAMED_BY = {
    Option.TEMPERATURE: re.compile(r"\btemperature\b"),
    # Not where it is the value that is refused: under another name it would be as large.
    Option.MAX_TOKENS: re.compile(
        r"(?s)\A(?=.*\bmax_tokens\b)"
        r".*(?:support|permitted|unknown|unrecogni|unexpected|max_completion_tokens)"
    ),
    Option.USAGE: re.compile(r"\bstream_options\b|\binclude_usage\b"),
    Option.JSON_SCHEMA: re.compile(r"\bresponse_format\b|schema|grammar|guided|structured"),
    Option.JSON_OBJECT: re.compile(r"\bresponse_format\b|\bjson\b|json_object|grammar|guided"),
}
# Left out in this order where a server refuses a request and does not say why.
_UNEXPLAINED = (Option.JSON_SCHEMA, Option.JSON_OBJECT, Option.USAGE)
_MALFORMED = frozenset({400, 422})
# Some fail over what they do not know, instead of refusing it.
_FAILED = frozenset({500, 501})
_FEWEST_WORDS = 4  # "Bad Request" explains nothing
_LONGEST_MESSAGE = 4_000  # characters; one that repeats the whole request is not read to its end


class RefusedOptions:
    """What one server has refused so far. It only grows; safe to share between threads."""

    def __init__(self) -> None:
        """Begin with nothing refused."""
        self._adding = Lock()
        self._options: Options = frozenset()

    @property
    def options(self) -> Options:
        """Return what to leave out of a request."""
        return self._options

    def add(self, options: Options) -> None:
        """Remember what a request was answered without."""
        with self._adding:
            self._options |= options


def refused_option(error: openai.APIStatusError, sent: Options) -> Option | None:
    """Return which of the options that were sent the server refused, or None if another reason."""
    if error.status_code not in _MALFORMED | _FAILED:
        return None
    said = error.message[:_LONGEST_MESSAGE].lower()
    for text in (str(error.param or "").lower(), said):
        for option in Option:
            if option in sent and _NAMED_BY[option].search(text):
                return option
    explained = error.status_code not in _MALFORMED or _words(error.body) >= _FEWEST_WORDS
    return None if explained else next((item for item in _UNEXPLAINED if item in sent), None)


def _words(body: object) -> int:
    message = body.get("message", body) if isinstance(body, dict) else body
    return len(str(message or "").split())
