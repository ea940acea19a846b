"""What the tests of several packages share: the embedding model, and libraries to work on.

Puts this folder on the import path too, so that all of them can import `fakes` and `embedders`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from embedders import WordEmbedder
from flooded_papers import different_papers, mixed, near_copies

from ingest.indexing import index_pending
from ingest.ingesting import ingest_paths
from ingest.report import IngestReport
from vectorstore.embedding import Embedder
from vectorstore.library import Library, open_library
from vectorstore.onnx_embedding import OnnxEmbedder
from vectorstore.records import Paper

PAGES = Path(__file__).parent.parent / "data" / "daily-papers"

# A first example loads a model or waits for another process: its time says nothing. The same
# examples in every run, so that a commit that passed passes again; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("paperchat", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("paperchat")


@pytest.fixture(scope="session")
def embedder() -> OnnxEmbedder:
    """Return the model that ships with the project."""
    return OnnxEmbedder()


@pytest.fixture(scope="session")
def _shipped(
    embedder: OnnxEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Library, IngestReport]]:
    with open_library(tmp_path_factory.mktemp("shipped"), embedder) as library:
        yield library, ingest_paths(library, [PAGES])


@pytest.fixture(scope="session")
def shipped_library(_shipped: tuple[Library, IngestReport]) -> Library:
    """Return a library of the shipped pages, for reading only: the whole run shares it."""
    return _shipped[0]


@pytest.fixture(scope="session")
def shipped_report(_shipped: tuple[Library, IngestReport]) -> IngestReport:
    """Return the report of the run that made `shipped_library`."""
    return _shipped[1]


@pytest.fixture(scope="session")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of thirty papers and 500 near copies of another one."""
    home = tmp_path_factory.mktemp("flooded")
    with open_library(home, WordEmbedder(dimension=128, token_dimension=256)) as library:
        library.add(mixed(different_papers(30), near_copies(500)))
        index_pending(library)
        yield library


@pytest.fixture
def make_library(tmp_path: Path) -> Iterator[Callable[[Sequence[Paper], Embedder], Library]]:
    """Return a function from papers and an embedder to a library in which they are indexed.

    It stays open until the test ends; a test makes one at most.
    """
    with ExitStack() as opened:

        def make(papers: Sequence[Paper], embedder: Embedder) -> Library:
            library = opened.enter_context(open_library(tmp_path / "library", embedder))
            library.add(papers)
            index_pending(library)
            return library

        yield make
