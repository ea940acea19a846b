"""More like this: the papers whose abstracts are nearest to that of one paper.

Nothing is asked, so nothing is judged: a similarity between papers says nothing of how likely a
reader calls one relevant, and is no `Hit.relevance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vectorstore.catalog import StoredVectors
from vectorstore.compact_vectors import from_int8
from vectorstore.embedding import Vector
from vectorstore.library import Library
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
    """Return the papers most similar to this one, best first, at most `limit`.

    There are none for a paper that is unknown or still waits to be indexed.
    """
    with library.reading() as snapshot:
        index = snapshot.index
        own = index.row_by_id.get(paper_id)
        if own is None:
            return ()
        asked = from_int8(index.whole[own].tobytes(), index.whole.shape[1])[0]
        others = np.delete(np.arange(len(index)), own)
        similarities = index.similarities(asked, others)
        best = np.argsort(-similarities, kind="stable")[:limit]
        numbers = index.numbers[others[best]].tolist()
        papers = library.catalog.papers_by_number(numbers)
        stored = {item.number: item for item in library.catalog.vectors(numbers)}
    return tuple(
        SimilarPaper(paper, similarity, _nearest_sentence(stored[number], asked))
        for paper, number, similarity in zip(
            papers, numbers, similarities[best].tolist(), strict=True
        )
    )


def _nearest_sentence(stored: StoredVectors, asked: Vector) -> Span | None:
    block = make_block([stored])
    spans, similarities = block.sentences_of(0, block.similarities(asked))
    return spans[int(np.argmax(similarities))] if spans else None
