from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from embedders import WordEmbedder

from ingest.indexing import index_pending
from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts
from vectorstore.catalog_migration import SCHEMA_VERSION
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.errors import LibraryBusyError, LibraryError, LibraryMismatchError
from vectorstore.library import Library, open_library, read_counts
from vectorstore.records import Paper, SentenceHit
from vectorstore.search import search

# One passage each, and one paper of two: three sentences to a passage, one of them shared.
PAPERS = (
    Paper("a", "Paged Caches", "Caches are paged to disk. They shrink.", date(2024, 7, 2)),
    Paper("b", "Zebras", "Zebras graze. Grass grows. Zebras drink. Lions sleep."),
    Paper("c", "Tumours", "An inverse problem is solved."),
    Paper("d", "Looms", "A weaver sees patterns."),
    Paper("e", "Kilns", "Clay is fired."),
)
REWRITTEN = Paper("b", "Zebras", "Horses run.")
INDEXED = CatalogCounts(5, 0, 6, 1, 0, 0)


Found = list[tuple[Paper, float, tuple[SentenceHit, ...]]]


def found(library: Library) -> Found:
    """Search for something of which every paper has a share."""
    hits = search(library, "Do zebras graze on paged caches?", 9).hits
    return [(hit.paper, hit.fused, hit.sentences) for hit in hits]


@pytest.fixture
def uninterrupted(tmp_path: Path) -> Found:
    with open_library(tmp_path / "uninterrupted", WordEmbedder()) as library:
        library.add(PAPERS)
        index_pending(library)
        assert (library.counts(), library.chroma.count()) == (INDEXED, 6)
        return found(library)


def test_empty_library(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "library"
    with open_library(home, WordEmbedder()) as library:
        assert library.home == home
        assert library.counts() == CatalogCounts(0, 0, 0, 0, 0, 0)
        assert library.chroma.count() == 0


def test_opened_again(tmp_path: Path, uninterrupted: Found) -> None:
    embedder = WordEmbedder()
    with open_library(tmp_path / "uninterrupted", embedder) as library:
        assert (library.counts(), library.chroma.count()) == (INDEXED, 6)
        assert index_pending(library) == 0
        assert embedder.texts == []
        assert found(library) == uninterrupted


@pytest.mark.parametrize(
    ("embedder", "problem"),
    [
        (
            WordEmbedder(name="letters"),
            "This library was written with embedding model words, and this paperchat has letters",
        ),
        (
            WordEmbedder(dimension=32),
            "This library was written with dimension 64, and this paperchat has 32",
        ),
    ],
    ids=["model", "dimension"],
)
@pytest.mark.parametrize("side", ["both sides", "Chroma alone"])
def test_other_model(tmp_path: Path, embedder: WordEmbedder, problem: str, side: str) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add(PAPERS)
        index_pending(library)
    if side == "Chroma alone":  # whoever made the catalog died before it said anything
        (tmp_path / CATALOG_FILE).unlink()
        Catalog(tmp_path / CATALOG_FILE).close()
    for _ in range(2):  # it is not written by an attempt, either
        with pytest.raises(LibraryMismatchError) as caught, open_library(tmp_path, embedder):
            pass
        assert (caught.value.problem, caught.value.where, caught.value.hint) == (
            problem,
            str(tmp_path),
            "Set PAPERCHAT_HOME to another folder and ingest again, or go back to the paperchat"
            " that wrote it.",
        )


def test_other_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_library(tmp_path, WordEmbedder()):
        pass
    monkeypatch.setattr("vectorstore.library.SCHEMA_VERSION", "4")
    with (
        pytest.raises(LibraryMismatchError) as caught,
        open_library(tmp_path, WordEmbedder()),
    ):
        pass
    assert caught.value.problem == (
        "This library was written with schema version 3, and this paperchat has 4"
    )


def test_mismatch_leaves_the_library_free(tmp_path: Path) -> None:
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add(PAPERS)
        index_pending(library)
    with pytest.raises(LibraryMismatchError), open_library(tmp_path, WordEmbedder("letters")):
        pass
    with open_library(tmp_path, WordEmbedder()) as library:
        assert library.counts() == INDEXED


def test_opened_twice(tmp_path: Path) -> None:
    with (
        open_library(tmp_path, WordEmbedder()),
        pytest.raises(LibraryBusyError),
        open_library(tmp_path, WordEmbedder()),
    ):
        pass


def test_its_folder_is_nobody_elses(tmp_path: Path) -> None:
    with open_library(tmp_path / "made" / "library", WordEmbedder()):
        pass
    assert (tmp_path / "made" / "library").stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(LibraryError) as caught,
        open_library(tmp_path / "file" / "library", WordEmbedder()),
    ):
        pass
    assert str(caught.value) == (
        f"The library's folder cannot be made: Not a directory ({tmp_path}/file/library)."
        " Set PAPERCHAT_HOME to a folder that you can write to."
    )


class CrashError(Exception):
    """Stands for a process that dies here."""


def crash(*_: object) -> None:
    raise CrashError


