"""Citations in a model's reply, told from other text.

Owns the rule: a sentence id is a citation, known or not, and so are brackets with one inside; with
one whole number inside they are dropped, and with several they become round ones, for both would
pass for citations of the answer; all others are text. Where a link's target follows a citation, it
goes with it. Invariant: no part of a citation is ever text.
"""

from __future__ import annotations

import re

from assistant.checking.reply_bare_ids import OPENING, BareIds
from assistant.checking.reply_draft import ReplyDraft
from assistant.checking.sentence_ids import SENTENCE_ID

_CLOSING = "]】］)"
_LONGEST_BRACKET = 300  # characters: forty ids; what is longer is text

# What may stand before the ids or around an inner bracket: "([...])", "(see [...])", "[ids: ...]".
_LEAD_IN = re.compile(r"\s*(?:(?:see|cf\.?|from|sources?|ids?)\s*:?\s*)?", re.IGNORECASE)
_LINK_TARGET = re.compile(r"\s*\S*(?:\s+[\"'].*)?")
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
        self._bare = BareIds()
        self._held = ""  # from the outermost open bracket on, with the word before it
        self._begun = 0  # characters of it that were held when the bracket opened
        self._inner = ""  # from the innermost one on, without it
        self._depth = 0  # open brackets around the innermost one
        self._tail: str | None = None  # since the last citation; None where text came after it
        self._around = 0  # open brackets around the last citation
        self._after_bracket = False  # whether the last citation stood in a square one
        self._linked = False  # whether the open bracket may be a link's target

    def feed(self, sign: str) -> None:
        """Take the next character of the block."""
        if self._held:
            self._feed_bracket(sign)
        else:
            for unit in self._bare.feed(sign):
                self._take(unit)

    def finish(self) -> None:
        """Settle what is held back, at the end of a block."""
        if self._held:
            self._give_up()
        for unit in self._bare.finish():
            self._take(unit)
        self._end_tail(at_end=True)

    def _take(self, unit: str | list[str]) -> None:
        if isinstance(unit, list):
            self._cite(unit)
        elif unit[-1] in OPENING:
            self._open(unit)
        elif self._tail is not None:
            self._feed_tail(unit)
        else:
            self._draft.write(unit)

    def _open(self, begun: str) -> None:
        self._linked = begun == "(" and self._tail == "" and self._after_bracket
        self._held, self._begun, self._inner, self._depth = begun, len(begun), "", 0

    def _feed_bracket(self, sign: str) -> None:
        if sign in OPENING and _LEAD_IN.fullmatch(self._inner):
            self._depth += 1
            self._inner = ""
        elif sign in OPENING:
            self._give_up()
            self.feed(sign)
            return
        elif sign not in _CLOSING:
            self._inner += sign
        self._held += sign
        if sign in _CLOSING:
            self._decide()
        elif len(self._held) > _LONGEST_BRACKET:
            self._give_up()

    def _decide(self) -> None:
        if self._is_link_target():
            self._held = ""
            return
        ids = SENTENCE_ID.findall(self._inner)
        numbers = self._held[-1] != ")" and _NUMBERS.fullmatch(self._inner)
        if ids or (numbers and not numbers["more"]):
            self._cite(ids)
        elif numbers:
            self._held = f"{self._held[: -len(self._inner) - 2]}({self._inner})"
            self._give_up()
        else:
            self._give_up()

    def _is_link_target(self) -> bool:
        """Tell whether the bracket is the second half of "[s2abc](http://example.org)"."""
        another = SENTENCE_ID.fullmatch(self._inner.strip())
        return self._linked and not another and _LINK_TARGET.fullmatch(self._inner) is not None

    def _cite(self, ids: list[str]) -> None:
        tail = self._tail or ""
        if not _JOINS.fullmatch(tail):
            tail = self._end_claim(tail)
            self._draft.write("" if _JOINS.fullmatch(tail) else tail)
        self._draft.cite(ids)
        self._around += self._depth
        self._after_bracket = self._held.endswith("]")
        self._held, self._tail = "", ""

    def _give_up(self) -> None:
        held, self._held, self._depth = self._held, "", 0
        self._end_tail()
        self._draft.write(held[: self._begun])
        for sign in held[self._begun :]:
            for unit in self._bare.feed(sign):
                self._take_within(unit)

    def _take_within(self, unit: str | list[str]) -> None:
        """Take what stands in a bracket that is text: one that opens in it is text as well."""
        if isinstance(unit, str) and unit[-1] in OPENING:
            self._end_tail()
            self._draft.write(unit)
        else:
            self._take(unit)

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
