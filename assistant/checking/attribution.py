"""Finds the sentence that bears out a claim which came without a citation.

Small models leave citations out, or number sources that have no numbers. Owns when a sentence is
near enough to be cited for them; a claim that gets none stays unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.checking.support import about, missing_from, stems, without_title
from assistant.draft import SourcePaper, SourceSentence
from vectorstore.records import Paper

# The share of the claim's words that the sentence must have. No finding of
# training/data/queries.jsonl shares so many with a sentence of any of the 12 papers that are
# nearest to it by words, its own left out; at 0.5 one in 365 does. A sentence from which every
# third word was dropped is always found.
SHARED_TO_CITE = 0.6
SHARED_STEMS = 3  # "the model is fast" is true of any model

_NEGATION = re.compile(
    r"\b(?:not|no|never|without|cannot|neither|nor|none|fails?|failed|lacks?)\b|n['’]t\b", re.I
)
_SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"'”’)\]]*(?=\s+[^\sa-z])|[。！？]|$)", re.DOTALL)
_ABBREVIATED = re.compile(r"\b(?:al|e\.g|i\.e|cf|vs|Fig|Sec|Eq|No|approx|[A-Z])\.$")
_LONGEST_ABBREVIATION = 7  # characters, with its full stop
_NUMBERED = re.compile(r"\d+\.")


@dataclass(frozen=True, slots=True)
class _Candidate:
    paper: Paper
    sentence: SourceSentence
    stems: frozenset[str]


class Attribution:
    """Finds sentences of the sources by what they say."""

    def __init__(self, sources: Iterable[SourcePaper]) -> None:
        """Search `sources`; they are read once, when the first claim needs them."""
        self._sources = tuple(sources)

    @cached_property
    def _candidates(self) -> list[_Candidate]:
        return [
            _Candidate(source.paper, sentence, stems(sentence.text))
            for source in self._sources
            for sentence in source.sentences
        ]

    def find(self, claim: str) -> SourceSentence | None:
        """Return the sentence that bears the claim out; None if none does.

        A title alone says that its paper is an answer: its sentence nearest to the question does.
        """
        named = [
            each for each in self._candidates if without_title(claim, each.paper.title) != claim
        ]
        if not named:
            return _nearest(claim, self._candidates)
        stated = min((without_title(claim, each.paper.title) for each in named), key=len)
        if stated:
            return _nearest(stated, named)
        return max((each.sentence for each in named), key=lambda one: one.similarity)


def _nearest(claim: str, candidates: Sequence[_Candidate]) -> SourceSentence | None:
    wanted = stems(claim)
    least = max(SHARED_STEMS, SHARED_TO_CITE * len(wanted))
    shared = [(len(wanted & each.stems), each) for each in candidates]
    near = [(count, each) for count, each in shared if count >= least]
    near.sort(key=lambda pair: -pair[0])
    return next((each.sentence for _, each in near if _agrees(claim, each)), None)


def _agrees(claim: str, candidate: _Candidate) -> bool:
    text = candidate.sentence.text
    return not missing_from(claim, f"{text} {about(candidate.paper)}") and (
        bool(_NEGATION.search(claim)) == bool(_NEGATION.search(text))
    )


def split_claims(text: str) -> list[str]:
    """Return the sentences of what a model wrote; one that stays joined to the next is no harm."""
    sentences: list[list[str]] = []
    for found in _SENTENCE.finditer(text):
        if sentences and _goes_on(sentences[-1]):
            sentences[-1].append(found[0])
        else:
            sentences.append([found[0]])
    return [" ".join(parts) for parts in sentences]


def _goes_on(parts: Sequence[str]) -> bool:
    """Tell whether the sentence does not end with its last part, an abbreviation or a number."""
    last = parts[-1][-_LONGEST_ABBREVIATION - 1 :]  # and what stands before it, perhaps a letter
    return bool(_ABBREVIATED.search(last) or (len(parts) == 1 and _NUMBERED.fullmatch(parts[0])))
