"""The blocks of a BibTeX file, each by itself: what is broken in one ends at the next.

Owns where a block begins, macros and the joining of values; bibtexparser takes a block apart.
Invariant: at most one block is in memory, and no value grows beyond `LONGEST_BLOCK`, however often
macros are joined with themselves.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.content import Content, ContentError

LONGEST_BLOCK = 1_000_000  # characters: ten times the longest abstract that is taken
LONGEST_MACRO = 2_000  # characters: the name of a journal
MOST_MACROS = 20_000  # lists of all journals of a field have a few thousand

# A block begins with a line, or right after the one before: files are joined without a line end.
BLOCK_START = re.compile(
    r"\s*@\s*(?P<kind>[A-Za-z]+)\s*[{(]\s*(?:(?P<key>[^\s,{}()=\"]++)(?!\s*=))?"
)
_WITHIN_LINE = re.compile(r"\}(?=\s*@[A-Za-z]+\s*\{[^\s,{}=]+\s*,)")
_MARK = re.compile(r'(?<!\\)[{}"#]')
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class BrokenEntryError(Exception):
    """An entry that can't be taken apart; the text says why."""


@dataclass(frozen=True, slots=True)
class BibtexBlock:
    """What stands from one "@" to the next; `line` counts from 1, `kind` is in lower case."""

    line: int
    kind: str
    key: str
    text: str
    is_cut: bool


@dataclass(slots=True)
class Macros:
    """The @string definitions so far, and the months that every file may use."""

    _texts: dict[str, str] = field(default_factory=lambda: {name: name for name in _MONTHS})

    def define(self, block: BibtexBlock) -> None:
        """Take over a @string block; one that is broken defines nothing."""
        from bibtexparser.model import String

        parsed = _parsed(block)
        if isinstance(parsed, String) and len(self._texts) < MOST_MACROS:
            self._texts[parsed.key.lower()] = self.joined(parsed.value)[:LONGEST_MACRO]

    def joined(self, value: str) -> str:
        """Return the text of a value: parts in braces or quotes, numbers and macros.

        Raises BrokenEntryError where it is none.
        """
        texts: list[str] = []
        size = 0
        for part in _parts(value):
            texts.append(self._text(part.strip()))
            size += len(texts[-1])
            if size > LONGEST_BLOCK:
                break
        return "".join(texts)

    def _text(self, part: str) -> str:
        if len(part) > 1 and part[0] + part[-1] in ("{}", '""'):
            return part[1:-1]
        if part.count('"') + part.count("{"):
            raise BrokenEntryError("is a comma missing after a value?")
        return self._texts.get(part.lower(), part)


def blocks_of(content: Content) -> Iterator[BibtexBlock]:
    """Yield the blocks in their order; what stands before the first one is a comment.

    The block at which the content is damaged is yielded too: its braces tell whether it is whole.
    """
    parts: list[str] = []
    first_line = size = 0
    damage: ContentError | None = None
    try:
        for number, text in _pieces(content):
            if BLOCK_START.match(text):
                if parts:
                    yield _block(first_line, parts, size)
                first_line, parts, size = number, [], 0
            elif not parts:
                continue
            size += len(text) + 1
            if size <= LONGEST_BLOCK or not parts:
                parts.append(text[:LONGEST_BLOCK])
    except ContentError as error:
        damage = error
    if parts:
        yield _block(first_line, parts, size)
    if damage:
        raise damage


def fields_of(block: BibtexBlock, macros: Macros) -> dict[str, str]:
    """Return the fields of an entry by their names in lower case, still LaTeX.

    The first of a name counts, as long as it says something. Raises BrokenEntryError.
    """
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry

    parsed = _parsed(block)
    if isinstance(parsed, DuplicateFieldKeyBlock):
        parsed = parsed.ignore_error_block
    if not isinstance(parsed, Entry):
        raise BrokenEntryError("a brace, a quote or a comma is missing")
    fields: dict[str, str] = {}
    for name, value in ((f.key.lower(), macros.joined(f.value)) for f in parsed.fields):
        if value.strip():
            fields.setdefault(name, value)
    return fields


def _pieces(content: Content) -> Iterator[tuple[int, str]]:
    for line in content.lines():
        start = 0
        for end in _WITHIN_LINE.finditer(line.text):
            yield line.number, line.text[start : end.end()]
            start = end.end()
        yield line.number, line.text[start:]


def _block(line: int, parts: list[str], size: int) -> BibtexBlock:
    text = "\n".join(parts)
    start = BLOCK_START.match(text)
    kind, key = (start["kind"].lower(), start["key"] or "") if start else ("", "")
    return BibtexBlock(line, kind, key[:100], text, is_cut=size > LONGEST_BLOCK)


def _parsed(block: BibtexBlock) -> object:
    from bibtexparser.splitter import Splitter

    # It warns of what is reported here.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    return next(iter(Splitter(block.text).split().blocks), None)


def _parts(value: str) -> Iterator[str]:
    """Split at "#" outside braces and quotes; raises where one value follows another."""
    start = depth = 0
    is_quoted = False
    for mark in _MARK.finditer(value):
        sign = mark[0]
        if sign == '"' and not depth:
            is_quoted = not is_quoted
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
            opens = sign == "{" and depth == 1 and not is_quoted
            if opens and value[start : mark.start()].strip():
                raise BrokenEntryError("is a comma missing after a value?")
        elif sign == "#" and not depth and not is_quoted:
            yield value[start : mark.start()]
            start = mark.end()
    yield value[start:]
