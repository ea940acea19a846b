"""Which papers words of a question are names of.

A small library knows the names of all its papers; in a large one only papers that share words with
the question are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.array_types import Numbers
from vectorstore.candidates import CandidateSettings
from vectorstore.library import Library
from vectorstore.question import match_expression
from vectorstore.snapshot import Snapshot

LIKELY_PAPERS = 60  # of a large library: a named paper is among the best by words


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A paper that a question names, by which words of it, and how surely, in (0, 1]."""

    name: str
    paper_id: str
    score: float


def named_papers(library: Library, question: str) -> tuple[NamedPaper, ...]:
    """Return the papers that words of the question are a name of, in its order, surest first."""
    with library.reading() as snapshot:
        found = snapshot.named_titles(question, _likely(library, snapshot, question))
        numbers = [int(snapshot.index.numbers[title.position]) for title in found]
        papers = library.catalog.papers_by_number(numbers)
    return tuple(
        NamedPaper(title.name, paper.id, title.score)
        for title, paper in zip(found, papers, strict=True)
    )


def _likely(library: Library, snapshot: Snapshot, question: str) -> Numbers:
    if snapshot.titles is not None:
        return snapshot.index.rows_of([])
    expression = match_expression(question, snapshot.vocabulary, CandidateSettings().postings)
    matches = library.catalog.match_words(expression, LIKELY_PAPERS) if expression else {}
    return snapshot.index.rows_of(list(matches))
