from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from embedders import WordEmbedder

from ingest.engine import BATCH_PAPERS
from ingest.indexing import index_pending
from ingest.ingesting import ingest_paths
from ingest.passages import PassageSettings
from vectorstore.catalog import CatalogCounts, StoredVectors
from vectorstore.compact_vectors import to_int8
from vectorstore.embedding import TextVectors
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
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


@pytest.mark.parametrize("token_dimension", [0, 16])
def test_vectors_of_a_paper(tmp_path: Path, token_dimension: int) -> None:
    words = WordEmbedder(token_dimension=token_dimension)
    with open_library(tmp_path / "library", words) as library:
        library.add([TINY])
        assert index_pending(library) == 1
        found = library.catalog.vectors([1])
        assert library.counts().passages == library.chroma.count() == 2
    sentences = ["Caches are paged.", "They shrink.", "All is well.", "We thank all."]
    expected = [words.embed_question(text) for text in (TINY.abstract, *sentences)]
    # Late interaction reads the title too.
    tokens = words.embed_question(f"{TINY.title}\n{TINY.abstract}").tokens
    assert len(tokens) == (6 if token_dimension else 0)
    assert found == [
        StoredVectors(
            1,
            whole=to_int8(expected[0].pooled[None]),
            sentences="[[0, 17], [18, 30], [31, 43], [44, 57]]",
            sentence_vectors=to_int8(np.array([sentence.pooled for sentence in expected[1:]])),
            token_vectors=to_int8(tokens),
            token_dimension=token_dimension,
        )
    ]


def test_abbreviations_of_title_and_abstract(library: Library) -> None:
    abstract = "Large language models (LLMs) are served by experts."
    library.add([Paper("a", "T", "Word"), Paper("b", "Mixture of Experts (MoE)", abstract)])
    index_pending(library)
    assert library.catalog.abbreviations() == [
        (2, "LLM", "Large language models"),
        (2, "MoE", "Mixture of Experts"),
    ]


def test_abbreviations_of_tidied_text(library: Library) -> None:
    abstract = 'We use <b>slow</b> M\\"uller <i>oven</i>s (<b>SMO</b>s).'
    library.add([Paper("a", "T", abstract)])
    index_pending(library)
    assert library.catalog.abbreviations() == [(1, "SMO", "slow Müller ovens")]


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
    hits = search(library, "How is the memory of a mixture of experts served?", 30).hits
    return [(hit.paper, hit.fused, hit.sentences) for hit in hits]


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


class SlowEmbedder(WordEmbedder):
    """Takes so long that nothing is done by the way."""

    def embed_texts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[TextVectors]:
        time.sleep(0.05)
        return super().embed_texts(texts, spans)


def test_an_interrupted_run_begins_no_further_batch(tmp_path: Path) -> None:
    def interrupt(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    papers = [Paper(str(at), f"On {at}", f"Word number {at}.") for at in range(16 * BATCH_PAPERS)]
    embedder = SlowEmbedder()
    with open_library(tmp_path / "library", embedder) as library:
        library.add(papers)
        with pytest.raises(KeyboardInterrupt):
            index_pending(library, on_progress=interrupt)
        assert len(embedder.texts) < len(papers) / 2
        index_pending(library)
        assert (library.counts().papers, library.counts().pending) == (len(papers), 0)
