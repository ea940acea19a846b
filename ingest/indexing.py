"""Indexing: the papers that wait in a library go through the llama-index pipeline, batch by batch.

Owns the pipeline and the batches. Each batch is stored before the next begins, so that a run that
is killed has lost one batch of work at most, and no paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from ingest.passages import PassageSettings
from vectorstore.abbreviations import find_abbreviations
from vectorstore.catalog import PaperVectors
from vectorstore.library import IndexedPapers, Library
from vectorstore.records import Paper

if TYPE_CHECKING:
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import BaseNode

BATCH_PAPERS = 32  # a commit and a step of the progress bar every half second on a laptop


def index_pending(
    library: Library,
    settings: PassageSettings | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Index every pending paper and return how many there were.

    `on_progress` is called with papers done and papers in all, at the start and after each batch.
    """
    pending = library.catalog.pending_ids()
    report = on_progress or (lambda _done, _total: None)
    report(0, len(pending))
    if not pending:
        return 0
    pipeline = _pipeline(library, settings or PassageSettings())
    for start in range(0, len(pending), BATCH_PAPERS):
        ids = pending[start : start + BATCH_PAPERS]
        library.complete(_index(pipeline, list(library.catalog.papers(ids).values())))
        report(start + len(ids), len(pending))
    return len(pending)


def _pipeline(library: Library, settings: PassageSettings) -> IngestionPipeline:
    from llama_index.core.ingestion import IngestionPipeline

    from ingest.transformations import CutIntoNodes, EmbedNodes

    # No cache and no document store: the catalog already knows what is new and what changed.
    return IngestionPipeline(
        transformations=[CutIntoNodes(settings), EmbedNodes(library.embedder)], disable_cache=True
    )


def _index(pipeline: IngestionPipeline, papers: Sequence[Paper]) -> IndexedPapers:
    from ingest.transformations import NodeKind, paper_document

    nodes = pipeline.run(documents=[paper_document(paper) for paper in papers])
    passages = [node for node in nodes if node.metadata["kind"] == NodeKind.PASSAGE]
    by_paper = groupby(nodes, key=lambda node: str(node.metadata["paper_id"]))
    vectors = tuple(_vectors(paper_id, list(parts)) for paper_id, parts in by_paper)
    return IndexedPapers(vectors, tuple(passages))


def _vectors(paper_id: str, parts: Sequence[BaseNode]) -> PaperVectors:
    from ingest.transformations import NodeKind, node_span

    kept = [part for part in parts if part.metadata["kind"] != NodeKind.PASSAGE]
    return PaperVectors(
        paper_id=paper_id,
        sentences=tuple(node_span(part) for part in kept[1:]),
        matrix=np.array([part.embedding for part in kept], np.float32),
        tokens=parts[0].metadata["tokens"],
        passage_count=len(parts) - len(kept),
        abbreviations=find_abbreviations(f"{parts[0].metadata['title']}\n{parts[0].get_content()}"),
    )
