"""Finds where a text says what an abbreviation stands for: "mixture of experts (MoE)".

The method is that of Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (2003). Ours looks for the initials of words first, because theirs
stops at the shortest match and takes "supervised learning" for "SSL". Time is linear in the text:
only so much of it is read around each pair of parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_SHORT = 10  # characters, as in the paper
MIN_LETTERS = 2  # one letter and a digit match anything: "to 49% (T4)"
MAX_LONG = 160  # characters; no definition is longer
LINKING_WORDS = frozenset("a an and as by for from in into of on or over the to via with".split())

_PARENTHESES = re.compile(rf"\(([^()]{{1,{MAX_LONG}}})\)")
_MARKUP = re.compile(r"\\[A-Za-z]+\{|[$^{}\\*`]")
_SPACE = re.compile(r"[\s~]+")  # "~" is a space of TeX
_SHORT = re.compile(rf"[^\W_](?:[^\W_]|[-+/.&]){{1,{MAX_SHORT - 1}}}")
_PLURAL = re.compile(r"(?<=[A-Z0-9])s$")
_END_OF_PHRASE = re.compile(r"[.;:!?]\s|[()\[\]]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form in the singular, "LLM", and its long form as the text has it."""

    short: str
    long: str


def find_abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """Return the abbreviations that `text` defines, each definition once, in order."""
    plain = _SPACE.sub(" ", _MARKUP.sub("", text))
    return tuple(dict.fromkeys(_definitions(plain)))


def _definitions(text: str) -> Iterator[Abbreviation]:
    for match in _PARENTHESES.finditer(text):
        before = _END_OF_PHRASE.split(text[max(0, match.start() - MAX_LONG) : match.start()])[-1]
        inside = re.split(r"[,;]", match[1])[0].strip()
        if short := _short_form(inside):
            if long := _long_form(short, _last_words(before, short)):
                yield Abbreviation(short, long)
        elif words := before.split():
            short = _short_form(words[-1])
            if short and _long_form(short, inside) == inside:
                yield Abbreviation(short, inside)


def _short_form(text: str) -> str | None:
    """Return `text` in the singular if it can be a short form, which takes a capital letter."""
    if not _SHORT.fullmatch(text) or text.lower() == text:
        return None
    singular = _PLURAL.sub("", text)
    return singular if len(singular) > 1 else None


def _last_words(text: str, short: str) -> str:
    """Return the end of `text` that may hold the long form: as many words as the paper allows."""
    most = min(len(short) + 5, len(short) * 2)
    return " ".join(text.split()[-most:])


def _long_form(short: str, text: str) -> str | None:
    """Return the end of `text` that `short` abbreviates."""
    letters = [character for character in short.lower() if character.isalnum()]
    if sum(map(str.isalpha, letters)) < MIN_LETTERS:
        return None
    start = _start_by_initials(letters, text)
    if start is None:
        start = _start_by_letters(letters, text)
    if start is None:
        return None
    long = text[_start_of_compound(text, start, letters[0]) :].strip()
    says_more = len(long) > len(short) and short.lower() not in long.lower().split()
    return long if says_more else None


def _start_of_compound(text: str, start: int, initial: str) -> int:
    """Return where the hyphenated word around `start` begins if with `initial`: "multi-modal"."""
    compound = text.rfind(" ", 0, start) + 1
    return compound if text[compound].lower() == initial else start


def _start_by_initials(letters: list[str], text: str) -> int | None:
    """Return where a word starts from which on the words' initials are `letters`."""
    missing = list(letters)
    for word in reversed(list(_WORD.finditer(text))):
        if word[0][0].lower() == missing[-1]:
            missing.pop()
            if not missing:
                return word.start()
        elif word[0].lower() not in LINKING_WORDS:
            return None
    return None


def _start_by_letters(letters: list[str], text: str) -> int | None:
    """Return where `letters` start if they occur in this order, the first at the start of a word.

    Looks from the end for the latest place of each, as Schwartz and Hearst do.
    """
    folded = text.lower()
    at, phrase = len(folded), folded.rfind(",") + 1
    for letter in reversed(letters[1:]):
        at = folded.rfind(letter, phrase, at)
        if at < 0:
            return None
    words = _WORD.finditer(folded, phrase, at)
    return max((word.start() for word in words if word[0][0] == letters[0]), default=None)
