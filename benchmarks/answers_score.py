"""The figures of an answer to a judged question: citations, points, abstentions, counts, grounding.

Owns what is counted of an answer, which it takes as `ask --json` prints it; asking is left to
others. Invariant: a figure that says nothing of a question is left out, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import mean
from typing import Any

from benchmarks.answers_questions import JudgedQuestion
from benchmarks.retrieval_collections import SQUARELY
from benchmarks.retrieval_metrics import ndcg, recall
from vectorstore.records import title_key

Shown = Mapping[str, Any]  # a turn as `ask --json` prints it
Figures = dict[str, float]  # by name, each in [0, 1]

FIGURES = (
    "ANSWER SCORE",
    "ndcg@10",
    "recall@20",
    "cited precision",
    "cited recall",
    "cited f1",
    "points covered",
    "answered",
    "abstained",
    "no forbidden paper",
    "count right",
    "quotes verbatim",
    "citations quoted",
    "markers resolve",
    "within length",
    "unsupported claims",
)
LISTED = frozenset({"which", "summary", "filter", "followup"})  # scored by the papers they cite
LONGEST = {"fact": 250, "title": 250, "none": 250, "compare": 500}  # words
LONGEST_LIST = 900
COVERED_WORDS = 0.6  # of a point without figures
WORD_LETTERS = 6  # words are compared by their beginnings
_MARKER = re.compile(r"\[(\d+)\]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "a an and are as at be by for from has have in is it its of on or than that the their this to"
    " up was were with".split()
)


def score(asked: JudgedQuestion, shown: Shown, pages: str = "") -> Figures:
    """Return the figures of an answer; which there are depends on the question and the answer.

    `pages` is what quotes are looked for in, white space as single blanks; empty looks for none.
    """
    text, abstained = shown["answer"], float(shown["abstained"])
    cited = {title_key(each["title"]) for each in shown["citations"]}
    figures = _grounding(shown, pages)
    if asked.grades:
        figures |= _found(asked, shown, cited) | {"answered": 1.0 - abstained}
        figures["points covered"] = _points_covered(asked.points, f"{text} {_quotes(shown)}")
    else:
        figures["abstained"] = abstained
    if asked.must_not:
        figures["no forbidden paper"] = float(asked.must_not.isdisjoint(cited))
    if asked.grades and asked.kind == "count":
        figures["count right"] = float(_counted(asked) in _numbers(text))
    figures["within length"] = float(len(text.split()) <= LONGEST.get(asked.kind, LONGEST_LIST))
    return {"ANSWER SCORE": _answer_score(asked, figures), **figures}


def _answer_score(asked: JudgedQuestion, figures: Figures) -> float:
    """Return the one figure of the question's kind, 0 for a forbidden paper or too many words."""
    if not asked.grades:
        reached = figures["abstained"]
    elif asked.kind == "count":
        reached = (figures["count right"] + figures["cited f1"]) / 2
    else:
        reached = figures["cited f1" if asked.kind in LISTED else "points covered"]
    return reached * figures.get("no forbidden paper", 1.0) * figures["within length"]


def _found(asked: JudgedQuestion, shown: Shown, cited: set[str]) -> Figures:
    """Return how good the ranking and the citations are: recall is of what is squarely on it."""
    ranking = list(dict.fromkeys(map(title_key, shown["ranking"])))
    wanted = {title for title, grade in asked.grades.items() if grade == SQUARELY}
    precision = len(cited & asked.grades.keys()) / len(cited) if cited else 0.0
    recalled = recall(sorted(cited), wanted, len(cited))
    total = precision + recalled
    return {
        "ndcg@10": ndcg(ranking, asked.grades),
        "recall@20": recall(ranking, wanted, 20),
        "cited precision": precision,
        "cited recall": recalled,
        "cited f1": 2 * precision * recalled / total if total else 0.0,
    }


def _grounding(shown: Shown, pages: str) -> Figures:
    """Return whether all that the answer rests on is there."""
    citations = shown["citations"]
    quotes = [" ".join(quote.split()) for each in citations for quote in each["quotes"]]
    figures = {"unsupported claims": float(shown["unsupported_share"])}
    if quotes and pages:
        figures["quotes verbatim"] = mean(float(quote in pages) for quote in quotes)
    if citations:
        figures["citations quoted"] = mean(float(bool(each["quotes"])) for each in citations)
    markers = {int(number) for number in _MARKER.findall(shown["answer"])}
    figures["markers resolve"] = float(markers <= {each["number"] for each in citations})
    return figures


def _quotes(shown: Shown) -> str:
    return " ".join(quote for each in shown["citations"] for quote in each["quotes"])


def _points_covered(points: tuple[str, ...], text: str) -> float:
    return mean(float(_covers(text, point)) for point in points) if points else 0.0


def _covers(text: str, point: str) -> bool:
    """Tell whether `text` has all figures of a point, or most words of one without figures."""
    if figures := _numbers(point):
        return figures <= _numbers(text)
    wanted = _word_beginnings(point)
    return len(wanted & _word_beginnings(text)) >= COVERED_WORDS * len(wanted)


def _counted(asked: JudgedQuestion) -> str:
    """Return the first digits of the first point: how many papers there are."""
    digits = re.search(r"\d+", asked.points[0])
    return digits[0] if digits else ""


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _FIGURE.findall(text)}


def _word_beginnings(text: str) -> set[str]:
    return {word[:WORD_LETTERS] for word in _WORD.findall(text.lower()) if word not in _STOP}
