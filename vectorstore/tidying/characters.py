"""Characters as search reads them: composed, in their plain form, and all of them seen.

Folds the forms that typesetting gives a letter (ligatures, full width, the alphabets of formulas)
and leaves what means something else, such as a raised 2 or a fraction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from vectorstore.tidying.alignment import Edit

# What takes no room on a page: soft hyphens, spaces of no width, marks of direction and of
# variants, tags. The marks of direction are Unicode's; what is between them is kept in its order.
UNSEEN = "\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
UNSEEN += "\U000e0000-\U000e01ef"

# The scripts from Arabic on join and part letters by these two; before, nothing is to be joined.
JOINERS = "\u200c\u200d"
_LOOSE_JOINER = f"(?<![\u0600-\U0010ffff])[{JOINERS}]++|[{JOINERS}]++(?![\u0600-\U0010ffff])"

_FONTS = "\u2010\u2011\u2100-\u214f\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff"
_FOLDED_TAGS = ("<font>", "<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>")
_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
_HYPHENS = "\u2010\u2011"

_PIECE = re.compile(
    f"(?P<broken>\u00ad\\s*+)"
    f"|(?P<unseen>[{UNSEEN}]++|{_LOOSE_JOINER}|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]++)"
    f"|(?P<half>[\ud800-\udfff])"
    f"|(?P<private>[\ue000-\uf8ff\U000f0000-\U0010ffff]++)"
    f"|(?P<form>[{_FONTS}])"
)
_NEVER_SEEN = re.compile(f"[\u00ad{UNSEEN}]")
_WITH_ACCENTS = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]++")
_SHORT_RUN = 64  # characters: more are looked at one by one, as sorting marks takes their square
_LONGEST_CLUSTER = 16  # a letter and its marks; the most that any language puts on one is far less


def without_unseen(text: str) -> str:
    """Return what was typed without characters that nobody sees, as a pasted title may have."""
    return text if text.isascii() else _NEVER_SEEN.sub("", text)


def character_edits(text: str) -> Iterator[Edit]:
    """Yield plain characters for those that have another form, and nothing for unseen ones."""
    if text.isascii() and text.isprintable():
        return
    for match in _PIECE.finditer(text):
        yield Edit(*match.span(), _plain(str(match.lastgroup), match[0]))


def composition_edits(text: str) -> Iterator[Edit]:
    """Yield letters and their marks in Unicode's composed form, NFC."""
    if text.isascii():
        return
    for run in _WITH_ACCENTS.finditer(text):
        if len(run[0]) > _SHORT_RUN or not unicodedata.is_normalized("NFC", run[0]):
            for start, end in _clusters(text, *run.span()):
                cluster = text[start : min(end, start + _LONGEST_CLUSTER)]
                composed = unicodedata.normalize("NFC", cluster)
                yield Edit(start, end, composed[:_LONGEST_CLUSTER])


def _plain(kind: str, piece: str) -> str:
    if kind == "form":
        return _plain_form(piece)
    return {"half": "\ufffd", "private": " "}.get(kind, "")


@cache
def _plain_form(character: str) -> str:
    if character in _HYPHENS:
        return "-"
    tag = unicodedata.decomposition(character).partition(" ")[0]
    folded = tag in _FOLDED_TAGS or character in _LIGATURES
    return unicodedata.normalize("NFKC", character) if folded else character


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of letters with the marks that follow them."""
    for at in range(start + 1, end):
        if not _goes_on(text[at]):
            yield start, at
            start = at
    yield start, end


def _goes_on(character: str) -> bool:
    is_part_of_syllable = "\u1160" <= character <= "\u11ff"  # Hangul in letters
    return is_part_of_syllable or unicodedata.category(character).startswith("M")
