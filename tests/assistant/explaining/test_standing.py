"""What is said of where a paper stands, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import hit

from assistant.explaining.standing import Sighting, Standing, standing
from assistant.settings import AssistantSettings
from vectorstore.coverage import Coverage, Facet
from vectorstore.filters import FilterReport
from vectorstore.records import Hit, Paper, ScoreParts, WordMatch
from vectorstore.scores import FusionSettings
from vectorstore.search import SearchResult, SearchSettings

SETTINGS = AssistantSettings(
    answerability_floor=0.25,
    list_relevance=0.5,
    borderline_relevance=0.3,
    borderline_papers=1,
    list_papers=3,
    search=SearchSettings(fusion=FusionSettings(pooled=0.5, late=0.3, lexical=0.2, title=0.1)),
)
NO_DATE = "it has no date, and a range of dates leaves such papers out"


def scored(number: int, relevance: float, *parts: float) -> Hit:
    pooled, late, lexical = parts
    fused = 0.5 * pooled + 0.3 * late + 0.2 * lexical
    plain = hit(Paper(str(number), f"Paper {number}", "Text."), relevance)
    words = (WordMatch("word", 1.0, 0.5),)
    return replace(plain, fused=fused, parts=ScoreParts(*parts), words=words)


HITS = (
    scored(1, 0.9, 0.9, 0.9, 1.0),
    scored(2, 0.6, 0.8, 0.8, 0.5),
    scored(3, 0.4, 0.6, 0.75, 0.4),
    scored(4, 0.35, 0.3, 0.8, 0.495),
    scored(5, 0.1, 0.8, 0.2, 0.5),
)
FOUND = SearchResult(HITS, (), FilterReport(5), Coverage(answerability=0.9))
GAP = (Facet("gene therapy", 0.2, covered=False), Facet("mice", 0.9, covered=True))


def seen(rank: int, hits: tuple[Hit, ...] = HITS) -> Sighting:
    return Sighting(hits[rank - 1], rank, replace(FOUND, hits=hits), 5)


BELOW = "It is below the line of the list."
CASES: list[tuple[Sighting, Standing, str]] = [
    (seen(1), Standing.LISTED, "It is on the list: number 1 of 2 papers."),
    (seen(1, HITS[:1]), Standing.LISTED, "It is on the list: number 1 of 1 paper."),
    (
        seen(3),
        Standing.BORDERLINE,
        "It is below the line of the list, among the borderline papers. Against the last paper on"
        " the list it lost most in meaning as a whole (by 0.10) and words in common (by 0.02).",
    ),
    (
        seen(4),
        Standing.BELOW,
        f"{BELOW} Against the last paper on the list it lost most in meaning as a whole (by 0.25).",
    ),
    (
        seen(5),
        Standing.BELOW,
        f"{BELOW} Against the last paper on the list it lost most in meaning word by word"
        " (by 0.18).",
    ),
    (
        seen(3, (*HITS[:2], replace(HITS[2], relevance=0.1, fused=HITS[2].fused - 0.2))),
        Standing.BELOW,
        f"{BELOW} Against the last paper on the list it lost most in the reranker (by 0.20) and"
        " meaning as a whole (by 0.10).",
    ),
    (
        seen(1, HITS[2:]),
        Standing.BELOW,
        "No paper reaches the line of the list. This one comes closest.",
    ),
    (
        seen(2, HITS[2:]),
        Standing.BELOW,
        "No paper reaches the line of the list. Against the best paper it lost most in meaning as a"
        " whole (by 0.15).",
    ),
    (
        seen(4, (HITS[0],) * 3 + (HITS[1],)),
        Standing.BEYOND,
        "It is above the line, but the list ends after 3 papers.",
    ),
    (
        replace(seen(1), found=replace(FOUND, coverage=Coverage(0.2))),
        Standing.DECLINED,
        "The whole question was judged unanswerable from this collection.",
    ),
    (
        replace(seen(1), found=replace(FOUND, coverage=Coverage(0.2, (), GAP))),
        Standing.DECLINED,
        "The whole question was judged unanswerable from this collection: nothing covers"
        " “gene therapy”.",
    ),
    (
        replace(seen(1), rank=None, papers=120_000),
        Standing.NO_CANDIDATE,
        "It was not among the candidates: of 120,000 papers, the 5 that are nearest or have the"
        " rarest words of the question are scored in full.",
    ),
    (
        replace(seen(1), obstacles=(NO_DATE,)),
        Standing.UNDATED,
        f"A filter leaves it out: {NO_DATE}.",
    ),
    (
        replace(seen(1), rank=None, obstacles=(NO_DATE, "its organisation is not known")),
        Standing.FILTERED,
        f"A filter leaves it out: {NO_DATE}; its organisation is not known.",
    ),
]


@pytest.mark.parametrize(("sighting", "where", "reason"), CASES)
def test_standing(sighting: Sighting, where: Standing, reason: str) -> None:
    assert standing(sighting, SETTINGS) == (where, reason)
