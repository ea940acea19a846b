"""The engine that has the workers of a Ray cluster run the steps of the pipeline.

Ray is an optional dependency. Owns which part of the work is whose: this process reads files and
writes catalog and passages, in the order that lets the next run finish what a killed one began;
workers turn papers into vectors, which is nearly all of the work, and need no way to the library.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from ingest.engine import indexed_papers
from ingest.passages import PassageSettings
from ingest.ray_cluster import RaySettings, connected
from vectorstore.embedding import Embedder
from vectorstore.library import IndexedPapers
from vectorstore.records import Paper


class RayEngine:
    """llama-index's pipeline on a Ray cluster; an `Engine`."""

    # Workers begin anew with each call, which takes seconds; and this process has all papers of a
    # call in memory, some 60 MB.
    papers_at_once = 20_000

    def __init__(self, settings: RaySettings) -> None:
        """Keep the settings; nothing starts before the first paper."""
        self._settings = settings

    def run(
        self, papers: Sequence[Paper], embedder: Embedder, settings: PassageSettings
    ) -> Generator[IndexedPapers, None, None]:
        """Give the papers in batches, as workers finish them.

        Raises IngestError where there is no Ray or no such cluster, or a worker fails.
        """
        with connected(self._settings) as workers:
            from ingest.ray_pipeline import stream_nodes, worker_pipeline
            from ingest.transformations import paper_document

            pipeline = worker_pipeline(embedder, settings, workers)
            documents = [paper_document(paper) for paper in papers]
            for nodes in stream_nodes(pipeline, documents):
                yield indexed_papers(nodes)
