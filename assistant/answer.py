"""What the assistant says: an `Answer` of blocks, claims and citations, the same whoever composed
it.

Owns the shape of an answer and nothing of how it is found or shown. Invariants, held by
`assistant.checking.verify`: every citation carries at least one quote, every quote is a slice of
the stored abstract, every number in a claim is a citation of the answer, and every sentence that a
claim rests on is a quote of that citation. All text here is plain text, never markup; showing it
safely is the user interface's work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from vectorstore.filters import Filters
from vectorstore.records import Hit, Paper, Span

if TYPE_CHECKING:
    from vectorstore.question import Correction


class Intent(StrEnum):
    """What kind of answer a question asks for."""

    LIST = "list"
    FACT = "fact"
    SUMMARY = "summary"
    COMPARE = "compare"
    COUNT = "count"
    TITLE = "title"  # a paper itself is looked for
    SMALL_TALK = "small talk"
    OUT_OF_SCOPE = "out of scope"


LISTS = frozenset({Intent.LIST, Intent.COUNT})  # answers for which every paper is judged
UNSEARCHED = frozenset({Intent.SMALL_TALK, Intent.OUT_OF_SCOPE})
EXTRACTIVE = "extractive"  # the mode of an answer that no model wrote
RULES = "rules"  # the planner of a plan that no model made


class AnswerLength(StrEnum):
    """How much of an answer a person wants to read."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


class Outcome(StrEnum):
    """How a question ended.

    NOT_STATED: the paper that is asked about is here, and its abstract does not say.
    """

    ANSWERED = "answered"
    NOT_FOUND = "not found"
    NOT_STATED = "not stated"


class BlockKind(StrEnum):
    """How a block of an answer is laid out."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"


class Verdict(StrEnum):
    """Whether the cited sentences bear a claim out.

    WEAK: they are on it, but lack figures or names of it. UNSUPPORTED: nothing is cited, or nothing
    that says so.
    """

    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the question and the ids of the papers that bear it: several are namesakes."""

    name: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question was understood.

    `topic` is what to search for: the question without the words that became filters, after earlier
    turns were folded in; empty where only filters were asked for. `standalone` says the whole
    question so that it needs no turn before it. `context` is the earlier topic that a follow-up
    builds on, empty where the question stands alone. `sides` are what a comparison sets side by
    side, each to be searched for by itself. `excluded` are ids of papers that the question rules
    out. `filters.scope` holds the ids of the papers that a follow-up ("which of those") is limited
    to; empty means all papers. `chosen` holds the ids of the papers that the user chose to ask of,
    `chosen_title` the title where that is one; `filters.scope` is then within them. `taken_off`
    names filters that the question asked for and the user took off. `planner` is "rules" or the
    name of the model that planned.
    """

    question: str
    intent: Intent
    topic: str = ""
    standalone: str = ""
    context: str = ""
    filters: Filters = field(default_factory=Filters)
    named: tuple[Named, ...] = ()
    excluded: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    planner: str = RULES
    chosen: tuple[str, ...] = ()
    chosen_title: str = ""

    @property
    def scope(self) -> tuple[str, ...]:
        """Return the ids of the papers that the question is limited to; empty means all."""
        return self.filters.scope

    @property
    def narrowed(self) -> bool:
        """Tell whether a follow-up is limited to some papers of an earlier answer."""
        return bool(self.scope) and self.scope != self.chosen


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

    `missing` are the figures and names of a weak claim that the cited sentences lack. `quotes` are
    the sentences it rests on, each once, by the number of the citation that quotes them.
    """

    text: str
    citations: tuple[int, ...] = ()
    verdict: Verdict = Verdict.SUPPORTED
    missing: tuple[str, ...] = ()
    quotes: tuple[tuple[int, Span], ...] = ()


Cell = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or table; `lead` (a paper's title, say) is set off before
    the claims.

    A table has no claims of its own: its cells have them. Every row has as many cells as there are
    `columns`, but the last row of an answer that still grows.
    """

    kind: BlockKind
    claims: tuple[Claim, ...] = ()
    lead: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    def all_claims(self) -> tuple[Claim, ...]:
        """Return the claims of the block and of its cells, in reading order."""
        cells = (claim for row in self.rows for cell in row for claim in cell)
        return (*self.claims, *cells)


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took of a model: tokens, as the server counts them where it tells, and cost.

    `cost` is in the currency of the configured prices; None where none are.
    """

    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost: float | None = None

    def plus(self, other: Usage) -> Usage:
        """Return what both took together."""
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.reply_tokens + other.reply_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds that each step of an answer took; what its reader took in between is in none."""

    planning_s: float = 0.0
    search_s: float = 0.0
    writing_s: float = 0.0
    checking_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or with `complete` False the part of it that is there so far.

    `mode` is "extractive" or the model's name; `notice` is one plain sentence where something went
    otherwise than configured (the model failed, say). `ranking` lists the best papers, best first,
    cited or not. `borderline` are the papers just below the line of a list, which nothing cites.
    `dropped_citations` counts references to sentences that the model was never shown.
    `corrections` are the words that were searched for in place of others, `uncovered` the parts of
    the question that nothing covers.
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
    usage: Usage = field(default_factory=Usage)
    dropped_citations: int = 0
    borderline: tuple[Hit, ...] = ()
    corrections: tuple[Correction, ...] = ()
    uncovered: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings, compare=False)

    @property
    def unsupported_share(self) -> float:
        """Return the share of claims that no cited sentence bears out, weak ones included."""
        claims = self.stated_claims()
        doubtful = sum(claim.verdict is not Verdict.SUPPORTED for claim in claims)
        return doubtful / len(claims) if claims else 0.0

    def stated_claims(self) -> tuple[Claim, ...]:
        """Return the claims, in reading order.

        What states nothing of a paper counts as no claim: headings, introductions and remarks.
        """
        texts = (claim for block in self.blocks for claim in block.all_claims())
        return tuple(each for each in texts if each.citations or each.verdict != Verdict.SUPPORTED)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation so far and what it was answered with."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and what the user wants of its answer.

    `history` holds the turns so far, oldest first. `without` names filters that the question asks
    for and the user took off. `within` are ids of the papers that the user chose to ask of; empty
    means all papers.
    """

    question: str
    history: tuple[Turn, ...] = ()
    without: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    length: AnswerLength = AnswerLength.NORMAL
