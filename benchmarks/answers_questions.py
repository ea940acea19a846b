"""The judged questions of the answers benchmark, read from a file of JSON lines.

A line is `{"id", "kind", "turns", "relevant": {title: 2 | 1}, "must_not": [title], "points":
[{"fact", ..}]}`. Judgments are for the last turn, and grade 2 is squarely on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import PaperchatError
from vectorstore.records import title_key

HINT = 'Each line is {"id", "kind", "turns", "relevant", "must_not", "points"}.'


class QuestionsError(PaperchatError):
    """A file holds something else than judged questions."""


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A conversation whose last question is judged; titles are by their letters and digits."""

    name: str
    kind: str
    turns: tuple[str, ...]
    grades: Mapping[str, int]
    must_not: frozenset[str]
    points: tuple[str, ...]


def read_questions(file: Path) -> tuple[JudgedQuestion, ...]:
    """Return the questions of a file of JSON lines.

    Raises QuestionsError where it cannot be read, holds none, or a line is not one.
    """
    try:
        found = tuple(_questions(file))
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(
            f"The questions cannot be read: {error}", where=str(file), hint=HINT
        ) from error
    if not found:
        raise QuestionsError("There are no questions", where=str(file), hint=HINT)
    return found


def _questions(file: Path) -> Iterator[JudgedQuestion]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _question(line, f"{file}, line {number}")


def _question(line: str, where: str) -> JudgedQuestion:
    try:
        row = json.loads(line)
        asked = JudgedQuestion(
            row["id"],
            row["kind"],
            tuple(row["turns"]),
            {title_key(title): int(grade) for title, grade in row["relevant"].items()},
            frozenset(map(title_key, row["must_not"])),
            tuple(point["fact"] for point in row["points"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise QuestionsError(f"Not a judged question: {error!r}", where=where, hint=HINT) from error
    if not asked.turns or (asked.kind == "count" and asked.grades and not asked.points):
        raise QuestionsError("The turns or the count are missing", where=where, hint=HINT)
    return asked
