"""Hours of mixed use in as little time as the machine takes: what grows, what breaks, what is said.

    python -m benchmarks.soak [--minutes 90] [--actions 3240] [--plot docs/images/soak.png]

Six hours' worth is an action every 20 s by each of three people: 3,240 actions. They ask, stop,
follow up, upload, remove, rename, rate, export and reload against a real `paperchat serve`, one
right after another. Meanwhile the chat model writes well or fails, other processes read the
library or are refused, and the server is killed, ended, and started on a library that was synced in
between. Most of the actions fall into one long life of the server, whose quarters are compared.

Ends with 1 where something grows by more than it may, an action fails, a line of the log at
WARNING or above was not to be expected, or the library is not sound in the end.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

import httpx
import psutil

from benchmarks.load import questions
from benchmarks.soak_log import explained, traces, unexplained
from benchmarks.soak_model import MOODS, ModelInMoods
from benchmarks.soak_samples import (
    Sample,
    draw,
    is_long_enough,
    longest_life,
    past_limits,
    sampled,
    table,
)
from benchmarks.soak_server import ADDRESS, Served
from benchmarks.soak_visits import Trouble, Visitor
from tests.fakes import FakeModelServer
from ui.logs.log_file import LOG_FILE

PEOPLE = 3
EVERY_S = 20  # that one person does something
ACTIONS = 6 * 3600 * PEOPLE // EVERY_S
SAMPLE_S = 2.0
LOOK_S = 0.2
MOOD_ACTIONS = 25  # until the model is in another mood
BESIDE_ACTIONS = 60  # until another process looks at the library
# When the server ends, as shares of the actions, and whether it is killed; one life is long.
ENDS = ((0.06, True), (0.12, False), (0.94, True))
PAGES = Path("data/daily-papers")


@dataclass
class Soak:
    """What is shared by those who use the server, and what came of it."""

    served: Served
    wanted: int
    deadline: float
    length_s: float
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    guard: Lock = field(default_factory=Lock)

    @property
    def done(self) -> int:
        """Return how many actions are done."""
        with self.guard:
            return sum(self.counts.values())

    @property
    def share(self) -> float:
        """Return how much of the soak is over, by actions or by time."""
        left = (self.deadline - time.monotonic()) / self.length_s
        return max(self.done / self.wanted, 1 - left)

    def count(self, name: str) -> None:
        """Count an action."""
        with self.guard:
            self.counts[name] += 1

    def trouble(self, said: str) -> None:
        """Note what should not have happened."""
        with self.guard:
            self.troubles.append(said)


def use(soak: Soak, asked: Sequence[str], seed: int) -> None:
    """Be a person who does one thing after another."""
    drawing = random.Random(seed)  # noqa: S311
    visitor = Visitor(ADDRESS, drawing, asked)
    actions, often = zip(*visitor.actions(), strict=True)
    while not soak.over.is_set():
        if not soak.served.ready.wait(LOOK_S):
            continue
        generation = soak.served.generation
        [action] = drawing.choices(actions, often)
        name = action.__name__
        try:
            action()
        except (httpx.TransportError, httpx.HTTPStatusError, Trouble, ValueError) as error:
            if generation == soak.served.generation:
                soak.trouble(f"{name}: {type(error).__name__}: {error}")
            else:
                name = "cut short by the end of the server"
            visitor.parts = {}
        soak.count(name)


def measure(soak: Soak) -> None:
    """Take a sample every now and then."""
    folders = (soak.served.home, soak.served.temporary)
    while not soak.over.wait(SAMPLE_S):
        life, process = soak.served.generation, soak.served.process
        if soak.served.ready.is_set() and process is not None:
            try:
                sample = sampled(process, soak.done, life, folders)
            except (psutil.Error, OSError):
                continue  # it ended
            if life == soak.served.generation:
                soak.samples.append(sample)


def disturb(soak: Soak, model: ModelInMoods, folder: Path) -> None:
    """Change the model's mood, run other processes, end and start the server, until all is done."""
    ends = list(ENDS)
    moods, beside = 0, 0
    while soak.share < 1:
        time.sleep(LOOK_S)
        if soak.done >= MOOD_ACTIONS * (moods + 1):
            moods += 1
            model.mood = MOODS[moods % len(MOODS)]
        if soak.done >= BESIDE_ACTIONS * (beside + 1):
            beside += 1
            _look_beside(soak, folder)
        if ends and soak.share >= ends[0][0]:
            _, killed = ends.pop(0)
            soak.served.end(killed=killed)
            _change_between(soak, folder, number=len(ends))
            soak.served.start()
    soak.over.set()


