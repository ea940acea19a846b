"""What is left of a page's layout: words cut at the end of a line, white space, a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vectorstore.english_words import english_rank
from vectorstore.tidying.alignment import Edit

HEADING = "abstract"

_CUT = re.compile(r"-(?<=[^\W\d_]-)(?:[ \t]*+\n[ \t]*+|[ ]++)(?=[^\W\d_])")
_LEFT = re.compile(r"[^\W\d_]{1,40}\Z")
_RIGHT = re.compile(r"[^\W\d_]{1,40}")
_WORD = re.compile(r"[^\W_]++(?:-[^\W_]++)*+")
_SPACES = re.compile(r"\A\s++|[^\S\n]++|\s++\Z")
_HEADING = re.compile(
    rf"\s*+(?:{HEADING}(?:\s*+[:—–]|\s++-(?=\s)|\.(?=\s))\s*+)++(?=\S)", re.IGNORECASE
)


def broken_word_edits(text: str) -> Iterator[Edit]:
    """Yield words that a line end cut in two, whole again; a hyphen of the word itself stays.

    Where a space is all that is left of the line end, only what is surely one word is joined.
    """
    cuts = list(_CUT.finditer(text))
    if not cuts:
        return
    words = set(_WORD.findall(text.lower()))
    for cut in cuts:
        start, end = cut.span()
        joint = _joint(text, start, end, words)
        yield Edit(start, end, cut[0] if joint is None else joint)


def layout_edits(text: str) -> Iterator[Edit]:
    """Yield single spaces for what is wider, and nothing around the text and for "Abstract:"."""
    heading = _HEADING.match(text)
    start = heading.end() if heading else 0
    if start:
        yield Edit(0, start, "")
    if text.isprintable() and "  " not in text and text == text.strip():
        return
    for spaces in _SPACES.finditer(text, start):
        is_at_edge = spaces.start() == start or spaces.end() == len(text)
        is_before_line_end = text.startswith("\n", spaces.end())
        yield Edit(*spaces.span(), "" if is_at_edge or is_before_line_end else " ")


def _joint(text: str, start: int, end: int, words: set[str]) -> str | None:
    """Return what stands between the halves of the cut word; None where it may not be one."""
    left = _LEFT.findall(text[max(0, start - 40) : start])[0]
    right = _RIGHT.findall(text[end : end + 40])[0]
    whole = f"{left}{right}".lower()
    is_word = english_rank(whole) is not None
    is_compound = english_rank(left) is not None and english_rank(right) is not None
    if "\n" not in text[start:end]:
        is_certain = whole in words or (is_word and not is_compound)
        return "" if is_certain and right.islower() else None
    if whole in words or (is_word and right.islower()):
        return ""
    goes_on = text.startswith("-", end + len(right)) or text.endswith("-", 0, start - len(left))
    is_hyphenated = f"{left}-{right}".lower() in words
    return "-" if is_compound or goes_on or is_hyphenated or not right.islower() else ""
