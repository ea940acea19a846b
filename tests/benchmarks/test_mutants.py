"""What is made of mutmut's folder: which mutants lived, and which of them change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import mutants
from benchmarks.mutants import Mutant, is_listed, read_mutants, report

MUTATED = """\
def x_bake__mutmut_orig(grams):
    return grams + 1


def x_bake__mutmut_1(grams):
    return grams - 1
"""
LESS = "-return grams + 1\n+return grams - 1"


def test_what_mutmut_left(tmp_path: Path) -> None:
    (tmp_path / "kitchen.py").write_text(MUTATED)
    statuses = {"kitchen.x_bake__mutmut_1": 0}
    (tmp_path / "kitchen.py.meta").write_text(json.dumps({"exit_code_by_key": statuses}))
    [found] = read_mutants(tmp_path)
    assert found == Mutant("kitchen.x_bake__mutmut_1", LESS, 0)
    assert (found.module, found.survived) == ("kitchen", True)
    assert is_listed(found, {"kitchen: return grams - 1": "Nobody weighs."})
    gone = Mutant("kitchen.x_bake__mutmut_2", "-case Salt():\n-pass", 0)
    assert is_listed(gone, {"kitchen: -case Salt(): -pass": "Nobody tastes it."})
    assert not is_listed(gone, {"kitchen: ": "Anything."})
    assert not is_listed(found, {"pantry: return grams - 1": "Nobody weighs."})


@pytest.mark.parametrize(
    ("statuses", "enough"),
    [
        ([1] * 9 + [0], True),
        ([1] * 8 + [0], False),
        ([1] * 8 + [0, None], False),
        ([1] * 8 + [36], True),
        ([1] * 8 + [33], False),
        ([], True),
    ],
)
def test_when_the_tests_are_enough(statuses: list[int | None], enough: bool) -> None:
    made = [Mutant(f"a.x__mutmut_{at}", LESS, status) for at, status in enumerate(statuses)]
    assert report(made) is enough


def test_a_mutant_that_changes_nothing_does_not_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mutants, "equivalents", lambda: {"a: return grams - 1": "Nobody weighs."})
    assert report([Mutant("a.x_b__mutmut_1", LESS, 0), Mutant("a.x_b__mutmut_2", LESS, 1)])
    assert "| a | 2 | 1 | 0 | 100.0% |" in capsys.readouterr().out


def test_every_equivalent_mutant_has_a_reason() -> None:
    assert all(mutants.equivalents().values())
