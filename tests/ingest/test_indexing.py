from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from embedders import WordEmbedder

from ingest.indexing import BATCH_PAPERS, index_pending
from ingest.ingesting import ingest_paths
from ingest.passages import PassageSettings
from vectorstore.catalog import CatalogCounts
from vectorstore.embedding import OnnxEmbedder
from vectorstore.library import Library, open_library
from vectorstore.records import Paper, SentenceHit, Span
from vectorstore.search import search

PAGES = Path(__file__).parents[2] / "data" / "daily-papers"
TINY = Paper("a", "On Caches", "Caches are paged. They shrink. All is well. We thank all.")

INGEST = f"""
import sys
from pathlib import Path
from embedders import WordEmbedder
from ingest.ingesting import ingest_paths
from vectorstore.library import open_library

with open_library(Path(sys.argv[1]), WordEmbedder()) as library:
    ingest_paths(library, [Path({str(PAGES)!r})], lambda *progress: print(*progress, flush=True))
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library", WordEmbedder()) as library:
        yield library


def test_vectors_of_a_paper(library: Library) -> None:
    library.add([TINY])
    assert index_pending(library) == 1
    [vectors] = library.catalog.vectors(["a"])
    assert vectors.paper_id == "a"
    assert vectors.sentences == (Span(0, 17), Span(18, 30), Span(31, 43), Span(44, 57))
    texts = [TINY.abstract, *(TINY.abstract[s.start : s.end] for s in vectors.sentences)]
    expected = np.array([WordEmbedder().embed_query(text) for text in texts])
    # Sixteen bits keep three digits of a number.
    np.testing.assert_allclose(vectors.matrix, expected, atol=5e-4)
    assert vectors.passage_count == library.chroma.count() == 2


def test_passages_are_cut_as_asked(library: Library) -> None:
    library.add([TINY])
    index_pending(library, PassageSettings(window_sentences=1))
    assert library.counts().passages == library.chroma.count() == 4


def test_nothing_to_do(library: Library) -> None:
    progress: list[tuple[int, int]] = []
    assert index_pending(library, on_progress=lambda *step: progress.append(step)) == 0
    assert progress == [(0, 0)]


def test_progress(library: Library) -> None:
    library.add(Paper(f"p{n}", "T", f"Text {n}.") for n in range(2 * BATCH_PAPERS + 1))
    seen: list[tuple[int, int, int]] = []
    index_pending(library, on_progress=lambda *step: seen.append((*step, library.counts().pending)))
    # Each batch is stored by the time it is reported.
    assert seen == [(0, 65, 65), (32, 65, 33), (64, 65, 1), (65, 65, 0)]


def test_only_what_waits_is_embedded(library: Library) -> None:
    library.add([TINY, Paper("b", "T", "Zebras graze.")])
    index_pending(library)
    embedder = library.embedder
    assert isinstance(embedder, WordEmbedder)
    embedder.texts.clear()
    library.add([Paper("b", "T", "Horses run.")])
    assert index_pending(library) == 1
    assert embedder.texts == ["T\nHorses run."]


def test_paper_without_sentences(library: Library) -> None:
    library.add([Paper("a", "T", ""), Paper("b", "T", " ")])
    assert index_pending(library) == 2
    assert library.counts() == CatalogCounts(2, 0, 0, 0, 0, 0)
    assert library.chroma.count() == 0


def test_paper_longer_than_the_window(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    filler = "We repeat what everybody knows about caches and their many uses. " * 120
    paper = Paper("a", "T", f"{filler}Zebras drink from frozen lakes.")
    with open_library(tmp_path / "library", embedder) as library:
        library.add([paper])
        index_pending(library)
        [hit] = search(library, "zebras at a lake", 1).hits
    best = max(hit.sentences, key=lambda sentence: sentence.similarity).span
    assert paper.abstract[best.start : best.end] == "Zebras drink from frozen lakes."


@contextmanager
def ingesting(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that ingests the shipped pages and prints its progress."""
    command = [sys.executable, "-c", INGEST, str(home)]
    tests = Path(__file__).parents[1]
    environment = {"PYTHONPATH": f"{tests}:{tests.parent}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield process


def found(library: Library) -> list[tuple[Paper, float, tuple[SentenceHit, ...]]]:
    """Search; Chroma's cosines differ in the eighth digit with the order of insertion."""
    hits = search(library, "How is the memory of a mixture of experts served?", 30).hits
    return [(hit.paper, round(hit.fused, 5), hit.sentences) for hit in hits]


def test_killed_and_started_again(tmp_path: Path) -> None:
    with open_library(tmp_path / "uninterrupted", WordEmbedder()) as library:
        ingest_paths(library, [PAGES])
        counts, expected = library.counts(), found(library)
    assert (counts.papers, counts.pending) == (365, 0)

    home = tmp_path / "killed"
    left = []
    for batches in (0, 2):
        with ingesting(home) as process:
            assert process.stdout
            for _ in range(1 + batches):
                process.stdout.readline()
            process.kill()
        with open_library(home, WordEmbedder()) as library:
            left.append(library.counts().pending)
    # It died while batches were being stored: some were kept, others were not.
    assert 365 >= left[0] > left[1] > 0

    embedder = WordEmbedder()
    with open_library(home, embedder) as library:
        report = ingest_paths(library, [PAGES])
        assert (report.new, report.updated, report.unchanged) == (0, 0, 365)
        assert len(embedder.texts) == left[1]
        assert (library.counts(), library.chroma.count()) == (counts, counts.passages)
        assert found(library) == expected
