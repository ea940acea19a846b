"""The plain alternative to the assistant: the five best papers, and the best sentence of each.

It has no filters, no memory of earlier turns, no kinds of answers, and never abstains; the search
is the assistant's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Claim,
    Intent,
    Outcome,
    Plan,
    Quote,
    Turn,
)
from vectorstore.library import Library
from vectorstore.records import Hit
from vectorstore.search import search

PAPERS = 5
RANKED = 50  # papers, as many as the assistant reports


class PlainAssistant:
    """Answers every question in the same way."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:  # noqa: ARG002
        """Yield the answer, which is whole at once."""
        ranking = search(self._library, question, RANKED).hits
        best = [hit for hit in ranking[:PAPERS] if hit.sentences]
        citations = tuple(_citation(number, hit) for number, hit in enumerate(best, start=1))
        yield Answer(
            Plan(question, Intent.LIST, topic=question),
            Outcome.ANSWERED,
            tuple(map(_item, citations)),
            citations,
            ranking,
            mode="plain",
            complete=True,
        )


def _citation(number: int, hit: Hit) -> Citation:
    span = max(hit.sentences, key=lambda sentence: sentence.similarity).span
    return Citation(number, hit.paper, (Quote(span, hit.paper.abstract[span.start : span.end]),))


def _item(citation: Citation) -> Block:
    claim = Claim(citation.quotes[0].text, (citation.number,))
    return Block(BlockKind.ITEM, (claim,), lead=citation.paper.title)
