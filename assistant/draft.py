"""What passes from a composer to the verifier: sources with opaque sentence ids, and a draft in
pieces.

Owns the protocol that both composers follow. A composer never writes a citation number or a quote:
it names sentences by id, and `assistant.checking.verify` alone turns ids into citations. Ids are
drawn anew for every question, so that no abstract can name one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Protocol

from assistant.answer import AnswerLength, BlockKind, Plan, Usage
from vectorstore.records import MatchedWord, Paper, Span

if TYPE_CHECKING:
    from assistant.model.chat_model import Message


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence that may be cited; `text` is a slice of the abstract, `similarity` its cosine to
    the question, `words` what it answers of the question, where that was looked at.
    """

    id: str
    span: Span
    text: str
    similarity: float
    words: tuple[MatchedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """A selected paper, its relevance in [0, 1], and its sentences in the order of the abstract.

    It stands for as many `copies` with nearly the same abstract.
    """

    paper: Paper
    relevance: float
    sentences: tuple[SourceSentence, ...]
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that are about the same, best first; `label` says what, in words of theirs.

    The label is empty for those that are about nothing that others are about.
    """

    label: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many papers there are; with `at_least` there may be more."""

    number: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """All that a composer gets: the plan, the selected papers, best first, and the earlier
    questions, oldest first.

    For a list, `matching` and `borderline` count the papers above its line, of which `sources` are
    the best, and those just below it. `uncovered` are the parts of the question that no paper
    covers. `themes` group the sources where there are many; each is in one of them. `undated`
    papers were left out of a range of dates for having none. `withheld` counts the papers that are
    kept from a model; its sources are without them. `copies` counts the near copies of the papers
    that `matching` counts, which it leaves out; with `copies_counted` it counts them all.
    """

    plan: Plan
    sources: tuple[SourcePaper, ...]
    earlier_questions: tuple[str, ...] = ()
    matching: Count | None = None
    borderline: Count | None = None
    uncovered: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    undated: int = 0
    length: AnswerLength = AnswerLength.NORMAL
    withheld: int = 0
    copies: Count = Count(0)
    copies_counted: bool = False


@dataclass(frozen=True, slots=True)
class StartBlock:
    """Begin a block; the text and citations that follow belong to it."""

    kind: BlockKind
    lead: str = ""


@dataclass(frozen=True, slots=True)
class StartTable:
    """Begin a table; `StartRow` and `StartCell` follow, and what is written goes into the cell."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartRow:
    """Begin a row of the table."""


@dataclass(frozen=True, slots=True)
class StartCell:
    """Begin a cell of the row."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text of the claim being written; several in a row are one text."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """End a claim: the text since the last `Cite` or `StartBlock` rests on these sentences."""

    sentence_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """The composer's own words on the answer, such as how many papers follow: no claim of a paper.

    Only code writes remarks; what a model writes is never one.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What the model has taken so far; a later one takes an earlier one's place."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Sent:
    """The request as the model was sent it, for the receipt of an answer."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A part of the model's reply, word for word, for the receipt of an answer."""

    text: str


Piece = (
    StartBlock | StartTable | StartRow | StartCell | Text | Cite | Remark | Spent | Sent | Received
)


class Composer(Protocol):
    """Writes a draft from selected papers."""

    @property
    def mode(self) -> str:
        """Return "extractive" or the model's name."""
        ...

    def compose(self, task: Task, stop: Event) -> Iterator[Piece]:
        """Yield the draft piece by piece; end soon after `stop` is set.

        Raises ModelError where a model fails, possibly after some pieces.
        """
        ...
