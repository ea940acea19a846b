"""Papers by their dates, authors and so on alone, where no topic is asked for.

Nothing is judged: every paper that the filters let through has relevance 1.
"""

from __future__ import annotations

import numpy as np

from vectorstore.catalog import StoredVectors
from vectorstore.coverage import Coverage
from vectorstore.filters import Filters, Order
from vectorstore.library import Library
from vectorstore.name_filters import matching
from vectorstore.records import Hit, Paper, ScoreParts, SentenceHit
from vectorstore.search import SearchResult
from vectorstore.vector_block import make_block


def browse(library: Library, limit: int, filters: Filters) -> SearchResult:
    """Return the papers that `filters` let through, at most `limit`, which is at least 0.

    The newest come first, unless another order is asked for. `SentenceHit.similarity` is the cosine
    to the whole abstract, so that a paper's most telling sentence has the highest.
    """
    order = Order.NEWEST if filters.order is Order.RELEVANCE else filters.order
    with library.reading() as snapshot:
        index = snapshot.index
        rows, report = matching(library.catalog.file, index, filters)
        first = rows[np.lexsort((rows, index.order_keys(order, rows)))][:limit]
        numbers = index.numbers[first].tolist()
        papers = library.catalog.papers_by_number(numbers)
        stored = {item.number: item for item in library.catalog.vectors(numbers)}
    hits = (_hit(paper, stored[number]) for paper, number in zip(papers, numbers, strict=True))
    return SearchResult(tuple(hits), filtered=report, coverage=Coverage(answerability=1.0))


def _hit(paper: Paper, stored: StoredVectors) -> Hit:
    block = make_block([stored])
    spans, similarities = block.sentences_of(0, block.similarities(block.pooled[0]))
    sentences = tuple(map(SentenceHit, spans, similarities))
    return Hit(paper, relevance=1.0, fused=1.0, parts=ScoreParts(0.0), sentences=sentences)
