"""Checks a recorded draft again, against the abstracts as they are stored today.

Needs no model. Owns what becomes of a recorded sentence: one that stands elsewhere in its abstract
still stands, and one that is gone cannot be cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.answer import Block
from assistant.checking.verify import Verifier
from assistant.draft import SourcePaper, SourceSentence
from assistant.receipts.receipt import CitedPaper, GivenSentence, LastTurn
from assistant.receipts.receipt_draft import draft_pieces
from vectorstore.records import Paper, Span


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What the recorded draft comes to now."""

    blocks: tuple[Block, ...]
    citations: tuple[CitedPaper, ...]


@dataclass(frozen=True, slots=True)
class LostQuote:
    """A quote of the receipt that does not stand in the stored abstract; `is_here` tells whether
    its paper is in the library.
    """

    paper_id: str
    title: str
    text: str
    is_here: bool


def needed_ids(turn: LastTurn) -> tuple[str, ...]:
    """Return the ids of the papers that a recheck reads."""
    given = (sentence.paper_id for sentence in turn.sentences)
    return tuple(dict.fromkeys((*given, *(each.paper_id for each in turn.citations))))


def recheck(turn: LastTurn, papers: Mapping[str, Paper]) -> Rechecked:
    """Return the recorded draft, verified against `papers`, by id."""
    verifier = Verifier(tuple(_sources(turn, papers)))
    for piece in draft_pieces(turn.draft):
        verifier.feed(piece)
    verifier.finish()
    citations = (
        CitedPaper(each.number, each.paper.id, each.paper.title, each.quotes)
        for each in verifier.citations
    )
    return Rechecked(verifier.blocks, tuple(citations))


def lost_quotes(turn: LastTurn, papers: Mapping[str, Paper]) -> tuple[LostQuote, ...]:
    """Return the quotes that no longer stand in the abstract of their paper."""
    return tuple(
        LostQuote(cited.paper_id, cited.title, quote.text, cited.paper_id in papers)
        for cited in turn.citations
        for quote in cited.quotes
        if cited.paper_id not in papers or quote.text not in papers[cited.paper_id].abstract
    )


def _sources(turn: LastTurn, papers: Mapping[str, Paper]) -> Iterator[SourcePaper]:
    """Yield the papers that are still here with the sentences that still stand in them."""
    given: dict[str, list[GivenSentence]] = {}
    for sentence in turn.sentences:
        given.setdefault(sentence.paper_id, []).append(sentence)
    for paper_id, sentences in given.items():
        if paper := papers.get(paper_id):
            standing = (_standing(sentence, paper.abstract) for sentence in sentences)
            # No verdict rests on how relevant a paper is.
            yield SourcePaper(paper, 1.0, tuple(filter(None, standing)))


def _standing(given: GivenSentence, abstract: str) -> SourceSentence | None:
    """Return the sentence at its place of today, None where it is gone."""
    start = given.span.start
    if start < 0 or not abstract.startswith(given.text, start):
        start = abstract.find(given.text)
    if start < 0:
        return None
    span = Span(start, start + len(given.text))
    return SourceSentence(given.id, span, given.text, given.similarity)
