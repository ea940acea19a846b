"""Any sequence of commands and edits, any of the commands killed at any of its writes."""

from __future__ import annotations

import random
import shutil
import signal
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from benchmarks.faults_process import command
from benchmarks.faults_scenes import titles_in
from benchmarks.faults_state import state_of
from benchmarks.faults_writes import Fault, watch
from benchmarks.kills_folder import PaperFolder
from vectorstore.chroma_passages import CHROMA_FOLDER

# No command on so few papers has more writes; where it has fewer, it is let end.
WRITES = st.integers(1, 40)
SEEDS = st.integers(0, 1_000)


class KilledCommands(RuleBasedStateMachine):
    """A library, the folder that it follows, and what has to be in it at every moment."""

    def __init__(self) -> None:
        """Begin with a folder of papers and no library."""
        super().__init__()
        self.place = Path(mkdtemp())
        self.home = self.place / "library"
        self.random = random.Random(0)
        self.folder = PaperFolder(self.place / "papers", self.random, files=2, papers_a_file=3)
        self.settled = frozenset[str]()

    @rule(seed=SEEDS)
    def edit(self, seed: int) -> None:
        """Change the folder."""
        self.random.seed(seed)
        self.folder.edit()

    @rule(at=WRITES)
    def ingest(self, at: int) -> None:
        """Read the folder."""
        self._run(at, "ingest", str(self.folder.path))

    @rule(at=WRITES)
    def sync(self, at: int) -> None:
        """Follow the folder."""
        self._run(at, "sync", "--prune", str(self.folder.path))

    @rule(at=WRITES, seed=SEEDS)
    def remove(self, at: int, seed: int) -> None:
        """Remove some papers, all of them or none."""
        titles = sorted(titles_in(self.home))
        if titles:
            self.random.seed(seed)
            named = self.random.sample(titles, min(3, len(titles)))
            self.settled -= set(named)
            self._run(at, "remove", *named)
            assert len(titles_in(self.home) & set(named)) in (0, len(named))

    @rule(at=WRITES, loses_vectors=st.booleans())
    def repair(self, at: int, *, loses_vectors: bool) -> None:
        """Mend the library, which may have lost all vectors."""
        if loses_vectors:
            shutil.rmtree(self.home / CHROMA_FOLDER, ignore_errors=True)
        self._run(at, "doctor", "--repair")

    def teardown(self) -> None:
        """Follow the folder to the end: then the library is what the folder holds."""
        try:
            ended = command(("sync", "--prune", str(self.folder.path)), self.home)
            assert not ended.code, ended.message
            state = state_of(self.home)
            assert state.looked.files_by_title == self.folder.files_by_title()
            assert (state.breaches, state.pending) == ((), ())
        finally:
            shutil.rmtree(self.place)

    def _run(self, at: int, *arguments: str) -> None:
        there = self.settled
        fault = partial(watch, self.home, self.place / "writes", Fault.KILL, at)
        ended = command(arguments, self.home, fault)
        assert ended.code in (0, -signal.SIGKILL), ended.message
        self.settled = titles_in(self.home)
        assert there & self.folder.files_by_title().keys() <= self.settled


@pytest.mark.hypothesis
@pytest.mark.timeout(0)
def test_commands_killed_at_any_write() -> None:
    # Each step is a process: two examples here, twenty in `make fuzz`, and none is made shorter.
    examples = settings().max_examples // 50
    bounds = settings(max_examples=examples, stateful_step_count=7, phases=[Phase.generate])
    run_state_machine_as_test(KilledCommands, settings=bounds)  # type: ignore[no-untyped-call]
