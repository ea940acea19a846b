"""Coverage: which parts of a question the best papers speak of, in words or in meaning.

Owns facets and answerability. No threshold on the best score tells questions that a collection
answers from those it does not, since a near miss scores high; what gives it away is a part of the
question, mostly a rare word, that none of the best papers has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore.question import Question, is_name
from vectorstore.scores import Scores

Features = npt.NDArray[np.float64]

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[\s\-/]*")
COVERING_PAPERS = 10  # how many of the best may cover the question
PAIR, TRIPLE = 2, 3  # words missed together; a single one is missed by chance
MOST_MISSED = 2.0
FEATURES = 5


@dataclass(frozen=True, slots=True)
class CoverageSettings:
    """Weights of `coverage_features` in the logistic curve of answerability, and facets' line.

    benchmarks/fit_coverage.py fits the weights.
    """

    intercept: float = -0.443
    weights: tuple[float, ...] = (-0.928, -4.408, -3.993, 1.73, 6.131)
    covered: float = 0.6  # match from which a word or facet counts as covered


@dataclass(frozen=True, slots=True)
class Facet:
    """Adjacent content words of the question, and how well one of the best papers covers them.

    `coverage` is the mean match of its words, weighted by rarity, in the paper where it is highest.
    """

    text: str
    coverage: float
    covered: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """How likely the collection answers the question, in [0, 1], by which features, and facets.

    Without token vectors nothing can be said of it, and the answerability is 1.
    """

    answerability: float = 0.0
    features: tuple[float, ...] = ()
    facets: tuple[Facet, ...] = ()


def cover(question: Question, scores: Scores, settings: CoverageSettings) -> Coverage:
    """Return how the best papers, by their fused score, cover the question."""
    best = np.argsort(-scores.fused, kind="stable")[:COVERING_PAPERS]
    matches = scores.words[best].astype(np.float64)
    features = coverage_features(question, matches, float(scores.late[best].max()))
    facets = tuple(_facets(question, matches, settings.covered))
    chance = 1 / (1 + math.exp(-settings.intercept - float(features @ settings.weights)))
    if not matches.size:  # nothing is asked, or nothing can be said of it
        chance = 1.0 if question.vectors.words else 0.0
    return Coverage(chance, tuple(features.tolist()), facets)


def coverage_features(question: Question, matches: Features, late: float) -> Features:
    """Return what answerability is judged by, shape (5,).

    `matches` of the best papers, best first, has shape (papers, words); `late` is the highest late
    interaction among them. A word is missed by its rarity, as a share of the highest, times what
    its match lacks of 1:

    0. the two words missed most, in the paper that misses them least;
    1. the three words missed most, likewise;
    2. the name missed most in the best paper: a word shaped as names are;
    3. what none of the papers has, all words together, but at most MOST_MISSED: a long question
       has filler that papers lack, which excuses some of what it misses and never all of it;
    4. late interaction.
    """
    if not matches.size:
        return np.zeros(FEATURES)
    missed = question.rarity / question.highest_rarity * (1 - matches)
    most = np.cumsum(-np.sort(-missed, axis=1), axis=1).min(axis=0)
    named = np.array([is_name(word) for word in question.vectors.words])
    filler = min(missed.min(axis=0).sum(), MOST_MISSED)
    return np.array([most[:PAIR][-1], most[:TRIPLE][-1], (named * missed[0]).max(), filler, late])


def _facets(question: Question, matches: Features, line: float) -> list[Facet]:
    """Return the facets of a question whose words have matches; without them there are none."""
    words = question.vectors.words
    if not matches.size:
        return []
    facets = []
    for places in facet_places(question.text, words):
        rarity = question.rarity[list(places)]
        coverage = float((matches[:, places] @ rarity / rarity.sum()).max())
        text = " ".join(words[place] for place in places)
        facets.append(Facet(text, coverage, coverage >= line))
    return facets


def facet_places(text: str, words: Sequence[str]) -> list[list[int]]:
    """Return the facets of a question, each as the places of its words in `words`.

    `words` are its content words in order. A stop word or a punctuation mark between two of them
    ends a facet.
    """
    facets: list[list[int]] = []
    end = -1
    place = 0
    for match in _WORD.finditer(text):
        if place == len(words):
            break
        if match.group() != words[place]:
            continue
        if end >= 0 and _JOINT.fullmatch(text, end, match.start()):
            facets[-1].append(place)
        else:
            facets.append([place])
        end, place = match.end(), place + 1
    return facets
