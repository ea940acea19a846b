"""A library whose files are damaged: cut, flipped, taken away, or of another version.

Invariants that are tried: `doctor` finds fault with every damage that changes what the library
says; `doctor --repair` leaves the library as it was, or says that it cannot and touches nothing.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults_found import Found, messages, misbehaviour
from benchmarks.faults_process import command
from benchmarks.faults_scenes import Scene
from benchmarks.faults_state import State, as_read, state_of
from vectorstore.catalog import CATALOG_FILE
from vectorstore.chroma_passages import CHROMA_FOLDER
from vectorstore.errors import LibraryError
from vectorstore.search_file import SEARCH_FILE

CHROMA_FILE = f"{CHROMA_FOLDER}/chroma.sqlite3"
LENGTHS = (0, 1, 99, 100, 0.1, 0.25, 0.5, 0.75, 0.9, -1)  # bytes, shares, or bytes from the end
FLIPS = 40  # in each file
LATER_VERSION = (
    "INSERT INTO migrations SELECT dir, 99999, 'later', 'SELECT 1', 'later' FROM migrations LIMIT 1"
)
OTHER_VERSION = "UPDATE migrations SET hash = 'another'"


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to one file of a library."""

    name: str
    detail: str
    harm: Callable[[Path], object]


def damages(library: Path, step: int) -> Iterator[Damage]:
    """Yield all that is done to the files of this library, or every `step`-th of each kind."""
    files = sorted(str(f.relative_to(library)) for f in library.rglob("*") if f.is_file())
    for file in files:
        if file not in (CATALOG_FILE, SEARCH_FILE) and not file.startswith(CHROMA_FOLDER):
            continue
        yield from list(_cuts(library, file))[::step]
        yield from list(_flips(library, file))[::step]
        yield Damage(f"{_called(file)} absent", file, _absent(file))
        yield Damage(f"{_called(file)} of junk", file, _junk(file))
    yield Damage("Chroma's folder absent", "", lambda home: shutil.rmtree(home / CHROMA_FOLDER))
    for statement in (LATER_VERSION, OTHER_VERSION):
        yield Damage("Chroma of another version", statement, _in_chroma(statement))


def after_damage(scene: Scene, step: int, place: Path) -> Iterator[Found]:
    """Yield what became of the scene's library after each damage."""
    sound = state_of(scene.set_up(place / "sound"))
    for damage in damages(scene.library, step):
        home = scene.set_up(place / "library")
        damage.harm(home)
        breaches, shown = _tried(scene, home, place / "other", sound)
        yield Found(f"{scene.name}: {damage.name}", damage.detail, shown, breaches)


def _tried(
    scene: Scene, home: Path, other: Path, sound: State
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return breaches and messages of a library in `home`, with a copy of it in `other`."""
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(home, other)
    told = command(("doctor",), home)
    searched = command(("search", "bread"), home)
    breaches = [f"doctor: {each}" for each in misbehaviour(told)]
    breaches += [f"search: {each}" for each in misbehaviour(searched, located_by=str(home))]
    if not told.code and (said := _differences(home, sound)):
        breaches.append(f"doctor finds no fault, and {said}")
    breaches += _mended(scene, other, sound)
    return tuple(breaches), messages(told) + messages(searched)


def _mended(scene: Scene, home: Path, sound: State) -> Iterator[str]:
    before = _bytes(home / CATALOG_FILE)
    mended = command(("doctor", "--repair"), home)
    yield from (f"repair: {each}" for each in misbehaviour(mended))
    if mended.code:
        if _bytes(home / CATALOG_FILE) != before:
            yield "repair gives up on a catalog and changes it"
        return
    if read := command(("ingest", str(scene.folder)), home).code:  # what was damaged is read again
        yield f"after repair, ingest ends with {read}"
    if said := _differences(home, sound):
        yield f"after repair, {said}"
    if (again := command(("doctor",), home)).code:
        yield f"after repair, doctor says: {'; '.join(messages(again))}"


def _differences(home: Path, sound: State) -> str:
    """Return what is not as it was, "" where all is; what is pending was indexed before."""
    try:
        state = state_of(home)
    except LibraryError as error:
        return f"the library cannot be opened: {error}"
    found = [*state.breaches, *as_read(state).differences(as_read(sound))]
    return f"of the library there differ: {', '.join(found)}" if found else ""


def _called(file: str) -> str:
    return (
        file if file in (CATALOG_FILE, CHROMA_FILE, SEARCH_FILE) else f"Chroma's {Path(file).name}"
    )


def _cuts(library: Path, file: str) -> Iterator[Damage]:
    size = (library / file).stat().st_size
    for length in LENGTHS:
        at = int(size * length) if isinstance(length, float) else length % (size + 1 or 1)
        if at < size:
            yield Damage(f"{_called(file)} cut", f"{file} at {at:,}", _cut(file, at))


def _cut(file: str, at: int) -> Callable[[Path], object]:
    def harm(home: Path) -> None:
        content = (home / file).read_bytes()
        (home / file).write_bytes(content[:at])

    return harm


def _flips(library: Path, file: str) -> Iterator[Damage]:
    """Yield a bit flipped at each of some places that are not empty, the same in every run."""
    content = (library / file).read_bytes()
    used = [at for at, byte in enumerate(content) if byte]
    chosen = random.Random(11).sample(used, min(FLIPS, len(used)))  # noqa: S311
    for at in chosen:
        yield Damage(f"{_called(file)} flipped", f"{file} at {at:,}", _flip(file, at))


def _flip(file: str, at: int) -> Callable[[Path], object]:
    def harm(home: Path) -> None:
        content = bytearray((home / file).read_bytes())
        content[at] ^= 1 << at % 8
        (home / file).write_bytes(content)

    return harm


def _absent(file: str) -> Callable[[Path], object]:
    return lambda home: (home / file).unlink()


def _junk(file: str) -> Callable[[Path], object]:
    return lambda home: (home / file).write_bytes(b"junk" * 1_000)


def _in_chroma(statement: str) -> Callable[[Path], object]:
    def harm(home: Path) -> None:
        with closing(sqlite3.connect(home / CHROMA_FILE)) as connection, connection:
            connection.execute(statement)

    return harm


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None
