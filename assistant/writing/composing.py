"""An answer as it is written: by the composer of choice, or by the extractive one in its place.

Owns who writes, and how the answer says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from threading import Event

from assistant.answer import EXTRACTIVE, Answer, Intent, Outcome
from assistant.draft import Composer, Piece, Task
from assistant.errors import ModelError
from assistant.growing import Growing
from assistant.planning.shown_papers import ON_ONE_PAPER
from assistant.writing.compose_extractive import ExtractiveComposer
from assistant.writing.kept_out import notice_of
from assistant.writing.overview_table import table_pieces

logger = logging.getLogger(__name__)


def composed(
    growing: Growing, task: Task, shown: Task, composer: Composer, *, stated: bool
) -> Iterator[Answer]:
    """Yield snapshots of the composer's answer, or of the extractive one if it fails.

    A model is given `shown`, which may be less than `task`. Where the paper asked about has not
    `stated` it, a model is to find that out for itself.
    """
    growing.answer = replace(growing.answer, uncovered=task.uncovered)
    begun = growing.answer
    if composer.mode == EXTRACTIVE:
        yield from _extracted(growing, task, stated=stated)
        return
    try:
        growing.answer = replace(growing.answer, notice=notice_of(shown))
        draft = _draft(composer.compose(shown, growing.stop), task, growing.stop)
        for snapshot in growing.snapshots(task.sources, draft):
            yield _with_outcome(snapshot, task)
    except ModelError as error:
        logger.info("the model failed", exc_info=error)
        reason = f"{error.problem}, so this answer quotes the abstracts instead."
        notice = f"{reason} {error.hint}".rstrip()
        growing.answer = replace(begun, mode=EXTRACTIVE, notice=notice)
        yield from _extracted(growing, task, stated=stated)


def declined(growing: Growing, task: Task) -> Iterator[Answer]:
    """Yield the answer that nothing here answers the question, and the closest papers."""
    growing.answer = replace(
        growing.answer, outcome=Outcome.NOT_FOUND, mode=EXTRACTIVE, uncovered=task.uncovered
    )
    return growing.snapshots(task.sources, ExtractiveComposer().compose_closest(task))


def talked(growing: Growing) -> Iterator[Answer]:
    """Yield the answer to what is no question for papers."""
    plan = growing.answer.plan
    refused = plan.intent is Intent.OUT_OF_SCOPE
    outcome = Outcome.NOT_FOUND if refused else Outcome.ANSWERED
    growing.answer = replace(growing.answer, outcome=outcome, mode=EXTRACTIVE)
    return growing.snapshots((), ExtractiveComposer().compose_talk(plan))


def _extracted(growing: Growing, task: Task, *, stated: bool) -> Iterator[Answer]:
    composer = ExtractiveComposer()
    if stated:
        draft = _draft(composer.compose(task, growing.stop), task, growing.stop)
        return growing.snapshots(task.sources, draft)
    growing.answer = replace(growing.answer, outcome=Outcome.NOT_STATED)
    return growing.snapshots(task.sources, composer.compose_not_stated(task))


def _with_outcome(answer: Answer, task: Task) -> Answer:
    """Return a model's answer as one that was not found, where in the end it cites nothing."""
    if not answer.complete or answer.citations:
        return answer
    on_papers = task.plan.intent in ON_ONE_PAPER and bool(task.plan.named or task.plan.scope)
    return replace(answer, outcome=Outcome.NOT_STATED if on_papers else Outcome.NOT_FOUND)


def _draft(pieces: Iterator[Piece], task: Task, stop: Event) -> Iterator[Piece]:
    """Yield a composer's draft, then the table that ends one of its kind, unless stopped."""
    yield from pieces
    if not stop.is_set():
        yield from table_pieces(task)
