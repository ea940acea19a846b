"""Papers that come, change and go while other threads search: what each finds fits together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from ingest.sentences import split_sentences
from vectorstore.browse import browse
from vectorstore.candidates import CandidateSettings
from vectorstore.filters import Filters
from vectorstore.library import Library, open_library
from vectorstore.listing import ListingQuery, list_papers
from vectorstore.named_papers import named_papers
from vectorstore.records import Hit, Paper
from vectorstore.search import SearchSettings, search
from vectorstore.sentence_matches import with_sentence_matches
from vectorstore.similar import similar_papers

ROUNDS = 12
NAMES = (
    "Brioche Focaccia Chapati Injera Pita Naan Pretzel Bagel Ciabatta Lavash Sourdough Tortilla"
    " Baguette Challah Roti Matzo Bannock Panettone Crumpet Arepa Limpa Zopf Damper Knackebrod"
).split()
COUNT = len(NAMES)
STAGED = SearchSettings(CandidateSettings(all_papers=3, most_papers=5, nearest=4, passages=9))


def version(number: int, of: int) -> Paper:
    """Return a paper whose text tells by its sentences which version it is."""
    text = " ".join(f"Dough {number} rises {'very ' * (of % 4)}slowly." for _ in range(1 + of % 3))
    return Paper(f"{number:02}", f"{NAMES[number]}: Rising {of}", text)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, WordEmbedder(token_dimension=16)) as library:
        library.add(version(number, 0) for number in range(COUNT))
        index_pending(library)
        yield library


def change(library: Library) -> None:
    """Remove papers, rewrite papers, and bring removed ones back, again and again."""
    for step in range(1, ROUNDS + 1):
        library.remove([f"{number:02}" for number in range(step % 3, COUNT, 3)])
        library.add(version(number, step) for number in range(step % 4, COUNT, 2))
        index_pending(library)
    library.add(version(number, 0) for number in range(COUNT))
    index_pending(library)


def check_hits(hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        spans = tuple(sentence.span for sentence in hit.sentences)
        assert spans == split_sentences(hit.paper.abstract)


def search_all(library: Library) -> None:
    check_hits(search(library, "Which dough 3 rises slowly?", 9).hits)


def search_in_stages(library: Library) -> None:
    check_hits(search(library, "Which dough 3 rises very slowly?", 9, settings=STAGED).hits)


def look_closer(library: Library) -> None:
    hits = search(library, "Which dough rises?", 9).hits
    closer = with_sentence_matches(library, "Which dough rises?", hits)
    assert [hit.paper for hit in closer] == [hit.paper for hit in hits]


def browse_all(library: Library) -> None:
    check_hits(browse(library, 99, Filters()).hits)


def list_all(library: Library) -> None:
    listed = list_papers(library, ListingQuery("dough ris", limit=99))
    assert listed.total == len(listed.papers)


def name_one(library: Library) -> None:
    named = {found.paper_id for found in named_papers(library, "Does Pretzel differ from Bagel?")}
    assert named <= {"06", "07"}


def find_similar(library: Library) -> None:
    for found in similar_papers(library, "05", 99):
        assert found.nearest in split_sentences(found.paper.abstract)


@contextmanager
def repeated(read: Callable[[Library], None], library: Library) -> Iterator[None]:
    """Repeat `read` in a thread during the block, and raise what it raised."""
    done = Event()

    def repeat() -> int:
        times = 0
        while not done.is_set():
            read(library)
            times += 1
        return times

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(repeat)
        try:
            yield
        finally:
            done.set()
        assert running.result() > 0


@pytest.mark.parametrize(
    "read",
    [search_all, search_in_stages, look_closer, browse_all, list_all, name_one, find_similar],
)
def test_reading_while_papers_change(library: Library, read: Callable[[Library], None]) -> None:
    with repeated(read, library):
        change(library)
    assert library.counts().papers == COUNT
    assert library.counts().passages == library.chroma.count()
    read(library)


def test_papers_removed_while_they_are_indexed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.engine.BATCH_PAPERS", 4)
    library.add(version(number, 1) for number in range(COUNT))
    embedding, resume = Event(), Event()
    embed_texts = library.embedder.embed_texts

    def slowly(*asked: object) -> object:
        embedding.set()
        assert resume.wait(5)
        return embed_texts(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(library.embedder, "embed_texts", slowly)
    with ThreadPoolExecutor(1) as threads:
        indexing = threads.submit(index_pending, library)
        assert embedding.wait(5)
        # Some of the batch that is being embedded, all of another, and some that come later.
        library.remove(f"{number:02}" for number in (0, 1, 8, 9, 10, 11, 23))
        resume.set()
        indexing.result()
    counts = library.counts()
    assert (counts.papers, counts.pending) == (COUNT - 7, 0)
    assert counts.passages == library.chroma.count()
    assert library.chroma.nearest(library.embedder.embed_question("dough 0").pooled, 99)
    assert "00" not in library.snapshot().index.row_by_id


def test_two_threads_that_remove_and_add(library: Library) -> None:
    def churn(first: int) -> None:
        for step in range(ROUNDS):
            library.remove(f"{number:02}" for number in range(first, COUNT, 2))
            library.add(version(number, step) for number in range(first, COUNT, 2))

    with ThreadPoolExecutor(2) as threads:
        for churning in [threads.submit(churn, first) for first in (0, 1)]:
            churning.result()
    index_pending(library)
    counts = library.counts()
    assert (counts.papers, counts.pending) == (COUNT, 0)
    assert counts.passages == library.chroma.count()
    assert set(library.catalog.papers()) == {f"{number:02}" for number in range(COUNT)}
