"""Sentence ids that a model wrote without brackets: "s2abc", "^s2abc", "Source: s2abc".

Owns the words that may stand before an id and go with it. Holds back no more than these and the
beginning of an id, so that text is passed on at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checking.sentence_ids import SENTENCE_ID

OPENING = "[【［("

_WORDS = ("source", "sources", "id", "ids", "ref", "reference", "references", "citation", "cited")
_LEADS = ("", "^", *(f"{word}{end}" for word in _WORDS for end in (":", ": ")), "source ")
_FIRST_SIGNS = frozenset(lead[0] for lead in _LEADS if lead) | {"s"}
_ID_LETTERS = 5
_MAYBE_ID = re.compile(r"s(?:[2-9][2-9a-z]{0,3})?")


class BareIds:
    """Tells ids from text outside of brackets, one character after another."""

    def __init__(self) -> None:
        self._held = ""
        self._before = " "

    def feed(self, sign: str) -> Iterator[str | list[str]]:
        """Yield what is now known to be text, and ids in lists.

        An opening bracket comes together with the words before it that would go with an id.
        """
        if not self._held and sign.lower() not in _FIRST_SIGNS:
            self._before = sign  # nearly all text comes this way
            yield sign
            return
        waiting = self._held + sign
        self._held = ""
        while waiting:
            found, waiting = self._first(waiting)
            if found is None:
                self._held = waiting
                return
            yield found

    def finish(self) -> Iterator[str | list[str]]:
        """Yield what was held back, at the end of a block."""
        for unit in self.feed("\n"):
            if unit != "\n":
                yield unit
        self._before = " "

    def _first(self, waiting: str) -> tuple[str | list[str] | None, str]:
        """Return the first unit of the text and the rest; None where more must come."""
        # Between words as ids have it: other scripts write without spaces, and an id right behind.
        if self._before.isascii() and self._before.isalnum() and waiting[0] != "^":
            return self._text(waiting, 1)
        if any(lead.startswith(waiting.lower()) for lead in _LEADS):
            return None, waiting
        lead = max((lead for lead in _LEADS if waiting.lower().startswith(lead)), key=len)
        rest = waiting[len(lead) :]
        if _MAYBE_ID.fullmatch(rest):
            return None, waiting
        if len(lead) > 1 and rest[0] in OPENING:
            return self._text(waiting, len(lead) + 1)
        if (found := SENTENCE_ID.match(rest)) and len(rest) > _ID_LETTERS:
            self._before = found[0]
            return [found[0]], rest[_ID_LETTERS:]
        return self._text(waiting, 1)

    def _text(self, waiting: str, length: int) -> tuple[str, str]:
        self._before = waiting[length - 1]
        return waiting[:length], waiting[length:]
