"""Engines: what runs the steps of the pipeline over papers, and what comes of it.

Owns the steps, and the engine that runs them in this process; `ingest.ray_engine` runs the same
ones on the machines of a cluster. An engine stores nothing: `ingest.indexing` does.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ingest.passages import PassageSettings
from vectorstore.abbreviations import find_abbreviations
from vectorstore.catalog import PaperVectors
from vectorstore.embedding import Embedder
from vectorstore.library import IndexedPapers
from vectorstore.records import Paper
from vectorstore.tidying.tidy import tidy

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode, TransformComponent

BATCH_PAPERS = 32  # a commit and a step of the progress bar every half second on a laptop
BATCHES_AT_ONCE = 16  # asked for at once: as many papers are lost at most by a kill


class Engine(Protocol):
    """What turns papers into vectors and passages."""

    @property
    def papers_at_once(self) -> int:
        """Return how many papers a call of `run` should get, where there are as many."""
        ...

    def run(
        self, papers: Sequence[Paper], embedder: Embedder, settings: PassageSettings
    ) -> Generator[IndexedPapers, None, None]:
        """Give every paper once, in parts of any size and order, each as soon as it is done."""
        ...


class InProcess:
    """llama-index's pipeline in this process, with as many batches at once as the embedder takes.

    While the model runs for one batch, Python cuts and pools another and the caller stores a third.
    """

    @property
    def papers_at_once(self) -> int:
        """Return the size of some batches."""
        return BATCH_PAPERS * BATCHES_AT_ONCE

    def run(
        self, papers: Sequence[Paper], embedder: Embedder, settings: PassageSettings
    ) -> Generator[IndexedPapers, None, None]:
        """Give all papers, a batch at a time and in their order."""
        from llama_index.core.ingestion import IngestionPipeline

        from ingest.transformations import paper_document

        def indexed(batch: Sequence[Paper]) -> IndexedPapers:
            # No cache and no document store: the catalog already knows what is new and changed.
            pipeline = IngestionPipeline(
                transformations=pipeline_steps(embedder, settings), disable_cache=True
            )
            return indexed_papers(pipeline.run(documents=list(map(paper_document, batch))))

        with ThreadPoolExecutor(embedder.batches_at_once) as pool:
            starts = range(0, len(papers), BATCH_PAPERS)
            yield from pool.map(indexed, (papers[start : start + BATCH_PAPERS] for start in starts))


def pipeline_steps(embedder: Embedder, settings: PassageSettings) -> list[TransformComponent]:
    """Return what happens to the documents of papers, in order, whichever engine runs it."""
    from ingest.transformations import CutIntoNodes, EmbedNodes

    return [CutIntoNodes(settings), EmbedNodes(embedder)]


def indexed_papers(nodes: Sequence[BaseNode]) -> IndexedPapers:
    """Return the vectors and passages in `nodes`, of which those of a paper stand together."""
    from ingest.transformations import NodeKind

    passages = [node for node in nodes if node.metadata["kind"] == NodeKind.PASSAGE]
    by_paper = groupby(nodes, key=lambda node: str(node.metadata["paper_id"]))
    vectors = tuple(_vectors(paper_id, list(parts)) for paper_id, parts in by_paper)
    return IndexedPapers(vectors, tuple(passages))


def _vectors(paper_id: str, parts: Sequence[BaseNode]) -> PaperVectors:
    from ingest.transformations import NodeKind, node_span

    title, abstract = tidy(parts[0].metadata["title"]), tidy(parts[0].get_content())
    kept = [part for part in parts if part.metadata["kind"] != NodeKind.PASSAGE]
    return PaperVectors(
        paper_id=paper_id,
        sentences=tuple(node_span(part) for part in kept[1:]),
        matrix=np.array([part.embedding for part in kept], np.float32),
        tokens=parts[0].metadata["tokens"],
        passage_count=len(parts) - len(kept),
        abbreviations=find_abbreviations(f"{title.text}\n{abstract.text}"),
    )
