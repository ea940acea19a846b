"""Checks of the library on disk: its folder, what it holds, and whether its two sides agree.

Invariant: no library is made where there is none.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ui.answer_facts import counted
from ui.doctor.doctor_check import Check, Status, failed, ok, problem, warning
from ui.doctor.doctor_server import standing_check
from vectorstore.chroma_place import ChromaPlace
from vectorstore.chroma_server import ChromaServer
from vectorstore.errors import LibraryBusyError, PaperchatError
from vectorstore.library_state import (
    LibraryState,
    catalog_problems,
    read_state,
    stored_passages,
    unfinished_removals,
)
from vectorstore.lock import LibraryLock

# A thousand papers take a tenth of it; Chroma and SQLite fail in the middle of their work without.
_ENOUGH_BYTES = 500_000_000
_TOO_FEW_BYTES = 50_000_000

_MOST_READ_THROUGH = 20_000  # papers: some seconds; `doctor --repair` reads any number

_FREE = "free: no other process has the library open"
REPAIR_HINT = "Run `paperchat doctor --repair`."
_HOME_HINT = "Set PAPERCHAT_HOME to a folder that you can write to."
_MIGRATED_HINT = "The next command brings it up to date, and keeps a copy of the catalog."
_ANEW_HINT = (
    "Set PAPERCHAT_HOME to another folder and ingest again, or go back to the paperchat and the"
    " embedding model that wrote it."
)


def library_checks(
    home: Path, embedding_model: str | None, place: ChromaPlace | None = None
) -> Iterator[Check]:
    """Yield the checks of the library in `home`, which is to be read with `embedding_model`.

    Its passages are in `place`, by default in the same folder. With no model nobody knows which one
    that would be, and it is not compared.
    """
    try:
        yield (folder := folder_check(home, place))
        if folder.status is not Status.PROBLEM:
            yield disk_check(home)
            if state := read_state(home, place):
                yield from _contents(home, state, embedding_model, place)
            elif isinstance(place, ChromaServer):
                yield standing_check(place, {})
    except PaperchatError as error:
        yield failed("library", error)
    except OSError as error:
        detail = f"{home} cannot be looked into: {error.strerror or error}"
        yield problem("library", detail, _HOME_HINT)


def folder_check(home: Path, place: ChromaPlace | None = None) -> Check:
    """Return whether there is, or can be, a library in `home`."""
    name = "library folder"
    if home.exists() and not home.is_dir():
        return problem(name, f"{home} is not a folder", _HOME_HINT)
    found = _existing(home)
    if not found.is_dir() or not os.access(found, os.R_OK | os.W_OK | os.X_OK):
        return problem(name, f"{found} cannot be read and written", _HOME_HINT)
    if not home.exists():
        return ok(name, f"{home} is not there yet", "paperchat ingest makes it.")
    if read_state(home, place) is None:
        return ok(name, f"{home} has no library yet", "paperchat ingest makes one.")
    return ok(name, f"{home} can be read and written")


def _existing(home: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(place for place in (home, *home.parents) if place.exists())


def disk_check(home: Path) -> Check:
    """Return whether there is enough space where `home` is."""
    place = _existing(home)
    free = shutil.disk_usage(place).free
    detail = f"{free / 1e9:,.1f} GB free at {place}"
    if free < _TOO_FEW_BYTES:
        return problem("disk space", detail, "Free some space before you ingest.")
    if free < _ENOUGH_BYTES:
        return warning("disk space", detail, "Free some space before you ingest much.")
    return ok("disk space", detail)


def _contents(
    home: Path, state: LibraryState, embedding_model: str | None, place: ChromaPlace | None
) -> Iterator[Check]:
    from vectorstore.catalog_migration import SCHEMA_VERSION, can_migrate

    yield _counts(state)
    expected = {"schema version": SCHEMA_VERSION, "embedding model": embedding_model}
    for name, value in expected.items():
        found = state.facts.get(name.replace(" ", "_"), value)
        if found == value:
            yield ok(f"library's {name}", str(found or "not recorded"))
        elif name == "schema version" and can_migrate(str(found)):
            detail = f"written with {found}, and this paperchat has {value}"
            yield warning(f"library's {name}", detail, _MIGRATED_HINT)
        elif value is not None:
            detail = f"written with {found}, and this paperchat has {value}"
            yield problem(f"library's {name}", detail, _ANEW_HINT)
    removed = 0
    if state.facts.get("schema_version") == SCHEMA_VERSION:
        yield _records(home)
        if removed := unfinished_removals(home):
            yield _removals(removed)
    if isinstance(place, ChromaServer):
        yield (standing := standing_check(place, state.facts))
        if place.follows or standing.status is not Status.OK:
            yield _lock(home)
            return  # the passages are another home's
    yield from _two_sides(home, state, place, may_have_more=bool(state.counts.pending or removed))


def _lock(home: Path) -> Check:
    try:
        LibraryLock(home).release()
    except LibraryBusyError as error:
        return failed("lock", error, Status.WARNING)
    return ok("lock", _FREE)


def _counts(state: LibraryState) -> Check:
    counts = state.counts
    detail = f"{counts.papers:,} papers, {counts.pending:,} of them waiting to be indexed"
    if counts.pending:
        return warning("library", detail, "The next command indexes them; stats does not.")
    return ok("library", detail)


def _records(home: Path) -> Check:
    problems = catalog_problems(home)
    if not problems and (differing := _differing(home)):
        problems = (f"papers that are not as they were read: {differing:,}",)
    if problems:
        return problem("catalog", "; ".join(problems), REPAIR_HINT)
    return ok("catalog", "nothing is missing in it")


def _differing(home: Path) -> int:
    """Return how many papers a damaged disk changed; 0 of a library too large to read through."""
    from ingest.record_check import damaged_papers
    from vectorstore.catalog import CATALOG_FILE, Catalog

    with closing(Catalog(home / CATALOG_FILE, read_only=True)) as catalog:
        is_small = catalog.paper_count() <= _MOST_READ_THROUGH
        return len(damaged_papers(catalog)) if is_small else 0


def _removals(removed: int) -> Check:
    detail = f"{counted(removed, 'paper')} left, and Chroma may still have their passages"
    return warning("removals", detail, "The next command removes those too.")


def _two_sides(
    home: Path, state: LibraryState, place: ChromaPlace | None, *, may_have_more: bool
) -> Iterator[Check]:
    try:
        stored = stored_passages(home, state.facts, place)
    except LibraryBusyError as error:
        yield failed("lock", error, Status.WARNING)
        return
    yield ok("lock", _FREE)
    expected = state.counts.passages
    detail = f"the catalog counts {expected:,} passages, Chroma has {stored.count:,}"
    # While papers are pending their passages may or may not be there, so only a lack shows; and so
    # it is with papers that left.
    if stored.count < expected or (stored.count > expected and not may_have_more):
        yield problem("catalog and Chroma", detail, "The next command makes the vectors anew.")
    elif not stored.are_found:
        detail = "Chroma does not find the passages that it has"
        yield problem("catalog and Chroma", detail, REPAIR_HINT)
    else:
        yield ok("catalog and Chroma", detail)
