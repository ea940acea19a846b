"""Measures how much of a title a question repeats: its words in their order, near each other.

Words count by their rarity. A question on a topic shares words with many titles, but few of each
and scattered; who names a paper repeats a good part of its title in one piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from vectorstore.question_words import STOP_WORDS
from vectorstore.title_words import Words, max_slips

MISSPELT_RARITY = 0.8  # share of the highest rarity from which a word may be a misspelt one
MISSPELT_WEIGHT = 0.8
GAP_COST = 0.5  # of the rarity of a question's word that stands between two of the title

PLURAL_LETTERS = 4  # "bus" and "gas" are no plurals

# The rarities of a run's words add up to its worth. It says all there is to say where it reaches
# FULL_WORTH and FULL_SHARE of the title.
MIN_WORTH = 0.3
FULL_WORTH = 1.5
FULL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Match:
    """The word at `asked` in the question is the one at `titled` in the title."""

    asked: int
    titled: int
    weight: float


class TitleRuns:
    """Finds the titles that a question repeats a run of."""

    def __init__(self, titles: Sequence[Words], rarity: Callable[[str], float]) -> None:
        """Index the words of `titles`; `rarity` is in [0, 1], 1 for a word that no paper has."""
        self._rarity = rarity
        self._titles = [_content(words) for words in titles]
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for position, texts in enumerate(self._titles):
            for at, text in enumerate(texts):
                self._places[_singular(text)].append((position, at))
        self._vocabulary = list(self._places)

    def found(self, question: Words) -> Iterator[tuple[int, float]]:
        """Yield positions of titles, each once, with a score in (0, 1]."""
        texts = _content(question)
        rarities = [self._rarity(text) for text in texts]
        until = list(accumulate(rarities, initial=0.0))
        for position, matches in self._matches(texts, rarities).items():
            if sum([match.weight for match in matches]) >= MIN_WORTH:
                worth = _best_run(matches, until)
                if worth >= MIN_WORTH:
                    yield position, self._score(position, worth)

    def _score(self, position: int, worth: float) -> float:
        share = worth / max(worth, sum(map(self._rarity, self._titles[position])))
        return min(1.0, worth / FULL_WORTH) * min(1.0, share / FULL_SHARE)

    def _matches(self, texts: list[str], rarities: list[float]) -> dict[int, list[_Match]]:
        matches: defaultdict[int, list[_Match]] = defaultdict(list)
        for asked, (text, rarity) in enumerate(zip(texts, rarities, strict=True)):
            for known, weight in self._known(text, rarity):
                for position, at in self._places[known]:
                    matches[position].append(_Match(asked, at, weight))
        return matches

    def _known(self, text: str, rarity: float) -> Iterator[tuple[str, float]]:
        """Yield the words of titles that `text` is, or may be meant for, with their weights."""
        singular = _singular(text)
        if singular in self._places:
            yield singular, rarity
        elif rarity >= MISSPELT_RARITY and (slips := max_slips(singular)):
            near = extract(
                singular, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            for known, _, _ in near:
                yield known, MISSPELT_WEIGHT * self._rarity(known)


def _best_run(matches: list[_Match], until: list[float]) -> float:
    """Return the weight of the best chain of matches in order, less what stands in between.

    `until[i]` is the rarity of the question's words before the i-th.
    """
    worth: list[float] = []
    for at, match in enumerate(matches):
        before = [
            worth[earlier] - GAP_COST * (until[match.asked] - until[other.asked + 1])
            for earlier, other in enumerate(matches[:at])
            if other.asked < match.asked and other.titled < match.titled
        ]
        worth.append(match.weight + max(0.0, max(before, default=0.0)))
    return max(worth)


def _content(words: Words) -> list[str]:
    return [text for text in words.texts if text not in STOP_WORDS]


def _singular(text: str) -> str:
    plural = len(text) >= PLURAL_LETTERS and text[-1] == "s" and text[-2] not in "su"
    return text[:-1] if plural else text
