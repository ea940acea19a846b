"""Which of the papers that bear one name a question means.

Owns the words that tell namesakes apart, "the survey, not the benchmark", and what decides
where there are none: the text that is nearest to the question, or else the surer name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from assistant.planning.phrases import one_of
from vectorstore.filters import Filters
from vectorstore.library import Library
from vectorstore.named_papers import NamedPaper
from vectorstore.question_words import question_words
from vectorstore.records import Hit
from vectorstore.search import search

NEARER = 0.2  # of one paper's text than of another's, as `Content` scores them
SURER = 0.15  # the score of a name before that of its namesake
LOOKED_AT = 10  # papers among which the one with the nearest text is

_NOT_THIS = one_of(
    r"[,;(–-]* ?\b(?:but )?not (?:about )?(?:the|that) (?P<which>[^?.!,;:()]{2,60}?)"
    r"(?: (?:one|paper))?(?=[?.!,;:)]|$)\)?"
)
_THIS = one_of(r"[,;(–-]* ?\b(?:the|that) (?P<which>[^?.!,;:()]{2,40}?) (?:one|paper)\b\)?")
_SEVERAL = one_of(
    r"\b(?:two|three|both|several|different|all|each|these|those)\b.{0,30}"
    r"\b(?:papers|ones|namesakes|works)\b",
    r"\bboth\b|\bnamesakes?\b|\b(?:papers|ones|works) (?:are )?(?:called|named)\b",
    r"\bpapers\b.{0,60}\b(?:differ|same name)",
    r"\b(?:things|methods|models|projects|systems|tools)\b.{0,12}\b(?:called|named)\b",
)


class Content:
    """How near the texts of papers are to a question, names and titles left aside.

    Searches when it is first asked.
    """

    def __init__(self, library: Library, question: str) -> None:
        """Score the papers of `library` for `question`."""
        self._library, self._question = library, question

    @cached_property
    def nearest(self) -> str:
        """The id of the paper with the nearest text; empty where there is none."""
        hits = search(self._library, self._question, LOOKED_AT).hits
        return max(hits, key=_content).paper.id if hits else ""

    def among(self, ids: Sequence[str], text: str = "") -> dict[str, float]:
        """Return the scores of some papers by id, nearest first, for `text` or the question."""
        within = Filters(scope=tuple(ids))
        hits = search(self._library, text or self._question, len(ids), within).hits
        return {hit.paper.id: _content(hit) for hit in sorted(hits, key=_content, reverse=True)}


def _content(hit: Hit) -> float:
    return hit.parts.pooled + hit.parts.late


def ruled_out(question: str) -> tuple[str, ...]:
    """Return the descriptions of what the question does not mean: "not the simulator"."""
    return tuple(match["which"] for match in _NOT_THIS.finditer(question))


def without_ruling_out(question: str) -> str:
    """Return the question without the words that rule something out."""
    if not ruled_out(question):
        return question
    return re.sub(r"\s+([.,;:?!])", r"\1", " ".join(_NOT_THIS.sub(" ", question).split()))


def means_several(question: str) -> bool:
    """Tell whether a question speaks of more than one paper, maybe of one name."""
    return bool(_SEVERAL.search(question))


def meant_of(papers: Sequence[NamedPaper], question: str, content: Content) -> tuple[str, ...]:
    """Return the ids of those of the papers of one name that the question means.

    All of them where it means several, or does not tell.
    """
    left = [paper.paper_id for paper in sorted(papers, key=lambda paper: -paper.score)]
    for which in ruled_out(question):
        if len(left) > 1:
            left.remove(_described(which, left, content))
    for match in _THIS.finditer(without_ruling_out(question)):
        if len(left) > 1 and match["which"].lower() != papers[0].name.lower():
            left = [_described(match["which"], left, content)]
    if len(left) == 1 or means_several(question):
        return tuple(left)
    if nearest := _nearest(left, question, papers[0].name, content):
        return (nearest,)
    score = {paper.paper_id: paper.score for paper in papers}
    best = max(score[paper_id] for paper_id in left)
    return tuple(paper_id for paper_id in left if score[paper_id] > best - SURER)


def _described(which: str, ids: Sequence[str], content: Content) -> str:
    return next(iter(content.among(ids, which)), ids[0])


def _nearest(ids: Sequence[str], question: str, name: str, content: Content) -> str:
    """Return the one that is clearly nearest; empty where there is none.

    A question that says no more than the name does not tell them apart.
    """
    if set(question_words(question)) <= set(question_words(name)):
        return ""
    near = content.among(ids)
    first, *others = near
    return first if all(near[first] - near[other] >= NEARER for other in others) else ""
