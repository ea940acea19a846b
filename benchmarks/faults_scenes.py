"""The commands that faults are put into, each with the library that it begins with.

Owns the folders of papers, which are made up, and the states in which a library may be once the
command, or what was left of it, was done.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults_process import command
from benchmarks.faults_state import State, state_of
from benchmarks.kills_folder import PaperFolder
from vectorstore.catalog import CATALOG_FILE, Catalog
from vectorstore.chroma_passages import CHROMA_FOLDER

FILES = 3
PAPERS_A_FILE = 4
MANY_PAPERS = 1_050  # so that there is a search.index, and a graph of Chroma's
REMOVED = 3
PAPERS = "papers"

Arguments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A command and what it is run on: a copy of `library`, or no library where that is not there.

    `again` is the command that does what was left; `outcomes` are all that there may be then.
    `kept` are titles that have to be there at every moment.
    """

    name: str
    library: Path
    arguments: Arguments
    again: Arguments
    outcomes: tuple[State, ...]
    kept: frozenset[str]

    @property
    def folder(self) -> Path:
        """Return the folder of papers."""
        return self.library.with_name(PAPERS)

    def set_up(self, home: Path) -> Path:
        """Put the library in `home`, in the place of what is there."""
        shutil.rmtree(home, ignore_errors=True)
        if self.library.exists():
            shutil.copytree(self.library, home)
        return home


class SceneError(Exception):
    """A command failed that nothing was done to."""


def scenes(place: Path, *, with_large: bool) -> Iterator[Scene]:
    """Yield the scenes, made in `place`; those `with_large` libraries take half a minute more."""
    makers: tuple[Callable[[Path], Scene], ...] = (_ingest, _sync, removal, _repair, _anew)
    for make in (*makers, _large) if with_large else makers:
        folder = place / make.__name__.strip("_")
        folder.mkdir()
        yield make(folder)


def sound_libraries(place: Path, *, with_large: bool) -> Iterator[Scene]:
    """Yield scenes whose libraries nothing is wrong with, a small and perhaps a large one."""
    for make in (removal, _large) if with_large else (removal,):
        folder = place / make.__name__.strip("_")
        folder.mkdir()
        yield make(folder)


def run(home: Path, *arguments: str) -> None:
    """Run a command that has to succeed; raises SceneError where it does not."""
    ended = command(arguments, home)
    if ended.code:
        raise SceneError(f"paperchat {' '.join(arguments)}: {ended.message or ended.shown}")


def small_folder(place: Path, papers_a_file: int = PAPERS_A_FILE) -> PaperFolder:
    """Make a folder of papers in `place`, always the same."""
    return PaperFolder(place / PAPERS, random.Random(7), FILES, papers_a_file)  # noqa: S311


def _ingest(place: Path) -> Scene:
    arguments = ("ingest", str(small_folder(place).path))
    return _scene("ingest", place, arguments, arguments)


def _sync(place: Path) -> Scene:
    folder = small_folder(place)
    arguments = ("sync", "--prune", str(folder.path))
    run(place / "library", *arguments)
    for _ in range(3):
        folder.edit()
    return _scene("sync", place, arguments, arguments)


def removal(place: Path) -> Scene:
    """Return the removal of some papers of a small library, made in `place`."""
    folder = small_folder(place)
    run(place / "library", "ingest", str(folder.path))
    titles = sorted(folder.files_by_title())[:REMOVED]
    shutil.copytree(place / "library", place / "whole")
    untouched = state_of(place / "whole")
    return _scene("remove", place, ("remove", *titles), ("search", "bread"), untouched)


def _repair(place: Path) -> Scene:
    run(place / "library", "ingest", str(small_folder(place).path))
    (place / "library" / CHROMA_FOLDER / "chroma.sqlite3").write_bytes(b"junk" * 1_000)
    arguments = ("doctor", "--repair")
    return _scene("repair", place, arguments, arguments)


def _anew(place: Path) -> Scene:
    run(place / "library", "ingest", str(small_folder(place).path))
    shutil.rmtree(place / "library" / CHROMA_FOLDER)
    return _scene("vectors anew", place, ("search", "bread"), ("search", "bread"))


def _large(place: Path) -> Scene:
    run(place / "library", "ingest", str(small_folder(place, MANY_PAPERS // FILES).path))
    return _scene("search.index", place, ("search", "bread"), ("search", "bread"))


def _scene(name: str, place: Path, arguments: Arguments, again: Arguments, *others: State) -> Scene:
    """Return the scene; what its command makes of the library is an outcome, as are `others`."""
    library, home = place / "library", place / "copy"
    if library.exists():
        shutil.copytree(library, home)
    run(home, *arguments)
    outcomes = (*others, state_of(home))
    return Scene(name, library, arguments, again, outcomes, _kept(library, outcomes))


def titles_in(home: Path) -> frozenset[str]:
    """Return the titles in the catalog in `home`, whatever else is there."""
    file = home / CATALOG_FILE
    if not file.exists() or not file.stat().st_size:
        return frozenset()
    with closing(Catalog(file, read_only=True)) as catalog:
        return frozenset() if catalog.file.is_empty else frozenset(catalog.titles())


def _kept(library: Path, outcomes: Iterable[State]) -> frozenset[str]:
    titles = titles_in(library)
    for outcome in outcomes:
        titles &= outcome.looked.files_by_title.keys()
    return titles
