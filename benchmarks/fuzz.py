"""Whatever takes in what strangers wrote, on inputs that no one would write.

    python -m benchmarks.fuzz [--seconds 60] [--jobs 1] [--only NAME ...]

Each target runs in a process of its own: readers of files, the planner, the parsers of what chat
models reply, the verifier, the calls of the page and of programs, and what is read back and
exported. Inputs begin with the samples and texts of the tests, and are guided by what they reach of
the program (atheris). It is a finding where an input raises what is no declared error, takes too
long or too much memory, or breaks a promise; the input is saved in artifacts/fuzz, that target's
run ends, and the command ends with status 1. What reached something new is kept in
artifacts/fuzz/corpus, where the next run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.fuzz_one import has_atheris
from benchmarks.fuzz_seeds import words
from benchmarks.fuzz_target import Target
from benchmarks.fuzz_targets import TARGETS
from benchmarks.retrieval_results import markdown

FINDINGS = Path("artifacts/fuzz")
CORPUS = FINDINGS / "corpus"
RUNS = re.compile(r"number_of_executed_units:\s*(\d+)")
EXECUTED = re.compile(r"^#(\d+)\t", re.MULTILINE)  # so far, where a finding ended the run
BEGUN = re.compile(r"INITED cov: (\d+)")  # what seeds and earlier runs reach
REACHED = re.compile(r"\bcov: (\d+)")
RAISED = re.compile(r"^Traceback.*?(?=^==|\Z)", re.MULTILINE | re.DOTALL)
TOLD = 40  # lines about a finding


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one target; `new` counts what no input reached before, `log` tells findings."""

    target: str
    seconds: int
    inputs: int
    new: int
    reached: int
    findings: tuple[Path, ...]
    log: str


def fuzz(target: Target, seconds: int) -> Fuzzed:
    """Run one target in a process of its own."""
    corpus = CORPUS / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    before = _findings(target)
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(target, Path(folder))
        command = [sys.executable, "-u", "-m", "benchmarks.fuzz_one", target.name]
        command += ["--corpus", str(corpus), "--seeds", f"{folder}/seeds"]
        command += ["--words", f"{folder}/words", "--seconds", str(seconds)]
        command += ["--prefix", f"{FINDINGS}/{target.name}-"]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    findings = tuple(sorted(_findings(target) - before))
    fuzzed = read_log(target.name, seconds, done.stdout, findings)
    if done.returncode and not fuzzed.findings:
        raise SystemExit(f"Fuzzing {target.name} failed without an input:\n{_reason(done.stdout)}")
    print(f"{target.name}: {fuzzed.inputs:,} inputs, {len(fuzzed.findings)} findings", flush=True)
    return fuzzed


def write_seeds(target: Target, folder: Path) -> None:
    """Write what the search begins with: seeds, and the words that inputs are made of."""
    seeds = [seed[: target.longest] for seed in target.seeds()]
    (folder / "seeds").mkdir()
    for seed in seeds:
        name = hashlib.sha256(seed).hexdigest()
        (folder / "seeds" / name).write_bytes(seed)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in words(seeds))
    (folder / "words").write_text("".join(f'"{word}"\n' for word in quoted), "ascii")


def _findings(target: Target) -> set[Path]:
    return set(FINDINGS.glob(f"{target.name}-*"))


def read_log(target: str, seconds: int, log: str, findings: tuple[Path, ...]) -> Fuzzed:
    """Return what the output of a run says came of it."""
    counts = RUNS.findall(log) or EXECUTED.findall(log) or ["0"]
    reached = [int(number) for number in REACHED.findall(log)] or [0]
    begun = BEGUN.search(log)
    new = reached[-1] - int(begun[1]) if begun else 0
    return Fuzzed(target, seconds, int(counts[-1]), new, reached[-1], findings, log)


def _row(of: Fuzzed) -> list[str]:
    rate = f"{of.inputs / of.seconds:,.0f}"
    return [of.target, f"{of.inputs:,}", rate, f"{of.reached:,}", f"{of.new:,}", _hung(of)]


def _hung(of: Fuzzed) -> str:
    if not of.findings:
        return "0"
    kind = "hang" if "HungError" in of.log or "timeout" in of.findings[0].name else "crash"
    return f"{len(of.findings)} ({kind})"


def _reason(log: str) -> str:
    raised = RAISED.search(log)
    return "\n".join((raised[0] if raised else log).splitlines()[-TOLD:])


def main() -> None:
    """Fuzz all targets and print a table; fails where there are findings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS))
    arguments = parser.parse_args()
    if not has_atheris():
        print("atheris is not installed: inputs are changed at random, which reaches less.\n")
    chosen = [TARGETS[name] for name in arguments.only]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        fuzzed = list(pool.map(partial(fuzz, seconds=arguments.seconds), chosen))
    inputs, found = sum(of.inputs for of in fuzzed), sum(len(of.findings) for of in fuzzed)
    total = ["all", f"{inputs:,}", "", "", f"{sum(of.new for of in fuzzed):,}", f"{found}"]
    names = ["target", "inputs", "per second", "reached", "new", "findings"]
    print(f"\n{markdown(names, [*map(_row, fuzzed), total])}")
    for of in fuzzed:
        if of.findings:
            print(f"\n{', '.join(map(str, of.findings))}:\n{_reason(of.log)}")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
