"""Which tokens of a text carry its meaning: those that late interaction compares.

The same rule reads abstracts when they are embedded, questions when they are asked, and both when
the model is trained.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.question_words import STOP_WORDS

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A word that is no stop word, where it stands, and the positions of its tokens."""

    text: str
    start: int
    tokens: tuple[int, ...]


def content_words(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[ContentWord, ...]:
    """Return the content words of `text` in order, each with its tokens.

    `offsets` are the character ranges of the tokens, in order. A word without a token of its own,
    as where the tokenizer drops a sign, is left out. A text of stop words alone keeps all of them.
    """
    words = _words_with_tokens(text, offsets)
    kept = tuple(word for word in words if word.text.lower() not in STOP_WORDS)
    return kept or words


def _words_with_tokens(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[ContentWord, ...]:
    words: list[ContentWord] = []
    token = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while token < len(offsets) and offsets[token][0] < start:
            token += 1
        first = token
        while token < len(offsets) and offsets[token][0] < end:
            token += 1
        if token > first:
            words.append(ContentWord(match.group(), start, tuple(range(first, token))))
    return tuple(words)
