"""A reply that is wrapped up in JSON, as models write that were trained to call tools.

Owns the way from {"answer": "...", "citations": ["s2abc"]} to the answer's text. Such a reply is
held back until it is whole; what is no JSON after all, or has no answer in it, stays as it is.
"""

from __future__ import annotations

import json
import re

from assistant.checking.sentence_ids import SENTENCE_ID

_MAYBE_OBJECT = re.compile(r"\s*(?:`{0,3}|`{3}\w{0,15}\s*)")
_BEGINS_OBJECT = re.compile(r"\s*(?:`{3}\w{0,15}\s*)?\{")
_OBJECT = re.compile(r"(?:`{3}\w*\s*)?(\{.*\})(?:\s*`{3})?", re.DOTALL)
_ANSWERS = ("answer", "response", "reply", "text", "content")
_LONGEST_HEAD = 100  # characters before the object; it is read anew with each of them
_LONGEST = 20_000  # characters; a reply that goes on is passed on as it is


class WithoutWrapping:
    """Takes the answer out of a reply that is one JSON object."""

    def __init__(self) -> None:
        self._held = ""
        self._maybe = True

    def feed(self, sign: str) -> str:
        """Return the characters that are now known to belong to the answer."""
        if not self._maybe:
            return sign
        self._held += sign
        begun = _BEGINS_OBJECT.match(self._held[:_LONGEST_HEAD]) is not None
        if begun:
            self._maybe = len(self._held) <= _LONGEST
        else:
            short = len(self._held) < _LONGEST_HEAD
            self._maybe = short and _MAYBE_OBJECT.fullmatch(self._held) is not None
        return "" if self._maybe else self._release()

    def finish(self) -> str:
        """Return the answer of the object that was held back, or all of it if there is none."""
        held = self._release()
        found = _OBJECT.fullmatch(held.strip())
        return (_answer(found[1]) if found else "") or held

    def _release(self) -> str:
        held, self._held = self._held, ""
        return held


def _answer(wrapped: str) -> str:
    """Return the answer in an object, with the ids beside it cited at its end; empty if none."""
    try:
        value = json.loads(wrapped, strict=False)
    except (ValueError, RecursionError):
        return ""
    texts = [value[name] for name in _ANSWERS if isinstance(value.get(name), str)]
    if not texts:
        return ""
    ids = () if SENTENCE_ID.search(texts[0]) else dict.fromkeys(SENTENCE_ID.findall(wrapped))
    return f"{texts[0]} [{', '.join(ids)}]" if ids else texts[0]