def before_chroma(library: Library, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(library.chroma, "replace", crash)


def halfway_through_chroma(_library: Library, patch: pytest.MonkeyPatch) -> None:
    # The old passages are deleted and the new ones not there yet.
    patch.setattr("vectorstore.chroma_passages.ChromaPassages._store", crash)


def after_chroma(library: Library, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(library.catalog, "mark_indexed", crash)


def after_all(library: Library, patch: pytest.MonkeyPatch) -> None:
    complete = library.complete
    patch.setattr(library, "complete", lambda batch: (complete(batch), crash()))


CRASHES = (before_chroma, halfway_through_chroma, after_chroma, after_all)


@pytest.mark.parametrize("batches_before", [0, 1, 2])
@pytest.mark.parametrize("arrange_crash", CRASHES)
def test_crash_while_indexing(
    tmp_path: Path,
    uninterrupted: Found,
    monkeypatch: pytest.MonkeyPatch,
    arrange_crash: Callable[[Library, pytest.MonkeyPatch], None],
    batches_before: int,
) -> None:
    monkeypatch.setattr("ingest.engine.BATCH_PAPERS", 2)
    home = tmp_path / "crashed"
    with monkeypatch.context() as patch, open_library(home, WordEmbedder()) as library:
        library.add(PAPERS)

        def crash_in_time(done: int, _total: int) -> None:
            if done == 2 * batches_before:
                arrange_crash(library, patch)

        with pytest.raises(CrashError):
            index_pending(library, on_progress=crash_in_time)

    with open_library(home, WordEmbedder()) as library:
        indexed = 2 * batches_before + (2 if arrange_crash is after_all else 0)
        assert index_pending(library) == max(0, len(PAPERS) - indexed)
        assert (library.counts(), library.chroma.count()) == (INDEXED, 6)
        assert found(library) == uninterrupted


@pytest.mark.parametrize("arrange_crash", CRASHES)
def test_crash_while_indexing_a_rewritten_paper(
    tmp_path: Path,
    uninterrupted: Found,
    monkeypatch: pytest.MonkeyPatch,
    arrange_crash: Callable[[Library, pytest.MonkeyPatch], None],
) -> None:
    home = tmp_path / "uninterrupted"
    with open_library(home, WordEmbedder()) as library:
        library.add([REWRITTEN])
        with monkeypatch.context() as patch:
            arrange_crash(library, patch)
            with pytest.raises(CrashError):
                index_pending(library)
    with open_library(home, WordEmbedder()) as library:
        index_pending(library)
        assert library.catalog.papers(["b"]) == {"b": REWRITTEN}
        assert library.counts() == CatalogCounts(5, 0, 5, 1, 0, 0)
        assert library.chroma.count() == 5
        assert found(library) != uninterrupted


def test_reopening_after_a_crash_keeps_what_was_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.engine.BATCH_PAPERS", 2)
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add(PAPERS)
        with monkeypatch.context() as patch, pytest.raises(CrashError):
            index_pending(
                library, on_progress=lambda done, _: after_chroma(library, patch) if done else None
            )
    embedder = WordEmbedder()
    with open_library(tmp_path, embedder) as library:
        assert library.counts() == CatalogCounts(5, 3, 3, 1, 0, 0)
        assert index_pending(library) == 3
    assert len(embedder.texts) == 3


def forget_chroma(home: Path) -> None:
    shutil.rmtree(home / CHROMA_FOLDER)


def lose_a_paper(home: Path) -> None:
    with open_library(home, WordEmbedder()) as library:
        library.chroma.replace(["b"], [])


def forget_a_paper(home: Path) -> None:
    with closing(sqlite3.connect(home / CATALOG_FILE)) as connection:
        connection.execute("DELETE FROM papers WHERE id = 'b'")
        connection.commit()


@pytest.mark.parametrize("damage", [forget_chroma, lose_a_paper, forget_a_paper])
def test_passages_are_made_anew(
    tmp_path: Path, uninterrupted: Found, damage: Callable[[Path], None]
) -> None:
    home = tmp_path / "uninterrupted"
    damage(home)
    with open_library(home, WordEmbedder()) as library:
        counts = library.counts()
        assert counts.pending == counts.papers
        library.add(PAPERS)
        index_pending(library)
        assert (library.counts(), library.chroma.count()) == (INDEXED, 6)
        assert found(library) == uninterrupted


def test_counts_read_beside_another_process(tmp_path: Path) -> None:
    assert read_counts(tmp_path) == (CatalogCounts(0, 0, 0, 0, 0, 0), "")
    assert list(tmp_path.iterdir()) == []
    with open_library(tmp_path, WordEmbedder()) as library:
        library.add(PAPERS)
        assert read_counts(tmp_path) == (CatalogCounts(5, 5, 0, 1, 0, 0), "words")
        index_pending(library)
        assert read_counts(tmp_path) == (INDEXED, "words")
    assert read_counts(tmp_path) == (INDEXED, "words")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "catalog.sqlite3",
        "chroma",
        "library.lock",
    ]


def test_chroma_that_another_model_filled(tmp_path: Path) -> None:
    facts = {"schema_version": SCHEMA_VERSION, "embedding_model": "letters", "distance": "cosine"}
    ChromaPassages(tmp_path, facts).close()
    Catalog(tmp_path / CATALOG_FILE).close()
    with pytest.raises(LibraryMismatchError) as caught, open_library(tmp_path, WordEmbedder()):
        pass
    assert caught.value.problem == (
        "This library was written with embedding model letters, and this paperchat has words"
    )
