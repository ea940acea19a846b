"""What a library on disk says of itself, read without opening it for work.

Invariant: nothing is made where there is no library, and no paper is changed where there is one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vectorstore import catalog_health
from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.chroma_place import ChromaPlace
from vectorstore.lock import LibraryLock

_READ_AT_ONCE = 1_000_000_000  # bytes: some seconds


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The facts that a library recorded of itself, such as its embedding model, and its counts."""

    facts: dict[str, str]
    counts: CatalogCounts


@dataclass(frozen=True, slots=True)
class StoredPassages:
    """How many passages Chroma holds, and whether a sample of them is found there."""

    count: int
    are_found: bool


def read_state(home: Path) -> LibraryState | None:
    """Return what the catalog in `home` holds, or None where there is none; takes no lock.

    Raises LibraryError if it cannot be read.
    """
    file = home / CATALOG_FILE
    if not file.exists() or not file.stat().st_size:
        return None
    with closing(Catalog(file, read_only=True)) as catalog:
        if catalog.file.is_empty:  # whoever made it died before its tables were there
            return None
        return LibraryState(catalog.about(), catalog.counts())


def catalog_problems(home: Path) -> tuple[str, ...]:
    """Return what is wrong with the catalog in `home`, as far as that is told at once.

    Takes no lock. `vectorstore.repair` looks closer, and mends it.
    """
    file = home / CATALOG_FILE
    found = []
    with closing(Catalog(file, read_only=True)) as catalog:
        if file.stat().st_size <= _READ_AT_ONCE and (damage := catalog_health.damage(catalog.file)):
            found.append(damage)
        if strays := catalog_health.stray_rows(catalog.file):
            found.append(f"rows of no paper: {strays:,}")
        if lacking := catalog_health.papers_without_vectors(catalog.file):
            found.append(f"papers without vectors: {len(lacking):,}")
    return tuple(found)


def stored_passages(
    home: Path, facts: dict[str, str], place: ChromaPlace | None = None
) -> StoredPassages:
    """Return what Chroma holds for the library in `home`, which recorded `facts`.

    Holds the library's lock meanwhile: raises LibraryBusyError if another process has it, and
    LibraryError if Chroma cannot be used.
    """
    lock = LibraryLock(home)
    try:
        if place is None and not (home / CHROMA_FOLDER).is_dir():
            return StoredPassages(0, are_found=True)
        with closing(ChromaPassages(home, facts, place)) as chroma:
            return StoredPassages(chroma.count(), chroma.finds_passages())
    finally:
        lock.release()
