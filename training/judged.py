"""What the model is trained on: the shipped papers, and questions that mark papers of them.

Owns reading `training/data/` and the folds. A fold is a share of the papers, not of the questions,
so that a model is never measured on a paper whose questions it was trained on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.entries import Entry
from ingest.files import read_entries
from ingest.works import merge_entries
from vectorstore.records import Paper, title_key

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the papers that answer it, as positions in the list of papers.

    `possible` are papers that may answer it: they are neither wanted nor held against the model.
    """

    text: str
    kind: str
    relevant: tuple[int, ...]
    possible: tuple[int, ...] = ()


def read_papers(pages: Path) -> list[Paper]:
    """Return the distinct papers of the listing pages, in the order in which they are read."""
    entries = [entry for entry in read_entries([pages]) if isinstance(entry, Entry)]
    return list(merge_entries(entries))


def paper_text(paper: Paper) -> str:
    """Return the text of a paper as ingest embeds it."""
    return f"{paper.title}\n{paper.abstract}"


def read_questions(papers: list[Paper], folder: Path = DATA) -> list[Question]:
    """Return the single-paper queries and the judged listings.

    Raises KeyError for a title that is none of the papers'.
    """
    position = {title_key(paper.title): at for at, paper in enumerate(papers)}
    questions = [
        Question(row["query"], row["type"], (position[title_key(row["title"])],))
        for row in _rows(folder / "queries.jsonl")
    ]
    for row in _rows(folder / "listing-judgments.jsonl"):
        grades = {position[title_key(title)]: grade for title, grade in row["relevant"].items()}
        squarely = tuple(at for at, grade in grades.items() if grade > 1)
        partly = tuple(at for at, grade in grades.items() if grade == 1)
        questions.append(Question(row["question"], "listing", squarely or partly, partly))
    return questions


def fold_of(paper: Paper, folds: int) -> int:
    """Return which of `folds` a paper falls into; the id is a hash, so no seed is needed."""
    return int(paper.id, 16) % folds


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
