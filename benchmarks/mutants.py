"""How many small faults in the verifier and in the write path do the tests notice?

    python -m benchmarks.mutants [--jobs 1] [--only 'assistant.checking.*'] [--sample 300]

mutmut makes the mutants in the folder `mutants` and runs on each the tests that reach its function;
which modules and tests is in pyproject.toml. Prints a table and what survived, and ends with status
1 where less than 90 % of those that change anything were killed. Those that change nothing are in
`equivalent_mutants.toml`, each with the reason. A sample is drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import random
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.retrieval_results import markdown

MUTANTS = Path("mutants")
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
WANTED = 0.9
SURVIVED, UNTESTED = 0, (5, 33)  # mutmut's statuses; others but None are kills
NOTHING = "none of them"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant, the lines that it puts in place of others, and its status; None before it ran."""

    name: str
    change: str
    status: int | None

    @property
    def module(self) -> str:
        """Return the module that it is one of."""
        return self.name.rsplit(".", 1)[0]

    @property
    def survived(self) -> bool:
        """Tell whether no test failed."""
        return self.status == SURVIVED or self.status in UNTESTED


def read_mutants(folder: Path = MUTANTS) -> Iterator[Mutant]:
    """Yield the mutants that mutmut made in `folder`."""
    for meta in sorted(folder.rglob("*.py.meta")):
        statuses = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        functions = _functions(meta.with_suffix("")) if statuses else {}
        for name, status in statuses.items():
            yield Mutant(name, _change(name, functions), status)


def _functions(file: Path) -> dict[str, list[str]]:
    text = file.read_text("utf-8")
    lines = text.splitlines()
    return {
        node.name: [line.strip() for line in lines[node.lineno : node.end_lineno]]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _change(name: str, functions: dict[str, list[str]]) -> str:
    mutated = name.rsplit(".", 1)[1]
    original = functions.get(f"{mutated.rsplit('__mutmut_', 1)[0]}__mutmut_orig", [])
    lines = difflib.unified_diff(original, functions.get(mutated, []), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def equivalents() -> dict[str, str]:
    """Return why mutants change nothing, by their module and the lines that they put in.

    Of one that only takes lines away, they are these, each behind a minus.
    """
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    return {f"{each['module']}: {each['line']}": each["reason"] for each in listed}


def is_listed(mutant: Mutant, known: dict[str, str]) -> bool:
    """Tell whether it is known to change nothing."""
    lines = mutant.change.splitlines()
    put_in = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return f"{mutant.module}: {put_in or ' '.join(lines)}" in known


def report(mutants: list[Mutant]) -> bool:
    """Print what became of the mutants that ran; return whether enough were killed."""
    known = equivalents()
    ran = [each for each in mutants if each.status is not None]
    alive = [each for each in ran if each.survived]
    equivalent = [each for each in alive if is_listed(each, known)]
    real = [each for each in alive if each not in equivalent]
    counts = [Counter(each.module for each in some) for some in (ran, equivalent, real)]
    rows = [_row(module, *(count[module] for count in counts)) for module in counts[0]]
    total = _row("all", *(count.total() for count in counts))
    print(markdown(["module", "mutants", "equivalent", "survived", "killed"], [*rows, total]))
    for each in real:
        print(f"\n{each.name}\n{each.change}")
    killed = len(ran) - len(alive)
    return killed >= WANTED * (killed + len(real))


def _row(module: str, ran: int, equivalent: int, survived: int) -> list[str]:
    meant = ran - equivalent
    share = f"{1 - survived / meant:.1%}" if meant else "–"
    return [module, f"{ran}", f"{equivalent}", f"{survived}", share]


def _mutmut(*names: str, jobs: int) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs), *names]
    subprocess.run(command, stdout=subprocess.DEVNULL)


def main() -> None:
    """Run the mutants and report; fails where too many survive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="*", help="a pattern of mutants' names")
    parser.add_argument("--sample", type=int, default=0, help="as many of them, drawn at random")
    arguments = parser.parse_args()
    names = [arguments.only] if arguments.only != "*" else []
    if arguments.sample:
        _mutmut(NOTHING, jobs=1)  # makes them, and finds which tests reach them
        made = sorted(each.name for each in read_mutants() if fnmatch(each.name, arguments.only))
        chance = random.Random(0)  # noqa: S311
        names = chance.sample(made, min(arguments.sample, len(made)))
    _mutmut(*names, jobs=arguments.jobs)
    sys.exit(not report(list(read_mutants())))


if __name__ == "__main__":
    main()
