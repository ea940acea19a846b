"""What is around a command at fault: another program, the clock, memory.

Invariants that are tried: a command ends, says what the matter is, and leaves a library that the
next one brings to exactly where it should be.
"""

from __future__ import annotations

import re
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.faults_at_writes import afterwards
from benchmarks.faults_found import Found, messages, misbehaviour
from benchmarks.faults_process import Running, command
from benchmarks.faults_scenes import Scene
from vectorstore.catalog import CATALOG_FILE

YEARS_BACK_S = 10 * 365 * 86_400.0
# Beyond what a command has when it begins; its libraries are in memory then.
_ABORTED = re.compile(
    r"memory allocation of \d+ bytes failed|terminate called.*|thread .* panicked at.*"
)
MEGABYTES = (1, 10, 30, 60, 100, 150, 200, 300, 400, 600, 800, 1_200)


def locked_catalog(scene: Scene, place: Path) -> Iterator[Found]:
    """Yield what commands do while another program writes to the catalog, and does not end."""
    home = scene.set_up(place / "library")
    if not (home / CATALOG_FILE).exists():
        return
    for arguments in (scene.arguments, ("stats",), ("doctor",), ("doctor", "--repair")):
        with closing(sqlite3.connect(home / CATALOG_FILE)) as other:
            other.execute("BEGIN IMMEDIATE")
            ended = command(arguments, home)
        breaches = (*misbehaviour(ended), *afterwards(scene, scene.set_up(home)))
        yield Found(
            "the catalog locked by another program", arguments[0], messages(ended), breaches
        )


def two_at_once(scene: Scene, place: Path) -> Iterator[Found]:
    """Yield what becomes of a command that runs twice at the same time."""
    home = scene.set_up(place / "library")
    places = [place / "first", place / "second"]
    for each in places:
        each.mkdir()
    running = [Running(scene.arguments, home, each) for each in places]
    ended = [each.ended() for each in running]
    breaches = [problem for each in ended for problem in misbehaviour(each, located_by=str(home))]
    if all(each.code for each in ended):
        breaches.append("neither of the two did it")
    said = tuple(message for each in ended for message in messages(each))
    yield Found("two commands at once", scene.name, said, (*breaches, *afterwards(scene, home)))


def clock_gone_back(scene: Scene, place: Path) -> Iterator[Found]:
    """Yield what becomes of a command for which it is ten years earlier than for the last."""
    home = scene.set_up(place / "library")
    ended = command(scene.arguments, home, _set_back)
    breaches = (*misbehaviour(ended), *afterwards(scene, home))
    yield Found("the clock gone back", scene.name, messages(ended), breaches)


def little_memory(scene: Scene, place: Path) -> Iterator[Found]:
    """Yield what becomes of commands that run out of memory, sooner and later."""
    for megabytes in MEGABYTES:
        home = scene.set_up(place / "library")
        ended = command(scene.arguments, home, partial(_limit_memory, megabytes))
        # Chroma's Rust, and the model's C++, end the process where they get no memory, or say so
        # in their own way.
        aborted = [line for line in ended.complaints.splitlines() if _ABORTED.match(line)][:1]
        breaches = [] if aborted else [*misbehaviour(ended)]
        breaches += afterwards(scene, home)
        said = messages(ended) or tuple(aborted)
        yield Found("out of memory", f"{scene.name}, {megabytes} MB", said, tuple(breaches))


def _set_back() -> None:
    now = time.time
    time.time = lambda: now() - YEARS_BACK_S


def _limit_memory(megabytes: int) -> None:
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
    most = pages * resource.getpagesize() + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
