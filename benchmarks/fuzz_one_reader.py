"""One reader on inputs that are made up until the time is over; what `fuzz_readers` runs.

Ends with status 0, or where an input is found that it should not choke on, with another one, that
input in a file and the reason on stderr. Nothing of `ingest` is imported before atheris can see it.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

ARCHIVES = "archives"  # all readers, behind them
TIMEOUT_S = 10  # of one input
MEMORY_MB = 1_024
LONGEST_INPUT = 20_000  # bytes: rare paths are found in short ones
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class UnfitError(Exception):
    """A reading that could not be stored or shown."""


def has_atheris() -> bool:
    """Tell whether inputs are guided by what they reach, rather than random."""
    return importlib.util.find_spec("atheris") is not None


def checking(reader: str) -> Callable[[bytes], None]:
    """Return what reads an input and raises UnfitError for what could not be stored or shown."""
    from ingest.entries import Entry
    from ingest.files import read_data
    from ingest.sources import SOURCES

    chosen = [source for source in SOURCES if reader in (ARCHIVES, type(source).__name__)]

    def check(data: bytes) -> None:
        readings = list(read_data(data, "file", chosen))
        if not readings:
            raise UnfitError("neither an entry nor a reason")
        for reading in readings:
            if isinstance(reading, Entry):
                _check(reading.source.line, reading.title, reading.abstract, *reading.authors)
            else:
                _check(reading.line, reading.file, reading.reason)
                if not reading.reason.isprintable():
                    raise UnfitError(f"not for a terminal: {reading.reason!r}")

    return check


def _check(line: int, *texts: str) -> None:
    if line < 1:
        raise UnfitError(f"line {line}")
    for text in texts:
        if UNFIT.search(text):
            raise UnfitError(f"no text: {text!r}")


def guided(reader: str, corpus: Path, seconds: int, prefix: str) -> None:
    """Let atheris make the inputs; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["ingest"]):
        check = checking(reader)
    limits = [f"-timeout={TIMEOUT_S}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={LONGEST_INPUT}"]
    options = [f"-max_total_time={seconds}", "-print_final_stats=1", f"-artifact_prefix={prefix}"]
    atheris.Setup([sys.argv[0], *limits, *options, str(corpus)], check)
    atheris.Fuzz()


def mutated(reader: str, corpus: Path, seconds: int, prefix: str) -> None:
    """Change the seeds at random; prints the number of runs as atheris does."""
    check, chance = checking(reader), random.Random(0)  # noqa: S311
    seeds = [path.read_bytes() for path in sorted(corpus.iterdir())]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MB << 20, MEMORY_MB << 20))
    runs, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = _mutation(chance.choice(seeds), chance.choice(seeds), chance)
        runs += 1
        signal.alarm(TIMEOUT_S)  # whose default is to end the process: the input has to lie there
        saved = Path(f"{prefix}random")
        saved.write_bytes(data)
        check(data)
        signal.alarm(0)
        saved.unlink()
    print(f"stat::number_of_executed_units: {runs}", file=sys.stderr)


def _mutation(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return `data` with some bytes changed, pieces cut out, doubled or taken from `other`."""
    for _ in range(chance.randint(1, 8)):
        start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = chance.choice(
            (b"", data[start:end] * 2, other[start:end], chance.randbytes(chance.randint(1, 4)))
        )
        data = (data[:start] + piece + data[end:])[:LONGEST_INPUT]
    return data


def main() -> None:
    """Fuzz one reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reader")
    parser.add_argument("corpus", type=Path, help="folder of seeds")
    parser.add_argument("seconds", type=int)
    parser.add_argument("prefix", help="of the files of findings")
    arguments = parser.parse_args()
    fuzz = guided if has_atheris() else mutated
    fuzz(arguments.reader, arguments.corpus, arguments.seconds, arguments.prefix)


if __name__ == "__main__":
    main()
