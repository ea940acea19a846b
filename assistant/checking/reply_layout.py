"""The layout of a model's reply: where blocks begin, and what of the rest is text.

Owns the light Markdown that chat models write whatever they are asked: headings, list items,
paragraphs, emphasis, and thoughts before the reply. What stands in brackets is left to
`assistant.checking.reply`. Everything is read character by character and nothing is kept but a few
of them, so that the outcome does not depend on how the reply was cut into chunks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answer import BlockKind

# What a line may begin with: enough of it to go on waiting, and all of it, before a space.
_MAYBE_MARKER = re.compile(r"#{1,6}|[*+•]|-{1,3}|\*{2,3}|\d{1,3}[.)]?|`{1,3}|`{3}[\w+-]{1,15}")
_MARKER = re.compile(r"(?P<heading>#{1,6})|[-*+•]|\d{1,3}[.)]")
# A line of nothing but this separates blocks and says nothing itself; what stands between fences is
# text.
_RULE = re.compile(r"#{1,6}|[-*+•]|-{3}|\*{3}|`{3}[\w+-]*")

_THOUGHTS = ("<think>", "<thinking>")
_THOUGHTS_END = ("</think>", "</thinking>")
_LONGEST_TAG = max(map(len, _THOUGHTS_END))
_MOST_STARS = 3


class WithoutThoughts:
    """Drops the thoughts that a reasoning model writes, between tags, before its reply."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._replying = False

    def feed(self, sign: str) -> str:
        """Return the characters that are now known to belong to the reply."""
        if self._replying:
            return sign
        if self._thinking:
            self._held = (self._held + sign)[-_LONGEST_TAG:]
            self._replying = self._held.endswith(_THOUGHTS_END)
            return ""
        self._held = (self._held + sign).lstrip()
        self._thinking = self._held in _THOUGHTS
        if self._thinking or any(tag.startswith(self._held) for tag in _THOUGHTS):
            return ""
        self._replying = True
        return self._held

    def finish(self) -> str:
        """Return what was held back in case it began a thought."""
        return "" if self._thinking or self._replying else self._held


class WithoutEmphasis:
    """Drops the marks of **bold**, *italic* and `code`; keeps the stars of A* and 2 * 3."""

    def __init__(self) -> None:
        self._stars = 0
        self._open: list[int] = []
        self._before = " "

    def feed(self, sign: str) -> str:
        """Return the characters that are now known to be text."""
        if sign == "*":
            self._stars += 1
            if self._stars <= _MOST_STARS:
                return ""
            # So many are no emphasis: they go out at once, and are not kept.
            return "*" * self._stars if self._stars == _MOST_STARS + 1 else "*"
        if sign == "`":
            return ""
        kept = self._settle(sign)
        self._before = sign
        return kept + sign

    def finish(self) -> str:
        """Return the stars that turn out to be text, at the end of a block."""
        kept = self._settle(" ")
        self._open.clear()
        self._before = " "
        return kept

    def _settle(self, after: str) -> str:
        stars, self._stars = self._stars, 0
        if stars in self._open and not self._before.isspace():
            self._open.remove(stars)
            return ""
        if stars > _MOST_STARS:
            return ""
        if stars and not (after.isspace() or self._before.isalnum() or stars in self._open):
            self._open.append(stars)
            return ""
        return "*" * stars


class Lines:
    """Reads lines: yields a `BlockKind` where a block begins, and the text inside blocks.

    A line after "#", or after a bullet or number, is a heading or an item; other lines are a
    paragraph until a blank one, and indented ones go on with the item above.
    """

    def __init__(self) -> None:
        self._block: BlockKind | None = None
        self._at_start = True
        self._indented = False
        self._head = ""

    def feed(self, sign: str) -> Iterator[BlockKind | str]:
        """Yield what `sign` makes certain."""
        if sign == "\n":
            yield from self._end_line()
        elif not self._at_start:
            yield sign
        elif not self._head and sign.isspace():
            self._indented = True
        elif _MAYBE_MARKER.fullmatch(self._head + sign):
            self._head += sign
        elif sign.isspace() and (marker := _MARKER.fullmatch(self._head)):
            self._at_start = False
            self._block = BlockKind.HEADING if marker["heading"] else BlockKind.ITEM
            yield self._block
        else:
            yield from self._begin_text(sign)

    def finish(self) -> Iterator[BlockKind | str]:
        """Yield what was held back in case it began a block."""
        yield from self._end_line()

    def _end_line(self) -> Iterator[BlockKind | str]:
        if self._head and self._at_start and not _RULE.fullmatch(self._head):
            yield from self._begin_text("")
        if self._at_start:
            self._block = None
        self._at_start, self._indented, self._head = True, False, ""

    def _begin_text(self, sign: str) -> Iterator[BlockKind | str]:
        self._at_start = False
        goes_on = self._block is BlockKind.PARAGRAPH
        if goes_on or (self._block is BlockKind.ITEM and self._indented):
            yield " "
        else:
            self._block = BlockKind.PARAGRAPH
            yield self._block
        yield self._head + sign
