"""Citations in a model's reply, told from other text in brackets.

Owns the rule: with a sentence id inside, brackets are a citation, known or not; with one whole
number inside they are dropped, and with several they become round ones, for both would pass for
citations of the answer; all others are text. Invariant: no part of a citation is ever text.
"""

from __future__ import annotations

import re

from assistant.reply_draft import ReplyDraft
from assistant.sentence_ids import SENTENCE_ID

_OPENING = "[【［("
_CLOSING = "]】］)"
_LONGEST_BRACKET = 300  # characters: forty ids; what is longer is text

# What may stand before the ids or around an inner bracket: "([...])", "(see [...])", "[ids: ...]".
_LEAD_IN = re.compile(r"\s*(?:(?:see|cf\.?|from|sources?|ids?)\s*:?\s*)?", re.IGNORECASE)
_NUMBERS = re.compile(r"\s*[1-9]\d{0,2}(?P<more>\s*[,;–-]\s*[1-9]\d{0,2})*\s*")

# What may follow a citation and still be held back: punctuation that belongs to the claim before
# it, or what joins it to the next citation.
_PUNCTUATION = r"(?:\s?[.,;:!?…。，；：！？]|[)\]”\"])"
_TAIL = re.compile(rf"{_PUNCTUATION}*\s?(?:&|a|an|and|o|or)?\s?")
_END_OF_CLAIM = re.compile(rf"{_PUNCTUATION}+")
_JOINS = re.compile(r"\s?[,;]?\s?(?:&|and|or)?\s?")
_LONGEST_TAIL = 12


class Brackets:
    """Tells citations from text; holds back an open bracket, and what follows a citation."""

    def __init__(self, draft: ReplyDraft) -> None:
        """Write text and citations to `draft`."""
        self._draft = draft
        self._held = ""  # from the outermost open bracket on
        self._inner = ""  # from the innermost one on, without it
        self._depth = 0  # open brackets around the innermost one
        self._tail: str | None = None  # since the last citation; None where text came after it
        self._around = 0  # open brackets around the last citation

    def feed(self, sign: str) -> None:
        """Take the next character of the block."""
        if self._held:
            self._feed_bracket(sign)
        elif sign in _OPENING:
            self._open(sign)
        elif self._tail is not None:
            self._feed_tail(sign)
        else:
            self._draft.write(sign)

    def finish(self) -> None:
        """Settle what is held back, at the end of a block."""
        if self._held:
            self._give_up()
        self._end_tail(at_end=True)

    def _open(self, sign: str) -> None:
        self._held, self._inner, self._depth = sign, "", 0

    def _feed_bracket(self, sign: str) -> None:
        if sign in _OPENING and _LEAD_IN.fullmatch(self._inner):
            self._depth += 1
            self._inner = ""
        elif sign in _OPENING:
            self._give_up()
            self._open(sign)
            return
        elif sign not in _CLOSING:
            self._inner += sign
        self._held += sign
        if sign in _CLOSING:
            self._decide()
        elif len(self._held) > _LONGEST_BRACKET:
            self._give_up()

    def _decide(self) -> None:
        ids = SENTENCE_ID.findall(self._inner)
        numbers = self._held[-1] != ")" and _NUMBERS.fullmatch(self._inner)
        if ids or (numbers and not numbers["more"]):
            self._cite(ids)
        elif numbers:
            self._held = f"{self._held[: -len(self._inner) - 2]}({self._inner})"
            self._give_up()
        else:
            self._give_up()

    def _cite(self, ids: list[str]) -> None:
        tail = self._tail or ""
        if not _JOINS.fullmatch(tail):
            tail = self._end_claim(tail)
            self._draft.write("" if _JOINS.fullmatch(tail) else tail)
        self._draft.cite(ids)
        self._around += self._depth
        self._held, self._tail = "", ""

    def _give_up(self) -> None:
        held, self._held = self._held, ""
        self._end_tail()
        self._draft.write(held)

    def _feed_tail(self, sign: str) -> None:
        tail = (self._tail or "") + sign
        if sign in _CLOSING and self._around:
            self._around -= 1
            self._tail = ""
        elif sign.isspace() and tail[-2:-1].isspace():
            return
        elif len(tail) <= _LONGEST_TAIL and _TAIL.fullmatch(tail):
            self._tail = tail
        else:
            self._end_tail()
            self._draft.write(sign)

    def _end_tail(self, *, at_end: bool = False) -> None:
        if self._tail is not None:
            tail = self._end_claim(self._tail)
            # A bracket around the citation had more in it, and its other half is still to come.
            self._draft.write(tail if at_end else self._reopened(tail))
        self._tail, self._around = None, 0

    def _reopened(self, tail: str) -> str:
        return f" {'(' * self._around}{tail.lstrip()}" if self._around else tail

    def _end_claim(self, tail: str) -> str:
        """Give the claim its punctuation, and return the rest."""
        ends = _END_OF_CLAIM.match(tail)
        if ends is None:
            return tail
        self._draft.end_claim(ends[0])
        return tail[ends.end() :]
