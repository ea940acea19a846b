"""The commands that change a library or write it out: their options, reports and refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import paperchat
from typer.testing import CliRunner

from ui.cli import app
from ui.library_commands import UnknownPaperError
from vectorstore.errors import PaperchatError

TABLE = """\
Name,Summary,By,arXiv,DOI
On Bread,Dough rises overnight.,"Baker, Ada",2401.00001,
On Soup,Broth simmers slowly.,"Cook, Cy",,10.1234/soup
"""
MAPPED = ("--map", "title=Name", "--map", "abstract=Summary", "--map", "authors=By")
IDS = ("--map", "arxiv_id=arXiv", "--map", "doi=DOI")
PIE = '{"title": "On Pie", "abstract": "Crust flakes in butter."}\n'
TWINS = """\
{"title": "On Tea", "abstract": "Leaves steep in water.", "doi": "10.1234/green"}
{"title": "On Tea", "abstract": "Cups cool on a table.", "doi": "10.1234/black"}
"""


class Ran(NamedTuple):
    """What a command printed; `error` is what would be shown in place of a traceback."""

    code: int
    shown: str
    error: PaperchatError | None

    def objects(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.shown.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a table of papers; the library of the commands is beside it."""
    monkeypatch.setenv("PAPERCHAT_HOME", str(tmp_path / "library"))
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "table.csv").write_text(TABLE, "utf-8")
    return papers


def run(*arguments: str | Path) -> Ran:
    """Run a command in this process."""
    result = CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "300"})
    error = result.exception
    if error is not None and not isinstance(error, (PaperchatError, SystemExit)):
        raise error
    return Ran(
        result.exit_code, result.stdout, error if isinstance(error, PaperchatError) else None
    )


def titles() -> list[str]:
    """Return the titles of the library."""
    return [str(paper["title"]) for paper in run("export", "--format", "jsonl").objects()]


def test_columns_of_any_name(folder: Path) -> None:
    [report] = run("ingest", folder, *MAPPED, *IDS, "--json").objects()
    assert (report["files"], report["new"], report["skipped"]) == (1, 2, [])
    bread, soup = run("export", "--format", "jsonl").objects()
    assert (bread["title"], bread["authors"], bread["arxiv_id"]) == (
        "On Bread",
        ["Ada Baker"],
        "2401.00001",
    )
    assert (soup["abstract"], soup["doi"]) == ("Broth simmers slowly.", "10.1234/soup")


@pytest.mark.parametrize("mapped", ["title", "colour=Name", "title="])
def test_a_map_that_is_none(folder: Path, mapped: str) -> None:
    refused = run("ingest", folder, "--map", mapped)
    assert (refused.code, refused.shown) == (1, "")
    assert refused.error is not None
    assert refused.error.hint
    assert not (folder.parent / "library").exists()


def test_a_sync_takes_in_changes_and_lets_go(folder: Path) -> None:
    (folder / "table.csv").write_text(TABLE.replace("Name,Summary,By", "Title,Abstract,Authors"))
    pie, tea = folder / "pie.jsonl", folder / "tea.jsonl"
    pie.write_text(PIE, "utf-8")
    tea.write_text(TWINS, "utf-8")
    [first] = run("sync", folder, "--json").objects()
    assert (first["files"], first["new"], first["removed"]) == (3, 5, 0)
    before = titles()

    tea.unlink()
    pie.write_text(PIE.replace("flakes", "crumbles"), "utf-8")
    changes = {"files": 1, "files_unchanged": 1, "files_gone": 1, "updated": 1, "removed": 2}
    told = {"updated_titles": ["On Pie"], "removed_titles": ["On Tea", "On Tea"]}
    rehearsed = run("sync", folder, "--prune", "--dry-run", "--json").objects()[0]
    assert rehearsed.items() >= (changes | told | {"dry_run": True}).items()
    assert titles() == before

    done = run("sync", folder, "--prune", "--json").objects()[0]
    done["seconds"] = rehearsed["seconds"]
    assert done == rehearsed | {"dry_run": False}
    assert titles() == ["On Pie", "On Bread", "On Soup"]


def test_a_dry_run_for_a_person(folder: Path) -> None:
    lines = [line.strip() for line in run("sync", folder, *MAPPED, "--dry-run").shown.splitlines()]
    assert lines[0] == "A dry run: nothing was changed. A run would do this:"
    assert lines[-2:] == ["+ On Bread", "+ On Soup"]
    assert titles() == []


def test_papers_are_removed_by_what_they_are_called(folder: Path) -> None:
    run("ingest", folder, *MAPPED, *IDS)
    (folder / "pie.jsonl").write_text(PIE, "utf-8")
    run("ingest", folder / "pie.jsonl")
    removed = run("remove", "arXiv:2401.00001v2", "https://doi.org/10.1234/SOUP")
    assert removed.shown.splitlines() == ["Removed 2 papers:", "- On Bread", "- On Soup"]
    [pie] = run("export", "--format", "jsonl").objects()
    gone = run("remove", "on pie!", str(pie["paper_id"]), "--json").objects()
    assert gone == [{"removed": pie["paper_id"], "title": "On Pie"}]
    assert titles() == []


def test_what_is_no_papers_name_or_that_of_several_removes_nothing(folder: Path) -> None:
    (folder / "table.csv").write_text("Title,Abstract\nOn Bread,Dough rises.\n", "utf-8")
    (folder / "tea.jsonl").write_text(TWINS, "utf-8")
    run("ingest", folder)
    ids = [p["paper_id"] for p in run("export", "--format", "jsonl").objects()[1:]]
    unknown = run("remove", "On Bread", "On Bre")
    assert isinstance(unknown.error, UnknownPaperError)
    assert str(unknown.error) == (
        "No paper is called On Bre. Name a whole title, an arXiv id or a DOI; `paperchat search`"
        " finds papers. Nothing was removed."
    )
    several = run("remove", "On Bread", "On Tea")
    assert str(several.error) == (
        f"2 papers are called On Tea. Name one by its id: {ids[0]}, {ids[1]}. Nothing was removed."
    )
    assert titles() == ["On Bread", "On Tea", "On Tea"]


def test_an_export_to_a_file_says_how_many(folder: Path) -> None:
    run("ingest", folder, *MAPPED, *IDS)
    file = folder / "all.csv"
    ran = run("export", "--format", "csv", "--output", file)
    assert (ran.code, ran.shown) == (0, "")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["title"] for row in rows] == ["On Bread", "On Soup"]
    printed = run("export", "--format", "bibtex").shown
    assert printed.count("@") == 2
    assert "Dough rises overnight." in printed


def test_a_refusal_as_a_user_sees_it(folder: Path) -> None:
    result = paperchat("remove", "On [bold]Nothing", home=folder.parent / "library")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: No paper is called On [bold]Nothing\nName a whole title, an arXiv id or a DOI;"
        " `paperchat search` finds papers. Nothing was removed.\n"
    )
