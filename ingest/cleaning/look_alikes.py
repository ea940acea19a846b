"""Letters of other alphabets that look like Latin ones, and titles that are spelt with them."""

from __future__ import annotations

import re

_LETTERS = {
    "a": "аα", "b": "в", "c": "с", "d": "ԁ", "e": "еε", "g": "ɡ", "h": "һ", "i": "іιı", "j": "ј",
    "k": "кκ", "l": "ӏ", "m": "м", "n": "ո", "o": "оο", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ",
    "u": "ս", "v": "ѵν", "w": "ԝ", "x": "х", "y": "уү",
}  # fmt: skip
LOOK_ALIKES = str.maketrans({like: letter for letter in _LETTERS for like in _LETTERS[letter]})

_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
# Of Greek, what is the same to the eye: formulas are full of the others.
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_GREEK_IN_WORD = re.compile(f"[A-Za-z][{_GREEK}]|[{_GREEK}][A-Za-z]")


def passes_for_latin(title: str) -> bool:
    """Tell whether a title has letters of another alphabet where everybody reads Latin ones.

    A title in two languages has others too; a formula has its Greek letters by themselves.
    """
    if title.isascii() or not _LATIN.search(title):
        return False
    cyrillic = "".join(_CYRILLIC.findall(title)).lower().translate(LOOK_ALIKES)
    return (cyrillic != "" and cyrillic.isascii()) or _GREEK_IN_WORD.search(title) is not None
