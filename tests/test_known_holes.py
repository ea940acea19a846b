"""No dependency has a hole that is known and mended: SECURITY.md says which release mends which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
NO_RELEASE = "none yet"
ADVISORY = re.compile(r"(?:CVE-\d{4}-\d{4,}|GHSA(?:-[\da-z]{4}){3}|PYSEC-\d{4}-\d+)")


@dataclass(frozen=True, slots=True)
class Hole:
    """A row of the table: what was found in a package, the release that mends it, and its reach."""

    package: str
    advisories: str
    fixed_in: str
    reach: str


def holes() -> Iterator[Hole]:
    """Yield the rows of the table in SECURITY.md."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    _, _, table = text.partition("| Package | Advisories | Fixed in | In paperchat |\n")
    for line in table.split("\n")[1:]:
        if not line.startswith("|"):
            return
        yield Hole(*(cell.strip() for cell in line.strip("|").split("|")))


HOLES = tuple(holes())
MENDED = tuple(hole for hole in HOLES if hole.fixed_in != NO_RELEASE)


def pinned() -> dict[str, Version]:
    """Return the versions of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if "==" in line and not line.startswith("#")]
    return {canonicalize_name(name): Version(number.strip()) for name, number in pairs}


def least() -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for by a lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for line in (*project["dependencies"], *(each for lines in extras.values() for each in lines)):
        yield Requirement(line)


def test_the_table_is_there_and_names_advisories() -> None:
    assert len(HOLES) > 20
    assert [hole.package for hole in HOLES if not ADVISORY.search(hole.advisories)] == []
    assert [hole.package for hole in HOLES if not hole.reach] == []
    # What nobody has mended may only stay where nobody can reach it.
    unmended = [hole for hole in HOLES if hole.fixed_in == NO_RELEASE]
    assert [hole.package for hole in unmended if not hole.reach.startswith("Not reachable")] == []


@pytest.mark.parametrize("hole", MENDED, ids=lambda hole: f"{hole.package}-{hole.fixed_in}")
def test_what_is_installed_is_mended(hole: Hole) -> None:
    fixed = Version(hole.fixed_in)
    assert pinned()[canonicalize_name(hole.package)] >= fixed
    try:
        assert Version(version(hole.package)) >= fixed
    except PackageNotFoundError:
        pytest.skip("not installed here")


@pytest.mark.parametrize("hole", MENDED, ids=lambda hole: f"{hole.package}-{hole.fixed_in}")
def test_nobody_is_let_install_what_is_not(hole: Hole) -> None:
    """Of what paperchat itself asks for, the least version is a mended one."""
    asked = [each for each in least() if canonicalize_name(each.name) == hole.package.lower()]
    bounds = [Version(bound.version) for each in asked for bound in each.specifier]
    assert [str(bound) for bound in bounds if bound < Version(hole.fixed_in)] == []


def test_every_test_that_is_named_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    promises, _, _ = text.partition("## Limits in numbers")
    named = re.findall(r"`([\w/]+(?:\.py|/))`", promises.partition("| Promise |")[2])
    assert len(named) > 20
    assert [name for name in named if not (ROOT / "tests" / name).exists()] == []
