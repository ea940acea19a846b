"""Texts of a conversation in the form that its search compares, and the title it gets.

Owns what counts as the same word: neither case nor accents matter, and a word that is typed is
found within longer ones, so that a search finds something while it is being typed.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.conversations.exchange_record import StoredExchange
from vectorstore.normal_forms import normalised

TITLE_CHARACTERS = 60  # two lines of a narrow list
SEARCHED_CHARACTERS = 200  # of what is typed into the search box
UNTITLED = "Untitled"

# Controls, marks of direction and halves of characters: a title is one line of plain text.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def conversation_title(text: str) -> str:
    """Return whole words of `text`, as many as a title has room for, on one line."""
    words = " ".join(_UNPRINTABLE.sub(" ", text).split())
    if len(words) <= TITLE_CHARACTERS:
        return words or UNTITLED
    cut, space, _ = words[:TITLE_CHARACTERS].rpartition(" ")
    return (cut if space else words[: TITLE_CHARACTERS - 1]) + "…"


def folded(text: str) -> str:
    """Return `text` without case, accents and controls, for comparing."""
    letters = normalised("NFKD", _UNPRINTABLE.sub(" ", text)).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())


def searched_words(typed: str) -> tuple[str, ...]:
    """Return the words that a conversation must have, all of them."""
    return tuple(dict.fromkeys(folded(typed[:SEARCHED_CHARACTERS]).split()))


def exchange_words(exchange: StoredExchange) -> str:
    """Return what a search reads of an exchange: its question and the text of its answer."""
    texts = [exchange.question]
    if exchange.answer is not None:
        for block in exchange.answer.blocks:
            texts += [block.lead, *block.columns, *(claim.text for claim in block.all_claims())]
    return folded(" ".join(texts))
