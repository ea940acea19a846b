"""A model's reply, as it arrives, turned into the pieces of a draft.

Owns the way of a character through the steps: thoughts out, JSON unwrapped, lines into blocks,
emphasis out, citations out of the text. Invariant: the same reply gives the same text and citations
however it was cut into chunks, because every step takes one character after another.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answer import BlockKind
from assistant.checking.reply_citations import Brackets
from assistant.checking.reply_draft import ReplyDraft
from assistant.checking.reply_layout import Lines, WithoutEmphasis, WithoutThoughts
from assistant.checking.reply_wrapping import WithoutWrapping
from assistant.draft import Piece


class ReplyParser:
    """Parses one reply: feed it every chunk in turn, then finish it."""

    def __init__(self) -> None:
        self._draft = ReplyDraft()
        self._thoughts = WithoutThoughts()
        self._wrapping = WithoutWrapping()
        self._lines = Lines()
        self._emphasis = WithoutEmphasis()
        self._brackets = Brackets(self._draft)

    def feed(self, chunk: str) -> list[Piece]:
        """Return the pieces that are certain with this chunk."""
        for sign in chunk:
            self._read(self._thoughts.feed(sign))
        return self._draft.take()

    def finish(self) -> list[Piece]:
        """Return what was held back."""
        self._read(self._thoughts.finish())
        self._read_lines(self._wrapping.finish())
        self._place(self._lines.finish())
        self._end_block()
        return self._draft.take(last=True)

    def _read(self, text: str) -> None:
        for sign in text:
            self._read_lines(self._wrapping.feed(sign))

    def _read_lines(self, text: str) -> None:
        for sign in text.replace("\r", ""):
            self._place(self._lines.feed(sign))

    def _place(self, found: Iterator[BlockKind | str]) -> None:
        for item in found:
            if isinstance(item, BlockKind):
                self._end_block()
                self._draft.start_block(item)
            else:
                for sign in item:
                    self._write(self._emphasis.feed(sign))

    def _end_block(self) -> None:
        self._write(self._emphasis.finish())
        self._brackets.finish()

    def _write(self, text: str) -> None:
        for sign in text:
            self._brackets.feed(sign)
