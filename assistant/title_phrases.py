"""The phrases of titles that may name a topic, and what makes two of them the same.

Owns which words are too general to name one, and that a phrase is a run of up to three words with
no stop word among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vectorstore.question_words import STOP_WORDS
from vectorstore.stemming import stem

PHRASE_WORDS = 3
_PIECE = re.compile(r"[.,;:!?()\[\]{}\"“”]|\s[-–—]+\s")
_WORD = re.compile(r"[^\W_]+(?:[-/+][^\W_]+)*")
# Words of titles on anything, which make no heading by themselves.
GENERAL = frozenset(
    """
    accurate adaptive advanced analysis approach approaches based benchmark benchmarking benchmarks
    better beyond boosting bridging building case comparative comprehensive cost deep design
    designing different diverse driven dynamic effective efficient efficiently empirical end
    enabling end-to-end enhanced enhancing estimation evaluating evaluation exploring extensive fast
    faster first framework gap general generalist generalized good guided high high-performance
    impact improve improved improving improvement introduction investigation key large large-scale
    learned learning less level light lightweight limits long low making method methods model
    modeling models modern multi multiple native need neural network networks new next novel one
    open open-source optimal optimization optimizing overview paradigm performance perspective
    practical present problem process quality real real-world reducing report research resource
    results rethinking review robust scalable scale scaling self single size small smart solving
    speed state strategy structure study survey system systems target task tasks technical technique
    techniques time toward towards training two understanding unified universal unlocking user
    various via vs way work world
    """.split()
)


# Of these, those that a topic may be a kind of.
_KINDS = frozenset(
    """
    analysis benchmarks design estimation evaluation learning methods modeling models network
    networks optimization research systems techniques training understanding
    """.split()
)

_ADJECTIVE = re.compile(r"(?:able|aware|ed|ive|ous|wise)$")
_BEGIN = frozenset("deep large neural small time".split())  # as in "neural architecture search"


def title_phrases(title: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of words that may be a heading, as they are typed."""
    for run in word_runs(title):
        if {run[0].lower(), run[-1].lower()}.isdisjoint(GENERAL):
            yield run


def topic_phrases(title: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of several words that may name a topic by themselves, as they are typed.

    They may end in what they are a kind of: "federated learning".
    """
    for run in word_runs(title):
        first, last = run[0].lower(), run[-1].lower()
        begins = first not in GENERAL or (run[2:] and first in _BEGIN)
        ends = (last not in GENERAL or last in _KINDS) and not _ADJECTIVE.search(last)
        if run[1:] and begins and ends:
            yield run


def word_runs(title: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of words without a stop word, as they are typed."""
    for piece in _PIECE.split(title):
        words: list[str] = []
        for word in (*_WORD.findall(piece), ""):
            if word and word.lower() not in STOP_WORDS:
                words.append(word)
                continue
            yield from _runs(words)
            words = []


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for length in range(1, PHRASE_WORDS + 1):
        for start in range(len(words) - length + 1):
            run = tuple(words[start : start + length])
            if len(run[0]) > 1 and not run[-1].endswith("ly"):
                yield run


def stemmed(text: str) -> str:
    """Return the stems of the words with spaces around, so that a phrase is found as a part."""
    return f" {' '.join(stem(part) for word in _WORD.findall(text) for part in word_parts(word))} "


def word_parts(word: str) -> list[str]:
    """Return the words that hyphens and the like join, in lower case."""
    return re.split(r"[-/+]", word.lower())
