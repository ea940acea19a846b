"""The folder that `benchmarks.kills` edits: made-up papers in files of several formats.

Invariant: the files say what `files_by_title` says, and every title is one paper's.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WORDS = (
    "bread soup levain oven salt flour crumb crust starter kitchen butter pepper broth kettle"
    " bakers measure compare rising warm slow fresh golden simple wooden"
).split()
FORMATS = ("csv", "bib", "ris", "jsonl")
FIRST_FILES = 6
PAPERS_A_FILE = 30
MOST_FILES = 14


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A paper; every third has a DOI, by which it stays the same under another title."""

    number: int
    edition: int
    abstract: str

    @property
    def title(self) -> str:
        """Return the title of this edition."""
        edition = f", revised {self.edition}" if self.edition else ""
        return f"Levain {self.number} of the Village Bakery{edition}"

    @property
    def doi(self) -> str:
        """Return the DOI, "" if it has none."""
        return "" if self.number % 3 else f"10.5555/levain.{self.number}"


class PaperFolder:
    """The folder, and what is in its files."""

    def __init__(
        self,
        path: Path,
        source: random.Random,
        files: int = FIRST_FILES,
        papers_a_file: int = PAPERS_A_FILE,
    ) -> None:
        """Make the folder and its first files, of which so many are never deleted."""
        self.path = path
        path.mkdir(parents=True)
        self._random = source
        self._first_files = files
        self._papers_a_file = papers_a_file
        self._papers: dict[int, MadeUp] = {}
        self._files: dict[str, list[int]] = {}
        self._named = 0
        for _ in range(files):
            self._new_file()

    def files_by_title(self) -> dict[str, tuple[str, ...]]:
        """Return in which files each paper is."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, numbers in self._files.items():
            for number in numbers:
                found[self._papers[number].title].append(name)
        return {title: tuple(sorted(names)) for title, names in found.items()}

    def edit(self) -> None:
        """Change some things, of which each may happen in a day's work."""
        edits = (self._new_file, self._grow, self._revise, self._drop, self._move, self._copy)
        for edit in self._random.sample((*edits, self._rename, self._delete), 3):
            edit()

    def _new_file(self) -> None:
        if len(self._files) < MOST_FILES:
            self._named += 1
            name = f"papers-{self._named}.{self._random.choice(FORMATS)}"
            self._files[name] = [self._new_paper() for _ in range(self._papers_a_file)]
            self._write(name)

    def _grow(self) -> None:
        name = self._any_file()
        self._files[name] += [self._new_paper() for _ in range(self._papers_a_file // 3)]
        self._write(name)

    def _revise(self) -> None:
        """Give papers of one file a new abstract and perhaps a new title, wherever they stand."""
        for number in self._some_of(self._any_file()):
            old = self._papers[number]
            edition = old.edition + self._random.randint(0, 1)
            self._papers[number] = MadeUp(number, edition, self._abstract())
        for name in self._files:
            self._write(name)

    def _drop(self) -> None:
        name = self._any_file()
        gone = self._some_of(name)
        if len(gone) < len(self._files[name]):
            self._files[name] = [number for number in self._files[name] if number not in gone]
            self._write(name)

    def _move(self) -> None:
        """Put papers into another file instead."""
        name, other = self._any_file(), self._any_file()
        moved = self._some_of(name)
        if name != other and len(moved) < len(self._files[name]):
            self._files[name] = [number for number in self._files[name] if number not in moved]
            self._add(other, moved)
            self._write(name)

    def _copy(self) -> None:
        """Put papers into another file too."""
        self._add(self._any_file(), self._some_of(self._any_file()))

    def _rename(self) -> None:
        name = self._any_file()
        self._named += 1
        new = f"papers-{self._named}.{name.rpartition('.')[2]}"
        (self.path / name).rename(self.path / new)
        self._files[new] = self._files.pop(name)

    def _delete(self) -> None:
        if len(self._files) > self._first_files:
            name = self._any_file()
            (self.path / name).unlink()
            del self._files[name]

    def _add(self, name: str, numbers: Iterable[int]) -> None:
        self._files[name] += [n for n in numbers if n not in self._files[name]]
        self._write(name)

    def _any_file(self) -> str:
        return self._random.choice(sorted(self._files))

    def _some_of(self, name: str) -> list[int]:
        numbers = self._files[name]
        return self._random.sample(numbers, min(12, len(numbers)))

    def _new_paper(self) -> int:
        number = len(self._papers)
        self._papers[number] = MadeUp(number, 0, self._abstract())
        return number

    def _abstract(self) -> str:
        sentences = (" ".join(self._random.choices(WORDS, k=9)).capitalize() for _ in range(5))
        return " ".join(f"{sentence}." for sentence in sentences)

    def _write(self, name: str) -> None:
        papers = [self._papers[number] for number in self._files[name]]
        text = _WRITERS[name.rpartition(".")[2]](papers)
        (self.path / name).write_text(text, "utf-8")


def _csv(papers: Iterable[MadeUp]) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Title", "Abstract", "DOI"])
    rows.writerows([paper.title, paper.abstract, paper.doi] for paper in papers)
    return text.getvalue()


def _bib(papers: Iterable[MadeUp]) -> str:
    return "\n".join(
        f"@article{{levain{paper.number},\n  title = {{{paper.title}}},\n"
        f"  abstract = {{{paper.abstract}}},\n  doi = {{{paper.doi}}}\n}}\n"
        for paper in papers
    )


def _ris(papers: Iterable[MadeUp]) -> str:
    return "\n".join(
        f"TY  - JOUR\nTI  - {paper.title}\nAB  - {paper.abstract}\n"
        + (f"DO  - {paper.doi}\n" if paper.doi else "")
        + "ER  - \n"
        for paper in papers
    )


def _jsonl(papers: Iterable[MadeUp]) -> str:
    return "".join(
        json.dumps({"title": paper.title, "abstract": paper.abstract, "doi": paper.doi or None})
        + "\n"
        for paper in papers
    )


_WRITERS = {"csv": _csv, "bib": _bib, "ris": _ris, "jsonl": _jsonl}
