"""The receipt of an answer: all that went into the last turn of a conversation, and what came out.

Owns the records; `receipt_json` writes and reads them, `replay` compares them. Invariants: a
receipt holds nothing but values, so that it reads back as it was; and no key, since what is secret
is a field that its settings do not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from assistant.answer import Answer, Block, Outcome, Plan, Quote, Usage
from assistant.model.chat_model import Message
from assistant.receipts.named_values import Setting
from assistant.receipts.receipt_corpus import Corpus, read_corpus
from assistant.receipts.receipt_draft import DraftStep, draft_steps
from assistant.receipts.trace import Trace
from vectorstore.catalog import CatalogCounts
from vectorstore.library import Library
from vectorstore.question import Correction
from vectorstore.records import ScoreParts, Span

FORMAT: Literal["paperchat receipt"] = "paperchat receipt"
VERSION: Literal[2] = 2  # 1 had neither the quotes of claims nor chosen papers


@dataclass(frozen=True, slots=True)
class Models:
    """The models that were configured: where there was none, `reranker` is empty and `chat` is
    "extractive". `planner` is what planned the last turn.
    """

    embedding: str
    reranker: str
    chat: str
    planner: str


@dataclass(frozen=True, slots=True)
class GivenSentence:
    """A sentence that could be cited, the id it could be cited by, and its cosine to the
    question.
    """

    id: str
    paper_id: str
    span: Span
    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper of the ranking."""

    paper_id: str
    title: str
    relevance: float
    parts: ScoreParts


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """A numbered source of the answer."""

    number: int
    paper_id: str
    title: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class LastTurn:
    """How the last question was answered.

    `mode` may be "extractive" although a chat model was configured; `notice` then tells why, and
    `reply` is what the model had written.
    """

    plan: Plan
    ranking: tuple[RankedPaper, ...]
    sentences: tuple[GivenSentence, ...]
    prompt: tuple[Message, ...]
    reply: str
    draft: tuple[DraftStep, ...]
    blocks: tuple[Block, ...]
    citations: tuple[CitedPaper, ...]
    outcome: Outcome
    mode: str
    notice: str
    corrections: tuple[Correction, ...]
    uncovered: tuple[str, ...]
    dropped_citations: int
    usage: Usage
    seconds: float


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an answer was made with, and when.

    `paperchat` is the program's version; `chat` the mode of the assistant, which that of an answer
    may differ from; `reranker` is empty where there is none.
    """

    paperchat: str
    made_at: datetime
    chat: str
    reranker: str
    settings: dict[str, Setting]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt; `questions` are those of the whole conversation, the last one answered here."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False
    )

    format: Literal["paperchat receipt"]
    version: Literal[1, 2]
    paperchat: str
    made_at: datetime
    questions: tuple[str, ...]
    corpus: Corpus
    counts: CatalogCounts
    models: Models
    settings: dict[str, Setting]
    turn: LastTurn


def make_receipt(
    questions: Sequence[str],
    answer: Answer,
    trace: Trace,
    library: Library,
    circumstances: Circumstances,
) -> Receipt:
    """Return the receipt of `answer`, the one to the last of `questions`.

    Reads all papers of the library. Raises LibraryError where it fails.
    """
    return Receipt(
        format=FORMAT,
        version=VERSION,
        paperchat=circumstances.paperchat,
        made_at=circumstances.made_at,
        questions=tuple(questions),
        corpus=read_corpus(library),
        counts=library.counts(),
        models=Models(
            embedding=library.embedder.name,
            reranker=circumstances.reranker,
            chat=circumstances.chat,
            planner=answer.plan.planner,
        ),
        settings=circumstances.settings,
        turn=_turn(answer, trace),
    )


def _turn(answer: Answer, trace: Trace) -> LastTurn:
    return LastTurn(
        plan=answer.plan,
        ranking=tuple(
            RankedPaper(hit.paper.id, hit.paper.title, hit.relevance, hit.parts)
            for hit in answer.ranking
        ),
        sentences=tuple(
            GivenSentence(each.id, source.paper.id, each.span, each.text, each.similarity)
            for source in trace.sources
            for each in source.sentences
        ),
        prompt=trace.messages,
        reply=trace.reply,
        draft=draft_steps(trace.draft),
        blocks=answer.blocks,
        citations=tuple(
            CitedPaper(each.number, each.paper.id, each.paper.title, each.quotes)
            for each in answer.citations
        ),
        outcome=answer.outcome,
        mode=answer.mode,
        notice=answer.notice,
        corrections=answer.corrections,
        uncovered=answer.uncovered,
        dropped_citations=answer.dropped_citations,
        usage=answer.usage,
        seconds=answer.seconds,
    )
