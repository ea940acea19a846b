"""More like this: the papers whose abstracts are nearest to that of one paper.

Nothing is asked, so nothing is judged: a similarity between papers says nothing of how likely a
reader calls one relevant, and is no `Hit.relevance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vectorstore.array_types import Numbers
from vectorstore.catalog import StoredVectors
from vectorstore.embedding import Vector
from vectorstore.library import Library
from vectorstore.near_copies import MOST_LOOKED_AT, copy_groups
from vectorstore.paper_index import PaperIndex
from vectorstore.records import Paper, Span
from vectorstore.vector_block import make_block


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper and the cosine of its whole abstract to that of another one, in [-1, 1].

    `nearest` is the sentence of its abstract that is nearest to the other abstract, None where it
    has no sentence.
    """

    paper: Paper
    similarity: float
    nearest: Span | None


def similar_papers(library: Library, paper_id: str, limit: int) -> tuple[SimilarPaper, ...]:
    """Return the papers most similar to this one, best first, at most `limit`, of near copies one.

    There are none for a paper that is unknown or still waits to be indexed.
    """
    with library.reading() as snapshot:
        index = snapshot.index
        own = index.row_by_id.get(paper_id)
        if own is None:
            return ()
        asked = index.units(np.array([own]))[0]
        others = np.delete(np.arange(len(index)), own)
        similarities = index.similarities(asked, others)
        order = np.argsort(-similarities, kind="stable")
        places, papers = _without_copies(library, index, others[order], limit)
        best = order[places]
        numbers = index.numbers[others[best]].tolist()
        stored = {item.number: item for item in library.catalog.vectors(numbers)}
    return tuple(
        SimilarPaper(paper, similarity, _nearest_sentence(stored[number], asked))
        for paper, number, similarity in zip(
            papers, numbers, similarities[best].tolist(), strict=True
        )
    )


def _without_copies(
    library: Library, index: PaperIndex, rows: Numbers, limit: int
) -> tuple[list[int], list[Paper]]:
    """Return the first papers of these rows that are no near copies of one before, and their
    places.
    """
    most = limit
    while True:
        papers = library.catalog.papers_by_number(index.numbers[rows[:most]].tolist())
        first = [group[0] for group in copy_groups(index, papers)]
        if len(first) >= limit or most >= min(len(rows), MOST_LOOKED_AT):
            return first[:limit], [papers[at] for at in first[:limit]]
        most = MOST_LOOKED_AT


def _nearest_sentence(stored: StoredVectors, asked: Vector) -> Span | None:
    block = make_block([stored])
    spans, similarities = block.sentences_of(0, block.similarities(asked))
    return spans[int(np.argmax(similarities))] if spans else None
