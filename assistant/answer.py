"""What the assistant says: an `Answer` of blocks, claims and citations, the same whoever composed
it.

Owns the shape of an answer and nothing of how it is found or shown. Invariants, held by
`assistant.verify`: every citation carries at least one quote, every quote is a slice of the stored
abstract, and every number in a claim is a citation of the answer. All text here is plain text,
never markup; showing it safely is the user interface's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vectorstore.records import Hit, Paper, Span


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    LIST = "list"
    FACT = "fact"
    SUMMARY = "summary"


EXTRACTIVE = "extractive"  # the mode of an answer that no model wrote


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_FOUND = "not found"


class BlockKind(StrEnum):
    """How a block of an answer is laid out."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question was understood.

    `context` is the earlier question that a follow-up builds on, empty where the question stands
    alone. `scope` holds the ids of the papers that a follow-up ("which of those") is limited to;
    empty means all papers.
    """

    question: str
    intent: Intent
    context: str = ""
    scope: tuple[str, ...] = ()

    @property
    def search_text(self) -> str:
        """Return what to search for; inside a scope the topic is given and only the rest counts."""
        return self.question if self.scope else f"{self.question} {self.context}".strip()


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence as it stands in the abstract: `text` is `abstract[span.start:span.end]`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered source of the answer; `quotes` are in the order of the abstract."""

    number: int
    paper: Paper
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of text and the numbers of the citations it rests on.

    `supported` is False where the text states something and no cited sentence bears it out.
    """

    text: str
    citations: tuple[int, ...] = ()
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item; `lead` (a paper's title, say) is set off before the
    claims.
    """

    kind: BlockKind
    claims: tuple[Claim, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or with `complete` False the part of it that is there so far.

    `mode` is "extractive" or the model's name; `notice` is one plain sentence where something went
    otherwise than configured (the model failed, say). `ranking` lists the best papers, best first,
    cited or not. `borderline` are the papers just below the line of a list, which nothing cites.
    `dropped_citations` counts references to sentences that the model was never shown.
    """

    plan: Plan
    outcome: Outcome
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    ranking: tuple[Hit, ...]
    mode: str
    notice: str = ""
    complete: bool = False
    seconds: float = 0.0
    prompt_tokens: int = 0
    dropped_citations: int = 0
    borderline: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation so far and what it was answered with."""

    question: str
    answer: Answer
