"""The draft that a reply becomes: tidy text in blocks, each citation after what rests on it.

Owns the order of the pieces. Invariants: a block begins with text, and a citation follows text; so
a citation that the model wrote before its claim, or on a line of its own, is moved to one.
"""

from __future__ import annotations

from assistant.answer import BlockKind
from assistant.draft import Cite, Piece, StartBlock, Text


class ReplyDraft:
    """Collects the pieces of one reply."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._block: BlockKind | None = None
        self._in_text = False  # whether the current block has text
        self._any_text = False
        self._last = ""  # character of the text so far
        self._space = False
        self._cited: list[str] = []  # by the text so far
        self._cited_ahead: list[str] = []  # by the text to come: the block began with them

    def start_block(self, kind: BlockKind) -> None:
        """Begin a block, once text for it comes."""
        self._settle_block()
        self._block, self._in_text, self._space = kind, False, False

    def write(self, text: str) -> None:
        """Add text to the claim; white space becomes single spaces between words."""
        for sign in text:
            if sign.isspace():
                self._space = self._in_text
            else:
                self._begin_claim()
                self._text.append(" " + sign if self._space else sign)
                self._last, self._space = sign, False

    def end_claim(self, punctuation: str) -> None:
        """Write punctuation that stood after a citation to the text before it, but not twice."""
        signs = "".join(punctuation.split())
        if self._in_text:
            self._text.append(signs[1:] if signs[0] == self._last else signs)

    def cite(self, ids: list[str]) -> None:
        """Cite sentences for the text since the last citation, or to come if there is none."""
        if self._in_text:
            self._cited += self._cited_ahead + ids
            self._cited_ahead = []
        else:
            self._cited_ahead += ids
        self._space = False

    def take(self, *, last: bool = False) -> list[Piece]:
        """Return the pieces that are certain, and forget them."""
        if last:
            self._settle_block()
            self._flush_citation()
        self._flush_text()
        pieces, self._pieces = self._pieces, []
        return pieces

    def _settle_block(self) -> None:
        # Where a block has citations and no text, they belong to the text above it.
        self._cited += self._cited_ahead
        self._cited_ahead = []

    def _begin_claim(self) -> None:
        self._flush_citation()
        if self._block is not None:
            self._flush_text()
            self._pieces.append(StartBlock(self._block))
            self._block = None
        self._in_text = self._any_text = True

    def _flush_citation(self) -> None:
        if self._cited and self._any_text:
            self._flush_text()
            self._pieces.append(Cite(tuple(dict.fromkeys(self._cited))))
        self._cited = []

    def _flush_text(self) -> None:
        if self._text:
            self._pieces.append(Text("".join(self._text)))
            self._text = []
