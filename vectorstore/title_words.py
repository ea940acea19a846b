"""Cuts titles and questions into words, and finds the name that a title gives its work.

Owns how a title is read: markup is dropped, so that "A$^2$ATS" is one word, and a name is what
stands in front of a colon or a dash; and how misspelt a word of one may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.normal_forms import normalised

MAX_NAME_WORDS = 5
MIN_INITIALS = 3
ONE_SLIP_LETTERS = 5
TWO_SLIPS_LETTERS = 8
LINKING_WORDS = frozenset("a an and as at by for from in into is of on or the to via with".split())

_MARKUP = re.compile(r"[$^{}\\]")
_WORD = re.compile(r"[^\W_]+")
_END_OF_NAME = re.compile(r":|\s[-–—]+\s")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in lower case and as they are typed."""

    texts: tuple[str, ...]
    typed: tuple[str, ...]

    @property
    def joined(self) -> str:
        """All words as one in lower case, so that "Quick Rise" is "QuickRise"."""
        return "".join(self.texts)

    def part(self, start: int, end: int) -> Words:
        """Return the words from `start` up to `end`."""
        return Words(self.texts[start:end], self.typed[start:end])


@dataclass(frozen=True, slots=True)
class Title:
    """The words of a title, and how many of them are the part in front of a colon or dash."""

    words: Words
    front: int

    @property
    def name(self) -> Words:
        """The work's name, without an article; no words where the title has no short front part."""
        start = 1 if self.words.texts[:1] in {("a",), ("an",), ("the",)} else 0
        return self.words.part(start, self.front if self.front <= MAX_NAME_WORDS else 0)

    def initials(self) -> Iterator[str]:
        """Yield what the title may be abbreviated to, in lower case; some come twice.

        These are the initials of all words, or of those in front of or behind the colon, with and
        without linking words.
        """
        texts = self.words.texts
        parts = (texts, texts[: self.front], texts[self.front :]) if self.front else (texts,)
        for part in parts:
            yield from _initials(part)
            yield from _initials([text for text in part if text not in LINKING_WORDS])


def words_of(text: str) -> Words:
    """Return the words of `text`: letters and digits, without the signs of markup."""
    typed = tuple(_WORD.findall(_MARKUP.sub("", normalised("NFKC", text))))
    return Words(tuple([word.lower() for word in typed]), typed)


def read_title(title: str) -> Title:
    """Return the words of a title and where its name ends."""
    front, *rest = _END_OF_NAME.split(title, maxsplit=1)
    words = words_of(title)
    return Title(words, len(words_of(front).texts) if rest else 0)


def max_slips(text: str) -> int:
    """Return how many letters of a word or name may be wrong for it to be taken for another."""
    if len(text) < ONE_SLIP_LETTERS:
        return 0
    return 1 if len(text) < TWO_SLIPS_LETTERS else 2


def _initials(texts: Sequence[str]) -> Iterator[str]:
    if len(texts) >= MIN_INITIALS:
        yield "".join([text[0] for text in texts])