def _look_beside(soak: Soak, folder: Path) -> None:
    """Read the library from another process, and try to change it, which has to be refused."""
    read = soak.served.command("stats", "--json")
    refused = soak.served.command("sync", folder)
    soak.count("stats by another process")
    soak.count("sync by another process, refused")
    if read.returncode != 0:
        soak.trouble(f"stats ended with {read.returncode}: {read.stderr[-300:]}")
    if refused.returncode != 1 or "Another process is using this library" not in refused.stderr:
        soak.trouble(f"sync was not refused: {refused.returncode} {refused.stderr[-300:]}")


def _change_between(soak: Soak, folder: Path, number: int) -> None:
    """Change the library from another process while no server has it."""
    file = folder / f"loaves-{number}.bib"
    _write_loaves(file, str(number))
    for arguments in (("sync", folder), ("sync", folder, "--prune")):
        ended = soak.served.command(*arguments)
        soak.count("sync between two servers")
        if ended.returncode != 0:
            soak.trouble(f"sync ended with {ended.returncode}: {ended.stderr[-300:]}")
        file.unlink(missing_ok=True)


def _write_loaves(file: Path, name: str) -> None:
    file.write_text(
        "".join(
            f"@article{{loaf{name}x{at}, title={{Loaf {name} of {at} kinds of flour}},"
            f" abstract={{We bake with {at} kinds of flour. The crumb is even.}}}}\n"
            for at in range(2, 12)
        )
    )


def soaked(soak: Soak, model: ModelInMoods, asked: Sequence[str], folder: Path) -> None:
    """Let everybody do what they do until all is done."""
    workers = [Thread(target=use, args=(soak, asked, seed)) for seed in range(PEOPLE)]
    workers.append(Thread(target=measure, args=(soak,)))
    for worker in workers:
        worker.start()
    try:
        disturb(soak, model, folder)
    finally:
        soak.over.set()
        for worker in workers:
            worker.join()
        soak.served.end()


def told(soak: Soak) -> Iterator[str]:
    """Yield what is to be told, a line or a table at a time."""
    hours = soak.done * EVERY_S / PEOPLE / 3600
    yield f"{soak.done:,} actions, {hours:.1f} hours' worth of {PEOPLE} people's"
    yield ", ".join(f"{count} {name}" for name, count in soak.counts.most_common())
    life = longest_life(soak.samples)
    yield table(life)
    if not is_long_enough(life):
        yield "growth is not judged: the server's longest life was too short"
    for reason, count in explained(soak.served.complaints).items():
        yield f"log: {count} lines explained: {reason}"


def failures(soak: Soak) -> list[str]:
    """Return all for which the soak fails."""
    found = [*dict.fromkeys(soak.troubles)]
    found += [f"log, unexplained: {line}" for line in unexplained(soak.served.complaints)]
    found += past_limits(longest_life(soak.samples))
    found += [f"log: {line}" for line in traces(soak.served.home / LOG_FILE)]
    return [*found, *soak.served.problems()]


def main() -> None:
    """Soak, print what came of it, and end with 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--actions", type=int, default=ACTIONS)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    model = ModelInMoods()
    with tempfile.TemporaryDirectory() as name, FakeModelServer(model) as server:
        served = Served(Path(name), server.base_url)
        followed = Path(name, "followed")
        followed.mkdir()
        _write_loaves(followed / "always.bib", "always")
        served.command("ingest", arguments.pages)
        asked = questions(served.home)
        served.start()
        length_s = arguments.minutes * 60
        soak = Soak(served, arguments.actions, time.monotonic() + length_s, length_s)
        soaked(soak, model, asked, followed)
        for line in told(soak):
            print(line)
        wrong = failures(soak)
        if arguments.plot:
            draw(soak.samples, arguments.plot)
    for line in wrong:
        print(f"WRONG: {line}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
