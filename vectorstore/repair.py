"""A library mended: what can be made of its papers again is, and the rest is told.

Owns the order: the catalog first, which is the truth, then the vector side, compared with it paper
by paper. What is missing there is left pending, for whoever opens the library next to index.
Invariants: no paper and nothing that is read of one is lost; killed anywhere, it can be run again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vectorstore import catalog_health
from vectorstore.agreement import agree
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.catalog_file import LOST_HINT, CatalogFile, refuse_no_file
from vectorstore.catalog_migration import SCHEMA_VERSION, migrate, refuse_later
from vectorstore.chroma_passages import CHROMA_FOLDER, ChromaPassages
from vectorstore.chroma_place import ChromaPlace, EmbeddedChroma
from vectorstore.chroma_server import ChromaServer
from vectorstore.errors import LibraryError, LibraryMismatchError
from vectorstore.library_state import refuse_lost_catalog
from vectorstore.lock import LibraryLock
from vectorstore.restore_swap import put_in_place
from vectorstore.standing import read_facts, require_writer

_OF_VECTORS = ("embedding_model", "dimension", "distance")


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of the library: what was found there, and what was done, "" where all was well."""

    part: str
    found: str
    done: str = ""


def mend(home: Path, place: ChromaPlace | None = None) -> Iterator[Finding]:
    """Mend the library in `home`, whose passages are in `place`, and tell of each part in turn.

    Holds the library's lock meanwhile. Raises LibraryBusyError if another process has it,
    LibraryError where the catalog is damaged itself: nothing is mended then.
    """
    lock = LibraryLock(home)
    try:
        put_in_place(home)
        with closing(_whole_catalog(home, place)) as catalog:
            version = catalog.about().get("schema_version", "")
            refuse_later(version, home)
            yield _indexes(catalog.file)
            migrate(catalog.file, version)
            if catalog.about().get("schema_version", SCHEMA_VERSION) == SCHEMA_VERSION:
                yield _lexical(catalog.file)
                yield _records(catalog.file)
                yield _passages(catalog, home, place or EmbeddedChroma(home / CHROMA_FOLDER))
    finally:
        lock.release()


def _whole_catalog(home: Path, place: ChromaPlace | None) -> Catalog:
    """Open the catalog; raises LibraryError where there is none, or where papers are damaged."""
    file = home / CATALOG_FILE
    refuse_no_file(file)
    if not file.exists() or not file.stat().st_size:
        raise _lost("There is no catalog", file)
    try:
        refuse_lost_catalog(home, place)
        catalog = Catalog(file)
        complaint = catalog_health.damage(catalog.file)
    except LibraryError as error:
        raise _lost(error.problem, file) from error
    if complaint and not catalog_health.is_of_index(complaint):
        catalog.close()
        raise _lost(f"The catalog is damaged: {complaint}", file)
    return catalog


def _lost(problem: str, file: Path) -> LibraryError:
    return LibraryError(problem, where=str(file), hint=LOST_HINT)


def _indexes(file: CatalogFile) -> Finding:
    complaint = catalog_health.damage(file)
    if not complaint:
        return Finding("catalog", "whole")
    catalog_health.rebuild_indexes(file)
    if left := catalog_health.damage(file):
        raise _lost(f"The catalog is damaged: {left}", file.path)
    return Finding("catalog", complaint, "its indexes were made anew")


def _lexical(file: CatalogFile) -> Finding:
    try:
        broken = catalog_health.mend_lexical(file)
    except LibraryError as error:
        raise _lost(error.problem, file.path) from error
    if broken:
        return Finding("lexical index", f"{', '.join(broken)}: damaged", "made anew")
    return Finding("lexical index", "says what the papers do")


def _records(file: CatalogFile) -> Finding:
    found, done = [], []
    if strays := catalog_health.stray_rows(file):
        catalog_health.drop_stray_rows(file)
        found.append(f"rows of no paper: {strays:,}")
        done.append("rows of no paper were removed")
    if lacking := catalog_health.papers_without_vectors(file):
        catalog_health.index_again(file, lacking)
        found.append(f"papers without vectors: {len(lacking):,}")
        done.append("papers without vectors are indexed again")
    return Finding("records", "; ".join(found) or "all belong to papers", "; ".join(done))


def _passages(catalog: Catalog, home: Path, place: ChromaPlace) -> Finding:
    facts = catalog.about()
    if isinstance(place, ChromaServer):
        if place.follows:
            return Finding("passages", "left to the home that writes the library")
        own = facts.get("home") or facts.get("library", "")
        require_writer(place, own, read_facts(place))
    try:
        if isinstance(place, EmbeddedChroma) and (complaint := place.damage()):
            raise LibraryError(f"Chroma's store is damaged: {complaint}", where=place.where)
        with closing(ChromaPassages(home, facts, place)) as chroma:
            _require_fit(chroma, facts)
            return _agreement(catalog.file, chroma)
    except LibraryMismatchError:
        raise
    except LibraryError as error:
        if not isinstance(place, EmbeddedChroma):  # a server mends its own
            raise
        # In this order: killed in between, papers are indexed again, and none is missed.
        catalog.mark_all_pending()
        place.discard()
        return Finding("passages", error.problem, "deleted; all papers are indexed again")


def _require_fit(chroma: ChromaPassages, facts: dict[str, str]) -> None:
    recorded = chroma.recorded_facts
    if any(recorded.get(name, facts.get(name)) != facts.get(name) for name in _OF_VECTORS):
        raise LibraryError("Chroma has passages of another embedding model", where=chroma.where)
    if not chroma.finds_passages():
        raise LibraryError("Chroma does not find the passages that it has", where=chroma.where)


def _agreement(file: CatalogFile, chroma: ChromaPassages) -> Finding:
    agreement = agree(file, chroma)
    found, done = [], []
    if agreement.strays:
        found.append(f"of no paper: {agreement.strays:,}")
        done.append("those of no paper were removed")
    if agreement.wrong:
        found.append(f"papers without those they should have: {agreement.wrong:,}")
        done.append("papers without theirs are indexed again")
    return Finding(
        "passages",
        "; ".join(found) or f"all {agreement.total:,} as in the catalog",
        "; ".join(done),
    )
