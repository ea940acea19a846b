"""What a library on disk says of itself, read without opening it for work.

Invariant: nothing is made where there is no library, and no paper is changed where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.lock import LibraryLock


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The facts that a library recorded of itself, such as its embedding model, and its counts."""

    facts: dict[str, str]
    counts: CatalogCounts


def read_state(home: Path) -> LibraryState | None:
    """Return what the catalog in `home` holds, or None where there is none; takes no lock.

    Raises LibraryError if it cannot be read.
    """
    file = home / CATALOG_FILE
    if not file.exists() or not file.stat().st_size:
        return None
    catalog = Catalog(file)
    try:
        return LibraryState(catalog.about(), catalog.counts())
    finally:
        catalog.close()


def stored_passages(home: Path, facts: dict[str, str]) -> int:
    """Return how many passages Chroma holds for the library in `home`, which recorded `facts`.

    Holds the library's lock meanwhile: raises LibraryBusyError if another process has it, and
    LibraryError if Chroma cannot be used.
    """
    lock = LibraryLock(home)
    try:
        if not (home / CHROMA_FOLDER).is_dir():
            return 0
        chroma = ChromaPassages(home, facts)
        try:
            return chroma.count()
        finally:
            chroma.close()
    finally:
        lock.release()
