"""Faults put into the command line one by one: is each told, and is the library whole after it?

    python -m benchmarks.faults [--only writes damage around server model] [--step 1] [--large]

Prints every breach as it is found, and a table of the faults: how often each was tried, what was
shown, and whether nothing was lost or doubled. Ends with status 1 where there is a breach.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults_around import clock_gone_back, little_memory, locked_catalog, two_at_once
from benchmarks.faults_at_writes import at_every_write
from benchmarks.faults_damage import after_damage
from benchmarks.faults_found import HEADINGS, Found, rows
from benchmarks.faults_model import lying_models
from benchmarks.faults_scenes import removal, scenes, sound_libraries
from benchmarks.faults_server import server_killed
from benchmarks.faults_writes import Fault
from benchmarks.retrieval_results import markdown


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is tried: at every `step`-th write or place, and `large` libraries too."""

    step: int
    large: bool


def _at_writes(place: Path, wanted: Wanted) -> Iterator[Found]:
    for scene in scenes(place, with_large=wanted.large):
        for fault in (Fault.KILL, Fault.FULL, Fault.READ_ONLY, Fault.DENIED):
            yield from at_every_write(scene, fault, wanted.step)


def _damage(place: Path, wanted: Wanted) -> Iterator[Found]:
    for number, scene in enumerate(sound_libraries(place, with_large=wanted.large)):
        folder = place / f"damage-{number}"
        folder.mkdir()
        yield from after_damage(scene, wanted.step, folder)


def _around(place: Path, _wanted: Wanted) -> Iterator[Found]:
    for scene in scenes(place, with_large=False):
        for kind in (locked_catalog, two_at_once, clock_gone_back, little_memory):
            with TemporaryDirectory() as folder:
                yield from kind(scene, Path(folder))


def _server(place: Path, wanted: Wanted) -> Iterator[Found]:
    yield from server_killed(place, wanted.step)


def _model(place: Path, _wanted: Wanted) -> Iterator[Found]:
    yield from lying_models(removal(place), place / "asked")


PARTS: dict[str, Callable[[Path, Wanted], Iterator[Found]]] = {
    "writes": _at_writes,
    "damage": _damage,
    "around": _around,
    "server": _server,
    "model": _model,
}


def main() -> None:
    """Try, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--step", type=int, default=1, help="at every so many-th write or place")
    parser.add_argument("--large", action="store_true", help="libraries past 1,000 papers too")
    options = parser.parse_args()
    started, found = time.monotonic(), list[Found]()
    for part in options.only:
        with TemporaryDirectory() as place:
            for each in PARTS[part](Path(place), Wanted(options.step, options.large)):
                found.append(each)
                if each.breaches:
                    print(f"\r{each.fault}, {each.detail}: {'; '.join(each.breaches)}", flush=True)
                told = f"{len(found)} tried, {sum(bool(f.breaches) for f in found)} breaches"
                print(f"\r{told}", end="", file=sys.stderr, flush=True)
    print(f"\r{markdown(HEADINGS, list(rows(found)))}\n\n{time.monotonic() - started:.0f} s")
    sys.exit(any(each.breaches for each in found))


if __name__ == "__main__":
    main()
