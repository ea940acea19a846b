"""How long an answer is on the page, and how long each kind may get, by the length asked for.

Counts words as Markdown shows them, so the marks of items, citations and cells count as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer import AnswerLength, BlockKind, Intent
from assistant.draft import Cite, Piece, Remark, StartBlock, StartCell, StartRow, StartTable, Text

# What is read in one go, and at a glance.
SHORT = 250
_MOST = {Intent.FACT: SHORT, Intent.TITLE: SHORT, Intent.COMPARE: 500}
_LONGEST = 900
_SHARES = {AnswerLength.SHORT: 0.4, AnswerLength.NORMAL: 1.0, AnswerLength.LONG: 2.0}


def most_words(intent: Intent, length: AnswerLength = AnswerLength.NORMAL) -> int:
    """Return how many words an answer of this kind and length may have."""
    return round(_MOST.get(intent, _LONGEST) * _SHARES[length])


def words_of(pieces: Iterable[Piece]) -> int:
    """Return how many words the pieces of a draft are on the page."""
    return sum(map(_words, pieces))


def first_within(room: int, drafts: Iterable[Sequence[Piece]]) -> Sequence[Piece]:
    """Return the first of `drafts` that has at most `room` words; where none has, the last."""
    draft: Sequence[Piece] = ()
    for draft in drafts:
        if words_of(draft) <= room:
            break
    return draft


def _words(piece: Piece) -> int:
    match piece:
        case StartBlock(kind, lead):
            return (kind is not BlockKind.PARAGRAPH) + len(lead.split())
        case StartTable(columns):  # two lines: the second has a dash for each column
            return sum(len(column.split()) + 3 for column in columns) + 2
        case Text(text) | Remark(text):
            return len(text.split())
        case StartRow() | StartCell() | Cite():
            return 1
        case _:
            return 0
