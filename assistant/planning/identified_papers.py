"""Papers that a question names by an identifier: "what does arXiv:2401.01234v2 find?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.catalog_readings import numbers_known_by
from vectorstore.identifiers import arxiv_id, doi
from vectorstore.library import Library
from vectorstore.named_papers import NamedPaper
from vectorstore.records import Paper

_TYPED = re.compile(r"(?:(?:arxiv|doi)\s*:\s*)?[^\s<>\"“”]+", re.IGNORECASE)
_AROUND = "([{)]}.,;:?!'’‘"
_MOST = 10  # papers of one identifier, which listings now and then get wrong


@dataclass(frozen=True, slots=True)
class Identified:
    """A question in which titles stand for identifiers, and the papers that these are of."""

    question: str
    papers: tuple[NamedPaper, ...]


def identified_papers(question: str, library: Library) -> Identified:
    """Return the papers of the collection whose identifiers stand in `question`.

    What else is made of a question goes by the words of titles, which an identifier has none of.
    """
    parts, papers, end = list[str](), list[NamedPaper](), 0
    for match in _TYPED.finditer(question):
        typed = match[0].strip(_AROUND).removesuffix("'s").removesuffix("’s")
        found = _papers(typed, library)
        if found:
            start = match.start() + match[0].index(typed)
            title = " ".join(found[0].title.split())
            parts += (question[end:start], title)
            end = start + len(typed)
            papers += (NamedPaper(title, paper.id, score=1.0) for paper in found)
    return Identified("".join((*parts, question[end:])), tuple(papers))


def _papers(typed: str, library: Library) -> list[Paper]:
    key = _key(typed)
    numbers = numbers_known_by(library.catalog.file, [key], _MOST) if key else ()
    return library.catalog.papers_by_number(sorted(numbers))


def _key(typed: str) -> str:
    if number := arxiv_id(typed):
        return f"arxiv:{number}"
    registered = doi(typed)
    return f"doi:{registered}" if registered else ""
