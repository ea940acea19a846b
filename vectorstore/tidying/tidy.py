"""A title or an abstract as search reads it: words, without markup and broken characters.

Owns the order of the passes. Invariants: a text that holds nothing to tidy is returned as it is;
tidying a tidied text changes nothing; time is linear in the text, whatever it holds.
"""

from __future__ import annotations

import re

from vectorstore.tidying.alignment import Edit, Tidied
from vectorstore.tidying.broken_lines import HEADING, broken_word_edits, layout_edits
from vectorstore.tidying.characters import character_edits, composition_edits
from vectorstore.tidying.latex import latex_edits
from vectorstore.tidying.markup import markup_edits
from vectorstore.tidying.mojibake import mojibake_edits

_PASSES = (
    mojibake_edits,
    character_edits,
    markup_edits,
    latex_edits,
    composition_edits,
    broken_word_edits,
    layout_edits,
)
_ROUNDS = 4  # markup inside escaped markup, escaped again, is as deep as anybody's mistakes go
_MARKS = ("\\", "$", "<", "&", "{", "}", "]]>", "  ", "- ", "-\n")
_ANY_MARK = re.compile(r"[\\$<&{}~]|]]>|[ÂÃâð]")


def tidy(text: str) -> Tidied:
    """Return `text` with its words readable, and where each span of it went.

    Takes out tags, entities, LaTeX and unseen characters; joins words cut at a line end; composes
    letters and accents, and leaves the text's own words, signs and order.
    """
    tidied = Tidied(text)
    for _ in range(_ROUNDS):
        after = _passed(tidied)
        if after is tidied:
            return tidied
        tidied = after
    # Whatever still changes is built to: without its marks there is nothing more to change.
    unmarked = (Edit(*mark.span(), "") for mark in _ANY_MARK.finditer(tidied.text))
    return _passed(tidied.edited(unmarked))


def _passed(tidied: Tidied) -> Tidied:
    if _is_clean(tidied.text):
        return tidied
    for edits in _PASSES:
        tidied = tidied.edited(edits(tidied.text))
    return tidied


def _is_clean(text: str) -> bool:
    """Tell, in a few looks at the whole text, whether there is surely nothing to tidy."""
    has_heading = text[: len(HEADING) + 1].lstrip().lower().startswith(HEADING)
    is_plain = text.isascii() and text.replace("\n", "").isprintable()
    return is_plain and not has_heading and not any(mark in text for mark in _MARKS)
