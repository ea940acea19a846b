"""A paper that a question describes by a part of its title: "that bread starter paper"."""

from __future__ import annotations

from assistant.answer import Named
from assistant.planning.phrases import one_of
from vectorstore.library import Library
from vectorstore.question_words import question_words
from vectorstore.search import search

SURE_TITLE = 0.3  # the question says that it speaks of one paper, so a part of a title will do
CLEAR_LEAD = 0.15  # of the best title before the next
LOOKED_AT = 10

_ONE_PAPER = one_of(
    r"\b(?:that|the|this) (?P<title>[^?.!,;:]{3,120}?) "
    r"(?:white ?paper|paper|article|study|preprint|report|thesis)\b"
)


def described_papers(question: str, library: Library) -> tuple[Named, ...]:
    """Return the paper whose title the question repeats a part of, if it does so of one."""
    match = _ONE_PAPER.search(question)
    if match is None or not question_words(match["title"]):
        return ()
    hits = search(library, match["title"], LOOKED_AT).hits
    by_title = sorted(hits, key=lambda hit: -hit.parts.title)
    scores = [hit.parts.title for hit in by_title] + [0.0, 0.0]
    if scores[0] < SURE_TITLE or scores[0] - scores[1] < CLEAR_LEAD:
        return ()
    return (Named(match["title"], (by_title[0].paper.id,)),)
