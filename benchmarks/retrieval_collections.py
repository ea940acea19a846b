"""What the retrieval benchmark asks: collections of papers, and questions judged against them.

Owns the two formats. A judged question file is about the papers of the listing pages; its questions
are asked by their last turn alone, and those that nothing answers are left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from training.judged import read_papers
from vectorstore.records import Paper, title_key

SQUARELY = 2  # the grade that recall asks for in a judged question file
ANSWERS = frozenset({"fact", "summary", "compare", "title", "which"})
NOT_BY_RANKING_ALONE = frozenset({"none", "followup", "filter", "count"})


@dataclass(frozen=True, slots=True)
class Query:
    """A question, the grades of its papers by id, and those of them that recall asks for."""

    text: str
    grades: Mapping[str, int]
    wanted: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers, and the questions that are judged against all of them."""

    name: str
    papers: tuple[Paper, ...]
    queries: tuple[Query, ...]


def read_collection(path: Path, pages: Path) -> Collection:
    """Return a folder in BEIR's layout, or a judged question file over the papers of `pages`.

    Raises ValueError where a question is judged against a paper that is not there.
    """
    if path.is_dir():
        return read_beir(path)
    papers = tuple(read_papers(pages))
    return Collection(path.stem, papers, tuple(read_judged(path, papers)))


def read_beir(folder: Path) -> Collection:
    """Return the collection of `folder`, with the test questions where they are set apart."""
    papers = tuple(
        Paper(_paper_id(row["_id"]), row.get("title", ""), row["text"])
        for row in read_rows(folder / "corpus.jsonl")
    )
    judged = _grades(folder / "qrels")
    queries = tuple(
        _query(row["text"], judged[row["_id"]], at_least=1)
        for row in read_rows(folder / "queries.jsonl")
        if row["_id"] in judged
    )
    return Collection(folder.name, papers, queries)


def read_judged(file: Path, papers: tuple[Paper, ...]) -> Iterator[Query]:
    """Yield the questions of a judged file, or of listings, that some paper answers."""
    ids = {title_key(paper.title): paper.id for paper in papers}
    for number, row in enumerate(read_rows(file), start=1):
        try:
            grades = {ids[title_key(title)]: grade for title, grade in row["relevant"].items()}
        except KeyError as error:
            raise ValueError(f"{file}:{number}: no paper is called {error}; see --pages") from None
        if grades:
            text = row["turns"][-1] if "turns" in row else row["question"]
            yield _query(text, grades, SQUARELY, row.get("kind", "listing"))


def question_groups(collection: Collection) -> dict[str, frozenset[str]]:
    """Return the kinds of questions that figures are reported of, one by one and in groups.

    A group with the same questions as one before it is left out.
    """
    kinds = list(dict.fromkeys(query.kind for query in collection.queries))
    groups = {kind: frozenset({kind}) for kind in kinds}
    for name, among in (
        ("fact+summary+compare+title+which", ANSWERS),
        ("all but none/followup/filter/count", frozenset(kinds) - NOT_BY_RANKING_ALONE),
        ("all with judgments", frozenset(kinds)),
    ):
        present = among & {*kinds}
        if present and present not in groups.values():
            groups[name] = present
    return groups


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a file that has one a line."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _grades(folder: Path) -> dict[str, dict[str, int]]:
    """Return grades by question and paper, of the test questions where they are set apart."""
    test = folder / "test.tsv"
    judged: dict[str, dict[str, int]] = {}
    for file in [test] if test.exists() else sorted(folder.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            next(rows)  # names of the columns
            for question, paper, grade in rows:
                if int(grade) > 0:
                    judged.setdefault(question, {})[_paper_id(paper)] = int(grade)
    return judged


def _query(text: str, grades: Mapping[str, int], at_least: int, kind: str = "") -> Query:
    squarely = frozenset(paper for paper, grade in grades.items() if grade >= at_least)
    return Query(text, grades, squarely or frozenset(grades), kind)


def _paper_id(name: str) -> str:
    return quote(name, safe="")  # a library's ids have no slash
