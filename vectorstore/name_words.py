"""The words of names, and whether one name is meant by another.

Owns what counts as the same: case and accents never do, nor does the order of an author's names. A
single letter stands for a name that begins with it: "A. Baker", "Baker, Alice" and "Alice Baker"
may be one author.
"""

from __future__ import annotations

import re
import unicodedata

from vectorstore.normal_forms import normalised

# Letters that SQLite's tokenizer takes for marks, and would cut a word at (New Tai Lue, Vedic).
CUTTING = "\u19b0-\u19c9\u1cf2\u1cf3"
WORD = re.compile(rf"[^\W_{CUTTING}]+")

Words = tuple[str, ...]


def name_words(name: str) -> Words:
    """Return the words of a name, in lower case and without accents."""
    return tuple(WORD.findall(_plain(name)))


def is_author(wanted: Words, author: Words) -> bool:
    """Tell whether an author is meant: each word has a name of its own, one of them in full."""
    left, initials = list(author), list[str]()
    for word in wanted:
        if word in left:
            left.remove(word)
        else:
            initials.append(word)
    if len(initials) == len(wanted):
        return False
    for word in sorted(initials, key=len):  # what is short itself has the larger choice
        stands = next((name for name in left if _is_initial(word, name)), None)
        if stands is None:
            return False
        left.remove(stands)
    return True


def is_part(wanted: Words, name: Words) -> bool:
    """Tell whether a name has these words, one behind the other; the last may be the beginning of
    one.
    """
    return bool(wanted) and f" {' '.join(wanted)}" in f" {' '.join(name)}"


def has_words(wanted: Words, name: Words) -> bool:
    """Tell whether a name has these words, whole and one behind the other."""
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(name)} "


def is_whole(wanted: Words, name: Words) -> bool:
    """Tell whether a name is these words and no others, but for a year: "ICML" is "ICML 2024"."""
    rest = name[len(wanted) :]
    return bool(wanted) and name[: len(wanted)] == wanted and all(map(str.isdigit, rest))


def _is_initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _plain(text: str) -> str:
    if text.isascii():  # it takes a fifth of the time
        return text.lower()
    marked = normalised("NFKD", text).lower()
    return "".join(letter for letter in marked if not unicodedata.combining(letter))
