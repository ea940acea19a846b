"""Marks of a text that is not what it seems: to be looked at, not refused."""

from __future__ import annotations

from enum import StrEnum

from ingest.cleaning.hidden_text import hides, reorders, splits_words
from ingest.cleaning.look_alikes import passes_for_latin
from ingest.cleaning.orders import talks_to_model
from ingest.cleaning.repetition import repeats_itself
from vectorstore.records import REPEATED
from vectorstore.tidying.tidy import tidy


class SuspiciousMark(StrEnum):
    """What a title or an abstract holds that its readers do not expect.

    ZERO_WIDTH: characters of no width split its words. BIDIRECTIONAL: it is shown in another order
    than it is stored. HIDDEN: parts of it are not shown on a page. LOOK_ALIKE: letters of its title
    only look like the Latin ones that they pass for. REPEATED: its abstract says the same over and
    over, which no search takes for the best of all. INSTRUCTION: it gives orders to a model, or
    quotes such orders.
    """

    ZERO_WIDTH = "zero-width"
    BIDIRECTIONAL = "bidirectional"
    HIDDEN = "hidden"
    LOOK_ALIKE = "look-alike"
    REPEATED = REPEATED
    INSTRUCTION = "instruction"


def suspicious_marks(title: str, abstract: str) -> tuple[SuspiciousMark, ...]:
    """Return the marks that either text has, each once, in the order of `SuspiciousMark`."""
    text = f"{title}\n{abstract}"
    tidied = f"{tidy(title).text}\n{tidy(abstract).text}"
    found = {
        SuspiciousMark.ZERO_WIDTH: splits_words(text),
        SuspiciousMark.BIDIRECTIONAL: reorders(text),
        SuspiciousMark.HIDDEN: hides(text),
        SuspiciousMark.LOOK_ALIKE: passes_for_latin(title),
        SuspiciousMark.REPEATED: repeats_itself(abstract),
        SuspiciousMark.INSTRUCTION: talks_to_model(text, tidied),
    }
    return tuple(mark for mark, is_found in found.items() if is_found)
