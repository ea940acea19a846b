"""A draft as a receipt keeps it: each piece a step with its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import BlockKind
from assistant.draft import Cite, Piece, Remark, StartBlock, StartCell, StartRow, StartTable, Text


class Step(StrEnum):
    """Which piece of a draft a step is."""

    BLOCK = "block"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    TEXT = "text"
    CITE = "cite"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A piece of a draft: `text` is a block's lead, a text or a remark, `names` are the columns of
    a table or the ids of cited sentences.
    """

    step: Step
    text: str = ""
    names: tuple[str, ...] = ()
    kind: BlockKind | None = None


def draft_steps(pieces: Iterable[Piece]) -> tuple[DraftStep, ...]:
    """Return the pieces as steps; what passed between composer and model is none."""
    return tuple(step for piece in pieces if (step := _step(piece)))


def draft_pieces(steps: Iterable[DraftStep]) -> tuple[Piece, ...]:
    """Return the steps as pieces."""
    return tuple(_PIECES[step.step](step) for step in steps)


def _step(piece: Piece) -> DraftStep | None:
    step = None
    match piece:
        case StartBlock(kind, lead):
            step = DraftStep(Step.BLOCK, lead, kind=kind)
        case StartTable(columns):
            step = DraftStep(Step.TABLE, names=columns)
        case StartRow():
            step = DraftStep(Step.ROW)
        case StartCell():
            step = DraftStep(Step.CELL)
        case Text(text):
            step = DraftStep(Step.TEXT, text)
        case Cite(sentence_ids):
            step = DraftStep(Step.CITE, names=sentence_ids)
        case Remark(text):
            step = DraftStep(Step.REMARK, text)
    return step


_PIECES: dict[Step, Callable[[DraftStep], Piece]] = {
    Step.BLOCK: lambda step: StartBlock(step.kind or BlockKind.PARAGRAPH, step.text),
    Step.TABLE: lambda step: StartTable(step.names),
    Step.ROW: lambda _step: StartRow(),
    Step.CELL: lambda _step: StartCell(),
    Step.TEXT: lambda step: Text(step.text),
    Step.CITE: lambda step: Cite(step.names),
    Step.REMARK: lambda step: Remark(step.text),
}
