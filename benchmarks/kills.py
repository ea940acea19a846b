"""The command line killed at random moments: is a paper ever lost or doubled, or do the two sides
of the library disagree?

    python -m benchmarks.kills [--kills 500] [--seed 0]

A folder of papers in several formats is edited between commands: papers and files come, change, go
and are renamed. Each command (`ingest`, `sync --prune`, `remove`, `doctor --repair`) is killed with
SIGKILL at a moment drawn evenly from the time that it takes once its libraries are loaded, and
after each kill the library is opened and looked through. At the end a `sync --prune` that is let
finish has to leave exactly what the folder holds. It is a finding, and status 1, where any of it is
not so.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults_process import LIMIT_S, Ended, Running
from benchmarks.kills_check import Looked, look
from benchmarks.kills_folder import PaperFolder
from benchmarks.retrieval_results import markdown
from vectorstore.chroma_passages import CHROMA_FOLDER

OPERATIONS = ("ingest", "sync", "remove", "repair")
UNHARMED = 0.2  # share of commands that are let end, which is how long they take


@dataclass(slots=True)
class Tally:
    """What was found after kills, by the operation that was killed."""

    kills: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    disagreements: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


class Kills:
    """A library and its folder, and what was found so far."""

    def __init__(self, place: Path, seed: int) -> None:
        """Make a folder of papers in `place`; the library comes with the first command."""
        self.random = random.Random(seed)  # noqa: S311 - the same moments in each run
        self.home = place / "library"
        self.folder = PaperFolder(place / "papers", self.random)
        self.tally = Tally()
        self.settled: set[str] = set()  # titles that the library had when it was last looked at
        self._takes: dict[str, float] = {}  # seconds, of the last of each kind that was let end

    def step(self) -> None:
        """Edit the folder, run a command and kill it; now and then, let it end."""
        operation = self.random.choices(OPERATIONS, weights=(3, 4, 1, 2))[0]
        arguments, spared = self._prepared(operation)
        is_spared = operation not in self._takes or self.random.random() < UNHARMED
        moment = LIMIT_S if is_spared else self.random.uniform(0, self._takes[operation])
        started = time.monotonic()
        ended = self._run(arguments, moment)
        if is_spared:
            self._takes[operation] = time.monotonic() - started
        if ended.code is None and not is_spared:
            self.tally.kills[operation] += 1
        elif ended.code:
            self.tally.notes.append(f"{operation} failed: {ended.message}")
        elif ended.code is None:
            self.tally.notes.append(f"{operation} did not end within {LIMIT_S:.0f} s")
        self._look(operation, spared)

    def finish(self) -> None:
        """Let a last sync end, and compare the library with the folder."""
        ended = self._run(["sync", "--prune", str(self.folder.path)], LIMIT_S)
        if ended.code != 0:
            self.tally.notes.append(f"the last sync failed: {ended.message}")
        looked = self._look("last sync", set())
        expected = self.folder.files_by_title()
        if looked.files_by_title != expected:
            told = sorted(set(looked.files_by_title.items()) ^ set(expected.items()))
            self.tally.disagreements["last sync"] += 1
            self.tally.notes.append(f"the last sync left another state: {told[:5]}")
        if looked.pending:
            self.tally.notes.append(f"the last sync left {looked.pending} papers pending")
            self.tally.disagreements["last sync"] += 1

    def _prepared(self, operation: str) -> tuple[list[str], set[str]]:
        """Return the arguments of a command, and the titles that it may remove from the library."""
        if operation == "remove":
            named = self.random.sample(sorted(self.settled), min(5, len(self.settled)))
            return ["remove", *named] if named else ["stats"], set(named)
        if operation == "repair":
            if self.random.random() < 0.5:
                shutil.rmtree(self.home / CHROMA_FOLDER, ignore_errors=True)
            return ["doctor", "--repair"], set()
        self.folder.edit()
        if operation == "ingest":
            return ["ingest", str(self.folder.path)], set()
        return ["sync", "--prune", str(self.folder.path)], set()

    def _run(self, arguments: list[str], moment: float) -> Ended:
        """Run a command, and kill it where it has not ended at that moment, in seconds."""
        with tempfile.TemporaryDirectory() as output:
            return Running(arguments, self.home, Path(output)).ended(moment)

    def _look(self, operation: str, spared: set[str]) -> Looked:
        looked = look(self.home)
        self._count(operation, looked, spared)
        self.settled = set(looked.files_by_title)
        return looked

    def _count(self, operation: str, looked: Looked, spared: set[str]) -> None:
        there = set(looked.files_by_title)
        lost = (self.settled - spared) & set(self.folder.files_by_title()) - there
        for counter, found in (
            (self.tally.lost, sorted(lost)),
            (self.tally.doubled, looked.doubled),
            (self.tally.disagreements, looked.disagreements),
        ):
            counter[operation] += len(found)
            self.tally.notes += [f"{operation}: {each}" for each in found]


def main() -> None:
    """Kill, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        run = Kills(Path(place), options.seed)
        while run.tally.kills.total() < options.kills:
            run.step()
            told = f"{run.tally.kills.total()} kills, {len(run.tally.notes)} findings"
            print(f"\r{told}", end="", file=sys.stderr, flush=True)
        run.finish()
    tally = run.tally
    counters = (tally.kills, tally.lost, tally.doubled, tally.disagreements)
    names = (*OPERATIONS, "last sync")
    rows = [[name, *(str(counter[name]) for counter in counters)] for name in names]
    rows.append(["all", *(str(counter.total()) for counter in counters)])
    print(markdown(["command", "kills", "lost", "doubled", "disagreements"], rows))
    print(f"\n{len(run.settled):,} papers at the end, {time.monotonic() - started:.0f} s")
    for note in tally.notes:
        print(note)
    sys.exit(1 if tally.notes else 0)


if __name__ == "__main__":
    main()
