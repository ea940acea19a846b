"""The short name by which a question can speak of a paper, if it has one.

Invariant: a name is one that the planner reads as that paper, and as no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.planning.plan_names import SURE_NAME
from vectorstore.coined_names import coined_names
from vectorstore.library import Library
from vectorstore.named_papers import named_papers
from vectorstore.records import Paper

NAME_WORDS = 3
NAME_CHARACTERS = 30
_WORD = re.compile(r"[^\W_]+")
_TITLE_NAME = re.compile(r"^(?P<name>[^:]+):\s")


def short_name_of(paper: Paper, library: Library) -> str:
    """Return a name of the paper's work that no other paper here goes by; empty if it has none."""
    spelled_out = library.snapshot().vocabulary.long_form
    # What search spells out adds words to a question that the abstract need not have.
    names = (
        name
        for name in _names(paper)
        if _is_short(name) and not any(map(spelled_out, _WORD.findall(name)))
    )
    return next((name for name in names if _names_it_alone(name, paper, library)), "")


def _names(paper: Paper) -> Iterator[str]:
    """Yield the name in front of a title's colon, then those that the abstract introduces."""
    if titled := _TITLE_NAME.match(paper.title):
        yield " ".join(titled["name"].split())
    yield from coined_names(paper.abstract)


def _is_short(name: str) -> bool:
    few = len(name.split()) <= NAME_WORDS and len(name) <= NAME_CHARACTERS
    return few and name.isprintable() and any(map(str.isupper, name))


def _names_it_alone(name: str, paper: Paper, library: Library) -> bool:
    found = named_papers(library, name)
    return {each.paper_id for each in found if each.score >= SURE_NAME} == {paper.id}
