"""One target on inputs that are made up until the time is over; what `benchmarks.fuzz` runs.

Ends with status 0, or where an input is found that the target should not choke on, with another
one, that input in a file and the reason on stderr. It chokes where it raises, logs an exception,
takes more processor time or memory than it may, or waits for ever. Nothing of the program is
imported before atheris can see it.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import random
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from benchmarks.fuzz_target import Check, Target
from benchmarks.fuzz_targets import TARGETS

# Of the processor, so that a busy machine gives no false alarm. What is watched is a tenth as fast.
CPU_S = 10
WAIT_S = 300  # of an input that waits for what never comes, by the clock
PACKAGES = ("assistant", "ingest", "ui", "vectorstore")


class HungError(BaseException):
    """An input took too long; nothing that is fuzzed may take it for a failure of its own."""


class LoggedErrors(logging.Handler):
    """Keeps the first exception that was logged: what nobody foresaw is a finding."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if self.first is None and record.exc_info and record.exc_info[1]:
            self.first = record.exc_info[1]


def has_atheris() -> bool:
    """Tell whether inputs are guided by what they reach, rather than random."""
    return importlib.util.find_spec("atheris") is not None


def limited(check: Check) -> Check:
    """Return `check` within the limit of time, and failing where an exception is logged."""
    errors = LoggedErrors()
    logging.getLogger().addHandler(errors)
    signal.signal(signal.SIGPROF, _hung)

    def within_limits(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_PROF, CPU_S, 1)
        try:
            check(data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if errors.first is not None:
            raise errors.first

    return within_limits


def _hung(_signal: int, _frame: FrameType | None) -> None:
    raise HungError(f"more than {CPU_S} s of processor time")


def guided(target: Target, arguments: argparse.Namespace) -> None:
    """Let atheris make the inputs; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(PACKAGES)):
        check = target.make()
    options = {
        "timeout": WAIT_S,
        "report_slow_units": WAIT_S,
        "rss_limit_mb": target.memory_mb,
        "max_len": target.longest,
        "max_total_time": arguments.seconds,
        "print_final_stats": 1,
        "artifact_prefix": arguments.prefix,
        "dict": arguments.words,
    }
    folders = [str(arguments.corpus), str(arguments.seeds)]
    command = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), *folders]
    atheris.Setup(command, limited(check))
    atheris.Fuzz()


def mutated(target: Target, arguments: argparse.Namespace) -> None:
    """Change the seeds at random; prints the number of inputs as atheris does."""
    check, chance = limited(target.make()), random.Random(0)  # noqa: S311
    seeds = [path.read_bytes() for path in sorted(arguments.seeds.iterdir())]
    resource.setrlimit(resource.RLIMIT_DATA, (target.memory_mb << 20, target.memory_mb << 20))
    runs, end = 0, time.monotonic() + arguments.seconds
    saved = Path(f"{arguments.prefix}random")
    while time.monotonic() < end:
        data = _mutation(chance.choice(seeds), chance.choice(seeds), chance)[: target.longest]
        runs += 1
        signal.alarm(WAIT_S)  # whose default is to end the process: the input has to lie there
        saved.write_bytes(data)
        check(data)
        signal.alarm(0)
    saved.unlink(missing_ok=True)
    print(f"stat::number_of_executed_units: {runs}", file=sys.stderr)


def _mutation(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return `data` with some bytes changed, pieces cut out, doubled or taken from `other`."""
    for _ in range(chance.randint(1, 8)):
        start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = chance.choice(
            (b"", data[start:end] * 2, other[start:end], chance.randbytes(chance.randint(1, 4)))
        )
        data = data[:start] + piece + data[end:]
    return data


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of what was found")
    parser.add_argument("--seeds", type=Path, required=True, help="folder of seeds")
    parser.add_argument("--words", type=Path, required=True, help="file of words to try")
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--prefix", required=True, help="of the files of findings")
    arguments = parser.parse_args()
    fuzz = guided if has_atheris() else mutated
    fuzz(TARGETS[arguments.target], arguments)


if __name__ == "__main__":
    main()
