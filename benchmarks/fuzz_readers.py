"""Every reader on files that no one would write: does any break it, hang it or fill the memory?

    python -m benchmarks.fuzz_readers [--seconds 60] [--reader NAME ...]

Each reader, and the reading of archives, runs in a process of its own, from the samples of the
tests, guided by what of `ingest` an input reaches (atheris). It is a finding where reading an input
raises, takes too long or too much memory, or yields what could be neither stored nor shown; the
input is saved in artifacts/fuzz, that reader's run ends, and so does the command, with status 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fuzz_one_reader import ARCHIVES, has_atheris
from benchmarks.retrieval_results import markdown
from ingest.sources import SOURCES

SAMPLES = Path("tests/ingest/samples")
FINDINGS = Path("artifacts/fuzz")
RUNS = re.compile(r"number_of_executed_units:\s*(\d+)")
EXECUTED = re.compile(r"^#(\d+)\t", re.MULTILINE)  # so far, where a finding ended the run
RAISED = re.compile(r"^Traceback.*?(?=^==|\Z)", re.MULTILINE | re.DOTALL)
TOLD = 30  # lines about a finding


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one reader; `log` ends with what was found."""

    reader: str
    runs: int
    findings: tuple[Path, ...]
    log: str


def fuzz(reader: str, seconds: int) -> Fuzzed:
    """Run one reader in a process of its own."""
    FINDINGS.mkdir(parents=True, exist_ok=True)
    before = set(FINDINGS.iterdir())
    with tempfile.TemporaryDirectory() as corpus:
        write_seeds(Path(corpus), packed=reader == ARCHIVES)
        command = [sys.executable, "-u", "-m", "benchmarks.fuzz_one_reader", reader, corpus]
        command += [str(seconds), f"{FINDINGS}/{reader}-"]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    log = done.stdout
    findings = tuple(sorted(set(FINDINGS.iterdir()) - before))
    if done.returncode and not findings:
        raise SystemExit(f"Fuzzing {reader} failed without an input to show for it:\n{log}")
    counts = RUNS.findall(log) or EXECUTED.findall(log) or ["0"]
    return Fuzzed(reader, int(counts[-1]), findings, log)


def write_seeds(folder: Path, *, packed: bool) -> None:
    """Write what the search begins with: samples of all formats, also in archives."""
    for sample in SAMPLES.iterdir():
        data = sample.read_bytes()
        (folder / sample.name).write_bytes(data)
        if packed:
            (folder / f"{sample.name}.gz").write_bytes(gzip.compress(data))
            zipped = io.BytesIO()
            with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(sample.name, data)
            (folder / f"{sample.name}.zip").write_bytes(zipped.getvalue())


def _reason(log: str) -> str:
    raised = RAISED.search(log)
    return "\n".join((raised[0] if raised else log).splitlines()[-TOLD:])


def main() -> None:
    """Fuzz every reader and print a table; fails where there are findings."""
    readers = [*(type(source).__name__ for source in SOURCES), ARCHIVES]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--reader", nargs="+", choices=readers, default=readers)
    arguments = parser.parse_args()
    if not has_atheris():
        print("atheris is not installed: inputs are changed at random, which reaches less.\n")
    fuzzed = [fuzz(reader, arguments.seconds) for reader in arguments.reader]
    rows = [[of.reader, f"{of.runs:,}", f"{len(of.findings)}"] for of in fuzzed]
    print(markdown(["reader", "runs", "findings"], rows))
    for of in fuzzed:
        if of.findings:
            print(f"\n{', '.join(map(str, of.findings))}:\n{_reason(of.log)}")
    sys.exit(any(of.findings for of in fuzzed))


if __name__ == "__main__":
    main()
