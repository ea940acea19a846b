"""What a library on disk says of itself, read without opening it for work.

Invariant: nothing is made where there is no library, and no paper is changed where there is one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vectorstore import catalog_health
from vectorstore.catalog import CATALOG_FILE, Catalog, CatalogCounts
from vectorstore.catalog_file import refuse_no_file
from vectorstore.catalog_leaving import leaving_ids
from vectorstore.catalog_migration import refuse_later
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.chroma_place import DATABASE, ChromaPlace
from vectorstore.chroma_server import ChromaServer
from vectorstore.errors import LibraryError
from vectorstore.lock import LibraryLock
from vectorstore.restore_swap import finish_restore
from vectorstore.standing import read_facts

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


def read_state(home: Path, place: ChromaPlace | None = None) -> LibraryState | None:
    """Return what the catalog in `home` holds, or None where none was begun yet; takes no lock.

    A restore that was cut short is finished first. Raises LibraryError if the catalog cannot be
    read or was lost, LibraryMismatchError if a later paperchat wrote it.
    """
    finish_restore(home)
    if not _has_catalog(home):
        refuse_lost_catalog(home, place)
        return None
    with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
        facts = catalog.about()
        refuse_later(facts.get("schema_version", ""), home)
        return LibraryState(facts, catalog.counts())


def refuse_lost_catalog(home: Path, place: ChromaPlace | None = None) -> None:
    """Raise LibraryError where there are vectors in `home` and no catalog that says of what.

    Else a library would be begun there with none of its papers, as if there had been none. Where
    the server in whose `place` they were has the library, the home is made again of that.
    """
    # Chroma's is made after ours.
    if not (home / CHROMA_FOLDER / DATABASE).exists() or _has_catalog(home):
        return
    if isinstance(place, ChromaServer) and read_facts(place).get("library"):
        return
    raise LibraryError(
        "There is no catalog, and there are vectors of its papers",
        where=str(home / CATALOG_FILE),
        hint="The catalog is the only record of the papers: run `paperchat restore FILE"
        f" --replace` with a backup, or delete the folder `{CHROMA_FOLDER}` beside it to begin a"
        " new library here.",
    )


def _has_catalog(home: Path) -> bool:
    """Tell whether there is a catalog; one without tables is none, whoever made it died early."""
    file = home / CATALOG_FILE
    refuse_no_file(file)
    if not file.exists() or not file.stat().st_size:
        return False
    with closing(Catalog(file, read_only=True)) as catalog:
        return not catalog.file.is_empty


def catalog_problems(home: Path) -> tuple[str, ...]:
    """Return what is wrong with the catalog in `home`, as far as that is told at once.

    Takes no lock. `vectorstore.repair` looks closer, and mends it.
    """
    file = home / CATALOG_FILE
    found = []
    with closing(Catalog(file, read_only=True)) as catalog:
        if file.stat().st_size <= _READ_AT_ONCE:
            if damage := catalog_health.damage(catalog.file):
                found.append(damage)
            elif broken := catalog_health.broken_lexical(catalog.file):
                found.append(f"lexical index damaged: {', '.join(broken)}")
        if strays := catalog_health.stray_rows(catalog.file):
            found.append(f"rows of no paper: {strays:,}")
        if lacking := catalog_health.papers_without_vectors(catalog.file):
            found.append(f"papers without vectors: {len(lacking):,}")
    return tuple(found)


def unfinished_removals(home: Path) -> int:
    """Return how many papers left the catalog whose passages may still be in Chroma."""
    with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
        return len(leaving_ids(catalog.file))


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
