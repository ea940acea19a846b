"""Indexing: the papers that wait in a library go through an engine, batch by batch.

Owns the order: each batch is stored as soon as it is there, so that a run that is killed has lost
what was under way at most, and no paper. What is done to papers is the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from ingest.engine import Engine, InProcess
from ingest.passages import PassageSettings
from vectorstore.library import Library


def index_pending(
    library: Library,
    settings: PassageSettings | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
) -> int:
    """Index every pending paper with `engine`, by default in this process; return how many.

    `on_progress` is called with papers done and papers in all, at the start and after each batch.
    """
    total, done = library.catalog.pending_count(), 0
    report = on_progress or (lambda _done, _total: None)
    report(done, total)
    settings, engine = settings or PassageSettings(), engine or InProcess()
    while papers := library.catalog.pending_papers(engine.papers_at_once):
        # Closed at once when this is interrupted, so that the engine begins nothing more.
        with closing(engine.run(papers, library.embedder, settings)) as batches:
            for batch in batches:
                library.complete(batch)
                done += len(batch.vectors)
                report(done, max(done, total))  # others may have come meanwhile
    return done
