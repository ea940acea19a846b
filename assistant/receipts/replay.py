"""Compares a receipt with today: the same questions asked again, the same words checked again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from assistant.answer import EXTRACTIVE, RULES
from assistant.receipts.named_values import CHAT, Setting
from assistant.receipts.receipt import LastTurn, Receipt
from assistant.receipts.receipt_changes import (
    Change,
    Part,
    answer_changes,
    named_changes,
    paper_changes,
    quote_changes,
    understanding_changes,
    verdict_changes,
)
from assistant.receipts.recheck import LostQuote, lost_quotes, recheck
from vectorstore.records import Paper


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    `changes` are those between the recorded answer and today's, `rechecked` those that the recorded
    words undergo when they are checked against today's abstracts, and `lost` the quotes that no
    longer stand there. Without `asked_again` there is no answer of today's to compare: the model
    that wrote the recorded one is not configured here.
    """

    asked_again: bool
    changes: tuple[Change, ...]
    rechecked: tuple[Change, ...]
    lost: tuple[LostQuote, ...]

    @property
    def same(self) -> bool:
        """Tell whether nothing changed."""
        return not (self.changes or self.rechecked or self.lost)


def replay(before: Receipt, after: Receipt, papers: Mapping[str, Paper]) -> Replay:
    """Return what changed from `before` to `after`, a receipt of today.

    `papers` are today's, by id, at least those of `recheck.needed_ids`.
    """
    asked_again = before.models.chat == EXTRACTIVE or after.models.chat != EXTRACTIVE
    changes = [
        *paper_changes(before, after),
        *named_changes(Part.MODELS, *(_models(r, chat=asked_again) for r in (before, after))),
        *named_changes(Part.SETTINGS, *(_settings(r, chat=asked_again) for r in (before, after))),
    ]
    # Rules plan a question without a past in the same way, whatever model answers it.
    if asked_again or (before.models.planner == RULES and len(before.questions) == 1):
        changes += understanding_changes(before.turn, after.turn)
    if asked_again:
        changes += answer_changes(before.turn, after.turn)
    lost = lost_quotes(before.turn, papers)
    return Replay(asked_again, tuple(changes), tuple(_rechecked(before.turn, papers, lost)), lost)


def _models(receipt: Receipt, *, chat: bool) -> Iterator[tuple[str, Setting]]:
    of_chat = {"chat", "planner"}
    models = asdict(receipt.models).items()
    return ((name, model) for name, model in models if chat or name not in of_chat)


def _settings(receipt: Receipt, *, chat: bool) -> Iterator[tuple[str, Setting]]:
    settings = receipt.settings.items()
    return ((name, value) for name, value in settings if chat or not name.startswith(CHAT))


def _rechecked(
    turn: LastTurn, papers: Mapping[str, Paper], lost: tuple[LostQuote, ...]
) -> Iterator[Change]:
    """Yield what changed of the recorded words, but for quotes that are `lost`."""
    again = recheck(turn, papers)
    told = {(quote.title, quote.text) for quote in lost}
    for change in quote_changes(turn.citations, again.citations):
        if (change.what, change.before) not in told:
            yield change
    yield from verdict_changes(turn.blocks, again.blocks)
