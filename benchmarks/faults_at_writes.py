"""Every command killed, or left without a disk, at every one of its writes.

Invariant that is tried: whatever was on the disk at that moment, no paper is lost or doubled, and
running the command again brings about exactly what one run without a fault does.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults_found import Found, messages, misbehaviour
from benchmarks.faults_process import Ended, command
from benchmarks.faults_scenes import Scene, titles_in
from benchmarks.faults_state import state_of
from benchmarks.faults_writes import Fault, watch
from vectorstore.errors import LibraryError


def at_every_write(scene: Scene, fault: Fault, step: int = 1) -> Iterator[Found]:
    """Yield what became of the scene with `fault` at each write, or at every `step`-th."""
    for at in count(1, step):
        with TemporaryDirectory() as place:
            found, is_past = _at(scene, fault, at, Path(place))
        if is_past:
            return
        yield found


def _at(scene: Scene, fault: Fault, at: int, place: Path) -> tuple[Found, bool]:
    """Return what was found, and whether the command ended before it came to that write."""
    home, log = scene.set_up(place / "library"), place / "writes"
    ended = command(scene.arguments, home, partial(watch, home, log, fault, at))
    writes = log.read_text("utf-8").splitlines()
    breaches = [
        *_of_command(ended, fault, home),
        *(f"lost at once: {title}" for title in scene.kept - titles_in(home)),
        *afterwards(scene, home),
    ]
    said = () if fault is Fault.KILL else messages(ended)
    detail = f"write {at}, {writes[at - 1]}" if at <= len(writes) else "after the last write"
    label = f"{scene.name}: {fault}"
    return Found(label, detail, said, tuple(breaches)), len(writes) < at


def _of_command(ended: Ended, fault: Fault, home: Path) -> Iterator[str]:
    if fault is Fault.KILL and ended.code == -signal.SIGKILL:
        return
    yield from misbehaviour(ended, located_by=str(home))


def afterwards(scene: Scene, home: Path) -> Iterator[str]:
    """Yield what is wrong once the rest was done, with the disk as it should be."""
    again = command(scene.again, home)
    if again.code:
        yield f"the next run fails: {again.message or again.shown}"
        return
    try:
        state = state_of(home)
    except LibraryError as error:
        yield f"the library cannot be opened: {error}"
        return
    yield from state.breaches
    differences = [state.differences(outcome) for outcome in scene.outcomes]
    if all(differences):
        yield f"the next run leaves other {', '.join(min(differences, key=len))}"
    told = command(("doctor",), home)
    if told.code:
        yield f"doctor finds fault with a library that is well: {'; '.join(messages(told))}"
