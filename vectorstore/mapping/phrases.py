"""The phrases of a text that may name a topic: up to three words that stand together.

A phrase is known by its stems, so that "Image" and "images" are one. Words between two stop words
or signs make a run; where in its run a phrase stands tells whole phrases from parts of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.question_words import STOP_WORDS
from vectorstore.stemming import stem

PHRASE_WORDS = 3
WORD_LETTERS = 30  # a longer one is an address, or a language written without spaces
TEXT_LETTERS = 5_000  # abstracts are shorter; of anything longer the beginning tells the topic

_PIECE = re.compile(r"[.,;:!?()\[\]{}<>&|=$\\\"“”]|\s[-–—]+\s")
_WORD = re.compile(r"[^\W_]+(?:[-/+’'][^\W_]+)*")
_PART = re.compile(r"[-/+’']")
# Words that stand beside a phrase and are no part of it, besides those that questions hold.
_BESIDE = frozenset(
    """
    achieve achieves across although among based current currently demonstrate demonstrates despite
    effectively enable enables enabling even existing first however improve improved improves
    improving including introduce introduces introducing many may moreover new novel often one
    present presents propose proposed proposes provide provides recent recently result results
    second several significantly since thus toward towards two typically various via vs well whether
    while within without yet
    """.split()
)

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase by its stems and as it is typed, and whether it begins and ends its run."""

    stems: Stems
    typed: str
    begins: bool
    ends: bool


def read_phrases(text: str) -> Iterator[Phrase]:
    """Yield the phrases of `text` in order, each as often as it is there."""
    for words in _runs(text[:TEXT_LETTERS]):
        stems = [stems_of(word) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + PHRASE_WORDS, len(words)) + 1):
                yield Phrase(
                    stems=tuple(part for word in stems[start:end] for part in word),
                    typed=" ".join(words[start:end]),
                    begins=start == 0,
                    ends=end == len(words),
                )


def stems_of(text: str) -> Stems:
    """Return the stems of all words of `text`, those joined by hyphens one by one."""
    return tuple(stem(part) for word in _WORD.findall(text) for part in _PART.split(word))


def _runs(text: str) -> Iterator[list[str]]:
    for piece in _PIECE.split(text):
        words: list[str] = []
        for word in (*_WORD.findall(piece), ""):
            if _may_name(word):
                words.append(word)
            elif words:
                yield words
                words = []


def _may_name(word: str) -> bool:
    lower = word.lower()
    fits = 0 < len(word) <= WORD_LETTERS and not word.isdigit()
    return fits and lower not in STOP_WORDS and lower not in _BESIDE
